"""What a folder of outlines holds: its tables, its paths, and what vouches for each. Light: pages read it too."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

COMMUNES_FILE, TERRITORIES_FILE, REPORT_FILE = (
    "communes_outlines.parquet",
    "territories_outlines.parquet",
    "outlines.json",
)
FOLDER, PATHS_FILE, RECEIPT_FILE = "paths", "paths.parquet", "paths.json"
UNITS = (16, 64, 128, 256, 512, 1024, 2048)
"""Scales of paths: metres to a step."""
LARGEST_OF_COMMUNES = 512
"""No map shows the communes of more than a région."""
RECIPE = 1
"""Raised when the same outlines are to give other paths."""


@dataclass(frozen=True, slots=True)
class OutlinesReport:
    """What was written: counts, and the communes whose outline is missing, completed or partial (see `Outlines`)."""

    communes: int
    territories: int
    vintage: int
    archive_sha256: str
    missing: tuple[str, ...]
    completed: tuple[str, ...]
    partial: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the machine-readable answers print it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PathsReceipt:
    """What paths were made from, and how many: `outlines_sha256` is the hash of both tables of outlines."""

    outlines_sha256: str
    recipe: int
    units: tuple[int, ...]
    paths: int
    size: int


def existing(folder: Path) -> OutlinesReport | None:
    """Return the report of the outlines that a folder holds, `None` when it holds none or not all of them."""
    try:
        content = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
        whole = (folder / COMMUNES_FILE).is_file() and (folder / TERRITORIES_FILE).is_file()
        lists = {key: tuple(content[key]) for key in ("missing", "completed", "partial")}
        return OutlinesReport(**(content | lists)) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current(outlines: Path) -> PathsReceipt | None:
    """Return the receipt of the paths of a folder, `None` when there are none, or of other outlines."""
    folder = outlines / FOLDER
    try:
        said = json.loads((folder / RECEIPT_FILE).read_text(encoding="utf-8"))
        receipt = PathsReceipt(**(said | {"units": tuple(said["units"])}))
        size = (folder / PATHS_FILE).stat().st_size
        same = receipt == PathsReceipt(outlines_hash(outlines), RECIPE, UNITS, receipt.paths, size)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return receipt if same else None


def unit_for(kind: str, finest: float) -> int:
    """Return the largest unit at which territories of a kind are drawn without a step above `finest` metres."""
    return max((unit for unit in units_of(kind) if unit <= finest), default=UNITS[0])


def units_of(kind: str) -> tuple[int, ...]:
    """Return the scales at which territories of a kind are drawn."""
    return tuple(unit for unit in UNITS if kind != "commune" or unit <= LARGEST_OF_COMMUNES)


def outlines_hash(outlines: Path) -> str:
    """Return the hash of both tables of a folder of outlines."""
    found = hashlib.sha256()
    for name in (COMMUNES_FILE, TERRITORIES_FILE):
        found.update((outlines / name).read_bytes())
    return found.hexdigest()
