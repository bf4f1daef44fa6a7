"""What the pages of dossiers are given: the list, the form, one dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain.followup import Direction, DossierKind, DossierState, ExchangeKind
from vigie.interfaces import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.views import Fact, Link, Pager

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.services.followup.answers import DossierLine, DossierList, DossierRecord, Member, PortfolioLine
    from vigie.services.followup.finding import DossierFilter

ADDRESS = "/bureau/dossiers"
DOSSIERS = Link("Dossiers", ADDRESS)
NO_TITLE = "Dossier effacé"
SORTS = {
    "recent": "les derniers ouverts",
    "title": "le titre",
    "contact": "le plus ancien contact",
    "waiting": "la plus longue attente",
}
STATES = {"": "tous", "open": "en cours", "closed": "clos", "withdrawn": "retirés"}
DONE = {
    "ouvert": "Le dossier est ouvert.",
    "modifie": "Le dossier est modifié.",
    "clos": "Le dossier est clos.",
    "rouvert": "Le dossier est rouvert.",
    "retabli": "Le dossier est rétabli.",
    "reuni": "Les deux dossiers n’en font plus qu’un ; rien n’a été perdu.",
    "contact": "Le contact est enregistré.",
    "contact-retire": "Le contact est retiré.",
    "informe": "Le jour de l’information est noté.",
    "echange": "L’échange est consigné.",
    "echange-retire": "L’échange est retiré.",
    "rappel": "Le rappel est enregistré.",
    "etiquette": "Les étiquettes sont à jour.",
    "partage": "Les partages sont à jour.",
}


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One dossier in a list; `waiting` is said apart, it asks for action."""

    title: str
    href: str
    kind: str
    remarks: tuple[str, ...]
    waiting: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DossiersPage:
    """`desk/dossiers.html`; `filters` holds what was typed, `options` the choices of each list."""

    lead: str
    rows: tuple[DossierRow, ...]
    filters: Form
    options: Mapping[str, tuple[Option, ...]]
    pager: Pager
    inside: bool
    may_write: bool
    done: str = ""
    title: str = "Dossiers"
    trail: tuple[Link, ...] = (DESK, Link("Dossiers"))


@dataclass(frozen=True, slots=True)
class DossierFormPage:
    """`desk/dossier_form.html`; `already` are the dossiers on the same firm, found when it was sent."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    form: Form
    action: str
    kinds: tuple[Option, ...]
    owners: tuple[Option, ...]
    already: tuple[DossierRow, ...] = ()
    button: str = "Enregistrer"


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
    """`desk/dossier.html`: one dossier; `forms` holds its small forms by name, `open` the one to show unfolded."""

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
    forms: Mapping[str, Form]
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    open: str = ""
    done: str = ""


def dossier_row(line: DossierLine) -> DossierRow:
    """Return a dossier as lists show it."""
    remarks = [
        line.commune_name,
        f"suivi par {line.owner_name}" if line.owner_name else "sans personne pour le suivre",
        f"dernier contact le {french.long_date(line.last_contact_on)}"
        if line.last_contact_on
        else "aucun contact noté",
        "clos" if line.state == DossierState.CLOSED else "",
        "retiré" if line.withdrawn else "",
    ]
    waiting = f"sans réponse depuis le {french.long_date(line.waiting_since)}" if line.waiting_since else ""
    return DossierRow(
        line.title or NO_TITLE,
        f"{ADDRESS}/{line.id}",
        DossierKind(line.kind).label,
        tuple(remark for remark in remarks if remark),
        waiting,
        line.tags,
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What the filters of the list offer."""

    owners: Sequence[Member] = ()
    tags: Sequence[str] = ()
    portfolios: Sequence[PortfolioLine] = ()


def dossiers_page(
    found: DossierList, asked: DossierFilter, filters: Form, around: Around, *, inside: bool, may_write: bool
) -> DossiersPage:
    """Build the list of dossiers."""
    kept = {name: value for name, value in filters.typed.items() if value and name != "page"}
    return DossiersPage(
        lead=_list_sentence(found, filtered=bool(set(kept) - {"tri"}), inside=inside),
        rows=tuple(map(dossier_row, found.dossiers)),
        filters=filters,
        options={
            "type": (Option("", "tous"), *kinds()),
            "etat": tuple(Option(value, label) for value, label in STATES.items()),
            "suivi": (Option("", "tout le monde"), *(Option(member.id, member.name) for member in around.owners)),
            "etiquette": (Option("", "toutes"), *(Option(tag, tag) for tag in around.tags)),
            "portefeuille": (Option("", "tous"), *(Option(line.id, line.name) for line in around.portfolios)),
            "tri": tuple(Option(value, label) for value, label in SORTS.items()),
        },
        pager=pager(
            asked.page, found.total_pages, lambda number: f"{ADDRESS}?{urlencode({**kept, 'page': str(number)})}"
        ),
        inside=inside,
        may_write=may_write,
    )


def _list_sentence(found: DossierList, *, filtered: bool, inside: bool) -> str:
    if not found.total:
        if filtered:
            return "Aucun dossier ne répond à ces filtres."
        return (
            "Aucun dossier n’est encore ouvert : ouvrez-en un ici, ou depuis la fiche d’une entreprise."
            if inside
            else "Aucun dossier ne vous est ouvert."
        )
    verb = "répond à ces filtres" if filtered else "est suivi"
    if found.total > 1:
        verb = "répondent à ces filtres" if filtered else "sont suivis"
    waiting = sum(bool(line.waiting_since) for line in found.dossiers)
    told = f" ; sur cette page, {french.counted(waiting, 'attend', 'attendent')} une réponse" if waiting else ""
    return f"{french.counted(found.total, 'dossier')} {verb}{told}."


def kinds(chosen: str = "") -> tuple[Option, ...]:
    """Return the kinds of dossiers to choose from."""
    return tuple(Option(kind.value, kind.label, kind.value == chosen) for kind in DossierKind)


def form_of(record: DossierRecord, once: str) -> Form:
    """Return the form of a dossier as it stands."""
    line = record.line
    return Form(
        once,
        {
            "kind": line.kind,
            "title": line.title or "",
            "summary": record.summary or "",
            "siren": line.siren,
            "siret": line.siret,
            "commune": line.commune,
            "source": record.source,
            "owner": line.owner,
            "prospecting": "oui" if record.prospecting else "",
        },
    )


def new_page(form: Form, owners: Sequence[Member], me: str, already: Sequence[DossierLine] = ()) -> DossierFormPage:
    """Build the form that opens a dossier."""
    return DossierFormPage(
        title="Ouvrir un dossier",
        lead="Un dossier suit une entreprise, un porteur de projet, un prospect, un local ou un propriétaire.",
        trail=(DESK, DOSSIERS, Link("Ouvrir un dossier")),
        form=form,
        action=ADDRESS,
        kinds=kinds(form.value("kind")),
        owners=tuple(Option(member.id, member.name, member.id == me) for member in owners),
        already=tuple(map(dossier_row, already)),
        button="Ouvrir quand même" if already else "Ouvrir le dossier",
    )


def edit_page(record: DossierRecord, form: Form, owners: Sequence[Member]) -> DossierFormPage:
    """Build the form that changes a dossier."""
    title, address = record.line.title or NO_TITLE, f"{ADDRESS}/{record.line.id}"
    return DossierFormPage(
        title=f"Modifier « {title} »",
        lead="Ce que vous changez ici est lu par tous ceux à qui le dossier est ouvert.",
        trail=(DESK, DOSSIERS, Link(title, address), Link("Modifier")),
        form=form,
        action=f"{address}/modifier",
        kinds=kinds(),
        owners=tuple(Option(member.id, member.name) for member in owners),
    )


@dataclass(frozen=True, slots=True)
class MergePage:
    """`desk/merge.html`: the dossiers on the same firm, each with a button that brings it into this one."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    address: str
    rows: tuple[tuple[str, DossierRow], ...]


def merge_page(record: DossierRecord) -> MergePage:
    """Build the page that merges dossiers on the same firm."""
    title, address = record.line.title or NO_TITLE, f"{ADDRESS}/{record.line.id}"
    count = len(record.same_firm)
    lead = (
        f"Cette entreprise a {french.counted(count, 'autre dossier', 'autres dossiers')} : contacts, échanges, "
        "rappels, étiquettes et partages rejoindront celui-ci."
        if count
        else "Cette entreprise n’a pas d’autre dossier : il n’y a rien à réunir."
    )
    rows = tuple((line.id, dossier_row(line)) for line in record.same_firm)
    return MergePage(
        f"Réunir à « {title} »", lead, (DESK, DOSSIERS, Link(title, address), Link("Réunir")), address, rows
    )


def dossier_page(
    record: DossierRecord, forms: Mapping[str, Form], partners: Sequence[Member], *, unfolded: str = "", done: str = ""
) -> DossierPage:
    """Build the page of a dossier."""
    line = record.line
    title = line.title or NO_TITLE
    shared = {share.person for share in record.shares}
    return DossierPage(
        title=title,
        lead=dossier_sentence(record),
        trail=(DESK, DOSSIERS, Link(title)),
        address=f"{ADDRESS}/{line.id}",
        facts=_facts(record),
        summary=paragraphs(record.summary),
        contacts=tuple(
            ContactRow(
                contact.id,
                contact.name or "Contact effacé",
                tuple(
                    text
                    for text in (
                        contact.function or "",
                        f"source : {contact.source}" if contact.source else "",
                        f"dernier contact le {french.long_date(contact.last_contact_on)}"
                        if contact.last_contact_on
                        else "",
                        f"informé le {french.long_date(contact.informed_on)}" if contact.informed_on else "",
                    )
                    if text
                ),
                contact.email or "",
                contact.phone or "",
                record.inside and contact.informed_on is None,
            )
            for contact in record.contacts
        ),
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
        withdrawn=line.withdrawn,
        restorable=line.withdrawn and not record.merged_into and not record.erased,
        forms=forms,
        options={
            "kind": tuple(
                Option(kind.value, kind.label) for kind in ExchangeKind if record.may_note or kind != ExchangeKind.NOTE
            ),
            "direction": (
                Option("", "selon le type : courriel envoyé, sinon échange des deux côtés"),
                *(Option(direction.value, direction.label) for direction in Direction),
            ),
            "contact": (
                Option("", "personne en particulier"),
                *(Option(contact.id, contact.name or "Contact effacé") for contact in record.contacts),
            ),
            "waiting": (
                Option("", "selon le type : oui après un courriel envoyé"),
                Option("oui", "oui"),
                Option("non", "non"),
            ),
            "person": tuple(Option(one.id, one.name) for one in partners if one.id not in shared),
        },
        open=unfolded,
        done=done,
    )


def dossier_sentence(record: DossierRecord) -> str:
    """Return the sentence that opens a dossier: who follows it, since when, what is awaited."""
    line = record.line
    kind = DossierKind(line.kind).label
    who = f" par {line.owner_name}" if line.owner_name else ""
    start = f"{kind[:1].upper()}{kind[1:]}, dossier suivi{who} depuis le {french.long_date(line.opened_at.date())}"
    if line.withdrawn:
        return f"{start}, aujourd’hui retiré."
    if line.state == DossierState.CLOSED:
        closed = f" le {french.long_date(record.closed_at.date())}" if record.closed_at else ""
        return f"{start}, clos{closed}."
    heard = (
        f"dernier contact le {french.long_date(line.last_contact_on)}"
        if line.last_contact_on
        else "aucun échange venu du contact n’est encore noté"
    )
    waits = (
        f" ; une réponse est attendue depuis le {french.long_date(line.waiting_since)}" if line.waiting_since else ""
    )
    return f"{start} ; {heard}{waits}."


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
                paragraphs(exchange.body) or ("Texte effacé.",),
                note,
                record.may_write and (not note or (exchange.mine and record.may_note)),
            )
        )
    return tuple(rows)


def _dealt_with(done: datetime | None, result: str | None) -> str:
    if done is None:
        return ""
    day = french.long_date(done.date())
    return f"fait le {day} : {result}" if result else f"fait le {day}"


def paragraphs(text: str | None) -> tuple[str, ...]:
    """Return a text cut where its writer left a line."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
