"""Heads for whom nobody asked anything yet: those let in before attestations, or without a host to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from vigie.domain.access import Role
from vigie.domain.accounts import LinkState
from vigie.domain.addresses import address_key
from vigie.domain.attestation import HeadAct, lets
from vigie.services.accounts.several import ACTIVE
from vigie.services.accounts.speaking import host_of
from vigie.store.journal.people import FirmLink, HostRequest, Membership, Organisation, Person
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Reader

UNASKED = "unasked"


def request_places(reader: Reader) -> Sequence[str]:
    """Return where requests are: the host's rows, and nobody's for what was asked before there was one."""
    return tuple(dict.fromkeys((host_of(reader), "")))


def request_about(reader: Reader, scope: Scope, subject: str) -> HostRequest | None:
    """Return the latest request on a membership or a domain; the reader's wall is moved to where it is."""
    statement = select(HostRequest).where(HostRequest.subject_id == subject, HostRequest.deleted_at.is_(None))
    for place in request_places(reader):
        reader.moving(scope.within(place))
        rows = reader.all(statement.order_by(HostRequest.created_at.desc(), HostRequest.id).limit(1))
        if rows:
            return rows[0]
    return None


def provisional(reader: Reader, scope: Scope, siren: str = "") -> Iterator[tuple[Membership, Person, str]]:
    """Yield the provisional heads of every organisation, of one firm or of all, with the organisation's name."""
    reader.moving(scope.overseeing())
    rows = list(reader.rows(_heads(siren)))
    reader.moving(scope)
    yield from (
        (member, person, name) for member, person, name in rows if not lets(member.attested_as, HeadAct.PUBLISH)
    )


def at_address(reader: Reader, scope: Scope, siren: str, address: str) -> list[tuple[str, str]]:
    """Return the memberships and organisations of whoever speaks for a firm with an address, and is provisional."""
    wanted = address_key(address)
    return [
        (member.id, name)
        for member, person, name in provisional(reader, scope, siren)
        if person.email and address_key(person.email) == wanted
    ]


def who_let_in(reader: Reader, member: Membership) -> frozenset[str]:
    """Return who let a head in, as events and links tell; empty when nothing tells, and nobody's word is known."""
    links = select(FirmLink.decided_by).where(
        FirmLink.person_id == member.person_id,
        FirmLink.siren == member.siren,
        FirmLink.state == LinkState.CONFIRMED.value,
    )
    acts = select(JournalEvent.person_id).where(JournalEvent.subject == member.id)
    return frozenset({*reader.all(links), *reader.all(acts)} - {"", member.person_id})


def _heads(siren: str) -> Select[Membership, Person, str]:
    statement = (
        select(Membership, Person, Organisation.name)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.deleted_at.is_(None),
            Membership.role == Role.HEAD.value,
            Membership.state == ACTIVE,
            Membership.deleted_at.is_(None),
            Membership.siren != "",
        )
        .order_by(Organisation.created_at, Organisation.id, Membership.created_at, Membership.id)
    )
    return statement.where(Membership.siren == siren) if siren else statement
