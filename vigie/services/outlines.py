"""Outlines of territories, as rings of coordinates, where they were made (`vigie outlines`)."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from vigie.domain.territory import TerritoryKind
from vigie.sources import contours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_log = logging.getLogger("vigie.data")
Ring = tuple[tuple[float, float], ...]
Rings = tuple[Ring, ...]


class Outlines:
    """Outlines kept in a folder; without it every answer is empty, and maps fall back on points."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder if folder is not None and contours.existing(folder) is not None else None

    @property
    def available(self) -> bool:
        """Tell whether outlines were made."""
        return self._folder is not None

    def communes(self, codes: Iterable[str]) -> Mapping[str, Rings]:
        """Return the rings (longitude, latitude) of communes; one without an outline is left out."""
        places = self._read("_communes")
        return _rings(places.filter(pc.field("code").isin(list(codes)))) if places is not None else {}

    def territory(self, kind: TerritoryKind, code: str) -> Rings:
        """Return the rings of a territory; empty for a kind that has no outline of its own."""
        if kind is TerritoryKind.COMMUNE:
            return self.communes([code]).get(code, ())
        groups = self._read("_territories")
        if groups is None:
            return ()
        found = groups.filter((pc.field("kind") == kind.value) & (pc.field("code") == code))
        return _rings(found).get(code, ())

    def _read(self, name: str) -> pa.Table | None:
        """Return one of the two tables, `None` when it was not made or cannot be read: maps do without it."""
        if self._folder is None:
            return None
        try:
            table: pa.Table = getattr(self, name)
        except (OSError, pa.ArrowException) as fault:
            _log.error("outlines left out: %s", type(fault).__name__)
            self._folder = None
            return None
        return table

    @cached_property
    def _communes(self) -> pa.Table:
        return pq.read_table(self._path(contours.COMMUNES_FILE), columns=["code", "geometry"])

    @cached_property
    def _territories(self) -> pa.Table:
        return pq.read_table(self._path(contours.TERRITORIES_FILE), columns=["kind", "code", "geometry"])

    def _path(self, name: str) -> str:
        return str(self._folder and self._folder / name)


def _rings(table: pa.Table) -> dict[str, Rings]:
    shapes = shapely.from_wkb(table["geometry"].to_pylist())
    return {
        str(code): tuple(
            tuple((x, y) for x, y in ring.coords)
            for part in getattr(shape, "geoms", [shape])
            for ring in (part.exterior, *part.interiors)
        )
        for code, shape in zip(table["code"].to_pylist(), shapes, strict=True)
    }
