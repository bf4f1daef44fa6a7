"""The members of an organisation: who they are, what role they hold, and changes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.accounts import GIVES
from vigie.domain.declared import Label, Length
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.speaking import ACTIVE, memberships, settle
from vigie.services.accounts.words import clean_role, clean_siren
from vigie.services.acts import Act, Doing, FormPage, Nothing, needs, nothing
from vigie.services.capabilities import Capability
from vigie.store.journal.needs import Answerer
from vigie.store.journal.people import ApiToken, Membership, Organisation, Person, SignIn

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Unit

_KEEPERS = frozenset({Role.ADMIN.value, Role.SUPER_ADMIN.value})
SHUT_OUT = "suspended"
_KEEPS = needs(Thing.ACCOUNTS, Right.WRITE)


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


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """Un rôle, et l’entreprise d’un dirigeant."""

    role: Annotated[str, Label("Nouveau rôle"), Length(20)]
    siren: Annotated[str, Label("Entreprise d’un dirigeant"), Length(40)] = ""


class Members:
    """Lists members, and lets one leave; an organisation never loses its last administrator."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

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


def _act(kind: str, label: str, at: str, form: str, **said: Any) -> Act[Any, None]:
    page = FormPage("", "", "", "/bureau/membres", within=True)
    return Act(
        kind, label, needs=_KEEPS, at=at, form_at=f"membres/{{membership}}/{form}", tells=nothing, page=page, **said
    )


ROLE_CHANGED = _act(
    "member.role_changed",
    "rôle changé",
    "PUT members/{membership}/role",
    "role",
    summary="Changer le rôle d’un membre",
    note="Ferme aussi ses sessions et ses jetons.",
    done="Le rôle est changé ; les sessions de la personne sont fermées.",
    takes=RoleGiven,
)
SUSPENDED = _act(
    "member.suspended",
    "membre suspendu",
    "POST members/{membership}/suspension",
    "suspendre",
    summary="Suspendre un membre",
    note="Ses sessions et ses jetons sont fermés.",
    done="La personne est suspendue.",
    takes=Nothing,
)
RESTORED = _act(
    "member.restored",
    "membre rétabli",
    "DELETE members/{membership}/suspension",
    "retablir",
    summary="Rétablir un membre",
    note="Il peut de nouveau se connecter.",
    done="La personne peut de nouveau se connecter.",
    takes=Nothing,
)
REMOVED = _act(
    "member.removed",
    "membre retiré",
    "DELETE members/{membership}",
    "retirer",
    summary="Retirer un membre",
    note="Met fin à son rôle dans l’organisation.",
    done="La personne n’est plus membre.",
    takes=Nothing,
)
CAPABILITY = Capability("Comptes", acts=(ROLE_CHANGED, SUSPENDED, RESTORED, REMOVED))


@ROLE_CHANGED.does
def change_role(doing: Doing, member: str, said: RoleGiven) -> None:
    """Give a member another role; their sessions and tokens are closed.

    A role other than a head's takes the place of all they hold. Raises `FieldFault` when the role or the SIREN will
    not do, `Conflict` when they speak for that firm already, or when nobody would be left to administer.
    """
    unit = doing.unit
    row, wanted = _other(unit, member), clean_role(said.role, GIVES[unit.scope.role])
    kept = clean_siren(said.siren) if wanted is Role.HEAD else ""
    others = [other for other in memberships(unit, row.person_id) if other.id != row.id]
    if kept in {other.siren for other in others if other.siren}:
        raise Conflict("Cette personne parle déjà pour cette entreprise.")
    if wanted is not Role.HEAD:
        for other in others:
            unit.withdraw(other)
        unit.flush()
    if row.attested_as and (row.role != wanted.value or row.siren != kept):
        settle(unit, row, "", "")  # what proved that they spoke for a firm ends with the former role
    row.role, row.siren = wanted.value, kept
    _close(unit, row.person_id)
    _require_keeper(unit)
    if kept:
        doing.means.vouches.begin(unit, unit.get(Person, row.person_id), kept, unit.scope.person)


@SUSPENDED.does
def suspend(doing: Doing, member: str, _: Nothing) -> None:
    """Shut a member out until they are restored, whatever firms they speak for."""
    row = _other(doing.unit, member)
    for held in memberships(doing.unit, row.person_id):
        held.state = SHUT_OUT
    _close(doing.unit, row.person_id)
    _require_keeper(doing.unit)


@RESTORED.does
def restore(doing: Doing, member: str, _: Nothing) -> None:
    """Let a suspended member in again."""
    for held in memberships(doing.unit, _other(doing.unit, member).person_id):
        held.state = ACTIVE


@REMOVED.does
def remove(doing: Doing, member: str, _: Nothing) -> None:
    """End a membership, for a head that of one firm; raises `Conflict` when nobody would be left to administer."""
    row = _other(doing.unit, member)
    doing.unit.withdraw(row)
    _answers_no_more(doing.unit, row.person_id)
    _close(doing.unit, row.person_id)
    _require_keeper(doing.unit)


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
