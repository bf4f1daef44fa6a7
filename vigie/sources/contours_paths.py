"""Outlines made into paths once: projected, simplified with shared borders kept, rounded, written as SVG steps.

They are kept beside the outlines, at several scales (`UNITS`), so that drawing a map is putting texts together. A
receipt tells which outlines they were made from.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from vigie.domain.projection import parallel_of, project
from vigie.sources import cog
from vigie.sources.contours_kept import (
    COMMUNES_FILE,
    FOLDER,
    PATHS_FILE,
    RECEIPT_FILE,
    RECIPE,
    TERRITORIES_FILE,
    UNITS,
    PathsReceipt,
    current,
    existing,
    outlines_hash,
    units_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_log = logging.getLogger("vigie.data")
TOLERANCE = 3
"""What is smaller than a triangle of this many steps squared is smoothed away: about a unit of a drawing."""


def ensure(outlines: Path) -> PathsReceipt | None:
    """Make the paths of a folder of outlines unless they are there; `None` where there are no outlines."""
    if existing(outlines) is None:
        return None
    kept, folder = current(outlines), outlines / FOLDER
    if kept is not None:
        return kept
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".paths-", dir=folder) as temporary:
        fresh, noted = Path(temporary) / PATHS_FILE, Path(temporary) / RECEIPT_FILE
        receipt = PathsReceipt(outlines_hash(outlines), RECIPE, UNITS, _write(outlines, fresh), fresh.stat().st_size)
        noted.write_text(json.dumps(asdict(receipt), indent=1) + "\n", encoding="utf-8")
        _replace(fresh, folder / PATHS_FILE)
        _replace(noted, folder / RECEIPT_FILE)  # the receipt last: it vouches for the paths
    return receipt


def ensure_if_possible(outlines: Path) -> None:
    """Make the paths unless they are there; where they cannot be, that is logged, and maps do without."""
    try:
        ensure(outlines)
    except (OSError, ValueError, pa.ArrowException, shapely.errors.ShapelyError) as fault:
        _log.error("paths of outlines not made: %s", type(fault).__name__)


def _write(outlines: Path, path: Path) -> int:
    """Write the paths of outlines and return their number."""
    count = 0
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd", use_dictionary=False) as writer:
        for coverage in _coverages(outlines):
            for unit in units_of(coverage.kind):
                writer.write_table(_drawn(coverage, unit))
                count += len(coverage.codes)
    return count


@dataclass(frozen=True, slots=True)
class _Coverage:
    """Shapes that share borders, in metres eastwards and southwards on the plane of a parallel."""

    kind: str
    parallel: float | None
    codes: list[str]
    shapes: Any


_COLUMNS: dict[str, pa.DataType] = {
    "kind": pa.string(), "unit": pa.int32(), "parallel": pa.float64(), "code": pa.string(), "steps": pa.string(),
    "left": pa.float64(), "top": pa.float64(), "right": pa.float64(), "bottom": pa.float64(),
}  # fmt: skip
_SCHEMA = pa.schema(_COLUMNS)


def _coverages(outlines: Path) -> Iterator[_Coverage]:
    """Yield each kind of territory on each plane; municipal districts, which lie over their commune, apart."""
    districts = cog.communes(kinds=("arrondissement",))["code"].to_pylist()
    places = pq.read_table(outlines / COMMUNES_FILE, columns=["code", "geometry"])
    groups = pq.read_table(outlines / TERRITORIES_FILE, columns=["kind", "code", "geometry"])
    apart = pc.field("code").isin(districts)
    tables: list[tuple[str, pa.Table]] = [("commune", places.filter(~apart)), ("commune", places.filter(apart))]
    kinds = [str(kind) for kind in pc.unique(groups["kind"]).to_pylist()]
    tables += [(kind, groups.filter(pc.field("kind") == kind)) for kind in kinds]
    for kind, table in tables:
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        codes = np.array(table["code"].to_pylist(), dtype=object)
        planes = [parallel_of(*shapely.get_coordinates(shape)[0]) for shape in shapes]
        for parallel in sorted(set(planes), key=str):
            here = np.array([plane == parallel for plane in planes])
            yield _Coverage(kind, parallel, codes[here].tolist(), _projected(shapes[here], parallel))


def _projected(shapes: Any, parallel: float | None) -> Any:

    def placed(degrees: Any) -> Any:
        metres = np.array([project((x, y), parallel) for x, y in degrees.tolist()])
        return metres * (1, -1)

    return shapely.transform(shapes, placed)


def _drawn(coverage: _Coverage, unit: int) -> pa.Table:
    sides = shapely.bounds(coverage.shapes).T
    count = len(coverage.codes)
    columns: list[pa.Array[Any]] = [
        pa.array([coverage.kind] * count, pa.string()),
        pa.array([unit] * count, pa.int32()),
        pa.array([coverage.parallel] * count, pa.float64()),
        pa.array(coverage.codes, pa.string()),
        pa.array(steps(simplified(coverage.shapes, unit * TOLERANCE), unit), pa.string()),
        *(pa.array(side, pa.float64()) for side in sides),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def simplified(shapes: Any, tolerance: float) -> Any:
    """Simplify shapes (metres) so that neighbours keep the same border; one that would vanish stays as it was."""
    smooth = shapely.coverage_simplify(shapes, tolerance)
    return np.where(shapely.is_empty(smooth), shapes, smooth)


def steps(shapes: Any, unit: int) -> list[str]:
    """Return the closed subpaths of shapes (metres) in whole steps of `unit` metres, relative to one another.

    The rounding is the same for neighbours, so shared borders stay shared. A part smaller than a step is left out,
    unless it is all that there is.
    """
    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    vertices, ring_of = shapely.get_coordinates(rings, return_index=True)
    rounded = np.rint(vertices / unit).astype(np.int64)
    told = [""] * len(shapes)
    begins = np.searchsorted(ring_of, np.arange(len(rings) + 1)).tolist()
    for owner, (begin, end) in zip(shape_of[part_of].tolist(), pairwise(begins), strict=True):
        told[owner] += _subpath(rounded[begin:end].tolist())
    for lost in (rank for rank, text in enumerate(told) if not text):
        left, top = np.floor(shapely.bounds(shapes[lost])[:2] / unit).astype(np.int64).tolist()
        told[lost] = f"M{left} {top}l1 0 0 1-1 0z".replace(" -", "-")
    return told


def _subpath(ring: list[list[int]]) -> str:
    kept = [ring[0], *(after for before, after in pairwise(ring) if after != before)]
    if len(kept) < 4:
        return ""
    moves = " ".join(f"{x - px} {y - py}" for (px, py), (x, y) in pairwise(kept[:-1]))
    return f"M{kept[0][0]} {kept[0][1]}l{moves}z".replace(" -", "-")


def _replace(fresh: Path, path: Path) -> None:
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
    fresh.replace(path)
