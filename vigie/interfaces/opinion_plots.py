"""What groups of opinion say of statements, drawn from published words alone: no place of it is that of a person.

A plane of votes would put groups at places that a single vote moves; words move only when ten people do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from vigie.interfaces import svg
from vigie.interfaces.plots import LABEL_LINE, LONGEST_LINE, ChartWording, chart

STOPS = {-1: ("pas d’accord", 12.0), 0: ("partagé", 50.0), 1: ("d’accord", 88.0)}
"""Where leanings stand, in percent of the width, with their words: the last letters of each keep within it."""
_HEAD, _TRACK, _FOOT, _TITLE = 26, 20, 28, 34
"""Pixels: the words of the axis, from a label to its track, below a track, the title of a part."""
_YOU = 18
"""Pixels that « vous » takes below a track."""
_RADIUS, _APART = 11, 24


@dataclass(frozen=True, slots=True)
class Leaning:
    """A statement: how each group leans (-1 against, 0 shared, 1 for), and the reader, `None` without a vote.

    `part` is the title of the part of the chart that begins there, if one does.
    """

    text: str
    groups: Mapping[str, int]
    mine: int | None = None
    part: str = ""


def leanings(words: ChartWording, rows: Sequence[Leaning]) -> Markup:
    """A line per statement from « pas d’accord » to « d’accord », the letter of each group where it leans."""
    parts, tracks, ticks, y = [_axis()], "", "", float(_HEAD)
    for row in rows:
        if row.part:
            y += _TITLE
            parts.append(svg.text(0, y - 8, row.part, "strong"))
        for line in wrap(row.text, LONGEST_LINE):
            y += LABEL_LINE
            parts.append(svg.text(0, y, line))
        y += _TRACK
        tracks += f"M{STOPS[-1][1] * 10:.0f} {y:.0f}H{STOPS[1][1] * 10:.0f}"
        ticks += "".join(f"M{place * 10:.0f} {y - 5:.0f}v10" for _, place in STOPS.values())
        parts += [_letters(place, y, _leaning(row, leaning)) for leaning, (_, place) in STOPS.items()]
        if row.mine is not None:
            y += _YOU
            parts.append(svg.text(STOPS[row.mine][1], y + 10, "▲ vous", "you band", "middle"))
        y += _FOOT
    return chart(words, y, [svg.paths({"grid": tracks, "axis": ticks}, y), *parts])


def _axis() -> Markup:
    return svg.joined([svg.text(place, 12, word, "soft band", "middle") for word, place in STOPS.values()])


def _leaning(row: Leaning, leaning: int) -> list[str]:
    return [letter for letter, one in row.groups.items() if one == leaning]


def _letters(place: float, y: float, letters: Sequence[str]) -> Markup:
    """The groups that lean alike side by side, each a letter in a disc: told by its letter, then by its tint."""
    if not letters:
        return svg.NONE
    first = -_APART * (len(letters) - 1) / 2
    discs = [svg.badge(first + _APART * rank, _RADIUS, letter) for rank, letter in enumerate(letters)]
    return svg.pinned(place, y, svg.joined(discs))
