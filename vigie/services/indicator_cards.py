"""Cards of the indicators that Vigie computes: one YAML file each, the only place for labels, units and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from vigie.domain.territory import TerritoryKind
from vigie.services.figures.rules import LEVELS
from vigie.sources.cards_reader import read_yaml
from vigie.sources.indicator_uses import Aggregation


class Parts(StrEnum):
    """How the parts of a figure are drawn in a portrait."""

    LISTED = "listed"
    RANKED = "ranked"
    BANDS = "bands"


class Compared(StrEnum):
    """Whether a figure is set beside that of the territories around."""

    NEVER = "never"
    WHOLE = "whole"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Display:
    """How a figure is shown.

    `parts` are listed on the page of the figure only, ranked from the largest, or drawn in the order of size bands;
    `signed` figures tell their sign; `large_enough` parts only are ranked: those that exceed the figure are too small
    to mean anything. `compared` figures are set beside those around where the data loaded hold the whole of the
    territory, or always.
    """

    parts: Parts = Parts.LISTED
    signed: bool = False
    large_enough: bool = False
    compared: Compared = Compared.NEVER


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """What is said of an indicator, in French.

    `question` is what it answers, `coverage` what the coverage of its figures means, `reading` an example of how
    to read one, `sources` the ids of the sources' cards, `references` the publications it follows. `levels` are the
    kinds of territories for which it is computed, `aggregation` how it passes from communes to larger ones, `weight`
    what a mean weighs by, `secrecy` what is hidden and by whom, `method` the name of the measure where it has a page.
    """

    id: str
    theme: str
    label: str
    question: str
    formula: str
    unit: str
    sources: tuple[str, ...]
    coverage: str
    limits: tuple[str, ...]
    reading: str
    references: tuple[str, ...] = ()
    display: Display = Display()
    levels: tuple[TerritoryKind, ...] = LEVELS
    aggregation: Aggregation = Aggregation.NONE
    weight: str = ""
    secrecy: str = ""
    method: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the machine-readable answers print it."""
        told = asdict(self)
        del told["display"]  # for pages: programs draw as they like
        return told


_NAMED: Mapping[str, type[StrEnum]] = {"parts": Parts, "compared": Compared}


@cache
def indicator_cards() -> Mapping[str, IndicatorCard]:
    """Return the cards by indicator, in the order of a portrait; a wrong key or a missing one raises `TypeError`."""
    folder = files("vigie.measures") / "cards"
    found = []
    for path in folder.iterdir():
        if path.name.endswith(".yml"):
            content = read_yaml(path.read_text(encoding="utf-8"))
            rank, shown = content.pop("rank"), content.pop("display", {})
            shown |= {name: read(shown[name]) for name, read in _NAMED.items() if name in shown}
            for name in ("sources", "limits", "references"):
                content[name] = tuple(content.get(name) or ())
            content["aggregation"] = Aggregation(content.get("aggregation", Aggregation.NONE))
            content["levels"] = tuple(map(TerritoryKind, content.get("levels") or LEVELS))
            found.append((rank, IndicatorCard(**content, display=Display(**shown))))
    return {card.id: card for _, card in sorted(found, key=lambda pair: pair[0])}
