"""What a file holds before anything is made of it: rows of cells, what is odd of one; how it can be read otherwise."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

MERGED, BYTE, QUOTES, FAILED = "merged", "byte", "quotes", "failed"
MARKS: Mapping[str, str] = {
    MERGED: "valeur de la case fusionnée au-dessus",
    BYTE: "un caractère ne se lisait pas : il est remplacé au mieux, vérifiez",
    QUOTES: "ses guillemets sont mal fermés : le texte est repris au mieux",
    FAILED: "sa formule ne donne aucun résultat (#N/A, #REF!…) : la case est laissée vide",
}
"""What is odd of a cell, in French."""
_NO_RESULT = re.compile(
    r"#(?:N/?A|N/?D|REF|VALEUR|VALUE|DIV/0|NOM|NAME|NUL|NULL|NOMBRE|NUM|SPILL|PROPAGATION|EPARS|CALC|CALCUL|FIELD|CHAMP|"
    r"CONNECT|CONNEXION|BLOCKED|BLOQUE|BLOQUÉ|UNKNOWN|INCONNU|BUSY|OCCUPE|OCCUPÉ|GETTING_DATA|OBTENTION_DONNEES|EXTERNAL|"
    r"PYTHON|TIMEOUT|ERROR|ERREUR)[!?]?|err ?: ?\d{3}|#{3,}|"
    r"[=+]@?[A-Z][A-Z0-9_.]*\(.*\)|=\$?[A-Z]{1,3}\$?\d+(?:[-+*/&:].*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands for a formula that gives nothing: errors of Excel and LibreOffice in French and English, a column too
narrow for its number, or the formula itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and its line in the file, counted from 1 as spreadsheets do; `marks` are (place, word of `MARKS`)."""

    line: int
    cells: tuple[str, ...]
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WayOfReading:
    """How a file is to be read, where it can be read in several ways; what is left empty is chosen by Vigie.

    `header` is the line of the titles; `hidden` reads what the spreadsheet hides as well; `firms` are lines that look
    like totals and are read as any other.
    """

    encoding: str = ""
    sheet: str = ""
    header: int = 0
    hidden: bool = False
    firms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading: its word, its French name, and what it makes of a few cells."""

    word: str
    label: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """The ways in which a file can be read, and the one that was taken; fewer than two is no choice.

    `totals` are the lines that look like totals: set apart, but for those that the way taken names as firms.
    """

    taken: WayOfReading = field(default_factory=WayOfReading)
    encodings: tuple[Way, ...] = ()
    sheets: tuple[Way, ...] = ()
    headers: tuple[Way, ...] = ()
    totals: tuple[Way, ...] = ()
    masks: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as an import keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReadSheet:
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
        for name in ("encodings", "sheets", "headers", "totals")
    }
    taken = dict(kept.get("taken", {}))
    taken["firms"] = tuple(taken.get("firms", ()))
    return Offered(WayOfReading(**taken), **ways, masks=bool(kept.get("masks")))


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


def failed(rows: Sequence[Row], known: Collection[tuple[int, int]] = ()) -> list[Row]:
    """Return rows whose cells without a result are empty and marked; `known` are (line, place) of some, from 0."""
    places: dict[int, set[int]] = {}
    for line, place in known:
        places.setdefault(line + 1, set()).add(place)
    return [_failed(row, places.get(row.line, set())) for row in rows]


def _failed(row: Row, known: set[int]) -> Row:
    lost = {place for place, cell in enumerate(row.cells) if _NO_RESULT.fullmatch(cell.strip())}
    lost |= {place for place in known if place < len(row.cells)}
    if not lost:
        return row
    cells = tuple("" if place in lost else cell for place, cell in enumerate(row.cells))
    return replace(row, cells=cells, marks=(*row.marks, *((place, FAILED) for place in sorted(lost))))
