"""Outlines of territories, ready to be drawn, where they were made (`vigie outlines`)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.domain.territory import TerritoryKind
from vigie.sources import contours_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

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
