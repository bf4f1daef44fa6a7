"""Sessions: opaque secrets of which only the hash is kept, bounded in time, acting in one organisation each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from vigie.domain.access import Role
from vigie.domain.accounts import SESSION_IDLE, SESSION_LONGEST
from vigie.errors import NotSignedIn
from vigie.services.keys import Keys
from vigie.store.journal.people import ApiToken, Membership, Organisation, Person, SignIn
from vigie.store.journal.port import Reader, Unit


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
