"""Write docs/tables.md from the declarations of `vigie.store.tables`; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from vigie.store.tables import ALL, Table

DESTINATION = Path(__file__).resolve().parents[1] / "docs" / "tables.md"


def document() -> str:
    """Return the Markdown of every table: grain, source, key, columns."""
    parts = [
        "# Tables of the warehouse",
        "",
        "Generated from `vigie/store/tables.py` by `tools/write_tables_doc.py`; do not edit by hand.",
        "A null is always « unknown, masked or without object », never zero.",
    ]
    for table in ALL:
        parts += ["", *_section(table)]
    return "\n".join(parts) + "\n"


def _section(table: Table) -> list[str]:
    key = ", ".join(f"`{name}`" for name in table.key)
    head = [
        f"## `{table.name}`",
        "",
        f"One row per {table.grain}. Source: {table.source}. "
        f"{'Unique key' if table.unique else 'Sorted by'}: {key}."
        f"{'' if table.counted else ' Left out of the fingerprint.'}",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    return head + [
        f"| `{column.name}` | {column.type} | {column.unit or ''} | {column.meaning} |" for column in table.columns
    ]


def main() -> int:
    """Write the page, or with `--check` tell whether it is up to date."""
    if "--check" in sys.argv:
        return 0 if DESTINATION.read_text(encoding="utf-8") == document() else 1
    DESTINATION.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
