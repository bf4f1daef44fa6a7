"""Charts drawn by the server as SVG: horizontal bars and size structure (series and intervals are in `plots.py`).

Positions are percentages and text is in pixels, so a chart fills its column without its letters shrinking.
Every chart carries `<title>` and `<desc>`; `graphics.py` gives it a table twin from the same rows. A value that is
not known is hatched and named, never drawn as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from vigie.interfaces import french, svg

ROW = 46
COLUMNS_HEIGHT = 150
WIDEST_BAR = 76.0


@dataclass(frozen=True, slots=True)
class Wording:
    """What a chart says in words: `title` states the finding, `description` completes it, `unit` follows values."""

    title: str
    description: str
    unit: str = ""
    decimals: int | None = None

    def value(self, value: float | None) -> str:
        """A value of the chart with its unit, or « non connu »."""
        return french.quantity(value, self.unit, self.decimals)

    def bare(self, value: float | None) -> str:
        """A value of the chart without its unit."""
        return french.number(value, self.decimals)

    @property
    def hatch(self) -> str:
        """Name of the chart's hatching."""
        return svg.identifier(self.title, self.description) + "h"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a value (`None` = not known), an optional second value stacked after it, a reference mark."""

    label: str
    value: float | None
    second: float | None = None
    reference: float | None = None
    href: str = ""

    @property
    def reach(self) -> float | None:
        """Where the bar ends."""
        return None if self.value is None else self.value + (self.second or 0)


def horizontal_bars(words: Wording, bars: Sequence[Bar]) -> Markup:
    """Bars from zero, one row each, label above and value at the tip; a reference is a thin upright line."""
    known = [value for one in bars for value in (one.reach, one.reference) if value is not None]
    scale = WIDEST_BAR / (max(known, default=0.0) or 1.0)
    rows = [_row(one, index * ROW, scale, words) for index, one in enumerate(bars)]
    return chart(words, len(bars) * ROW, [svg.hatching(words.hatch), *rows])


def size_structure(words: Wording, bands: Sequence[Bar]) -> Markup:
    """Upright columns, one per size band in the order given, count above and band below on two lines."""
    scale = COLUMNS_HEIGHT / (max((band.value or 0 for band in bands), default=0) or 1.0)
    width = 100 / max(len(bands), 1)
    parts = [svg.hatching(words.hatch)]
    parts += [_column(band, index * width, width, scale, words) for index, band in enumerate(bands)]
    parts.append(svg.line((0, COLUMNS_HEIGHT + 16), (100, COLUMNS_HEIGHT + 16), "axis"))
    return chart(words, COLUMNS_HEIGHT + 54, parts)


def chart(words: Wording, height: float, parts: list[Markup]) -> Markup:
    """A chart as wide as its column, `height` pixels high."""
    box = Markup('height="{:.0f}"').format(height)
    return svg.canvas("chart", box, (words.title, words.description), svg.joined(parts))


def _row(one: Bar, y: float, scale: float, words: Wording) -> Markup:
    parts = [svg.text(0, y + 16, one.label)]
    if one.value is None or one.reach is None:
        parts.append(svg.bar(0, y + 23, (6, 14), "missing-edge", words.hatch))
        parts.append(svg.text(6, y + 35, french.UNKNOWN, "soft", shift=8))
    else:
        second, tip = one.second or 0.0, words.value(one.value)
        parts.append(svg.bar(0, y + 23, (max(one.value * scale, 0.2), 14), "bar"))
        if second:
            parts.append(svg.bar(one.value * scale, y + 23, (second * scale, 14), "bar second"))
            tip = f"{words.bare(one.value)} + {words.value(second)}"
        parts.append(svg.text(one.reach * scale, y + 35, tip, "strong", shift=8))
    if one.reference is not None:
        place = one.reference * scale
        parts.append(svg.line((place, y + 19), (place, y + 41), "upright"))
    return svg.linked(one.href, f"{one.label}{french.NBSP}: {words.value(one.value)}", svg.joined(parts))


def _column(band: Bar, left: float, width: float, scale: float, words: Wording) -> Markup:
    middle, foot = left + width / 2, COLUMNS_HEIGHT + 16
    parts = []
    if band.value is None:
        parts.append(svg.bar(left + width * 0.14, foot - 20, (width * 0.72, 20), "missing-edge", words.hatch))
    else:
        tall = max(band.value * scale, 1.0)
        parts.append(svg.bar(left + width * 0.14, foot - tall, (width * 0.72, tall), "bar"))
        parts.append(svg.text(middle, foot - tall - 6, words.bare(band.value), "strong band", "middle"))
    for index, half in enumerate(_two_lines(band.label)):
        parts.append(svg.text(middle, foot + 16 + 15 * index, half, "soft band", "middle"))
    return svg.linked(band.href, f"{band.label}{french.NBSP}: {words.value(band.value)}", svg.joined(parts))


def _two_lines(label: str) -> tuple[str, ...]:
    """Cut a label at the space nearest to its middle; a short one stays whole."""
    spaces = [place for place, letter in enumerate(label) if letter == " "]
    if not spaces or len(label) <= 5:
        return (label,)
    cut = min(spaces, key=lambda place: abs(place - len(label) // 2))
    return label[:cut], label[cut + 1 :]
