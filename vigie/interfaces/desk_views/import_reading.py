"""The ways in which a file that was brought can be read, as a page offers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.interfaces.desk_views.forms import Option

if TYPE_CHECKING:
    from vigie.services.spreadsheets.grids import Offered, Way


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """One thing of which the file can be read in several ways."""

    name: str
    label: str
    options: tuple[Option, ...]


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
