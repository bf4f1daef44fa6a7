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
LABEL_LINE = 17
LONGEST_LINE = 44
COLUMNS_HEIGHT = 150
WIDEST_BAR = 72.0
WIDEST_STACK = 60.0


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
    widest = WIDEST_STACK if any(one.second for one in bars) else WIDEST_BAR
    scale, y, parts = widest / (max(known, default=0.0) or 1.0), 0, [svg.hatching(words.hatch)]
    for one in bars:
        label = wrap(one.label, LONGEST_LINE)
        y += LABEL_LINE * (len(label) - 1)
        written = [svg.text(0, y + 16 - LABEL_LINE * back, part) for back, part in enumerate(reversed(label))]
        drawn = svg.joined([*written, _bar(one, y, scale, words)])
        parts.append(svg.linked(one.href, drawn))
        y += ROW
    return chart(words, y, parts)


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


def _bar(one: Bar, y: float, scale: float, words: Wording) -> Markup:
    parts: list[Markup] = []
    if one.value is None or one.reach is None:
        parts.append(svg.bar(0, y + 23, (6, 14), "missing-edge", words.hatch))
        parts.append(svg.text(6, y + 35, french.UNKNOWN, "soft", shift=8))
    else:
        second, tip = one.second or 0.0, words.tip(one.value)
        parts.append(svg.bar(0, y + 23, (max(one.value * scale, 0.2), 14), "bar"))
        if second:
            parts.append(svg.bar(one.value * scale, y + 23, (second * scale, 14), "bar second"))
            tip = f"{words.bare(one.value)} + {words.tip(second)}"
        parts.append(svg.text(one.reach * scale, y + 35, tip, "strong", shift=8))
    if one.reference is not None:
        place = one.reference * scale
        parts.append(svg.line((place, y + 19), (place, y + 41), "upright"))
    return svg.joined(parts)


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
    return svg.linked(band.href, svg.joined(parts))


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
