"""Who answers a need: the adviser it was said to, else whoever answers in its commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import OrganisationKind
from vigie.domain.addresses import address_key
from vigie.services.firms.relations import LocalContact, answering
from vigie.store.journal.advising import Adviser
from vigie.store.journal.people import Membership, Organisation, Person

if TYPE_CHECKING:
    from vigie.services.register import FirmRegister
    from vigie.store.journal.needs import StatedNeed
    from vigie.store.journal.port import Journal, Reader

_FOLLOWING = (Role.OFFICER.value, Role.ADMIN.value)


def contact_of(reader: Reader, organisation: str, need: StatedNeed) -> LocalContact:
    """Return who answers a need within the reader's organisation, as anybody may read it."""
    return contact_for(reader, organisation, need.adviser_id, need.commune)


def contact_for(reader: Reader, organisation: str, adviser: str, commune: str) -> LocalContact:
    """Return an adviser as whoever answers, or who answers in the commune where the adviser is no longer proposed.

    A person is named and reached only if they agreed; else their service is. Their reminders are of the account that
    bears their address, of whoever answers in the commune without one.
    """
    usual = answering(reader, organisation, (commune,))
    row = adviser_asked(reader, adviser)
    if row is None:
        return usual
    named = bool(row.public and row.name)
    return LocalContact(
        organisation, usual.organisation_id, (row.name or "") if named else row.service,
        (row.phone or "") if named else "", row.days or None, _account(reader, row.email or "") or usual.person,
    )  # fmt: skip


def adviser_asked(reader: Reader, adviser: str) -> Adviser | None:
    """Return an adviser of the reader's organisation who is still proposed, `None` without one."""
    row = reader.find(Adviser, adviser) if adviser else None
    return row if row is not None and row.deleted_at is None else None


def proposed_in(journal: Journal, register: FirmRegister, adviser: str, commune: str) -> LocalContact | None:
    """Return an adviser as whoever answers in a commune, `None` where they are not proposed there."""
    asked = select(Organisation.id, Organisation.name, Organisation.territory).where(
        Organisation.kind == OrganisationKind.AUTHORITY.value, Organisation.territory != "",
        Organisation.deleted_at.is_(None),
    )  # fmt: skip
    with journal.reading(Scope()) as reader:
        for here in reader.rows(asked.order_by(Organisation.id)):
            if not register.covers(here.territory, (commune,)):
                continue
            reader.moving(Scope(organisation=here.id))
            row = adviser_asked(reader, adviser)
            if row is not None and (not row.communes or commune in row.communes.split()):
                return contact_for(reader, here.name, adviser, commune)
    return None


def _account(reader: Reader, address: str) -> str:
    """Return the account of the organisation that bears an address, empty without one."""
    live = (
        Membership.organisation_id == reader.scope.organisation, Membership.role.in_(_FOLLOWING),
        Membership.state == "active", Membership.deleted_at.is_(None),
    )  # fmt: skip
    joined = select(Person.id, Person.email).join(Membership, Membership.person_id == Person.id).where(*live)
    mark = address_key(address)
    return next((one.id for one in reader.rows(joined) if mark and one.email and address_key(one.email) == mark), "")
