"""Which line of a table holds its titles, and which of its lines are no firm: totals are set apart, and said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vigie.domain.actors import is_siren, is_siret
from vigie.services.spreadsheets.columns import known_title
from vigie.services.spreadsheets.grids import Row, Way
from vigie.services.territory_search import plain

LOOKED_AT = 30
_OFFERED, _SHOWN = 6, 5
_TOTAL = re.compile(
    r"(sous |grand )?tot(al|aux)( general| generaux| entreprises?| \d+| des? .*| du .*| par .*)?"
    r"|ensemble|somme|cumul|moyenne|nombre total.*|nombre d entreprises"
)


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
    return tuple(
        Way(str(row.line), f"ligne {row.line}", tuple(cell.strip()[:40] for cell in row.cells if cell.strip())[:_SHOWN])
        for row in likely
    )


def is_total(row: Row) -> bool:
    """Tell whether a line sums others: its first words say so, and it names neither a place, a person nor a firm."""
    if any(is_siren(digits) or is_siret(digits) for cell in row.cells if (digits := "".join(cell.split()))):
        return False
    first = next((cell for cell in row.cells if cell.strip()), "")
    return bool(_TOTAL.fullmatch(plain(first))) and sum(_is_text(cell) for cell in row.cells) <= 1


def filled(row: Row) -> int:
    """Return how many cells of a line hold something."""
    return sum(bool(cell.strip()) for cell in row.cells)


def _is_text(cell: str) -> bool:
    return bool(cell.strip()) and any(sign.isalpha() for sign in cell)
