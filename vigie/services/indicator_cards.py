"""Cards of the indicators that Vigie computes: one YAML file each, the only place for labels, units and formulas."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """What is said of an indicator, in French.

    `question` is what it answers, `coverage` what the coverage of its figures means, `reading` an example of how
    to read one, `sources` the ids of the sources' cards, `references` the publications it follows.
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

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the machine-readable answers print it."""
        return asdict(self)


@cache
def indicator_cards() -> Mapping[str, IndicatorCard]:
    """Return the cards by indicator, in the order of a portrait; a wrong key or a missing one raises `TypeError`."""
    folder = files("vigie.measures") / "cards"
    found = []
    for path in folder.iterdir():
        if path.name.endswith(".yml"):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            rank = content.pop("rank")
            for name in ("sources", "limits", "references"):
                content[name] = tuple(content.get(name) or ())
            found.append((rank, IndicatorCard(**content)))
    return {card.id: card for _, card in sorted(found, key=lambda pair: pair[0])}
