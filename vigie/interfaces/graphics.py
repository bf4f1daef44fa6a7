"""A drawing and its table twin from the same rows, as the templates show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from vigie.domain import french
from vigie.interfaces import maps, plots
from vigie.interfaces.plots import Bar, ChartWording, Estimate, Series
from vigie.interfaces.views import Cell, Graphic, LegendEntry, Link, TableView

BarChart = Callable[[ChartWording, Sequence[Bar]], Markup]


def bars_graphic(
    words: ChartWording, bars: Sequence[Bar], columns: Sequence[str], downloads: tuple[Link, ...] = ()
) -> Graphic:
    """Horizontal bars; `columns` names the label, the value, then the second value and the reference where drawn."""
    return _bar_graphic(plots.horizontal_bars, words, bars, (tuple(columns), downloads))


def sizes_graphic(
    words: ChartWording, bands: Sequence[Bar], columns: Sequence[str], downloads: tuple[Link, ...] = ()
) -> Graphic:
    """Upright columns by size band, in the order given."""
    return _bar_graphic(plots.size_structure, words, bands, (tuple(columns), downloads))


def lines_graphic(
    words: ChartWording,
    series: Sequence[Series],
    reference: tuple[str, float] | None = None,
    downloads: tuple[Link, ...] = (),
) -> Graphic:
    """Series over the years, one column of the twin for each."""
    by_year = [dict(one.points) for one in series]
    rows = tuple(
        (f"{year:g}", *(french.number(points.get(year), words.decimals) for points in by_year))
        for year in sorted({year for points in by_year for year in points})
    )
    columns = ("Année", *(one.label or words.unit or "Valeur" for one in series))
    twin = TableView(words.title, columns, rows, (False, *(True for _ in series)))
    return Graphic(plots.lines(words, series, reference), words.title, words.unit, twin, downloads=downloads)


def intervals_graphic(
    words: ChartWording,
    rows: Sequence[Estimate],
    reference: tuple[str, float] | None = None,
    downloads: tuple[Link, ...] = (),
) -> Graphic:
    """Values with their intervals, and where the others stand."""
    cells = tuple(
        (
            Link(row.label, row.href),
            french.quantity(row.value, words.unit, words.decimals),
            _between(row.low, row.high, words.decimals),
        )
        for row in rows
    )
    twin = TableView(words.title, ("", "Valeur", "Intervalle"), cells, (False, True, True))
    return Graphic(plots.intervals(words, rows, reference), words.title, words.unit, twin, downloads=downloads)


def points_graphic(content: maps.MapContent, downloads: tuple[Link, ...] = ()) -> Graphic:
    """A map of points; its twin is the list of the page, so none is repeated."""
    return Graphic(maps.draw(content), content.title, downloads=downloads)


def choropleth_graphic(content: maps.MapContent, classes: Mapping[str, str], twin: TableView) -> Graphic:
    """A tinted map; `classes` words the tints in use from the lowest, `twin` is the table of the same variable."""
    legend = tuple(LegendEntry(tint, label) for tint, label in classes.items())
    if any(shape.tint is None for shape in content.shapes):
        legend += (LegendEntry("missing", french.UNKNOWN),)
    return Graphic(maps.draw(content), content.title, "", twin, legend)


def _bar_graphic(
    chart: BarChart, words: ChartWording, bars: Sequence[Bar], heads: tuple[tuple[str, ...], tuple[Link, ...]]
) -> Graphic:
    columns, downloads = heads
    with_second = any(bar.second is not None for bar in bars)
    with_reference = any(bar.reference is not None for bar in bars)

    def cells(bar: Bar) -> tuple[Cell, ...]:
        values = [bar.value, *([bar.second] if with_second else []), *([bar.reference] if with_reference else [])]
        return (Link(bar.label, bar.href), *(french.number(value, words.decimals) for value in values))

    twin = TableView(words.title, columns, tuple(map(cells, bars)), (False, *(True for _ in columns[1:])))
    kinds = ["first", *(["second"] if with_second else []), *(["reference"] if with_reference else [])]
    legend = tuple(map(LegendEntry, kinds, columns[1:])) if len(kinds) > 1 else ()
    return Graphic(chart(words, bars), words.title, words.unit, twin, legend, downloads)


def _between(low: float | None, high: float | None, decimals: int | None) -> str:
    if low is None or high is None:
        return french.UNKNOWN
    return f"{french.number(low, decimals)} à {french.number(high, decimals)}"
