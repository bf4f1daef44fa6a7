"""Charts with axes, drawn by the server: series over the years, values with their intervals.

They share the conventions of `charts.py`: percentages across, pixels down, classes for colours, a title, a description.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from vigie.domain import french
from vigie.interfaces import svg
from vigie.interfaces.charts import LABEL_LINE, LONGEST_LINE, ROW, ChartWording, chart, wrap

PLOT = 190
HEAD = 16
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
    """Series over the years, each named at its last point; `reference` is a labelled dashed level.

    The axis does not start from zero: a series shows a change, and first and last values are written.
    """
    frame = _Frame.around(series, reference)
    parts = [svg.line((0, PLOT), (100, PLOT), "axis")]
    for year, anchor in ((frame.first, "start"), (frame.last, "end")):
        parts.append(svg.text(frame.x(year), PLOT + 18, f"{year:g}", "soft", anchor))
    if reference:
        level = frame.y(reference[1])
        parts.append(svg.line((0, level), (100, level), "reference"))
        parts.append(svg.text(0, level - 6, reference[0], "soft"))
    parts += [frame.path(one) for one in series]
    parts += [_marks(one, series, frame, words) for one in series]
    return chart(words, PLOT + 26, parts)


def intervals(words: ChartWording, rows: Sequence[Estimate], reference: Reference | None = None) -> Markup:
    """A dot per row on a shared axis, its interval as a whisker, other territories as faint dots."""
    spread = [value for row in rows for value in (row.value, row.low, row.high, *row.others) if value is not None]
    spread += [reference[1]] if reference else []
    span = _Span(min(spread, default=0.0), max(spread, default=1.0))
    head = 24 if reference else 4
    parts = [svg.hatching(words.hatch)] if any(row.value is None for row in rows) else []
    if reference:
        place = span.percent(reference[1])
        anchor = "start" if place < 30 else "end" if place > 70 else "middle"
        parts.append(svg.text(place, 14, reference[0], "soft", anchor))
    foot = head
    for row in rows:
        label = wrap(row.label, LONGEST_LINE - _VALUE)
        parts += [svg.text(0, foot + 16 + LABEL_LINE * index, part) for index, part in enumerate(label[:-1])]
        foot += LABEL_LINE * (len(label) - 1)
        parts.append(_estimate(replace(row, label=label[-1]), foot, span, words))
        if reference:
            # Only beside the dots: a continuous line would strike through the labels.
            parts.append(svg.line((place, foot + 22), (place, foot + 38), "upright"))
        foot += ROW
    parts.append(svg.line((0, foot), (100, foot), "axis"))
    parts.append(svg.text(0, foot + 18, words.bare(span.low), "soft"))
    parts.append(svg.text(100, foot + 18, words.value(span.high), "soft", "end"))
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
        margin = (high - low) * 0.22 or abs(high) * 0.1 or 1.0
        floor = max(low - margin, 0.0) if low >= 0 else low - margin
        return cls(min(years, default=0), max(years, default=1), floor, high + margin)

    def x(self, year: float) -> float:
        return 2 + 96 * (year - self.first) / ((self.last - self.first) or 1)

    def y(self, value: float) -> float:
        return HEAD + (PLOT - HEAD) * (1 - (value - self.bottom) / ((self.top - self.bottom) or 1))

    def path(self, one: Series) -> Markup:
        """The line itself, broken where a value is not known."""
        steps, pen = [], "M"
        for year, value in one.points:
            if value is not None:
                steps.append(f"{pen}{self.x(year) * 10:.1f} {self.y(value):.1f}")
            pen = "M" if value is None else "L"
        return svg.path(" ".join(steps), PLOT, "line second" if one.second else "line")

    def dots(self, one: Series) -> Markup:
        """All the dots as one path: steps of no length under a round pen."""
        steps = "".join(f"M{self.x(year) * 10:.1f} {self.y(value):.1f}h0" for year, value in one.known)
        return svg.path(steps, PLOT, "dots second" if one.second else "dots") if steps else svg.NONE


def _marks(one: Series, series: Sequence[Series], frame: _Frame, words: ChartWording) -> Markup:
    """Dots, the first and last values written, the name of the series by its last point."""
    parts = [frame.dots(one)]
    if one.known:
        (start, first), (end, last) = one.known[0], one.known[-1]
        others = [other.known for other in series if other is not one and other.known]
        before = _aside(first, last, [known[0][1] for known in others])
        after = _aside(last, first, [known[-1][1] for known in others])
        name = f"{one.label}{french.NBSP}: {words.bare(last)}" if one.label else words.bare(last)
        parts.append(svg.text(frame.x(end), frame.y(last) + after, name, "strong", "end"))
        if start != end:
            parts.append(svg.text(frame.x(start), frame.y(first) + before, words.bare(first), "soft"))
    return svg.joined(parts)


def _aside(here: float, there: float, others: Sequence[float]) -> int:
    """Pixels from a point to its label: away from the other series, or from the line when it is alone."""
    below = here < max(others) if others else here < there
    return 24 if below else -12


def _estimate(row: Estimate, y: float, span: _Span, words: ChartWording) -> Markup:
    parts = [svg.text(0, y + 16, row.label), svg.line((0, y + 30), (100, y + 30), "grid")]
    parts += [svg.dot(span.percent(other), y + 30, 4, "dot others") for other in row.others]
    if row.low is not None and row.high is not None:
        parts.append(svg.line((span.percent(row.low), y + 30), (span.percent(row.high), y + 30), "whisker"))
    if row.value is None:
        parts.append(svg.bar(0, y + 24, (6, 12), "missing-edge", words.hatch))
    else:
        parts.append(svg.dot(span.percent(row.value), y + 30, 6, "dot"))
    parts.append(svg.text(100, y + 16, words.value(row.value), "strong", "end"))
    return svg.linked(row.href, svg.joined(parts))
