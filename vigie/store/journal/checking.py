"""Check a journal: its file is sound, and the present state is the one that its events tell."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Table, select, text
from sqlalchemy.exc import DBAPIError

from vigie.domain.french import counted
from vigie.errors import JournalUnavailable
from vigie.store.journal import migrating
from vigie.store.journal.backup import snapshot
from vigie.store.journal.models import Base
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MOST = 100
_MOST_OF_ENGINE = 5
"""Lines of the engine on the pages that are damaged: what they hold is told by table."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: version, events and rows read, and each fault as a French sentence (a hundred at most).

    Where the file is damaged, `lost` names the tables that do not read to their end, `whole` those that do.
    """

    version: str
    events: int
    rows: int
    faults: tuple[str, ...]
    lost: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as the machine-readable answers print it."""
        return {
            "version": self.version,
            "events": self.events,
            "rows": self.rows,
            "sound": not self.faults,
            "faults": list(self.faults),
            "tables_lost": list(self.lost),
            "tables_whole": list(self.whole),
        }


def check(engine: Engine) -> Verdict:
    """Read the whole journal at one instant and compare each row with what its events tell.

    A file that is damaged in places is read as far as it can be. Raises what the engine raises when nothing reads.
    """
    with snapshot(engine) as (connection, tables):
        version = migrating.version_of(connection)
        faults = [*_of_tables(connection, version), *_integrity(connection)]
        lost = _lost(connection, tables) if faults else ()
        present = {table.name: table for table in tables if table.name not in lost}
        faults += [f"La table {name} ne se lit pas jusqu’au bout." for name in lost]
        whole = tuple(present) if lost else ()
        if JournalEvent.__tablename__ not in present:
            return Verdict(version, 0, 0, tuple(faults[:MOST]), lost, whole)
        told, events = _told(connection)
        rows, found = _against_events(connection, present, told)
        return Verdict(version, events, rows, tuple((faults + found)[:MOST]), lost, whole)


def _against_events(
    connection: Connection, present: dict[str, Table], told: dict[tuple[str, str], dict[str, Any]]
) -> tuple[int, list[str]]:
    """Compare the rows of the tables that read with their events; return how many, and the faults."""
    rows, faults = 0, []
    for mapper in Base.registry.mappers:
        declared = mapper.class_.__table__
        if not mapper.class_.evented or declared.name not in present:
            continue
        counted, found = _compared(connection, present[declared.name], declared, told)
        rows += counted
        faults += found
    left = [(table, row) for table, row in told if table in present]
    return rows, faults + [f"{table} {row} : des événements en parlent, la ligne n’existe plus." for table, row in left]


def _of_tables(connection: Connection, version: str) -> list[str]:
    """Return what is wrong with the tables themselves: of a version not known, or missing."""
    try:
        migrating.refuse_unknown(version)
    except JournalUnavailable as fault:
        return [str(fault)]
    if not version:
        return [migrating.NO_VERSION]
    missing = migrating.missing_tables(connection) if version == migrating.latest() else []
    return [f"La table {name} manque." for name in missing]


def _integrity(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    try:
        said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
    except DBAPIError as fault:
        said = [str(fault.orig)]
    lines = [line for one in said for line in one.splitlines() if not line.startswith("***")]
    if lines == ["ok"]:
        return []
    others = len(lines) - _MOST_OF_ENGINE
    more = f" (et {counted(others, 'autre endroit', 'autres endroits')})" if others > 0 else ""
    return [f"Le fichier est abîmé ; SQLite dit : {' ; '.join(lines[:_MOST_OF_ENGINE])}{more}."]


def _lost(connection: Connection, tables: list[Table]) -> tuple[str, ...]:
    """Return the tables that do not read to their end."""
    found = []
    for table in tables:
        try:
            for _ in connection.execute(select(table).execution_options(yield_per=5_000)):
                pass
        except (DBAPIError, ValueError, TypeError):  # a page that is lost, or a value that is none of its column
            if connection.dialect.name != "sqlite":
                raise
            found.append(table.name)
    return tuple(found)


def _told(connection: Connection) -> tuple[dict[tuple[str, str], dict[str, Any]], int]:
    """Fold the events in their order; return the state they tell of each row, and how many there were."""
    state: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    events = 0
    table = JournalEvent.__table__
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
