"""For which firms somebody speaks, how far, as the journal has it now, and who vouches for what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role
from vigie.domain.accounts import OrganisationKind
from vigie.domain.attestation import HeadAct, lets
from vigie.store.journal.firms import Declaration
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Membership, Organisation

if TYPE_CHECKING:
    from vigie.store.journal.base import Vouched
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


HEAD, DOMAIN = "head", "domain"
"""What may be asked of the host: to attest a head, to confirm a domain."""
THE_HOST = "l’hébergeur"


@dataclass(frozen=True, slots=True)
class Attested:
    """Who vouches for words said for a firm, how, and since when."""

    by: str
    proof: str
    at: datetime


def membership_for(reader: Reader, siren: str, person: str = "") -> Membership | None:
    """Return the live role by which the asker, or somebody of their organisation, speaks for a firm."""
    held = select(Membership).where(
        Membership.organisation_id == reader.scope.organisation,
        Membership.person_id == (person or reader.scope.person),
        Membership.siren == siren,
        Membership.role == Role.HEAD.value,
        Membership.state == ACTIVE,
        Membership.deleted_at.is_(None),
    )
    return reader.one(held) if siren and (person or reader.scope.person) else None


def may_for(reader: Reader, siren: str, act: HeadAct) -> bool:
    """Tell whether the asker, in a session, is a head of the firm whose proof lets them do something for it."""
    if reader.scope.role is not Role.HEAD or reader.scope.via != "session" or reader.scope.siren != siren:
        return False
    member = membership_for(reader, siren)
    return member is not None and lets(member.attested_as, act)


def vouch(words: Vouched, member: Membership | None) -> None:
    """Write who vouches for words, as their author stands now; nobody for a provisional head, nor for an officer."""
    attested = member if member is not None and lets(member.attested_as, HeadAct.PUBLISH) else None
    words.vouched_as = attested.attested_as if attested else ""
    words.vouched_by = attested.attested_by if attested else ""
    words.vouched_at = attested.attested_at if attested else None


def said_by(reader: Reader, person: str, siren: str) -> Sequence[Declaration | Call]:
    """Return what somebody says or said for a firm as its head, in the asker's organisation."""
    here = reader.scope.organisation
    declared = select(Declaration).where(
        Declaration.organisation_id == here,
        Declaration.siren == siren,
        Declaration.declared_by == person,
        Declaration.declared_as == Role.HEAD.value,
    )
    called = select(Call).where(Call.organisation_id == here, Call.siren == siren, Call.author_id == person)
    return [*reader.all(declared), *reader.all(called)]


def settle(unit: Unit, member: Membership, proof: str, by: str) -> None:
    """Write who vouches for a head and for what they said, in their organisation; nobody when the proof is empty."""
    member.attested_as, member.attested_by = proof, by
    member.attested_at = unit.now if proof else None
    for words in said_by(unit, member.person_id, member.siren):
        vouch(words, member)
    unit.flush()


def attested(reader: Reader, words: Vouched) -> Attested | None:
    """Return who vouches for words; `None` when nobody does."""
    if not words.vouched_as or words.vouched_at is None:
        return None
    organisation = reader.find(Organisation, words.vouched_by) if words.vouched_by else None
    return Attested(organisation.name if organisation else THE_HOST, words.vouched_as, words.vouched_at)


def host_of(reader: Reader) -> str:
    """Return the organisation of the host, the oldest one; empty as long as there is none."""
    hosts = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.HOST.value, Organisation.deleted_at.is_(None)
    )
    return next(iter(reader.all(hosts.order_by(Organisation.created_at, Organisation.id).limit(1))), "")
