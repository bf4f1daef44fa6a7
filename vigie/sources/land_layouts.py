"""Layouts in which inventories of land are exchanged: the CNIG standards « Sites économiques » and « Friches »."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_FILE = Path(__file__).parent / "reference" / "land_layouts.yml"
HECTARE = 10_000
"""Square metres."""


@dataclass(frozen=True, slots=True)
class LandColumn:
    """A column of a layout: the shape of its cells, whether each must hold something, and its words if it has some."""

    name: str
    shape: str
    required: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LandLayout:
    """A layout as its standard publishes it.

    `means` leads from what the inventory keeps (title, area, occupation…) to a column, `held` are owners and contacts,
    `natural` says by which beginning of which column a line is about a natural person. Days of `order` follow each
    other; of `within`, the first number is never above the second. `metres` is how many square metres its unit is.
    """

    id: str
    title: str
    standard: str
    key: str
    metres: int
    columns: Mapping[str, LandColumn]
    means: Mapping[str, str]
    held: tuple[str, ...] = ()
    natural: Mapping[str, Any] = field(default_factory=dict)
    order: tuple[tuple[str, str], ...] = ()
    within: tuple[tuple[str, str], ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """Columns without which a file does not follow the standard."""
        return tuple(name for name, column in self.columns.items() if column.required)

    def officers_only(self, header: Collection[str]) -> frozenset[str]:
        """Return the columns of a file that no public file repeats: owners, contacts, and what is not of the standard.

        Nobody knows what a column of somebody's own holds; it may well be a name.
        """
        return frozenset(self.held) | {name for name in header if name not in self.columns}


@cache
def layouts() -> Mapping[str, LandLayout]:
    """Return the layouts that are read, by identifier."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {word: _layout(word, found, read["words"]) for word, found in read["layouts"].items()}


def _layout(word: str, found: Mapping[str, Any], words: Mapping[str, list[str]]) -> LandLayout:
    return LandLayout(
        word, found["title"], found["standard"], found["key"], HECTARE if found.get("unit") == "ha" else 1,
        {name: _column(name, said, words) for name, said in found["columns"].items()},
        found["means"], tuple(found.get("held", ())), found.get("natural", {}),
        tuple((first, last) for first, last in found.get("order", ())),
        tuple((part, whole) for part, whole in found.get("within", ())),
    )  # fmt: skip


def _column(name: str, said: str, words: Mapping[str, list[str]]) -> LandColumn:
    shape, _, chosen = said.partition(" ")
    return LandColumn(
        name, shape.removesuffix("!"), shape.endswith("!"), tuple(map(str, words[chosen])) if chosen else ()
    )
