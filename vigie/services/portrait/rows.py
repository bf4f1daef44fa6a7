"""The public rows behind a finding: its parts, its years, or the communes it adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vigie.domain.finding import Finding
    from vigie.services.portrait.answer import CommuneCount

MOST_ROWS = 500
_BY_COMMUNE = {"establishments": "establishments", "employers": "employers", "population": "population"}

Rows = tuple["Mapping[str, str]", tuple["Mapping[str, Any]", ...], int]


def evidence_rows(found: Finding, whole: Finding, communes: Callable[[], Sequence[CommuneCount]]) -> Rows:
    """Return the columns, the first rows and the number of rows behind a finding; none when there is nothing to add.

    Communes are read for the findings that add them up only.
    """
    if found is not whole or found.value is None:
        return _parts(found)
    measured = _BY_COMMUNE.get(found.id)
    if measured:
        inside = communes()
        if len(inside) > 1:
            return _communes(inside, measured, found)
    return _parts(found) if found.breakdown else _years(found)


def _communes(communes: Sequence[CommuneCount], measured: str, found: Finding) -> Rows:
    values = [(place, getattr(place, measured)) for place in communes]
    ranked = sorted(values, key=lambda pair: (-(pair[1] or 0), pair[0].code))
    rows = [{"code": place.code, "name": place.name, "value": value} for place, value in ranked[:MOST_ROWS]]
    return {"code": "Code", "name": "Commune", "value": found.label}, tuple(rows), len(ranked)


def _parts(found: Finding) -> Rows:
    rows = tuple(
        {"code": item.key, "name": item.label, "value": item.value, "note": item.note} for item in found.breakdown
    )
    return {"code": "Code", "name": "Poste", "value": found.label, "note": "Remarque"}, rows[:MOST_ROWS], len(rows)


def _years(found: Finding) -> Rows:
    rows = tuple({"code": year, "value": value} for year, value in found.series)
    return {"code": "Année", "value": found.label}, rows, len(rows)
