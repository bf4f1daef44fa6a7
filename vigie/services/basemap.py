"""The base map of a list of establishments: the outlines around them and the communes to name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.projection import parallel_of
from vigie.domain.territory import TerritoryKind
from vigie.services.outlines import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vigie.services.know_answers import DirectoryEntry
    from vigie.services.outlines import Outlines, OutlineSheet
    from vigie.services.portrait.answer import CommuneCount

MOST_DEPARTMENTS = 12
MARGIN = 0.05
"""Degrees kept around the outermost places: their neighbouring communes situate them."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """Outlines, and the communes that may be named on them."""

    sheet: OutlineSheet
    communes: tuple[CommuneCount, ...]


def ground_of(
    entries: Sequence[DirectoryEntry], outlines: Outlines, communes_of: Callable[[str], tuple[CommuneCount, ...]]
) -> Basemap | None:
    """Return communes when all located entries are in one département, outlines of départements otherwise.

    `None` when nothing is located, or when places are too scattered for a map to say more than the list.
    """
    located = [one for one in entries if one.commune and one.longitude is not None and one.latitude is not None]
    codes = sorted({_department(one.commune or "") for one in located})
    planes = {parallel_of(one.longitude or 0.0, one.latitude or 0.0) for one in located}
    if not codes or len(codes) > MOST_DEPARTMENTS or len(planes) > 1:
        return None
    if len(codes) > 1:
        sheets = outlines.sheets(TerritoryKind.DEPARTEMENT, codes)
        return Basemap(sheets[0] if sheets else NOTHING, ())
    communes = _around(communes_of(f"{TerritoryKind.DEPARTEMENT.value}:{codes[0]}"), located)
    return Basemap(outlines.communes(one.code for one in communes), communes)


def _around(communes: Iterable[CommuneCount], located: Sequence[DirectoryEntry]) -> tuple[CommuneCount, ...]:
    """Keep the communes of the places, and those whose centre is in their box or near it."""
    longitudes, latitudes = [one.longitude for one in located], [one.latitude for one in located]
    held = {one.commune for one in located}
    return tuple(
        one
        for one in communes
        if one.code in held or (_near(one.longitude, longitudes) and _near(one.latitude, latitudes))
    )


def _near(value: float | None, values: Iterable[float | None]) -> bool:
    known = [one for one in values if one is not None]
    return value is not None and min(known) - MARGIN <= value <= max(known) + MARGIN


def _department(commune: str) -> str:
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]
