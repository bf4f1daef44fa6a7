"""The members of an organisation: who they are, what role they hold, and changes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.accounts import GIVES
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.several import ACTIVE, memberships
from vigie.services.accounts.speaking import settle
from vigie.services.accounts.words import clean_role, clean_siren
from vigie.store.journal.needs import Answerer
from vigie.store.journal.people import ApiToken, Membership, Organisation, Person, SignIn

if TYPE_CHECKING:
    from vigie.services.accounts.speaking import Vouches
    from vigie.store.journal.port import Journal, Unit

_KEEPERS = frozenset({Role.ADMIN.value, Role.SUPER_ADMIN.value})
SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's role in the organisation; `mine` tells whether it is the asker's own."""

    id: str
    person: str
    name: str
    email: str
    role: str
    siren: str
    state: str
    since: datetime
    mine: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the member as machine-readable answers print it."""
        return {
            "id": self.id,
            "person": self.person,
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "siren": self.siren,
            "state": self.state,
            "since": self.since.isoformat(),
        }


class Members:
    """Lists members and changes what they may do; an organisation never loses its last administrator."""

    def __init__(self, journal: Journal, vouching: Vouches) -> None:
        self._journal, self._vouching = journal, vouching

    def all(self, scope: Scope) -> tuple[Member, ...]:
        """Return the members, by name; reading them is noted in the audit."""
        scope.require(Thing.ACCOUNTS, Right.READ)
        statement = (
            select(Membership, Person)
            .join(Person, Person.id == Membership.person_id)
            .where(Membership.organisation_id == scope.organisation, Membership.deleted_at.is_(None))
        )
        self._journal.trace(scope, "members.read")
        with self._journal.reading(scope) as reader:
            found = [
                Member(
                    id=member.id,
                    person=person.id,
                    name=person.name or "",
                    email=person.email or "",
                    role=member.role,
                    siren=member.siren,
                    state=member.state,
                    since=member.created_at,
                    mine=person.id == scope.person,
                )
                for member, person in reader.rows(statement)
            ]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    def change_role(self, scope: Scope, identifier: str, role: str, siren: str = "") -> None:
        """Give a member another role; their sessions and tokens are closed.

        A role other than a head's takes the place of all they hold. Raises `FieldFault` when the role or the SIREN will
        not do, `Conflict` when they speak for that firm already, or when nobody would be left to administer.
        """
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        with writing_once(self._journal, scope) as unit:
            member = _other(unit, identifier)
            wanted = clean_role(role, GIVES[scope.role])
            kept = clean_siren(siren) if wanted is Role.HEAD else ""
            others = [other for other in memberships(unit, member.person_id) if other.id != member.id]
            if kept in {other.siren for other in others if other.siren}:
                raise Conflict("Cette personne parle déjà pour cette entreprise.")
            unit.act("member.role_changed", member.id)
            if wanted is not Role.HEAD:
                for other in others:
                    unit.withdraw(other)
                unit.flush()
            self._give(unit, member, wanted, kept)
            _close(unit, member.person_id)
            _require_keeper(unit)
            if kept:
                self._vouching.begin(unit, unit.get(Person, member.person_id), kept, scope.person)

    @staticmethod
    def _give(unit: Unit, member: Membership, role: Role, siren: str) -> None:
        """Write another role; what proved that they spoke for a firm ends with the former one."""
        if member.attested_as and (member.role != role.value or member.siren != siren):
            settle(unit, member, "", "")
        member.role, member.siren = role.value, siren

    def suspend(self, scope: Scope, identifier: str) -> None:
        """Shut a member out until `restore`, whatever firms they speak for.

        Raises `Conflict` when nobody would be left to administer.
        """
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        with writing_once(self._journal, scope) as unit:
            member = _other(unit, identifier)
            unit.act("member.suspended", member.id)
            for held in memberships(unit, member.person_id):
                held.state = SUSPENDED
            _close(unit, member.person_id)
            _require_keeper(unit)

    def restore(self, scope: Scope, identifier: str) -> None:
        """Let a suspended member in again."""
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        with writing_once(self._journal, scope) as unit:
            member = _other(unit, identifier)
            unit.act("member.restored", member.id)
            for held in memberships(unit, member.person_id):
                held.state = ACTIVE

    def remove(self, scope: Scope, identifier: str) -> None:
        """End a membership, for a head that of one firm; raises `Conflict` when nobody would be left to administer."""
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        with writing_once(self._journal, scope) as unit:
            member = _other(unit, identifier)
            unit.act("member.removed", member.id)
            unit.withdraw(member)
            _answers_no_more(unit, member.person_id)
            _close(unit, member.person_id)
            _require_keeper(unit)

    def leave(self, scope: Scope) -> None:
        """End one's own memberships; raises `Conflict` when nobody would be left to administer."""
        if not scope.person or scope.via != "session":
            raise NotSignedIn("Connectez-vous d’abord avec votre adresse et votre mot de passe.")
        with writing_once(self._journal, scope) as unit:
            held = memberships(unit, scope.person)
            if not held:
                raise NotFound("Vous n’avez pas de rôle dans cette organisation.")
            unit.act("member.left", held[0].id)
            for member in held:
                unit.withdraw(member)
            _answers_no_more(unit, scope.person)
            _close(unit, scope.person)
            _require_keeper(unit)


def _other(unit: Unit, identifier: str) -> Membership:
    """Return a member whom the asker may act upon: of this organisation, not themselves, of a role they may give."""
    member = unit.get(Membership, identifier)
    if member.organisation_id != unit.scope.organisation:
        raise NotFound("Cette personne n’est pas membre de votre organisation.")
    if member.person_id == unit.scope.person:
        raise Conflict("On ne change pas son propre rôle : demandez-le à un autre administrateur.")
    if Role(member.role) not in GIVES.get(unit.scope.role, frozenset()):
        raise FieldFault("role", "Ce rôle ne relève pas de vous.")
    return member


def _answers_no_more(unit: Unit, person: str) -> None:
    """Take away for which communes somebody answered, and the telephone that was told of them."""
    for row in unit.all(select(Answerer).where(Answerer.person_id == person, Answerer.deleted_at.is_(None))):
        unit.withdraw(row)
        unit.erase(row)


def _close(unit: Unit, person: str) -> None:
    """Revoke the sessions and tokens that somebody holds in this organisation."""
    here = unit.scope.organisation
    sessions = select(SignIn).where(SignIn.person_id == person, SignIn.organisation_id == here)
    tokens = select(ApiToken).where(ApiToken.person_id == person, ApiToken.organisation_id == here)
    for session in unit.all(sessions):
        session.revoked_at = session.revoked_at or unit.now
    for token in unit.all(tokens):
        token.revoked_at = token.revoked_at or unit.now
    unit.flush()


def _require_keeper(unit: Unit) -> None:
    """Raise `Conflict` unless an active administrator is left; of two who leave at once, the second sees the first."""
    unit.flush()
    unit.one(select(Organisation.id).where(Organisation.id == unit.scope.organisation).with_for_update())
    left = select(Membership).where(
        Membership.organisation_id == unit.scope.organisation,
        Membership.deleted_at.is_(None),
        Membership.state == ACTIVE,
        Membership.role.in_(_KEEPERS),
    )
    if not unit.count(left):
        raise Conflict("Personne ne pourrait plus administrer l’organisation : nommez d’abord un autre administrateur.")
