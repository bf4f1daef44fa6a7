"""Check a journal: its file is sound, and the present state is the one that its events tell."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Table, select, text

from vigie.store.journal import migrating
from vigie.store.journal.backup import snapshot
from vigie.store.journal.models import Base
from vigie.store.journal.records import Event

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MOST = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: version, events and rows read, and each fault as a French sentence (a hundred at most)."""

    version: str
    events: int
    rows: int
    faults: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as the machine-readable answers print it."""
        return {
            "version": self.version,
            "events": self.events,
            "rows": self.rows,
            "sound": not self.faults,
            "faults": list(self.faults),
        }


def check(engine: Engine) -> Verdict:
    """Read the whole journal at one instant and compare each row with what its events tell."""
    with snapshot(engine) as (connection, tables):
        faults = _integrity(connection)
        told, events = _told(connection)
        present = {table.name: table for table in tables}
        rows = 0
        for mapper in Base.registry.mappers:
            declared = mapper.class_.__table__
            if not mapper.class_.evented or declared.name not in present:
                continue
            counted, found = _compared(connection, present[declared.name], declared, told)
            rows += counted
            faults += found
        faults += [f"{table} {row} : des événements en parlent, la ligne n’existe plus." for table, row in told]
        return Verdict(migrating.version_of(connection), events, rows, tuple(faults[:MOST]))


def _integrity(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    said = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
    return [] if said == ["ok"] else [f"Le fichier est abîmé : {line}." for line in said]


def _told(connection: Connection) -> tuple[dict[tuple[str, str], dict[str, Any]], int]:
    """Fold the events in their order; return the state they tell of each row, and how many there were."""
    state: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    events = 0
    table = Event.__table__
    for (changes,) in connection.execute(select(table.c.rows).order_by(table.c.seq).execution_options(yield_per=5_000)):
        events += 1
        for change in changes:
            state[change["table"], change["id"]] |= change["set"]
    return dict(state), events


def _compared(
    connection: Connection, found: Table, declared: Any, told: dict[tuple[str, str], dict[str, Any]]
) -> tuple[int, list[str]]:
    faults, counted = [], 0
    for row in connection.execute(select(found).execution_options(yield_per=5_000)).mappings():
        counted += 1
        story = told.pop((found.name, row["id"]), None)
        if story is None:
            faults.append(f"{found.name} {row['id']} : aucun événement ne raconte cette ligne.")
            continue
        faults += [
            f"{found.name} {row['id']} : {name} vaut {row[name]!r}, les événements disent {value!r}."
            for name, value in story.items()
            if name in row
            and not declared.c[name].info.get("personal")
            and _comparable(row[name], declared.c[name]) != _comparable(value, declared.c[name])
        ]
    return counted, faults


def _comparable(value: Any, column: Any) -> Any:
    if isinstance(value, str) and hasattr(column.type, "impl"):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(column.type, Boolean) and value is not None:
        return bool(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value
