"""Which line of a table holds its titles."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.services.spreadsheets.columns import known_title
from vigie.services.spreadsheets.grids import Row, Way

LOOKED_AT = 30
_OFFERED, _SHOWN = 6, 5


def header_of(rows: Sequence[Row]) -> Row | None:
    """Return the line of the titles: the one that names the most things that Vigie knows, among the first thirty.

    Where none names any, the first with two filled cells; `None` when no line has as many.
    """
    candidates = [row for row in rows[:LOOKED_AT] if filled(row) > 1]
    best = max(candidates, key=lambda row: (titles_of(row), -row.line), default=None)
    if best is not None and titles_of(best) > 0:
        return best
    return next((row for row in rows if filled(row) > 1), None)


def titles_of(row: Row) -> int:
    """Return how many cells of a line are titles that Vigie knows, each once."""
    return len({column for cell in row.cells if (column := known_title(cell))})


def headers_offered(rows: Sequence[Row]) -> tuple[Way, ...]:
    """Return the first lines that could hold the titles, for the officer to choose."""
    likely = [row for row in rows[:LOOKED_AT] if filled(row) > 1][:_OFFERED]
    return tuple(map(way_of, likely))


def way_of(row: Row) -> Way:
    """Return a line as an officer recognises it, by its first cells."""
    shown = tuple(cell.strip()[:40] for cell in row.cells if cell.strip())[:_SHOWN]
    return Way(str(row.line), f"ligne {row.line}", shown)


def filled(row: Row) -> int:
    """Return how many cells of a line hold something."""
    return sum(bool(cell.strip()) for cell in row.cells)
