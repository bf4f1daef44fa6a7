"""The list of industrial employers that nobody met for two years: page, and sheet to take on the road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.pages import SearchOption
from vigie.interfaces.present import pager, source_lines
from vigie.interfaces.sheets import FILE_LABELS, Sheet, SheetColumn, described
from vigie.interfaces.views import Link, Pager, SourceLine

if TYPE_CHECKING:
    from vigie.services.followup.never_met import UnmetFirm, UnmetFirms

ADDRESS = "/bureau/jamais-rencontrees"
TITLE = "Jamais rencontrées"
SIZES = (10, 20, 50, 100, 250)


@dataclass(frozen=True, slots=True)
class UnmetLine:
    """One firm: where, what it makes, how many work there, the last exchange; `number` opens a dossier on its site."""

    who: Link
    place: Link
    what: str
    contact: str
    number: str


@dataclass(frozen=True, slots=True)
class UnmetPage:
    """`desk/unmet.html`: whom to visit next, the largest first."""

    lead: str
    lines: tuple[UnmetLine, ...]
    form: Form
    sizes: tuple[SearchOption, ...]
    pager: Pager
    downloads: tuple[Link, ...]
    sources: tuple[SourceLine, ...]
    may_write: bool = False
    title: str = TITLE
    trail: tuple[Link, ...] = (DESK, Link(TITLE))


def unmet_line(firm: UnmetFirm) -> UnmetLine:
    """Return a firm as the list and Ma semaine show it."""
    return UnmetLine(
        Link(firm.name, f"/etablissement/{firm.siret}"),
        Link(firm.commune_name, f"/territoire/commune/{firm.commune}"),
        " · ".join(filter(None, (firm.size, firm.activity))),
        f"dernier échange le {french.long_date(firm.last_contact)}" if firm.last_contact else "",
        firm.siret,
    )


def unmet_page(found: UnmetFirms | None, typed: Mapping[str, str], form: Form, least: int) -> UnmetPage:
    """Return the page; without an answer it is the form alone, with what is wrong."""
    kept = {name: value for name, value in typed.items() if value and name in ("territoire", "effectif")}
    sizes = tuple(SearchOption(str(size), f"{size} ou plus", size == least) for size in SIZES)
    if found is None:
        return UnmetPage("", (), form, sizes, Pager(), (), ())
    return UnmetPage(
        lead=unmet_sentence(found),
        lines=tuple(map(unmet_line, found.firms)),
        form=form,
        sizes=sizes,
        pager=pager(
            found.page, found.total_pages, lambda number: f"{ADDRESS}?{urlencode({**kept, 'page': str(number)})}"
        ),
        downloads=tuple(Link(label, f"{ADDRESS}.{kind}?{urlencode(kept)}") for kind, label in FILE_LABELS.items())
        if found.total
        else (),
        sources=source_lines(found.sources),
    )


def unmet_sheets(found: UnmetFirms, firms: tuple[UnmetFirm, ...]) -> tuple[Sheet, Sheet]:
    """Return every firm as a sheet to take away, and the meaning of its columns."""
    columns = (
        SheetColumn("SIREN", meaning="Numéro de l’entreprise.", kind="identifier"),
        SheetColumn("SIRET", meaning="Son plus grand site du territoire.", kind="identifier", width=18),
        SheetColumn("Nom", width=40),
        SheetColumn("Activité", width=50),
        SheetColumn("Effectif", "salariés", "Tranche publiée par l’Insee.", width=22),
        SheetColumn("Commune", width=28),
        SheetColumn("Dernier échange", "jour", f"Vide sans aucun ; avant le {french.short_date(found.since)}."),
    )
    rows = [
        (one.siren, one.siret, one.name, one.activity, one.size, one.commune_name, one.last_contact) for one in firms
    ]
    sheet = Sheet(TITLE, columns, rows)
    return sheet, described(sheet)


def unmet_sentence(found: UnmetFirms) -> str:
    """Return how many firms nobody met, and since when."""
    since = f"sans dossier ni échange depuis le {french.long_date(found.since)}"
    if not found.total:
        return f"{found.name} : aucun industriel de {found.least} salariés ou plus n’est {since}."
    told = french.counted(found.total, "industriel", "industriels")
    return f"{found.name} : {told} de {found.least} salariés ou plus {since}."
