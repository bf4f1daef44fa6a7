"""Lists of dossiers: filters, order, pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select

from vigie.domain.access import Right, Thing
from vigie.domain.actors import compact_identifier, compact_siren
from vigie.domain.followup import DossierState
from vigie.errors import RequestFault
from vigie.services.communes import commune_code, communes_of
from vigie.services.followup.answers import DossierList
from vigie.services.followup.reading import lines
from vigie.services.territory_search import plain
from vigie.store.journal.followup import Dossier, DossierShare, DossierTag, Portfolio, PortfolioMember
from vigie.store.spelling import holds

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

WITHDRAWN = "withdrawn"
LARGEST_PAGE = 100
SORTS = ("recent", "title", "contact", "waiting")


@dataclass(frozen=True, slots=True)
class DossierFilter:
    """Which dossiers are wanted; an empty filter keeps all that are not withdrawn.

    `state` is a state, « withdrawn » or empty; `text` is looked for in titles, accents and case ignored, unless it is a
    number: it is then that of the firm; `tag` is a label, `portfolio` an identifier, `commune` a code or a name.
    `sort`: recent (the last opened first), title, contact (those not heard of for longest first), waiting (the longest
    wait first).
    """

    kind: str = ""
    state: str = ""
    owner: str = ""
    tag: str = ""
    text: str = ""
    portfolio: str = ""
    commune: str = ""
    siren: str = ""
    sort: str = "recent"
    page: int = 1
    per_page: int = 25


def find(reader: Reader, asked: DossierFilter) -> DossierList:
    """Return one page of the dossiers that the asker may read."""
    if asked.page < 1 or not 1 <= asked.per_page <= LARGEST_PAGE:
        raise RequestFault(f"La page commence à 1 et compte de 1 à {LARGEST_PAGE} dossiers.")
    if asked.sort not in SORTS:
        raise RequestFault(f"Le tri est l’un de : {', '.join(SORTS)}.")
    held = reader.scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
    inside = Right.READ in held
    asked = _numbered(asked) if inside else asked
    wanted = [*_reach(reader, held), *(_criteria(reader, asked) if inside else ())]
    total, page = (_ordered if asked.sort in _COLUMNS and not asked.text.strip() else _read)(reader, wanted, asked)
    return DossierList(lines(reader, page, inside=inside), total, asked.page, asked.per_page)


def _numbered(asked: DossierFilter) -> DossierFilter:
    """Read the number of a firm where it was typed among the words of a title."""
    number = compact_identifier(asked.text)
    return replace(asked, text="", siren=number[:9]) if number and not asked.siren else asked


def _ordered(
    reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter
) -> tuple[int, Sequence[Dossier]]:
    """Let the engine count, order and cut: it holds what the order looks at."""
    statement = select(Dossier).where(*wanted)
    start = (asked.page - 1) * asked.per_page
    page = reader.all(statement.order_by(*_COLUMNS[asked.sort]).limit(asked.per_page).offset(start))
    return reader.count(statement), page


def _read(reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter) -> tuple[int, Sequence[Dossier]]:
    """Read every title wanted: letters are compared here, alike for both engines."""
    kept = _sorted(_titled(reader, wanted, asked), asked.sort)
    start = (asked.page - 1) * asked.per_page
    chosen = [row.id for row in kept[start : start + asked.per_page]]
    found = {row.id: row for row in reader.all(select(Dossier).where(Dossier.id.in_(chosen)))} if chosen else {}
    return len(kept), [found[identifier] for identifier in chosen]


def every(reader: Reader, asked: DossierFilter) -> tuple[str, ...]:
    """Return the identifiers of all the dossiers of a filter, in its order, for what takes them whole."""
    reader.scope.require(Thing.DOSSIERS, Right.READ)
    asked = _numbered(asked)
    rows = _titled(reader, _criteria(reader, asked), asked)
    return tuple(row.id for row in _sorted(rows, asked.sort))


def _reach(reader: Reader, held: frozenset[Right]) -> list[ColumnElement[bool]]:
    """Keep what a role that does not read everything may see: its own firm's, or what was shared with it."""
    if Right.READ in held:
        return []
    scope = reader.scope
    if Right.READ_OWN in held:
        return [Dossier.siren == scope.siren, Dossier.siren != "", Dossier.deleted_at.is_(None)]
    shared = select(DossierShare.dossier_id).where(
        DossierShare.organisation_id == scope.organisation,
        DossierShare.person_id == scope.person,
        DossierShare.deleted_at.is_(None),
    )
    return [Dossier.id.in_(shared), Dossier.deleted_at.is_(None)]


def _criteria(reader: Reader, asked: DossierFilter) -> list[ColumnElement[bool]]:
    if asked.state not in ("", WITHDRAWN, *(state.value for state in DossierState)):
        raise RequestFault("L’état est l’un de : open, closed, withdrawn.")
    wanted: list[ColumnElement[bool]] = [
        Dossier.deleted_at.is_not(None) if asked.state == WITHDRAWN else Dossier.deleted_at.is_(None)
    ]
    if asked.state in tuple(state.value for state in DossierState):
        wanted.append(Dossier.state == asked.state)
    commune = commune_code(asked.commune)
    for column, value in (
        (Dossier.kind, asked.kind),
        (Dossier.owner_id, asked.owner),
        (Dossier.commune, commune),
        (Dossier.siren, compact_siren(asked.siren)),
    ):
        if value:
            wanted.append(column == value)
    if asked.sort == "waiting":
        wanted.append(Dossier.waiting_since.is_not(None))
    if asked.tag:
        label = " ".join(asked.tag.casefold().split())
        tagged = (DossierTag.label == label, DossierTag.deleted_at.is_(None))
        here = DossierTag.organisation_id == reader.scope.organisation
        wanted.append(Dossier.id.in_(select(DossierTag.dossier_id).where(here, *tagged)))
    if asked.portfolio:
        wanted.append(_in_portfolio(reader, asked.portfolio))
    return wanted


def _in_portfolio(reader: Reader, identifier: str) -> ColumnElement[bool]:
    """Keep the dossiers on the firms of a portfolio, or in its territories."""
    portfolio = reader.get(Portfolio, identifier)
    held = reader.all(
        select(PortfolioMember).where(
            PortfolioMember.portfolio_id == portfolio.id, PortfolioMember.deleted_at.is_(None)
        )
    )
    sirens = [member.siren for member in held if member.siren]
    communes = {code for member in held if member.territory for code in communes_of(member.territory)}
    return or_(Dossier.siren.in_(sirens), Dossier.commune.in_(sorted(communes)))


def _titled(reader: Reader, wanted: Sequence[ColumnElement[bool]], asked: DossierFilter) -> list[Any]:
    """Return what orders the dossiers wanted whose title holds the text; both engines compare letters alike here."""
    columns = (Dossier.id, Dossier.title, Dossier.created_at, Dossier.last_contact_on, Dossier.waiting_since)
    rows = reader.rows(select(*columns).where(*wanted))
    return [row for row in rows if holds(row.title or "", asked.text)]


def _sorted(rows: Sequence[Any], order: str) -> list[Any]:
    return sorted(rows, key=_ORDERS[order], reverse=order == "recent")


_LATEST, _EARLIEST = date.max, date.min
_ORDERS: dict[str, Callable[[Any], Any]] = {
    "recent": lambda row: (row.created_at, row.id),
    "title": lambda row: (plain(row.title or "\uffff"), row.id),
    "contact": lambda row: (row.last_contact_on or _EARLIEST, row.id),
    "waiting": lambda row: (row.waiting_since or _LATEST, row.id),
}
_COLUMNS: dict[str, tuple[Any, ...]] = {
    "recent": (Dossier.created_at.desc(), Dossier.id.desc()),
    "contact": (Dossier.last_contact_on.asc().nulls_first(), Dossier.id),
    "waiting": (Dossier.waiting_since, Dossier.id),
}
"""The orders that the engine keeps by itself; titles are ordered without accents nor case, where engines disagree.
Every part of « recent » goes down, so that the engine reads its index backwards."""
