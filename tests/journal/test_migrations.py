"""Versions of the tables: up, down and up again keep every row; killed in the middle, they resume or are undone.

`VIGIE_MIGRATION_KILLS` raises the number of kills, spread over the same statements.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, select

from tests.journal.cast import SIREN_HERE, SIREN_PARTNER, Cast
from vigie import bootstrap
from vigie.settings import Settings
from vigie.store.journal import backup, checking, migrating
from vigie.store.journal.followup import Dossier
from vigie.store.journal.models import Base
from vigie.store.journal.people import Membership
from vigie.store.journal.sql import SqlJournal

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("VIGIE_MIGRATION_KILLS", "6"))
VERSIONS = [script.revision for script in ScriptDirectory(str(migrating.HERE)).walk_revisions()][::-1]


@pytest.fixture
def keeper(settings: Settings, journal: SqlJournal) -> Iterator[SqlJournal]:
    opened = bootstrap.open_journal(settings, keeper=True)
    yield opened
    opened.close()


@pytest.fixture
def filled(journal: SqlJournal, cast: Cast) -> None:
    for rank in range(50):
        with journal.writing(cast.officer) as unit:
            unit.act("dossier.opened")
            unit.add(Dossier(kind="firm", title=f"Dossier {rank}"))


def shape(engine: Any) -> dict[str, Any]:
    """Return the tables, columns and indexes that a base really has."""
    found = MetaData()
    found.reflect(engine)
    seen = inspect(engine)
    return {
        name: ([str(column) for column in table.columns], sorted(str(one["name"]) for one in seen.get_indexes(name)))
        for name, table in sorted(found.tables.items())
    }


def filled_tables(copied: backup.Copied) -> dict[str, int]:
    """Return how many rows each table that has some holds."""
    return {table: count for table, count in copied.rows.items() if count}


def test_the_versions_make_the_tables_that_are_declared(keeper: SqlJournal) -> None:
    with keeper.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        different = compare_metadata(context, Base.metadata)
    assert different == []


def test_up_down_and_up_keep_every_row(keeper: SqlJournal, filled: None) -> None:
    before, form = backup.fingerprint(keeper.engine), shape(keeper.engine)
    seen = {VERSIONS[-1]: before.fingerprint}
    for version in VERSIONS[:-1][::-1]:
        assert migrating.migrate(keeper.engine, version) == version
        down = backup.fingerprint(keeper.engine)
        seen[version] = down.fingerprint
        assert filled_tables(down) == filled_tables(before)
    # A version that adds a column has a fingerprint of its own: each is found again on the way up.
    for version in VERSIONS:
        assert migrating.migrate(keeper.engine, version) == version
        assert backup.fingerprint(keeper.engine).fingerprint == seen[version]
    assert shape(keeper.engine) == form
    assert before.rows["dossier"] == 50


def test_down_from_several_firms_each_keeps_the_oldest_and_events_tell(
    keeper: SqlJournal, journal: SqlJournal, cast: Cast
) -> None:
    with journal.writing(cast.admin) as unit:
        unit.act("member.added")
        second = unit.add(Membership(person_id=cast.head.person, role="dirigeant", siren=SIREN_PARTNER))
        second.created_at += timedelta(hours=1)
    migrating.migrate(keeper.engine, "0005")
    migrating.migrate(keeper.engine)
    with journal.reading(cast.admin) as reader:
        held = reader.all(
            select(Membership.siren).where(Membership.person_id == cast.head.person, Membership.deleted_at.is_(None))
        )
        assert held == [SIREN_HERE]
    assert checking.check(keeper.engine).faults == ()


def test_down_to_nothing_leaves_nothing(keeper: SqlJournal, filled: None) -> None:
    form = shape(keeper.engine)
    migrating.migrate(keeper.engine, "base")
    assert set(shape(keeper.engine)) <= {"alembic_version"}
    migrating.migrate(keeper.engine)
    assert shape(keeper.engine) == form
    rows = backup.fingerprint(keeper.engine).rows
    assert rows and not any(rows.values())


def test_killed_in_the_middle_it_resumes_or_is_undone(settings: Settings, keeper: SqlJournal, filled: None) -> None:
    """Deaths spread over the statements of the way down from the last version, and of the whole way up."""
    form, last, one_before = shape(keeper.engine), VERSIONS[-1], VERSIONS[-2]
    told = {}
    for version in (one_before, last):
        migrating.migrate(keeper.engine, version)
        told[version] = backup.fingerprint(keeper.engine).fingerprint
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journal.forking_migration", str(settings.data_dir), settings.journal_url],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    keeper.close()

    def die(statements: int, version: str) -> bool:
        assert process.stdin and process.stdout
        process.stdin.write(f"{statements} {version}\n")
        process.stdin.flush()
        return process.stdout.readline().strip() == "killed"

    deaths = 0
    for statements in range(3, 3 + KILLS // 2):
        for version in (one_before, last):
            deaths += die(statements, version)
            keeper.close()
            reached = migrating.version(keeper.engine)
            assert reached in {last, one_before}
            assert backup.fingerprint(keeper.engine).fingerprint == told[reached]
            migrating.migrate(keeper.engine, version)
    assert shape(keeper.engine) == form
    migrating.migrate(keeper.engine, "base")
    keeper.close()
    for rank in range(KILLS // 2):
        deaths += die(5 + rank * 180 // KILLS, last)
        keeper.close()
        assert migrating.version(keeper.engine) in {"", *VERSIONS}
        migrating.migrate(keeper.engine)
        assert shape(keeper.engine) == form
        migrating.migrate(keeper.engine, "base")
        keeper.close()
    assert process.stdin and process.stdout
    process.stdin.close()
    process.wait(timeout=300)
    process.stdout.close()
    assert deaths >= KILLS
    migrating.migrate(keeper.engine)
