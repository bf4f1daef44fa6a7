"""Outlines of territories, and the map beneath."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.domain.projection import parallel_of
from vigie.domain.territory import TerritoryKind
from vigie.sources import contours_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from vigie.services.portrait.answer import CommuneCount

_log = logging.getLogger("vigie.data")
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in metres eastwards and southwards."""
FINENESS = 1300
"""Steps across the larger side of a map, at least: two for each unit of a drawing, which has 640."""
DRAWINGS_KEPT = 64


@dataclass(frozen=True, slots=True)
class OutlineSheet:
    """Outlines on one plane, as SVG steps of `unit` metres by code; `parallel` names the plane, `None` Lambert-93.

    See `vigie.domain.projection`. Without outlines `steps` is empty.
    """

    parallel: float | None = None
    unit: int = 1
    box: Box = (0.0, 0.0, 0.0, 0.0)
    steps: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.steps)


NOTHING = OutlineSheet()


class Outlines:
    """Outlines kept in a folder; without it every answer is empty, and maps fall back on points."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = None
        if folder is not None and contours_kept.existing(folder) is not None:
            self._folder = folder / contours_kept.FOLDER
            if contours_kept.current(folder) is None:
                _log.warning("outlines are not drawn: « vigie outlines » makes their paths")
                self._folder = None
        self._sheets = lru_cache(DRAWINGS_KEPT)(self._drawn)
        self._places = lru_cache(None)(self._read_places)
        self._steps = lru_cache(None)(self._read_steps)

    @property
    def available(self) -> bool:
        """Tell whether outlines were made."""
        return self._folder is not None

    def communes(self, codes: Iterable[str]) -> OutlineSheet:
        """Return the outlines of communes on the plane that holds most of them; one without an outline is left out."""
        sheets = self.sheets(TerritoryKind.COMMUNE, codes)
        return sheets[0] if sheets else NOTHING

    def sheets(self, kind: TerritoryKind, codes: Iterable[str]) -> tuple[OutlineSheet, ...]:
        """Return the outlines of territories of a kind, plane by plane, the one that holds most of them first."""
        return self._sheets(kind.value, frozenset(codes))

    def middles(self, kind: TerritoryKind, codes: Iterable[str]) -> Mapping[str, tuple[float, float]]:
        """Return the middles of the boxes of territories that have an outline, in metres on the plane of each."""
        sheets = self.sheets(kind, codes)
        places = self._places(kind.value) if sheets else {}
        boxes = {code: places[code][1] for sheet in sheets[:1] for code in sheet.steps}
        return {code: ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for code, box in boxes.items()}

    def _drawn(self, kind: str, codes: frozenset[str]) -> tuple[OutlineSheet, ...]:
        if self._folder is None or not codes:
            return ()
        try:
            places = self._places(kind)
            planes: dict[float | None, list[str]] = {}
            for code in sorted(codes & places.keys()):
                planes.setdefault(places[code][0], []).append(code)
            return tuple(self._sheet(kind, held) for held in sorted(planes.values(), key=len, reverse=True))
        except (OSError, pa.ArrowException) as fault:
            _log.error("outlines left out: %s", type(fault).__name__)
            self._folder = None
            return ()

    def _sheet(self, kind: str, codes: Sequence[str]) -> OutlineSheet:
        """Put together shapes of one plane, at the scale of the map that holds them all."""
        places = self._places(kind)
        left, top, right, bottom = zip(*(places[code][1] for code in codes), strict=True)
        box = (min(left), min(top), max(right), max(bottom))
        unit = contours_kept.unit_for(kind, max(box[2] - box[0], box[3] - box[1]) / FINENESS)
        steps = self._steps(kind, unit)
        return OutlineSheet(places[codes[0]][0], unit, box, {code: steps[code] for code in codes})

    def _read_places(self, kind: str) -> Mapping[str, tuple[float | None, Box]]:
        """Return the plane and the box of each territory of a kind."""
        rows = self._read(kind, contours_kept.UNITS[0], ["code", "parallel", "left", "top", "right", "bottom"])
        return {row["code"]: (row["parallel"], (row["left"], row["top"], row["right"], row["bottom"])) for row in rows}

    def _read_steps(self, kind: str, unit: int) -> Mapping[str, str]:
        return {row["code"]: row["steps"] for row in self._read(kind, unit, ["code", "steps"])}

    def _read(self, kind: str, unit: int, columns: list[str]) -> list[dict[str, Any]]:
        if self._folder is None:
            return []
        wanted = (pc.field("kind") == kind) & (pc.field("unit") == unit)
        return pq.read_table(str(self._folder / contours_kept.PATHS_FILE), columns=columns, filters=wanted).to_pylist()


MOST_DEPARTMENTS = 12
MARGIN = 0.05
"""Degrees kept around the outermost places: their neighbouring communes situate them."""


@dataclass(frozen=True, slots=True)
class LocatedIn:
    """A place that a list names: its commune (a code), its longitude and latitude in degrees."""

    commune: str | None
    longitude: float | None
    latitude: float | None


class Located(Protocol):
    """Whatever has a commune and a position."""

    @property
    def commune(self) -> str | None:
        """Return the code of its commune."""

    @property
    def longitude(self) -> float | None:
        """Return its longitude, in degrees."""

    @property
    def latitude(self) -> float | None:
        """Return its latitude, in degrees."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """Outlines, and the communes that may be named on them."""

    sheet: OutlineSheet
    communes: tuple[CommuneCount, ...]


def ground_of(
    entries: Sequence[Located], outlines: Outlines, communes_of: Callable[[str], tuple[CommuneCount, ...]]
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


def _around(communes: Iterable[CommuneCount], located: Sequence[Located]) -> tuple[CommuneCount, ...]:
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
