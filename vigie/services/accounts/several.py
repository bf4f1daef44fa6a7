"""The roles of one person in an organisation: a single one, or one for each firm that a head speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role
from vigie.store.journal.people import Membership

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader, Unit

ACTIVE = "active"


def memberships(reader: Reader, person: str) -> Sequence[Membership]:
    """Return the roles that somebody holds in the asker's organisation, suspended ones too, the oldest first."""
    held = select(Membership).where(
        Membership.organisation_id == reader.scope.organisation,
        Membership.person_id == person,
        Membership.deleted_at.is_(None),
    )
    return reader.all(held.order_by(Membership.created_at, Membership.id))


def may_add(members: Sequence[Membership], role: str, siren: str) -> bool:
    """Tell whether a role may be given to somebody who holds some: for an inhabitant's, or beside a head's others.

    Whoever is suspended is given nothing.
    """
    if any(member.state != ACTIVE for member in members):
        return False
    if [member.role for member in members] == [Role.INHABITANT.value]:
        return True
    heads = all(member.role == Role.HEAD.value for member in members)
    return heads and role == Role.HEAD.value and siren not in {member.siren for member in members}


def give(unit: Unit, person: str, members: Sequence[Membership], role: str, siren: str) -> None:
    """Write a role that may be added: it takes the place of an inhabitant's, and goes beside a head's others."""
    inhabitant = next((member for member in members if member.role == Role.INHABITANT.value), None)
    if inhabitant is not None:
        inhabitant.role, inhabitant.siren = role, siren
    else:
        unit.add(Membership(person_id=person, role=role, siren=siren))
