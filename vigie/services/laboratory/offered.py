"""What can be asked of the laboratory: outcomes known at two dates, their years, assets known before the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.errors import RequestFault
from vigie.services.comparing.level_figures import level_figures
from vigie.services.kept import kept_with
from vigie.services.laboratory.country import LEVELS, MOSTLY, outcome_of, year_of
from vigie.sources.indicator_uses import Aggregation
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.laboratory.examining import LaboratoryAsked
    from vigie.services.questions import DataInService


@dataclass(frozen=True, slots=True)
class LaboratoryChoices:
    """What exists at a level, each with its label: `outcomes`, the `years` of the one asked, `assets` of its time."""

    outcomes: Mapping[str, str]
    years: tuple[int, ...]
    assets: Mapping[str, str]


def choices(data: DataInService, asked: LaboratoryAsked) -> LaboratoryChoices:
    """Return what can be asked at the level and for the outcome asked; all is empty where nothing is loaded for it."""
    level = asked.level if asked.level in LEVELS else "ze"
    start = asked.start or 9999
    outcomes, known, years = kept_with(
        data.warehouse, f"laboratory offered {level} {asked.outcome}", lambda: _offered(data, level, asked.outcome)
    )
    return LaboratoryChoices(outcomes, years, {name: label for name, (label, year) in known.items() if year <= start})


def _offered(
    data: DataInService, level: str, outcome: str
) -> tuple[Mapping[str, str], Mapping[str, tuple[str, int]], tuple[int, ...]]:
    figures = level_figures(data, level)
    if not figures.codes:
        return {}, {}, ()
    dated = _dated_twice(data, level)
    outcomes = {
        card.id: card.label for card in figures.cards if card.aggregation is Aggregation.SUM and card.id in dated
    }
    assets = {
        card.id: (card.label, year)
        for rank, card in enumerate(figures.cards)
        if card.aggregation is not Aggregation.SUM
        and figures.known[rank] >= MOSTLY
        and (year := year_of(figures.vintages[rank])) is not None
    }
    try:
        years = outcome_of(data, level, outcome).years
    except RequestFault:
        years = ()
    return outcomes, assets, years


def _dated_twice(data: DataInService, level: str) -> set[str]:
    table = data.warehouse.table("figure")
    known = table.filter(table.kind == parameter("kind"), table.value.notnull())
    dates = known.group_by("indicator").agg(dates=known.vintage.nunique())
    rows = data.warehouse.rows(dates.filter(dates.dates >= 2).select("indicator"), {"kind": level})
    return {str(row["indicator"]) for row in rows}
