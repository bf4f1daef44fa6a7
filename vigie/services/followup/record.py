"""One dossier, as its reader may see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.addresses import unwritable
from vigie.domain.followup import DossierState, ExchangeKind
from vigie.services.followup.answers import ContactCard, DossierRecord, ExchangeLine, Share, Tag
from vigie.services.followup.informing import information
from vigie.services.followup.reading import lines, names, reminder_lines, same_firm, shares_of, tags_of
from vigie.store.journal.followup import Contact, Dossier, DossierShare, DossierTag, Exchange, Reminder
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Reader


def of(reader: Reader, row: Dossier, contact: str) -> DossierRecord:
    """Return a dossier; notes only for those who read notes, what is for followers only for them."""
    scope = reader.scope
    inside = scope.may(Thing.DOSSIERS, Right.READ)
    held = _lists_held(reader, row.id)
    contacts = contacts_of(reader, row.id) if Contact in held else ()
    live = row.deleted_at is None and row.erased_at is None and row.state == DossierState.OPEN
    record = DossierRecord(
        line=lines(reader, [row], inside=False)[0],
        summary=row.summary,
        source=row.source if inside else "",
        prospecting=inside and row.prospecting,
        closed_at=row.closed_at,
        merged_into=row.merged_into,
        erased=row.erased_at is not None,
        contacts=contacts,
        exchanges=_exchanges(reader, row.id, contacts) if Exchange in held else (),
        inside=inside,
        may_write=live and scope.may(Thing.DOSSIERS, Right.WRITE),
        version=version_of(row) if inside else "",
        may_note=live and scope.may(Thing.NOTES, Right.WRITE, Right.WRITE_OWN),
    )
    return _with_what_followers_see(reader, row, record, contact, held) if inside else record


_LISTS = (Contact, Exchange, Reminder, DossierShare, DossierTag)
_HELD = tuple(
    select(table.id).where(table.dossier_id == Dossier.id, table.deleted_at.is_(None)).correlate(Dossier).exists()
    for table in _LISTS
)


def _lists_held(reader: Reader, dossier: str) -> frozenset[type]:
    """Return which lists of a dossier hold something, in one question: most dossiers leave most of them empty."""
    rows = reader.rows(select(*_HELD).select_from(Dossier).where(Dossier.id == dossier))
    return frozenset(table for table, held in zip(_LISTS, rows[0], strict=True) if held) if rows else frozenset()


def contacts_of(reader: Reader, dossier: str) -> tuple[ContactCard, ...]:
    """Return the contacts of a dossier, by name."""
    live = (Contact.dossier_id == dossier, Contact.deleted_at.is_(None))
    cards = [card(row) for row in reader.all(select(Contact).where(*live))]
    return tuple(sorted(cards, key=lambda one: (one.name or "", one.id)))


def card(row: Contact) -> ContactCard:
    """Return a contact as answers show it."""
    return ContactCard(
        id=row.id,
        dossier=row.dossier_id,
        name=row.name,
        function=row.function,
        email=row.email,
        phone=row.phone,
        source=row.source,
        informed_on=row.informed_on,
        last_contact_on=row.last_contact_on,
        email_note=unwritable(row.email or ""),
        version=version_of(row),
    )


def _exchanges(reader: Reader, dossier: str, contacts: tuple[ContactCard, ...]) -> tuple[ExchangeLine, ...]:
    wanted = [Exchange.dossier_id == dossier, Exchange.deleted_at.is_(None)]
    if not reader.scope.may(Thing.NOTES, Right.READ):
        wanted.append(Exchange.kind != ExchangeKind.NOTE.value)
    order = (Exchange.happened_on.desc(), Exchange.created_at.desc(), Exchange.id)
    rows = reader.all(select(Exchange).where(*wanted).order_by(*order))
    authors = names(reader, [row.author_id for row in rows])
    known = {contact.id: contact.name or "" for contact in contacts}
    return tuple(
        ExchangeLine(
            id=row.id,
            dossier=row.dossier_id,
            kind=row.kind,
            direction=row.direction,
            happened_on=row.happened_on,
            body=row.body,
            author=authors.get(row.author_id, ""),
            contact=row.contact_id,
            contact_name=known.get(row.contact_id, ""),
            mine=row.author_id == reader.scope.person,
            version=version_of(row),
        )
        for row in rows
    )


def _reminders(reader: Reader, dossier: str) -> Sequence[Reminder]:
    live = (Reminder.dossier_id == dossier, Reminder.deleted_at.is_(None))
    return reader.all(select(Reminder).where(*live).order_by(Reminder.due_on, Reminder.id))


def _with_what_followers_see(
    reader: Reader, row: Dossier, record: DossierRecord, contact: str, held: frozenset[type]
) -> DossierRecord:
    reminders = _reminders(reader, row.id) if Reminder in held else ()
    shares = shares_of(reader, row.id) if DossierShare in held else ()
    partners = names(reader, [share.person_id for share in shares])
    organisation = reader.get(Organisation, row.organisation_id)
    tags = tags_of(reader, [row.id]).get(row.id, ()) if DossierTag in held else ()
    return replace(
        record,
        line=replace(record.line, tags=tuple(tag.label for tag in tags)),
        tags=tuple(Tag(tag.id, tag.label) for tag in tags),
        reminders=reminder_lines(reader, reminders, {row.id: row.title}),
        shares=tuple(
            Share(share.id, share.person_id, partners.get(share.person_id, ""), share.created_at) for share in shares
        ),
        same_firm=lines(reader, same_firm(reader, row.siren, but=row.id)),
        information=information(organisation, contact, prospecting=row.prospecting),
    )
