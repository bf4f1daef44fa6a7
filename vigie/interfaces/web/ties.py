"""With whom a firm already worked, told on its page: its first partners, one click from the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.views import TieLine
from vigie.services.connect.known import KIND_WORDS, partners_of, shown_names

if TYPE_CHECKING:
    from vigie.bootstrap import Services

SHOWN = 3
"""Partners told on a firm's page: the first of its list."""


def tie_lines(services: Services, siren: str) -> tuple[TieLine, ...]:
    """Return the strongest known partners of a firm; none where no file of ties is loaded."""
    if not services.loaded.tables.get("tie"):
        return ()
    found = partners_of(services, siren)
    names = shown_names(services, [one["partner"] for one in found]) if found else {}
    shown = [one for one in found if one["partner"] in names][:SHOWN]
    return tuple(
        TieLine(
            name=names[one["partner"]],
            href=f"/entreprise/{one['partner']}",
            what=french.capital(KIND_WORDS[one["kind"]])
            + (f", {french.number(one['times'])} fois" if one["times"] > 1 else "")
            + (f", la dernière le {french.long_date(one['last'])}" if one["last"] else ""),
        )
        for one in shown
    )
