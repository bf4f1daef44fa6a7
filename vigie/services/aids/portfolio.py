"""Schemes for many firms at once: what closes soon and may help those of a portfolio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.firm_names import usual_case
from vigie.domain.levers import Holds
from vigie.services.aids.asker import ApplyingFirm, asker_of, places_of
from vigie.services.aids.book import Days, ReadScheme, book_of
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from vigie.services.questions import DataInService

_UNIT = ("siren", "name", "usual_name", "created", "size_band", "legal_category", "company_category", "natural_person",
         "naf", "naf_nomenclature", "naf25")  # fmt: skip
_SITE = ("siren", "commune", "naf", "naf_nomenclature", "naf25")


@dataclass(frozen=True, slots=True)
class ClosingAid:
    """A scheme that closes within 30 days, and the firms that it does not refuse."""

    scheme: ReadScheme
    firms: tuple[ApplyingFirm, ...]


def closing_schemes(data: DataInService, on: date) -> list[int]:
    """Return the ranks, in the book, of the schemes that close within 30 days."""
    book = book_of(data)
    closing = (rank for rank, one in enumerate(book.schemes) if one.days(on) is Days.CLOSING)
    return [rank for rank in closing if rank not in book.repeated]


def closing_soon(data: DataInService, sirens: Iterable[str], on: date) -> tuple[ClosingAid, ...]:
    """Return the schemes that close within 30 days and refuse not every firm, the first to close first.

    Cost: three questions to the data, then O(distinct conditions) for each firm.
    """
    book, ranks = book_of(data), closing_schemes(data, on)
    if not ranks:
        return ()
    fitting: dict[int, list[ApplyingFirm]] = {rank: [] for rank in ranks}
    for firm in asking_firms(data, sirens, on):
        found = book.answers(firm.asker)
        for rank in ranks:
            if found[rank] > Holds.NO:
                fitting[rank].append(firm)
    told = [ClosingAid(book.schemes[rank], tuple(firms)) for rank, firms in fitting.items() if firms]
    return tuple(sorted(told, key=lambda one: (one.scheme.closes or on, one.scheme.title)))


def asking_firms(data: DataInService, sirens: Iterable[str], on: date) -> list[ApplyingFirm]:
    """Return what is known of many firms, at their head office; those that ceased or object are left out."""
    wanted = sorted({siren for siren in sirens if not data.suppressions.holds(siren)})
    if not wanted:
        return []
    units = {row["siren"]: row for row in _of(data, "legal_unit", _UNIT, wanted, "state", "A")}
    sites = {row["siren"]: row for row in _of(data, "establishment", _SITE, list(units), "head_office", True)}
    places = places_of(data, {row["commune"] for row in sites.values() if row["commune"]})
    return [
        ApplyingFirm(siren, _name(unit), asker_of(data, unit, sites.get(siren), on, _places(sites.get(siren), places)))
        for siren, unit in units.items()
    ]


def _places(
    site: Mapping[str, Any] | None, places: Mapping[str, Mapping[str, frozenset[str]]]
) -> Mapping[str, frozenset[str]]:
    return places.get(site["commune"] or "", {}) if site else {}


def _of(
    data: DataInService, table: str, columns: tuple[str, ...], sirens: list[str], column: str, value: object
) -> list[dict[str, Any]]:
    """Return the rows of some firms in one question, those that bear a value."""
    rows = data.warehouse.table(table)
    asked = parameter("sirens", "array<string>").unnest().name("siren").as_table()
    kept = rows.filter(rows[column] == value).select(*columns).semi_join(asked, "siren")
    return data.warehouse.rows(kept, {"sirens": sirens})


def _name(unit: Mapping[str, Any]) -> str:
    return usual_case(str(unit["name"] or unit["usual_name"] or "nom non public"))
