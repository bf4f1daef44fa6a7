"""Sessions: opened, read from what somebody presents, and closed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from vigie.domain.access import ANYONE, Role, Scope
from vigie.domain.accounts import SESSION_IDLE, SESSION_LONGEST
from vigie.domain.zones import PARIS
from vigie.errors import JournalFailed, NotSignedIn, Raced
from vigie.services.keys import Keys
from vigie.services.records.emergency import current
from vigie.store.journal.people import ApiToken, Membership, Organisation, Person, SignIn
from vigie.store.journal.port import Journal, Reader, Unit


@dataclass(frozen=True, slots=True)
class Affiliation:
    """One of the organisations where somebody has a role, or one of the firms that they speak for in it."""

    membership: str
    organisation: str
    name: str
    role: str
    siren: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the place as machine-readable answers print it."""
        return {"organisation": self.organisation, "name": self.name, "role": self.role, "siren": self.siren}


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened: its secret is said once, here; `device` is what the browser keeps to be known again."""

    secret: str
    expires_at: datetime
    here: Affiliation
    places: tuple[Affiliation, ...]
    device: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the session as machine-readable answers print it."""
        return {
            "token": self.secret,
            "expires_at": self.expires_at.isoformat(),
            "organisation": self.here.as_dict(),
            "organisations": [place.as_dict() for place in self.places],
        }


def places_of(reader: Reader, person: str) -> tuple[Affiliation, ...]:
    """Return the organisations where the asker is an active member, the oldest membership first."""
    statement = (
        select(Membership, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.person_id == person,
            Membership.deleted_at.is_(None),
            Membership.state == "active",
            Organisation.deleted_at.is_(None),
        )
        .order_by(Membership.created_at, Membership.id)
    )
    return tuple(
        Affiliation(member.id, member.organisation_id, name, member.role, member.siren)
        for member, name in reader.rows(statement)
    )


def owner_of(unit: Unit, key: str) -> Person | None:
    """Find the owner of an address by its fingerprint, and act from now on where a letter about them is kept.

    A letter is kept in their only organisation, or in none: whoever administers one must not read what opens the
    account in another. Without an owner, or one who is in no organisation any more, return None.
    """
    person = unit.one(select(Person).where(Person.email_key == key, Person.deleted_at.is_(None)))
    if person is None:
        return None
    unit.moving(replace(unit.scope, person=person.id))
    places = places_of(unit, person.id)
    if not places:
        return None
    home = places[0].organisation if len(places) == 1 else ""
    unit.moving(replace(unit.scope, organisation=home, key=""))
    return person


def open_session(unit: Unit, person: Person, via: str, organisation: str = "", siren: str = "") -> Opened:
    """Write a session for somebody recognised, in the organisation asked for or in their first one.

    `siren` chooses among the firms that a head speaks for there; otherwise it is the first one. Raises `NotSignedIn`
    when they belong to none (any more), or not to that one.
    """
    unit.moving(replace(unit.scope, person=person.id, organisation=organisation))
    places = places_of(unit, person.id)
    here = chosen(places, organisation, siren)
    if here is None:
        raise NotSignedIn(
            "Votre compte n’a plus de rôle actif : demandez une invitation à l’administrateur de votre organisation."
        )
    unit.moving(
        replace(
            unit.scope, organisation=here.organisation, role=Role(here.role), siren=here.siren, key="", via="session"
        )
    )
    secret = Keys.new_token()
    held = unit.add(
        SignIn(
            person_id=person.id,
            membership_id=here.membership,
            key_hash=Keys.hash_token(secret),
            via=via,
            created_at=unit.now,
            seen_at=unit.now,
            expires_at=min(unit.now + SESSION_IDLE, unit.now + SESSION_LONGEST),
        )
    )
    unit.trace("session.opened", held.id)
    return Opened(secret, held.expires_at, here, places)


def chosen(places: Sequence[Affiliation], organisation: str, siren: str = "") -> Affiliation | None:
    """Return the first of the places asked for; an organisation or a firm left empty is any."""
    return next(
        (place for place in places if organisation in ("", place.organisation) and siren in ("", place.siren)),
        None,
    )


def close_session(unit: Unit, secret: str) -> bool:
    """Revoke the session of a secret; tell whether there was one."""
    hashed = Keys.hash_token(secret)
    unit.moving(replace(unit.scope, key=hashed))
    held = unit.one(select(SignIn).where(SignIn.key_hash == hashed))
    if held is None or held.revoked_at is not None:
        return False
    unit.moving(replace(unit.scope, organisation=held.organisation_id, person=held.person_id))
    held.revoked_at = unit.now
    unit.flush()
    unit.trace("session.closed", held.id)
    return True


def close_all(unit: Unit, person: str, but: str = "", *, tokens: bool = False) -> int:
    """Revoke every session of somebody, in all their organisations, but the one of a secret; return how many.

    With `tokens`, what programs hold is revoked too: somebody else may have made them.
    """
    asked, kept, closed = unit.scope, Keys.hash_token(but), 0
    unit.moving(replace(asked, person=person))
    homes = set(unit.all(select(Membership.organisation_id).where(Membership.person_id == person)))
    for organisation in sorted(homes):
        unit.moving(replace(asked, organisation=organisation, person=person, key=""))
        for held in unit.all(
            select(SignIn).where(SignIn.person_id == person, SignIn.revoked_at.is_(None), SignIn.key_hash != kept)
        ):
            held.revoked_at, closed = unit.now, closed + 1
        unit.flush()
        if tokens:
            _revoke_tokens(unit, person)
    unit.moving(asked)
    return closed


def _revoke_tokens(unit: Unit, person: str) -> None:
    for token in unit.all(
        select(ApiToken).where(
            ApiToken.person_id == person,
            ApiToken.organisation_id == unit.scope.organisation,
            ApiToken.revoked_at.is_(None),
        )
    ):
        unit.act("token.revoked", token.id)
        token.revoked_at = unit.now
        unit.flush()


Known = TypeVar("Known")
Read = Callable[[str], tuple[Known, datetime | None]]
KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, with what the frame of a page says of them; nobody has an empty name."""

    scope: Scope = ANYONE
    name: str = ""
    organisation: str = ""
    zone: str = PARIS


NOBODY = Asker()
SEEN_EVERY = timedelta(minutes=10)
"""How often the use of a session is written."""


class Recognising:
    """Turns a secret into the scope it opens."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys
        # Apart: a token presented as the cookie of a session opens nothing.
        self._sessions: StampedCache[Asker] = StampedCache(journal)
        self._bearers: StampedCache[Asker] = StampedCache(journal)

    def session(self, secret: str) -> Asker:
        """Return who holds a session; nobody when it is unknown, revoked or past its time."""
        if not secret:
            return NOBODY
        return self._sessions.recall(self._keys.hash_token(secret), self._session)

    def _session(self, hashed: str) -> tuple[Asker, datetime | None]:
        """Read who holds a session, and until when that is sure as long as nothing is written."""
        with self._journal.reading(Scope(key=hashed)) as reader:
            held = reader.one(select(SignIn).where(SignIn.key_hash == hashed))
            if held is None or held.revoked_at is not None or held.expires_at <= reader.now:
                return NOBODY, None
            found = self._asker(reader, held, via="session")
            idle = reader.now - held.seen_at
        if found.scope.person and idle >= SEEN_EVERY:
            self._keep_open(found, hashed)
        if found.scope.role is Role.SUPER_ADMIN:
            return self._in_emergency(found), None  # an emergency access ends by itself: it is read each time
        return found, min(held.expires_at, held.seen_at + SEEN_EVERY)

    def _in_emergency(self, found: Asker) -> Asker:
        """Return a super-admin as acting in the organisation they opened, for as long as that access holds."""
        with self._journal.reading(found.scope) as reader:
            held = current(reader, found.scope.person)
            opened = reader.find(Organisation, held.target_id) if held else None
            if opened is None:
                return found
            scope = replace(found.scope, organisation=opened.id, via="emergency")
            return Asker(scope, found.name, f"{opened.name} (accès d’urgence)", opened.zone)

    def token(self, secret: str) -> Asker:
        """Return who holds an API token or a session presented as one; nobody when it is not accepted."""
        return self._bearers.recall(self._keys.hash_token(secret), self._token)

    def _token(self, hashed: str) -> tuple[Asker, datetime | None]:
        with self._journal.reading(Scope(key=hashed)) as reader:
            held = reader.one(select(ApiToken).where(ApiToken.key_hash == hashed))
            if held is None:
                return self._session(hashed)
            expired = held.expires_at is not None and held.expires_at <= reader.now
            if held.revoked_at is not None or held.deleted_at is not None or expired:
                return NOBODY, None
            return self._asker(reader, held, via="token"), held.expires_at

    def _keep_open(self, found: Asker, hashed: str) -> None:
        """Put off the end of a session in use, up to its longest; a journal that cannot be written still reads."""
        with suppress(Raced, JournalFailed), self._journal.writing(replace(found.scope, key=hashed)) as unit:
            held = unit.one(select(SignIn).where(SignIn.key_hash == hashed))
            if held is not None:
                held.seen_at = unit.now
                held.expires_at = max(held.expires_at, min(held.created_at + SESSION_LONGEST, unit.now + SESSION_IDLE))

    @staticmethod
    def _asker(reader: Reader, held: SignIn | ApiToken, *, via: str) -> Asker:
        """Return the member behind a secret; nobody when the membership was ended or suspended meanwhile."""
        with_person = replace(reader.scope, organisation=held.organisation_id, person=held.person_id)
        reader.moving(with_person)
        live = (
            select(Membership, Person.name, Organisation.name, Organisation.zone)
            .join(Person, Person.id == Membership.person_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Membership.organisation_id == held.organisation_id,
                Membership.person_id == held.person_id,
                Membership.deleted_at.is_(None),
                Membership.state == "active",
            )
        )
        if isinstance(held, SignIn) and held.membership_id:
            # The session chose one of the firms that its holder speaks for; an older one is for the first of them.
            live = live.where(Membership.id == held.membership_id)
        row = reader.rows(live.order_by(Membership.created_at, Membership.id).limit(1))
        if not row:
            return NOBODY
        member, name, organisation, zone = row[0]
        scope = Scope(
            role=Role.READING_TOKEN if isinstance(held, ApiToken) else Role(member.role),
            organisation=member.organisation_id,
            person=member.person_id,
            siren=member.siren,
            via=via,
        )
        return Asker(scope, name or "", organisation, zone)


class StampedCache(Generic[Known]):
    """Spares the questions that the last answer still settles.

    What was read is sure while the journal's stamp is the same, whoever writes in whatever process: a session that is
    revoked or a member who is suspended is not known a moment longer. It is forgotten at its own end, too.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: OrderedDict[str, tuple[str, datetime, Known]] = OrderedDict()

    def recall(self, key: str, read: Read[Known]) -> Known:
        """Return what a key opens, read again when anything was written since.

        `read` returns it with the moment until which it holds, `None` when it may not be kept.
        """
        # Taken before the rows are read: what is written in between is seen by the next question.
        stamp = self._journal.stamp()
        kept = self._kept.get(key)
        if kept is not None and kept[0] == stamp and self._journal.now() < kept[1]:
            return kept[2]
        found, until = read(key)
        if until is None:
            self._kept.pop(key, None)
            return found
        self._kept[key] = (stamp, until, found)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found
