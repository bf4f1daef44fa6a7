"""Back a journal up while it is written, and restore it on an empty base, whatever the two engines.

A backup is a zip of one JSON-lines file a table and a manifest: version of the tables, rows and SHA-256 of each. It
is read in one transaction, so it is the journal at one instant.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, DateTime, MetaData, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from vigie.errors import InputFault, JournalUnavailable, StructureFault
from vigie.sources.archives import DAMAGED
from vigie.sources.room import writing
from vigie.store.journal import migrating
from vigie.store.journal.failing import kind_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.types import TypeEngine

MANIFEST, VERSION_TABLE = "manifest.json", "alembic_version"
BATCH = 5_000
_WALLED = text(
    "SELECT EXISTS (SELECT 1 FROM pg_class c, pg_roles r WHERE c.relnamespace = 'public'::regnamespace"
    " AND c.relrowsecurity AND r.rolname = current_user AND NOT (r.rolsuper OR r.rolbypassrls)"
    " AND NOT pg_has_role(c.relowner, 'USAGE'))"
)
"""Whether rows are hidden from who is connected."""
_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: version of the tables, rows by table, and the fingerprint of their content."""

    version: str
    rows: dict[str, int]
    fingerprint: str

    def as_dict(self) -> dict[str, Any]:
        """Return the copy as the machine-readable answers print it."""
        return {"version": self.version, "rows": self.rows, "fingerprint": self.fingerprint}


def back_up(engine: Engine, target: Path) -> Copied:
    """Write the journal at one instant in a file that appears only when it is whole.

    Raises `InputFault` when the file exists already, `NoRoom` when the disk is full.
    """
    if target.exists():
        raise InputFault(
            f"Le fichier « {target} » existe déjà : donnez un autre nom, une sauvegarde n’en remplace pas."
        )
    partial = target.with_name(target.name + ".partial")
    with writing(target, "Aucune sauvegarde n’a été écrite."):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            copied = _write(engine, partial)
            partial.rename(target)
        finally:
            partial.unlink(missing_ok=True)
    return copied


def _write(engine: Engine, partial: Path) -> Copied:
    with snapshot(engine) as (connection, tables), partial.open("wb") as stream:
        partial.chmod(0o600)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            counted, hashes = {}, {}
            for table in tables:
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                    counted[table.name], hashes[table.name] = _copy(connection, table, lines.write)
            copied = Copied(migrating.version_of(connection), counted, _whole(hashes))
            archive.writestr(MANIFEST, json.dumps(copied.as_dict() | {"tables": hashes}, indent=1))
        stream.flush()
        os.fsync(stream.fileno())
    return copied


def fingerprint(engine: Engine) -> Copied:
    """Return what a backup would hold, without writing it."""
    with snapshot(engine) as (connection, tables):
        counted, hashes = {}, {}
        for table in tables:
            counted[table.name], hashes[table.name] = _copy(connection, table, lambda _: None)
        return Copied(migrating.version_of(connection), counted, _whole(hashes))


def restore(engine: Engine, source: Path) -> Copied:
    """Fill an empty journal from a backup, in one transaction, then bring its tables to this program's version.

    Raises `JournalUnavailable` when the journal already holds something, `StructureFault` when the file is not a
    whole backup.
    """
    manifest, archive = _opened(source)
    with archive:
        if migrating.version(engine) and any(fingerprint(engine).rows.values()):
            raise JournalUnavailable(
                "Ce journal n’est pas vide : une sauvegarde se restaure sur un journal neuf "
                "(autre dossier, ou base PostgreSQL vide)."
            )
        migrating.migrate(engine, manifest["version"])
        with engine.begin() as connection:
            hashes = {}
            for table in _tables(connection):
                if table.name not in manifest["tables"]:
                    raise StructureFault(
                        f"la table {table.name} y manque.",
                        file=str(source),
                        remedy="Reprenez une sauvegarde de cette version, ou restaurez avec le programme d’alors.",
                    )
                try:
                    hashes[table.name] = _fill(connection, table, archive)
                except (*DAMAGED, KeyError, TypeError, DBAPIError) as fault:
                    if isinstance(fault, DBAPIError) and kind_of(fault) != "unavailable":
                        raise  # the journal is at fault (its disk is full), not the backup
                    raise StructureFault(
                        f"le contenu de {table.name} ne se lit pas.",
                        file=str(source),
                        remedy="Reprenez une autre sauvegarde ; rien n’a été restauré.",
                    ) from None
            if hashes != manifest["tables"]:
                faulty = sorted(name for name, value in hashes.items() if value != manifest["tables"].get(name))
                raise StructureFault(
                    f"le contenu de {', '.join(faulty)} ne correspond pas à son empreinte.",
                    file=str(source),
                    remedy="Reprenez une autre sauvegarde ; rien n’a été restauré.",
                )
    migrating.migrate(engine)
    return Copied(manifest["version"], manifest["rows"], manifest["fingerprint"])


class snapshot:  # noqa: N801 - used as a function, in a `with`
    """The journal at one instant: a connection and the tables it holds, in the order of their names.

    Raises `JournalUnavailable` when the connection is not the owner's: the wall would hide rows from it, and what was
    copied or checked would look whole.
    """

    def __init__(self, engine: Engine) -> None:
        level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._connection = engine.connect().execution_options(vigie_writes=False, **level)

    def __enter__(self) -> tuple[Connection, list[Table]]:
        try:
            _require_everything_seen(self._connection)
            return self._connection, _tables(self._connection)
        except BaseException:
            self._connection.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def _require_everything_seen(connection: Connection) -> None:
    if connection.dialect.name == "postgresql" and connection.scalar(_WALLED):
        raise JournalUnavailable(
            "L’adresse du journal (VIGIE_JOURNAL_URL) est celle de l’application, qui ne voit qu’une organisation à la "
            "fois : donnez à « vigie journal » celle du propriétaire de la base."
        )


def _tables(connection: Connection) -> list[Table]:
    """Return the tables as they are in the base, so that every version can be copied."""
    known = MetaData()
    known.reflect(connection)
    return [table for name, table in sorted(known.tables.items()) if name != VERSION_TABLE]


def _copy(connection: Connection, table: Table, write: Any) -> tuple[int, str]:
    counted, digest = 0, hashlib.sha256()
    for row in _rows(connection, table):
        line = (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n").encode()
        write(line)
        digest.update(line)
        counted += 1
    return counted, digest.hexdigest()


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    columns = list(table.columns)
    statement = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        yield {column.name: _written(value) for column, value in zip(columns, row, strict=True)}


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile) -> str:
    digest, waiting = hashlib.sha256(), []
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            digest.update(line)
            kept = json.loads(line)
            waiting.append({column.name: _read(kept[column.name], column.type) for column in table.columns})
            if len(waiting) == BATCH:
                connection.execute(table.insert(), waiting)
                waiting = []
    if waiting:
        connection.execute(table.insert(), waiting)
    if connection.dialect.name == "postgresql" and "seq" in table.columns:
        last = connection.scalar(select(func.max(table.c.seq)))
        if last:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'seq'), :last)"), {"name": table.name, "last": last}
            )
    return digest.hexdigest()


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(value: Any, kind: TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _opened(source: Path) -> tuple[dict[str, Any], zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
        manifest = json.loads(archive.read(MANIFEST))
        if not {"version", "rows", "fingerprint", "tables"} <= set(manifest):
            raise ValueError(MANIFEST)
    except FileNotFoundError:
        raise InputFault(f"Le fichier « {source} » n’existe pas.") from None
    except (*DAMAGED, KeyError, TypeError):
        raise StructureFault(
            "ce n’est pas une sauvegarde entière du journal.",
            file=str(source),
            remedy="Donnez un fichier écrit par « vigie journal backup ».",
        ) from None
    return manifest, archive


def _whole(hashes: dict[str, str]) -> str:
    """Return the fingerprint of a content; a table without rows adds nothing, so that a new one changes nothing."""
    filled = {name: value for name, value in hashes.items() if value != _EMPTY}
    return hashlib.sha256("".join(f"{name}:{value}\n" for name, value in sorted(filled.items())).encode()).hexdigest()
