"""Write docs/tables.md and docs/journal_tables.md from their declarations; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from vigie.domain.access import MATRIX, Right, Role
from vigie.domain.accounts import ROLE_LABELS
from vigie.store.journal import models
from vigie.store.tables import ALL, Table

Base = models.Base

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
        f"{f' Largest `{table.foremost}` first.' if table.foremost else ''}"
        f"{'' if table.counted else ' Left out of the fingerprint.'}",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    return head + [
        f"| `{column.name}` | {column.type} | {column.unit or ''} | {column.meaning} |" for column in table.columns
    ]


def journal_document() -> str:
    """Return the Markdown of the journal: rights by role, then every table, with what can be erased in it."""
    parts = [
        "# Tables of the journal",
        "",
        "Generated from `vigie/domain/access.py` and `vigie/store/journal/` by `tools/write_tables_doc.py`; do not "
        "edit by hand.",
        "Columns marked « erasable » hold personal data or free text: they never enter an event, and are emptied for "
        "good when somebody asks or when their time has come.",
        "",
        "## Rights",
        "",
        "What each role may do within its organisation; an empty cell is answered as if the thing did not exist. "
        "`own` is one's own firm or writing, `shared` what was opened to one, `totals` of three at least.",
        "",
        "| | " + " | ".join(ROLE_LABELS[role] for role in Role) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for thing, cells in MATRIX.items():
        rights = [", ".join(_RIGHTS[right] for right in Right if right in cells.get(role, ())) for role in Role]
        parts.append(f"| {thing.value} | " + " | ".join(rights) + " |")
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__tablename__):
        parts += ["", *_journal_section(mapper.class_)]
    return "\n".join(parts) + "\n"


def _journal_section(table: type[Base]) -> list[str]:
    head = [
        f"## `{table.__tablename__}`",
        "",
        " ".join((table.__doc__ or "").split()) + ("" if table.evented else " Changes of it leave no event."),
        "",
        "| column | type | may be empty | |",
        "|---|---|---|---|",
    ]
    return head + [
        f"| `{column.name}` | {str(column.type).lower()} | {'yes' if column.nullable else ''} "
        f"| {'erasable' if column.info.get('personal') else ''} |"
        for column in table.__table__.columns
    ]


_RIGHTS = {
    Right.READ: "read",
    Right.WRITE: "write",
    Right.READ_OWN: "read own",
    Right.WRITE_OWN: "write own",
    Right.READ_SHARED: "read shared",
    Right.AGGREGATE: "totals",
    Right.MODERATE: "moderate",
}


def main() -> int:
    """Write the pages, or with `--check` tell whether they are up to date."""
    pages = {DESTINATION: document(), DESTINATION.with_name("journal_tables.md"): journal_document()}
    if "--check" in sys.argv:
        return 0 if all(page.read_text(encoding="utf-8") == text for page, text in pages.items()) else 1
    for page, text in pages.items():
        page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
