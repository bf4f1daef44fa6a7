"""Imaginary outlines, as `vigie outlines` writes them: a grid of communes whose borders wind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from vigie.sources import cog, contours

SIDE = 0.05
_WIND = 0.004
_BENDS = 40


def grid(west: float, south: float, columns: int, rows: int) -> list[Any]:
    """Return cells side by side, row by row from the south-west; neighbours have the very same winding border."""
    return [
        shapely.Polygon([
            *_border((west + i * SIDE, south + j * SIDE), across=True),
            *_border((west + (i + 1) * SIDE, south + j * SIDE), across=False),
            *_border((west + i * SIDE, south + (j + 1) * SIDE), across=True)[::-1],
            *_border((west + i * SIDE, south + j * SIDE), across=False)[::-1],
        ])
        for j in range(rows)
        for i in range(columns)
    ]  # fmt: skip


def _border(start: tuple[float, float], across: bool) -> list[tuple[float, float]]:
    along = np.linspace(0, 1, _BENDS)
    aside = _WIND * np.sin(along * np.pi * 6) * np.sin(along * np.pi)
    x, y = (along * SIDE, aside) if across else (aside, along * SIDE)
    return list(zip((start[0] + x).round(6).tolist(), (start[1] + y).round(6).tolist(), strict=True))


def write_outlines(folder: Path, communes: Mapping[str, Any], territories: Mapping[tuple[str, str], Any]) -> Path:
    """Write a folder of outlines: shapes of communes by code, of other territories by kind and code."""
    folder.mkdir(parents=True, exist_ok=True)
    places = contours._table("commune", list(communes), np.array(list(communes.values())), [1.0] * len(communes))
    contours._save(places.drop_columns("kind"), folder / contours.COMMUNES_FILE)
    kinds = sorted({kind for kind, _ in territories})
    groups = [contours._table("commune", [], np.array([], dtype=object), [])] + [
        contours._table(
            kind,
            [code for of, code in territories if of == kind],
            np.array([shape for (of, _), shape in territories.items() if of == kind]),
            [1.0] * sum(of == kind for of, _ in territories),
        )
        for kind in kinds
    ]
    contours._save(contours.pa.concat_tables(groups), folder / contours.TERRITORIES_FILE)
    report = contours.OutlinesReport(
        len(communes), len(territories), cog.latest_vintage(), contours.ARCHIVE_SHA256, (), (), ()
    )
    (folder / contours.REPORT_FILE).write_text(json.dumps(report.as_dict()), encoding="utf-8")
    return folder
