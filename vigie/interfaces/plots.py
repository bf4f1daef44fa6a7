"""Charts drawn by the server as SVG: bars, size structure, series over the years, values with their intervals.

Positions are percentages and text is in pixels, so a chart fills its column without its letters shrinking.
Every chart carries `<title>` and `<desc>`; `graphics.py` gives it a table twin from the same rows. A value that is
not known is hatched and named, never drawn as zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

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
    return [*hatched, svg.paths(paths, height)]


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


PLOT = 190
HEAD = 16
LEFT, RIGHT = 12.0, 98.0
"""Percentages of the width between which years are drawn: figures of the axis stand on the left."""
MOST_TICKS = 5
LEAST_APART = 17.0
"""Pixels between two names of series, so that neither covers the other."""
_VALUE = 12
"""Characters that the value takes at the end of the line of a label."""

Reference = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line through yearly points; a `None` value leaves a gap; `second` draws it thinner."""

    label: str
    points: Sequence[tuple[float, float | None]]
    second: bool = False

    @property
    def known(self) -> list[tuple[float, float]]:
        """The points that have a value."""
        return [(year, value) for year, value in self.points if value is not None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, and what other territories show when the row is also a distribution."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    others: Sequence[float] = ()
    href: str = ""


def lines(words: ChartWording, series: Sequence[Series], reference: Reference | None = None) -> Markup:
    """Series over the years, each named at its last point, on an axis whose ticks are written.

    Amounts start from zero. An index does not: `reference` is the level (100) that it is read beside, drawn dashed.
    """
    frame = _Frame.around(series, reference)
    parts, drawn = [svg.line((0, PLOT), (100, PLOT), "axis")], defaultdict[str, str](str)
    for tick in ticks(frame.bottom, frame.top):
        level = frame.y(tick)
        kind = "reference" if reference and tick == reference[1] else "grid"
        drawn[kind] += f"M{(LEFT - 1) * 10:.0f} {level:.1f}H1000"
        parts.append(svg.text(LEFT - 2, level + 4, french.number(tick), "soft band", "end"))
    for year, anchor in ((frame.first, "start"), (frame.last, "end")):
        parts.append(svg.text(frame.x(year), PLOT + 18, f"{year:g}", "soft", anchor))
    for mark, steps in (("line", frame.steps), ("dots", frame.dots)):
        for one in series:
            drawn[f"{mark} second" if one.second else mark] += steps(one)
    parts.append(svg.paths(drawn, PLOT))
    parts += _named(series, frame, words)
    return chart(words, PLOT + 26, parts)


def ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round values between two bounds (included), at most five, one, two or five times a power of ten apart.

    >>> ticks(97.3, 104.1), ticks(0, 23_615)
    ((98.0, 100.0, 102.0, 104.0), (0.0, 5000.0, 10000.0, 15000.0, 20000.0))
    """
    span = high - low
    if span <= 0:
        return (low,)
    power = 10.0 ** floor(log10(span / MOST_TICKS))
    step = next(each * power for each in (1, 2, 5, 10) if span / (each * power) < MOST_TICKS)
    first = ceil(round(low / step, 9))
    return tuple(round(rank * step, 9) for rank in range(first, floor(round(high / step, 9)) + 1))


def intervals(words: ChartWording, rows: Sequence[Estimate], reference: Reference | None = None) -> Markup:
    """A dot per row on a shared axis, its interval as a whisker, other territories as faint dots."""
    spread = [value for row in rows for value in (row.value, row.low, row.high, *row.others) if value is not None]
    spread += [reference[1]] if reference else []
    span = _Span(min(spread, default=0.0), max(spread, default=1.0))
    head = 24 if reference else 4
    parts = [svg.hatching(words.hatch)] if any(row.value is None for row in rows) else []
    marks = [(span.percent(tick), tick) for tick in ticks(span.low, span.high)]
    if reference:
        place = span.percent(reference[1])
        anchor = "start" if place < 30 else "end" if place > 70 else "middle"
        parts.append(svg.text(place, 14, reference[0], "soft", anchor))
    foot, marked, ground, whiskers, dots = head, "", "", "", ""
    for row in rows:
        label = wrap(row.label, LONGEST_LINE - _VALUE)
        parts.append(_estimate(row, label, foot, span, words))
        foot += LABEL_LINE * (len(label) - 1)
        # Only beside the dots: a continuous line would strike through the labels.
        marked += f"M{place * 10:.1f} {foot + 22}v16" if reference else ""
        ground += f"M0 {foot + 30}H1000"
        dots += "" if row.value is None else f"M{span.percent(row.value) * 10:.1f} {foot + 30}h0"
        if row.low is not None and row.high is not None:
            whiskers += f"M{span.percent(row.low) * 10:.1f} {foot + 30}H{span.percent(row.high) * 10:.1f}"
        foot += ROW
    parts.insert(0, svg.paths({"grid": ground, "whisker": whiskers}, foot))
    edge = f"M0 {foot}H1000" + "".join(f"M{across * 10:.1f} {foot}v5" for across, _ in marks)
    parts.append(svg.paths({"upright": marked, "axis": edge, "dots wide": dots}, foot + 5))
    for across, tick in marks:
        anchor = "start" if across < 6 else "end" if across > 94 else "middle"
        parts.append(svg.text(across, foot + 18, french.number(tick), "soft band", anchor))
    return chart(words, foot + 26, parts)


@dataclass(frozen=True, slots=True)
class _Span:
    """A linear scale from values to percentages, with a margin on both sides."""

    low: float
    high: float

    def percent(self, value: float) -> float:
        return 3 + 94 * (value - self.low) / ((self.high - self.low) or 1)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Both scales of a line chart: years to percentages, values to pixels from the top."""

    first: float
    last: float
    bottom: float
    top: float

    @classmethod
    def around(cls, series: Sequence[Series], reference: Reference | None) -> _Frame:
        years = [year for one in series for year, _ in one.points]
        values = [value for one in series for _, value in one.known] + ([reference[1]] if reference else [])
        low, high = min(values, default=0.0), max(values, default=1.0)
        low, high = (low, high) if reference else (min(low, 0.0), max(high, 0.0))
        margin = (high - low) * 0.22 or abs(high) * 0.1 or 1.0
        foot = low - margin if reference or low < 0 else low
        return cls(min(years, default=0), max(years, default=1), foot, high + margin)

    def x(self, year: float) -> float:
        return LEFT + (RIGHT - LEFT) * (year - self.first) / ((self.last - self.first) or 1)

    def y(self, value: float) -> float:
        return HEAD + (PLOT - HEAD) * (1 - (value - self.bottom) / ((self.top - self.bottom) or 1))

    def steps(self, one: Series) -> str:
        """The line itself, broken where a value is not known."""
        steps, pen = [], "M"
        for year, value in one.points:
            if value is not None:
                steps.append(f"{pen}{self.x(year) * 10:.1f} {self.y(value):.1f}")
            pen = "M" if value is None else "L"
        return " ".join(steps)

    def dots(self, one: Series) -> str:
        """All the dots as one path: steps of no length under a round pen."""
        return "".join(f"M{self.x(year) * 10:.1f} {self.y(value):.1f}h0" for year, value in one.known)


def _named(series: Sequence[Series], frame: _Frame, words: ChartWording) -> list[Markup]:
    """The name and the last value of each series above or below its last point, never one on another."""
    ends = sorted(((one.known[-1][1], one) for one in series if one.known), key=lambda pair: pair[0])
    parts, above = [], PLOT + LEAST_APART
    for rank, (value, one) in enumerate(ends):
        place = frame.y(value) + (-10 if rank == len(ends) - 1 else 20)
        place = min(place, above - LEAST_APART)
        above = place
        name = f"{one.label}{french.NBSP}: {words.bare(value)}" if one.label else words.bare(value)
        parts.append(svg.text(frame.x(one.known[-1][0]), place, name, "strong end", "end"))
    return parts


def _estimate(row: Estimate, label: Sequence[str], y: float, span: _Span, words: ChartWording) -> Markup:
    """The words of a row: one link from the first line of its label to its value, and what other territories show."""
    parts = [svg.text(0, y + 16 + LABEL_LINE * index, line) for index, line in enumerate(label)]
    y += LABEL_LINE * (len(label) - 1)
    parts += [svg.dot(span.percent(other), y + 30, 4, "dot others") for other in row.others]
    if row.value is None:
        parts.append(svg.bar(0, y + 24, (6, 12), "missing-edge", words.hatch))
    parts.append(svg.text(100, y + 16, words.value(row.value), "strong", "end"))
    return svg.linked(row.href, svg.joined(parts))
