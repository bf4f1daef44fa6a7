"""Two organisations and one person in each role, with sessions whose secrets are known: who plays in these tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie import bootstrap
from vigie.domain.access import Role, Scope
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import migrating
from vigie.store.journal.people import Membership, Organisation, Person, SignIn
from vigie.store.journal.port import Journal

HOST, HERE, ELSEWHERE = "hosthosthosthosthost", "hereherehereherehere", "awayawayawayawayaway"
SIREN_HERE, SIREN_PARTNER, SIREN_AWAY = "732829320", "552100554", "443061841"
HALL = {"title": "Halle", "kind": "local", "commune": "85109", "occupation": "vacant"}
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NINE_IN_PARIS = "9:00 in Paris"
CLOCKS: Mapping[str, tuple[str, datetime]] = {
    NINE_IN_PARIS: ("Europe/Paris", MORNING),
    "0:30 in Paris": ("Europe/Paris", datetime(2026, 11, 22, 23, 30, tzinfo=UTC)),
    "9:00 in Nouméa": ("Pacific/Noumea", datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),
}
"""Where the organisations are, and when: it is Monday the 23rd there, and still Sunday in UTC for the last two."""


class Clock:
    """A clock that tests move."""

    def __init__(self, stands: str = NINE_IN_PARIS) -> None:
        self.stands = stands
        self.zone, self.now = CLOCKS[stands]

    @property
    def today(self) -> date:
        """The day that clocks on the wall show."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Move by a span: `forward(days=3)`."""
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Cast:
    """Scopes and session secrets by part: « officer », « officer_away », « head »…"""

    scopes: dict[str, Scope] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, part: str) -> Scope:
        try:
            return self.scopes[part]
        except KeyError:
            raise AttributeError(part) from None


PARTS: tuple[tuple[str, str, Role, str], ...] = (
    ("inhabitant", HERE, Role.INHABITANT, ""),
    ("head", HERE, Role.HEAD, SIREN_HERE),
    ("head_partner", HERE, Role.HEAD, SIREN_PARTNER),
    ("officer", HERE, Role.OFFICER, ""),
    ("admin", HERE, Role.ADMIN, ""),
    ("analyst", HERE, Role.ANALYST, ""),
    ("elected", HERE, Role.ELECTED, ""),
    ("partner", HERE, Role.PARTNER, ""),
    ("officer_away", ELSEWHERE, Role.OFFICER, ""),
    ("admin_away", ELSEWHERE, Role.ADMIN, ""),
    ("head_away", ELSEWHERE, Role.HEAD, SIREN_AWAY),
    ("super_admin", HOST, Role.SUPER_ADMIN, ""),
)


def known_cast() -> Cast:
    """Return who plays: their scopes, and the secrets of their sessions."""
    cast = Cast(scopes={"anyone": Scope()})
    for part, organisation, role, siren in PARTS:
        person = part.ljust(20, "0")
        cast.scopes[part] = Scope(role=role, organisation=organisation, person=person, siren=siren, via="session")
        cast.secrets[part] = f"secret-of-{part}"
    return cast


def settle(journal: Journal, keys: Keys, zone: str = "Europe/Paris") -> Cast:
    """Write the cast in a journal, through the journal itself, its organisations in a time zone."""
    cast = known_cast()
    for identifier, name, kind in (
        (HOST, "Hébergeur d’essai", "hebergeur"),
        (HERE, "Communauté d’essai", "collectivite"),
        (ELSEWHERE, "Communauté voisine", "collectivite"),
    ):
        with journal.writing(Scope(role=Role.SUPER_ADMIN, organisation=identifier, via="command")) as unit:
            unit.act("organisation.created", identifier)
            unit.add(Organisation(id=identifier, name=name, kind=kind, territory="epci:248500621", cog=2026, zone=zone))
    for part, organisation, role, siren in PARTS:
        person, secret = cast.scopes[part].person, cast.secrets[part]
        with journal.writing(
            Scope(role=Role.SUPER_ADMIN, organisation=organisation, person=person, via="command")
        ) as unit:
            unit.act("person.added", person)
            unit.add(
                Person(
                    id=person,
                    name=f"Personne {part}",
                    email=f"{part}@example.org",
                    email_key=keys.email(f"{part}@example.org"),
                )
            )
            attested = {"attested_as": "host", "attested_by": HOST, "attested_at": unit.now} if siren else {}
            unit.add(Membership(person_id=person, role=role.value, siren=siren, **attested))
            unit.add(
                SignIn(
                    person_id=person,
                    key_hash=keys.hash_token(secret),
                    created_at=unit.now,
                    seen_at=unit.now,
                    expires_at=unit.now + timedelta(days=3650),
                )
            )
    return cast


def settled(settings: Settings) -> Cast:
    """Make the journal of an installation, and write the cast in it."""
    keeper = bootstrap.open_journal(settings, keeper=True)
    migrating.migrate(keeper.engine)
    keeper.close()
    journal = bootstrap.open_journal(settings)
    cast = settle(journal, Keys.of_installation(settings.secret, settings.data_dir))
    journal.close()
    return cast
