"""What the page of one dossier is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.followup import Direction, DossierKind, DossierState, ExchangeKind
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import ADDRESS, DOSSIERS, DossierRow, dossier_row, shown_title
from vigie.interfaces.desk_views.forms import Option
from vigie.interfaces.desk_views.needs import NeedRow, need_row
from vigie.interfaces.views import Fact, Link

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.interfaces.desk_views.acts import ActForm
    from vigie.services.followup.answers import ContactCard, DossierRecord
    from vigie.services.needs.answers import NeedLine


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact; `to_inform` when they have not been told how their data are kept."""

    id: str
    name: str
    remarks: tuple[str, ...]
    email: str
    phone: str
    to_inform: bool


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """An exchange; a note is marked, and changed by its author only."""

    id: str
    date: str
    kind: str
    remarks: tuple[str, ...]
    paragraphs: tuple[str, ...]
    note: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """A reminder of the dossier; `done` says when it was dealt with."""

    id: str
    date: str
    reason: str
    done: str = ""


@dataclass(frozen=True, slots=True)
class DossierPage:
    """`desk/dossier.html`: one dossier; `small` holds the forms of the acts on it, by name."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    address: str
    facts: tuple[Fact, ...]
    summary: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    exchanges: tuple[ExchangeRow, ...]
    reminders: tuple[ReminderRow, ...]
    tags: tuple[str, ...]
    shares: tuple[Option, ...]
    same_firm: tuple[DossierRow, ...]
    information: str
    siren: str
    state: str
    inside: bool
    may_write: bool
    may_note: bool
    withdrawn: bool
    restorable: bool
    done: str = ""
    needs: tuple[NeedRow, ...] = ()
    objecting: str = ""
    acts: tuple[Link, ...] = ()
    small: Mapping[str, ActForm] = field(default_factory=dict)


_OBJECTING = "Cette entreprise s’est opposée à figurer dans Vigie. "
_NOT_CHASED = "Comme elle n’avait rien demandé, elle ne revient plus dans « À relancer » : ne la sollicitez pas."
_BY_ITSELF = "Vous pouvez la suivre tant que c’est elle qui vous sollicite."


def dossier_page(record: DossierRecord, done: str = "", needs: Sequence[NeedLine] = ()) -> DossierPage:
    """Build the page of a dossier; `needs` are those that it came from."""
    line = record.line
    title = shown_title(line.title)
    return DossierPage(
        title=title,
        lead=dossier_sentence(record),
        trail=(DESK, DOSSIERS, Link(title)),
        address=f"{ADDRESS}/{line.id}",
        facts=_facts(record),
        summary=french.paragraphs(record.summary),
        contacts=tuple(_contact_row(contact, inside=record.inside) for contact in record.contacts),
        exchanges=_exchange_rows(record),
        reminders=tuple(
            ReminderRow(
                reminder.id,
                french.long_date(reminder.due_on),
                reminder.reason or "Rappel effacé",
                _dealt_with(reminder.done_at, reminder.result),
            )
            for reminder in record.reminders
        ),
        tags=tuple(tag.label for tag in record.tags),
        shares=tuple(Option(share.person, share.name or "Partenaire") for share in record.shares),
        same_firm=tuple(map(dossier_row, record.same_firm)),
        information=record.information,
        siren=line.siren,
        state=line.state,
        inside=record.inside,
        may_write=record.may_write,
        may_note=record.may_note,
        objecting=_OBJECTING + (_NOT_CHASED if record.prospecting else _BY_ITSELF) if record.objecting else "",
        withdrawn=line.withdrawn,
        restorable=line.withdrawn and not record.merged_into and not record.erased,
        done=done,
        needs=tuple(map(need_row, needs)),
    )


def _contact_row(contact: ContactCard, *, inside: bool) -> ContactRow:
    heard, told = contact.last_contact_on, contact.informed_on
    remarks = (
        contact.function or "",
        f"source : {contact.source}" if contact.source else "",
        f"dernier contact le {french.long_date(heard)}" if heard else "",
        f"informé le {french.long_date(told)}" if told else "",
        contact.email_note,
    )
    return ContactRow(
        contact.id,
        contact.name or "Contact effacé",
        tuple(remark for remark in remarks if remark),
        contact.email or "",
        french.telephone(contact.phone or ""),
        inside and told is None,
    )


def dossier_sentence(record: DossierRecord) -> str:
    """Return the sentence that opens a dossier: who follows it, since when, what is awaited."""
    line = record.line
    kind = DossierKind(line.kind).label
    who = f" par {line.owner_name}" if line.owner_name else ""
    start = f"{french.capital(kind)}, dossier suivi{who} depuis le {french.long_date(line.opened_at)}"
    if line.withdrawn:
        return f"{start}, aujourd’hui retiré."
    if line.state == DossierState.CLOSED:
        closed = f" le {french.long_date(record.closed_at)}" if record.closed_at else ""
        return f"{start}, clos{closed}."
    heard = (
        f"dernier contact le {french.long_date(line.last_contact_on)}"
        if line.last_contact_on
        else "aucun échange venu du contact n’est encore noté"
    )
    waits = (
        f" ; une réponse est attendue depuis le {french.long_date(line.waiting_since)}" if line.waiting_since else ""
    )
    return f"{start} ; {heard}{waits}.{_next_thing(record)}"


def _next_thing(record: DossierRecord) -> str:
    """Return what is to be done first on a dossier, for those who follow it."""
    todo = sorted((one for one in record.reminders if one.done_at is None), key=lambda one: one.due_on)
    if not record.inside or not todo:
        return ""
    return f" À faire pour le {french.long_date(todo[0].due_on)} : {todo[0].reason or 'rappel effacé'}."


def _facts(record: DossierRecord) -> tuple[Fact, ...]:
    line = record.line
    return tuple(
        fact
        for fact in (
            Fact("SIREN", french.identifier(line.siren), f"/entreprise/{line.siren}") if line.siren else None,
            Fact("SIRET", french.identifier(line.siret), f"/etablissement/{line.siret}") if line.siret else None,
            Fact("Commune", line.commune_name, f"/territoire/commune/{line.commune}") if line.commune else None,
            Fact("Origine", record.source) if record.source and record.inside else None,
            Fact("Prospection", "oui", note="Sans nouvelle du contact, les données sont effacées à l’échéance.")
            if record.prospecting and record.inside
            else None,
        )
        if fact is not None
    )


def _exchange_rows(record: DossierRecord) -> tuple[ExchangeRow, ...]:
    rows = []
    for exchange in record.exchanges:
        kind, note = ExchangeKind(exchange.kind), exchange.kind == ExchangeKind.NOTE
        ours = exchange.direction == Direction.SENT and not note
        remarks = (
            f"avec {exchange.contact_name}" if exchange.contact_name else "",
            "envoyé par nous" if ours else "",
            "reçu du contact" if exchange.direction == Direction.RECEIVED else "",
            f"consigné par {exchange.author}" if exchange.author and record.inside else "",
        )
        rows.append(
            ExchangeRow(
                exchange.id,
                french.long_date(exchange.happened_on),
                kind.label,
                tuple(remark for remark in remarks if remark),
                french.paragraphs(exchange.body) or ("Texte effacé.",),
                note,
                record.may_write and (not note or (exchange.mine and record.may_note)),
            )
        )
    return tuple(rows)


def _dealt_with(done: datetime | None, result: str | None) -> str:
    if done is None:
        return ""
    day = french.long_date(done)
    return f"fait le {day} : {result}" if result else f"fait le {day}"
