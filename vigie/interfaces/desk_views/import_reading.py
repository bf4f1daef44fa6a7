"""The ways in which a file that was brought can be read, as a page offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.interfaces.desk_views.forms import Option

if TYPE_CHECKING:
    from vigie.services.spreadsheets.grids import Offered, Way, WayOfReading


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """One thing of which the file can be read in several ways."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A line that looks like a total: where it stands, its first cells, and whether it is read as a firm."""

    line: str
    cells: str
    is_firm: bool
    other: str
    """Lines read as firms once this one is read the other way, separated by commas."""


@dataclass(frozen=True, slots=True)
class TotalsShown:
    """The lines that look like totals, and the reading of the file that is kept when one is brought back."""

    lines: tuple[TotalLine, ...]
    taken: WayOfReading


def totals_of(offered: Offered | None) -> TotalsShown | None:
    """Return the lines that look like totals, nothing when there is none or once the file itself is not kept."""
    if offered is None or not offered.totals:
        return None
    firms = set(offered.taken.firms)
    lines = tuple(
        TotalLine(
            line=one.word,
            cells=" · ".join(one.examples),
            is_firm=int(one.word) in firms,
            other=",".join(map(str, sorted(firms ^ {int(one.word)}))),
        )
        for one in offered.totals
    )
    return TotalsShown(lines, offered.taken)


def ways_of(offered: Offered | None) -> tuple[ReadingChoice, ...]:
    """Return what can be chosen of the reading of a file, nothing once the file itself is not kept."""
    if offered is None:
        return ()
    taken = offered.taken
    asked = (
        ("feuille", "Quelle feuille lire", offered.sheets, taken.sheet),
        ("titres", "Sur quelle ligne sont les titres des colonnes", offered.headers, str(taken.header)),
        ("encodage", "Comment les lettres accentuées sont écrites", offered.encodings, taken.encoding),
    )
    return tuple(
        ReadingChoice(name, label, tuple(_way(one, word) for one in ways))
        for name, label, ways, word in asked
        if len(ways) > 1
    )


def _way(one: Way, taken: str) -> Option:
    shown = f" : {', '.join(f'« {example} »' for example in one.examples)}" if one.examples else ""
    return Option(one.word, f"{one.label}{shown}", one.word == taken)
