"""What a file holds before anything is made of it: rows of cells, what is odd of one; how it can be read otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MERGED, BYTE, QUOTES = "merged", "byte", "quotes"
MARKS: Mapping[str, str] = {
    MERGED: "valeur de la case fusionnée au-dessus",
    BYTE: "un caractère ne se lisait pas : il est remplacé au mieux, vérifiez",
    QUOTES: "ses guillemets sont mal fermés : le texte est repris au mieux",
}
"""What is odd of a cell, in French."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its line in the file, counted from 1 as spreadsheets do; `marks` are (place, word of `MARKS`)."""

    line: int
    cells: tuple[str, ...]
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WayOfReading:
    """How a file is to be read, where it can be read in several ways; what is left empty is chosen by Vigie.

    `header` is the line of the titles; `hidden` reads what the spreadsheet hides as well.
    """

    encoding: str = ""
    sheet: str = ""
    header: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading: its word, its French name, and what it makes of a few cells."""

    word: str
    label: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """The ways in which a file can be read, and the one that was taken; fewer than two is no choice."""

    taken: WayOfReading = field(default_factory=WayOfReading)
    encodings: tuple[Way, ...] = ()
    sheets: tuple[Way, ...] = ()
    headers: tuple[Way, ...] = ()
    masks: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as an import keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: `notes` are French sentences on what was detected; `sheet` is empty for a CSV."""

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    offered: Offered = field(default_factory=Offered)


def offered_of(kept: Mapping[str, Any]) -> Offered:
    """Return what an import keeps of the ways of reading; none for those made before there was a choice."""
    ways = {
        name: tuple(Way(one["word"], one["label"], tuple(one["examples"])) for one in kept.get(name, ()))
        for name in ("encodings", "sheets", "headers")
    }
    return Offered(WayOfReading(**kept.get("taken", {})), **ways, masks=bool(kept.get("masks")))


def carried(rows: list[list[str]], merged: list[list[int]]) -> list[Row]:
    """Return rows whose merged cells give each of their lines the value; other columns of the merge stay empty."""
    marks: dict[int, list[tuple[int, str]]] = {}
    for top, left, bottom, _ in merged:
        if top >= len(rows) or left >= len(rows[top]) or not rows[top][left].strip():
            continue
        for line in range(top + 1, min(bottom + 1, len(rows))):
            rows[line] += [""] * (left + 1 - len(rows[line]))
            rows[line][left] = rows[top][left]
            marks.setdefault(line, []).append((left, MERGED))
    return [Row(line + 1, tuple(cells), tuple(marks.get(line, ()))) for line, cells in enumerate(rows)]
