"""Charts drawn by the server as SVG: horizontal bars, size structure, series, values with intervals.

Positions are percentages and text is in pixels, so a chart fills its column without its letters shrinking. Colours
are classes of the style sheet; nothing is styled inline. Every chart carries ``<title>`` and ``<desc>``; its table twin
is the ``table_twin`` macro of ``pieces/figures.html``, fed with the same rows. A value that is not known is hatched
and named, never drawn as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup, escape

from vigie.interfaces import french

ROW = 46
BAR = 14
FULL_WIDTH = 82.0


@dataclass(frozen=True)
class Wording:
    """What a chart says in words: ``title`` states the finding, ``description`` completes it, ``unit`` goes on the axis."""

    title: str
    description: str
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Bar:
    """One row: a value (``None`` = not known), an optional second value beside it and a reference mark, same unit."""

    label: str
    value: float | None
    second: float | None = None
    reference: float | None = None
    href: str = ""


@dataclass(frozen=True)
class Series:
    """One line through dated points; a ``None`` value leaves a gap."""

    label: str
    points: Sequence[tuple[float, float | None]]
    second: bool = False


@dataclass(frozen=True)
class Estimate:
    """A value with its interval, and what others show (``others``) when the chart is a distribution."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    others: Sequence[float] = ()
    href: str = ""


def horizontal_bars(words: Wording, bars: Sequence[Bar]) -> Markup:
    """Bars from zero, one row each, label above and value at the tip; a reference is a thin upright line."""
    known = [v for bar in bars for v in (_total(bar), bar.reference) if v is not None]
    top = max(known, default=0.0) or 1.0
    rows = [_bar_row(bar, index * ROW, FULL_WIDTH / top, words) for index, bar in enumerate(bars)]
    return _svg(words, len(bars) * ROW, Markup("").join(rows), hatched=any(b.value is None for b in bars))


def size_structure(words: Wording, bands: Sequence[Bar]) -> Markup:
    """Upright columns, one per size band in the order given, count above and band below on two lines."""
    top = max((bar.value or 0 for bar in bands), default=0) or 1.0
    width, height = 100 / max(len(bands), 1), 150
    parts = []
    for index, band in enumerate(bands):
        x, tall = index * width + width * 0.14, height * (band.value or 0) / top
        middle, text = f"{index * width + width / 2:.2f}%", french.number(band.value, words.decimals)
        parts.append(_text(middle, height + 10 - tall, text if band.value is not None else "?", "strong", "middle"))
        if band.value is None:
            parts.append(_rect(x, height - 4, width * 0.72, 20, "missing-edge", _hatch_id(words)))
        else:
            parts.append(_rect(x, height + 16 - tall, width * 0.72, max(tall, 1), "bar"))
        for line, word in enumerate(_two_lines(band.label)):
            parts.append(_text(middle, height + 34 + 16 * line, word, "soft", "middle"))
    parts.append(_line(0, height + 16, 100, height + 16, "axis"))
    return _svg(words, height + 58, Markup("").join(parts), hatched=any(b.value is None for b in bands))


def lines(words: Wording, series: Sequence[Series], reference: tuple[str, float] | None = None) -> Markup:
    """Series over time, each named at its last point; ``reference`` is a labelled dashed level."""
    plot, scale = 190, _LineScale.of(series, reference, words.decimals)
    parts = [scale.grid(plot)]
    if reference:
        y = scale.y(reference[1], plot)
        parts += [_line(0, y, 100, y, "reference"), _text("0", y - 6, reference[0], "soft", "start")]
    for one in series:
        parts.append(scale.path(one, plot))
    parts += [scale.marks(one, plot, words.decimals) for one in series]
    return _svg(words, plot + 52, Markup("").join(parts))


def intervals(words: Wording, rows: Sequence[Estimate], reference: tuple[str, float] | None = None) -> Markup:
    """A dot per row on a shared axis, its interval as a whisker, other territories as faint dots."""
    spread = [v for r in rows for v in (r.value, r.low, r.high, *r.others) if v is not None]
    spread += [reference[1]] if reference else []
    low, high = min(spread, default=0.0), max(spread, default=1.0)
    scale = _Span(low, high)
    head = 24 if reference else 4
    height = head + len(rows) * ROW
    parts = []
    if reference:
        x = scale.percent(reference[1])
        anchor = "start" if x < 30 else "end" if x > 70 else "middle"
        parts += [_line(x, head - 4, x, height, "reference"), _text(f"{x:.2f}%", 14, reference[0], "soft", anchor)]
    parts += [_estimate_row(row, head + index * ROW, scale, words) for index, row in enumerate(rows)]
    parts.append(_line(0, height, 100, height, "axis"))
    parts += [
        _text("0", height + 18, french.number(low, words.decimals), "soft", "start"),
        _text("100%", height + 18, _with_unit(high, words), "soft", "end"),
    ]
    return _svg(words, height + 26, Markup("").join(parts), hatched=any(r.value is None for r in rows))


@dataclass(frozen=True)
class _Span:
    """A linear scale from values to percentages, with a margin on both sides."""

    low: float
    high: float

    def percent(self, value: float) -> float:
        return 3 + 94 * (value - self.low) / ((self.high - self.low) or 1)


@dataclass(frozen=True)
class _LineScale:
    """Both scales of a line chart: years to percentages, values to pixels from the top."""

    first: float
    last: float
    bottom: float
    top: float
    decimals: int | None

    @classmethod
    def of(cls, series: Sequence[Series], reference: tuple[str, float] | None, decimals: int | None) -> _LineScale:
        years = [x for one in series for x, _ in one.points]
        values = [v for one in series for _, v in one.points if v is not None] + ([reference[1]] if reference else [])
        low, high = min(values, default=0.0), max(values, default=1.0)
        margin = (high - low) * 0.18 or abs(high) * 0.1 or 1.0
        floor = max(low - margin, 0.0) if low >= 0 else low - margin
        return cls(min(years, default=0), max(years, default=1), floor, high + margin, decimals)

    def x(self, year: float) -> float:
        return 3 + 92 * (year - self.first) / ((self.last - self.first) or 1)

    def y(self, value: float, plot: float) -> float:
        return 14 + (plot - 14) * (1 - (value - self.bottom) / ((self.top - self.bottom) or 1))

    def grid(self, plot: float) -> Markup:
        first, last = (french.number(year).replace(french.THIN, "") for year in (self.first, self.last))
        return Markup("").join(
            [
                _line(0, plot, 100, plot, "axis"),
                _text(f"{self.x(self.first):.2f}%", plot + 18, first, "soft", "start"),
                _text(f"{self.x(self.last):.2f}%", plot + 18, last, "soft", "end"),
            ]
        )

    def path(self, one: Series, plot: float) -> Markup:
        steps, pen = [], "M"
        for year, value in one.points:
            if value is None:
                pen = "M"
                continue
            steps.append(f"{pen}{self.x(year) * 10:.1f} {self.y(value, plot):.1f}")
            pen = "L"
        kind = "line second" if one.second else "line"
        return Markup(
            '<svg width="100%" height="{0}" viewBox="0 0 1000 {0}" preserveAspectRatio="none"><path class="{1}" d="{2}"/></svg>'
        ).format(plot, kind, " ".join(steps))

    def marks(self, one: Series, plot: float, decimals: int | None) -> Markup:
        """Dots, the first and last values written, the name of the series above its last point."""
        known = [(year, value) for year, value in one.points if value is not None]
        kind = "dot second" if one.second else "dot"
        parts = [_circle(self.x(year), self.y(value, plot), 4, kind) for year, value in known]
        if known:
            (start, first), (end, last) = known[0], known[-1]
            above = -12 if not one.second else 22
            name = (
                f"{one.label}{french.NBSP}: {french.number(last, decimals)}"
                if one.label
                else french.number(last, decimals)
            )
            parts.append(_text(f"{self.x(end):.2f}%", self.y(last, plot) + above, name, "strong", "end"))
            if start != end:
                written = french.number(first, decimals)
                parts.append(_text(f"{self.x(start):.2f}%", self.y(first, plot) + above, written, "soft", "start"))
        return Markup("").join(parts)


def _bar_row(bar: Bar, y: float, scale: float, words: Wording) -> Markup:
    parts = [_text("0", y + 16, bar.label, "", "start")]
    if bar.value is None:
        parts += [_rect(0, y + 23, 6, BAR, "missing-edge", _hatch_id(words))]
        parts += [_text("6%", y + 35, french.UNKNOWN, "soft", "start", 8)]
    else:
        width = bar.value * scale
        parts.append(_rect(0, y + 23, max(width, 0.2), BAR, "bar"))
        if bar.second:
            parts.append(_rect(width, y + 23, bar.second * scale, BAR, "bar second"))
        written = _with_unit(bar.value, words)
        if bar.second is not None:
            written += f" + {french.number(bar.second, words.decimals)}"
        parts.append(_text(f"{(_total(bar) or 0) * scale:.2f}%", y + 35, written, "strong", "start", 8))
    if bar.reference is not None:
        parts.append(_line(bar.reference * scale, y + 19, bar.reference * scale, y + 41, "axis reference"))
    return _linked(bar.href, f"{bar.label}{french.NBSP}: {_with_unit(bar.value, words)}", Markup("").join(parts))


def _estimate_row(row: Estimate, y: float, scale: _Span, words: Wording) -> Markup:
    parts = [_text("0", y + 16, row.label, "", "start"), _line(0, y + 30, 100, y + 30, "grid")]
    parts += [_circle(scale.percent(other), y + 30, 4, "dot others") for other in row.others]
    if row.low is not None and row.high is not None:
        parts.append(_line(scale.percent(row.low), y + 30, scale.percent(row.high), y + 30, "whisker"))
    if row.value is None:
        parts.append(_rect(0, y + 24, 6, 12, "missing-edge", _hatch_id(words)))
    else:
        parts.append(_circle(scale.percent(row.value), y + 30, 6, "dot"))
    parts.append(_text("100%", y + 16, _with_unit(row.value, words), "strong", "end"))
    return _linked(row.href, f"{row.label}{french.NBSP}: {_with_unit(row.value, words)}", Markup("").join(parts))


def _svg(words: Wording, height: float, body: Markup, hatched: bool = False) -> Markup:
    key = _hatch_id(words)
    pattern = Markup(
        '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-ground" width="6" height="6"/><line class="hatch" y2="6"/></pattern></defs>'
    ).format(key)
    return Markup(
        '<svg class="chart" role="group" aria-labelledby="{0}t {0}d" height="{1:.0f}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{0}t">{2}</title><desc id="{0}d">{3}</desc>{4}{5}</svg>'
    ).format(key, height, words.title, words.description, pattern if hatched else "", body)


def _hatch_id(words: Wording) -> str:
    """An identifier that is stable for the same chart, and different between charts of one page."""
    return "g" + sha256(f"{words.title}|{words.description}".encode()).hexdigest()[:8]


def _total(bar: Bar) -> float | None:
    return None if bar.value is None else bar.value + (bar.second or 0)


def _with_unit(value: float | None, words: Wording) -> str:
    return french.quantity(value, words.unit, words.decimals)


def _two_lines(label: str) -> tuple[str, ...]:
    middle = len(label) // 2
    cuts = sorted((abs(i - middle), i) for i, letter in enumerate(label) if letter == " ")
    return (label[: cuts[0][1]], label[cuts[0][1] + 1 :]) if cuts and len(label) > 5 else (label,)


def _text(x: str, y: float, words: str, kind: str, anchor: str, shift: int = 0) -> Markup:
    moved = Markup(' dx="{}"').format(shift) if shift else ""
    return Markup('<text x="{}" y="{:.1f}"{} class="{}" text-anchor="{}">{}</text>').format(
        x, y, moved, kind, anchor, words
    )


def _rect(x: float, y: float, width: float, height: float, kind: str, pattern: str = "") -> Markup:
    fill = Markup(' fill="url(#{})"').format(pattern) if pattern else ""
    return Markup('<rect class="{}" x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}"{}/>').format(
        kind, x, y, width, height, fill
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.2f}%" y1="{:.1f}" x2="{:.2f}%" y2="{:.1f}"/>').format(kind, x1, y1, x2, y2)


def _circle(x: float, y: float, radius: float, kind: str) -> Markup:
    return Markup('<circle class="{}" cx="{:.2f}%" cy="{:.1f}" r="{}"/>').format(kind, x, y, radius)


def _linked(href: str, name: str, body: Markup) -> Markup:
    if not href:
        return Markup("<g>{}</g>").format(body)
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(escape(href), name, body)
