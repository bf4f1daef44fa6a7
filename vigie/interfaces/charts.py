"""Charts drawn by the server as SVG: horizontal bars and size structure (series and intervals are in `plots.py`).

Positions are percentages and text is in pixels, so a chart fills its column without its letters shrinking.
Every chart carries `<title>` and `<desc>`; `graphics.py` gives it a table twin from the same rows. A value that is
not known is hatched and named, never drawn as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vigie.domain import french
from vigie.interfaces import svg

ROW = 46
LABEL_LINE = 17
LONGEST_LINE = 44
COLUMNS_HEIGHT = 150
WIDEST_BAR = 72.0
"""Percentage of the width that leaves room for the longest value written after a bar."""
WIDEST_STACK = 60.0
"""Less than a single bar: two values are written after it."""


@dataclass(frozen=True, slots=True)
class ChartWording:
    """What a chart says in words: `title` states the finding, `description` completes it, `unit` follows values."""

    title: str
    description: str
    unit: str = ""
    decimals: int | None = None

    def value(self, value: float | None) -> str:
        """A value of the chart with its unit, or « non connu »."""
        return french.quantity(value, self.unit, self.decimals)

    def tip(self, value: float | None) -> str:
        """A value as written beside its bar: a short unit (%, €) stays, a long one is said once, above the chart."""
        return self.value(value) if len(self.unit) <= 2 else self.bare(value)

    def bare(self, value: float | None) -> str:
        """A value of the chart without its unit."""
        return french.number(value, self.decimals)

    @property
    def hatch(self) -> str:
        """Name of the chart's hatching."""
        return svg.identifier(self.title, self.description) + "h"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a value (`None` = not known), an optional second value stacked after it, a reference mark.

    `href` is for the table twin: a chart does not repeat its links.
    """

    label: str
    value: float | None
    second: float | None = None
    reference: float | None = None
    href: str = ""

    @property
    def reach(self) -> float | None:
        """Where the bar ends."""
        return None if self.value is None else self.value + (self.second or 0)


def horizontal_bars(words: ChartWording, bars: Sequence[Bar]) -> Markup:
    """Bars from zero, one row each, label above and value at the tip; a reference is a thin upright line."""
    known = [value for one in bars for value in (one.reach, one.reference) if value is not None]
    widest = WIDEST_STACK if any(one.second for one in bars) else WIDEST_BAR
    scale, y, written = widest / (max(known, default=0.0) or 1.0), 0, list[Markup]()
    first, second = "", ""
    for one in bars:
        label = wrap(one.label, LONGEST_LINE)
        y += LABEL_LINE * (len(label) - 1)
        written += [svg.text(0, y + 16 - LABEL_LINE * back, part) for back, part in enumerate(reversed(label))]
        written += _beside(one, y, scale, words)
        if one.value is not None:
            first += svg.box(0, y + 23, (max(one.value * scale, 0.2), 14))
            second += svg.box(one.value * scale, y + 23, (one.second * scale, 14)) if one.second else ""
        y += ROW
    return chart(words, y, [*_series(words, bars, y, {"bar": first, "bar second": second}), *written])


def size_structure(words: ChartWording, bands: Sequence[Bar]) -> Markup:
    """Upright columns, one per size band in the order given, count above and band below on two lines."""
    scale = COLUMNS_HEIGHT / (max((band.value or 0 for band in bands), default=0) or 1.0)
    width = 100 / max(len(bands), 1)
    foot, columns = COLUMNS_HEIGHT + 16, ""
    for index, band in enumerate(bands):
        if band.value is not None:
            tall = max(band.value * scale, 1.0)
            columns += svg.box((index + 0.14) * width, foot - tall, (width * 0.72, tall))
    parts = _series(words, bands, foot, {"bar": columns})
    parts += [_around(band, index * width, width, scale, words) for index, band in enumerate(bands)]
    parts.append(svg.line((0, foot), (100, foot), "axis"))
    return chart(words, COLUMNS_HEIGHT + 54, parts)


def chart(words: ChartWording, height: float, parts: list[Markup]) -> Markup:
    """A chart as wide as its column, `height` pixels high."""
    box = Markup('height="{:.0f}"').format(height)
    return svg.canvas("chart", box, (words.title, words.description), svg.joined(parts))


def _series(words: ChartWording, bars: Sequence[Bar], height: float, paths: Mapping[str, str]) -> list[Markup]:
    """One path for each series, and the hatching when a value is not known: a chart stays a few elements."""
    hatched = [svg.hatching(words.hatch)] if any(one.value is None for one in bars) else []
    return [*hatched, *(svg.path(steps, height, kind) for kind, steps in paths.items() if steps)]


def _beside(one: Bar, y: float, scale: float, words: ChartWording) -> list[Markup]:
    """The value written at the tip of a bar and the mark of the reference; an unknown value is hatched."""
    parts: list[Markup] = []
    if one.value is None or one.reach is None:
        parts.append(svg.bar(0, y + 23, (6, 14), "missing-edge", words.hatch))
        parts.append(svg.text(6, y + 35, french.UNKNOWN, "soft", shift=8))
    else:
        tip = f"{words.bare(one.value)} + {words.tip(one.second)}" if one.second else words.tip(one.value)
        parts.append(svg.text(one.reach * scale, y + 35, tip, "strong", shift=8))
    if one.reference is not None:
        place = one.reference * scale
        parts.append(svg.line((place, y + 19), (place, y + 41), "upright"))
    return parts


def _around(band: Bar, left: float, width: float, scale: float, words: ChartWording) -> Markup:
    """The count above a column and the band below; an unknown one is hatched."""
    middle, foot = left + width / 2, COLUMNS_HEIGHT + 16
    parts = []
    if band.value is None:
        parts.append(svg.bar(left + width * 0.14, foot - 20, (width * 0.72, 20), "missing-edge", words.hatch))
    else:
        tall = max(band.value * scale, 1.0)
        parts.append(svg.text(middle, foot - tall - 6, words.bare(band.value), "strong band", "middle"))
    for index, half in enumerate(_two_lines(band.label)):
        parts.append(svg.text(middle, foot + 16 + 15 * index, half, "soft band", "middle"))
    return svg.joined(parts)


def wrap(label: str, longest: int) -> tuple[str, ...]:
    """A label on one line, or on two balanced ones when it is too long for a phone."""
    return (label,) if len(label) <= longest else _two_lines(label)


def _two_lines(label: str) -> tuple[str, ...]:
    """Cut a label at the space nearest to its middle; a short one stays whole."""
    spaces = [place for place, letter in enumerate(label) if letter == " "]
    if not spaces or len(label) <= 5:
        return (label,)
    cut = min(spaces, key=lambda place: abs(place - len(label) // 2))
    return label[:cut], label[cut + 1 :]
