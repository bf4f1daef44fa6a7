"""Files of more than a thousand dossiers: made by a job, kept some hours, for their asker alone."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import IO

import pytest

from tests.journal.cast import Cast, Clock
from tests.journal.test_jobs import worker
from vigie.errors import NotFound
from vigie.services.desk import Desk
from vigie.services.followup.reading import DossierFilter
from vigie.services.job_kinds import JobState
from vigie.services.jobs.files import KEPT
from vigie.services.spreadsheets.exports import LONG
from vigie.store.journal.followup import Dossier

EVERY = DossierFilter()


def write_x(target: IO[bytes]) -> None:
    target.write(b"x")


@pytest.fixture
def many(desk: Desk, cast: Cast) -> int:
    """A thousand dossiers and one."""
    with desk.journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        for rank in range(LONG + 1):
            unit.add(Dossier(kind="holder", title=f"Projet {rank}"))
    return len(list(desk.spreadsheets.exports.dossiers(cast.officer, EVERY).rows))


def test_the_file_is_made_by_a_job_and_handed_to_its_asker_alone(
    desk: Desk, cast: Cast, clock: Clock, many: int
) -> None:
    exports = desk.spreadsheets.exports
    job = exports.ask(cast.officer, EVERY, "csv")
    assert exports.ask(cast.officer, EVERY, "csv") == job  # asked again before it is done
    assert exports.ask(cast.admin, EVERY, "csv") != job
    assert exports.ask(cast.officer, DossierFilter(text="Projet 77"), "csv") == ""  # few: handed at once
    with pytest.raises(NotFound):
        desk.jobs.file(cast.officer, job)
    worker(desk).run_waiting()
    told = desk.jobs.read(cast.officer, job)
    assert (told.stage, told.done, told.total, told.file) == (JobState.DONE, many, many, "dossiers.csv")
    path, name = desk.jobs.file(cast.officer, job)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert (name, len(rows)) == ("dossiers.csv", many)
    assert {f"Projet {rank}" for rank in range(LONG + 1)} <= {row["Nom"] for row in rows}
    assert path.stat().st_mode & 0o077 == 0
    for other in (cast.admin, cast.officer_away):
        with pytest.raises(NotFound):
            desk.jobs.file(other, job)
    assert desk.jobs.read(cast.admin, job).file == ""
    clock.forward(seconds=KEPT.total_seconds() + 1)
    with pytest.raises(NotFound, match="plus gardé"):
        desk.jobs.file(cast.officer, job)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_files_go_when_their_hours_are_over(desk: Desk, tmp_path: Path) -> None:
    desk.jobs.files.make("old".ljust(20, "o"), write_x)
    desk.jobs.files.make("new".ljust(20, "n"), write_x)
    old, new = desk.jobs.files.path("old".ljust(20, "o")), desk.jobs.files.path("new".ljust(20, "n"))
    past = old.stat().st_mtime - KEPT.total_seconds() - 60
    os.utime(old, (past, past))
    worker(desk).run_waiting()
    desk.jobs.files.tidy()
    assert (old.exists(), new.exists()) == (False, True)
