"""What the pages of dossiers are given: the list, the form, one dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.followup import DossierKind, DossierState
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Link, Pager

if TYPE_CHECKING:
    from vigie.interfaces.desk_views.acts import ActForm
    from vigie.services.followup.answers import Colleague, DossierLine, DossierList, DossierRecord, PortfolioLine
    from vigie.services.followup.reading import DossierFilter

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
    """`desk/dossiers.html`; `filters` holds what was typed, `options` the choices of each list,
    `narrowed` that a filter is set, so that they are shown.
    """

    lead: str
    rows: tuple[DossierRow, ...]
    filters: Form
    options: Mapping[str, tuple[Option, ...]]
    pager: Pager
    inside: bool
    may_write: bool
    narrowed: bool = False
    done: str = ""
    downloads: tuple[Link, ...] = ()
    title: str = "Dossiers"
    trail: tuple[Link, ...] = (DESK, Link("Dossiers"))


@dataclass(frozen=True, slots=True)
class DossierFormPage:
    """`desk/dossier_form.html`; `already` are the dossiers on the same firm, found when it was sent."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    act: ActForm
    already: tuple[DossierRow, ...] = ()


def shown_title(title: str | None) -> str:
    """Return the title of a dossier as pages write it: that of a firm, often all in capitals, in usual case."""
    return usual_case(title) if title else NO_TITLE


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
        shown_title(line.title),
        f"{ADDRESS}/{line.id}",
        DossierKind(line.kind).label,
        tuple(remark for remark in remarks if remark),
        waiting,
        line.tags,
    )


@dataclass(frozen=True, slots=True)
class Around:
    """What the filters of the list offer."""

    owners: Sequence[Colleague] = ()
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
        downloads=tuple(
            Link(label, f"/bureau/emporter/dossiers.{kind}?{urlencode(kept)}") for kind, label in FILE_LABELS.items()
        )
        if inside and found.total
        else (),
        pager=pager(
            asked.page, found.total_pages, lambda number: f"{ADDRESS}?{urlencode({**kept, 'page': str(number)})}"
        ),
        inside=inside,
        may_write=may_write,
        narrowed=bool(set(kept) - {"titre"}),
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


def new_page(form: ActForm, already: Sequence[DossierLine] = ()) -> DossierFormPage:
    """Build the form that opens a dossier; only who was told that the firm is followed may open another one."""
    asked = tuple(one for one in form.fields if one.name != "anyway")
    return DossierFormPage(
        title=form.title,
        lead=form.lead,
        trail=(DESK, DOSSIERS, Link(form.title)),
        act=replace(form, fields=asked, button="Ouvrir quand même" if already else form.button),
        already=tuple(map(dossier_row, already)),
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
    title, address = shown_title(record.line.title), f"{ADDRESS}/{record.line.id}"
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
