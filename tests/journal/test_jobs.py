"""Long work: cut into lots, taken over after a kill without doing anything twice, stopped, taken up, followed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast, Clock
from tests.journal.sheets import DIRECTORY, SmallKnow, csv_file
from tests.not_empty import not_empty
from vigie.bootstrap import open_safekeeping
from vigie.domain.spreadsheets import Stage
from vigie.errors import Conflict, NotFound
from vigie.interfaces.dossier_files import write_dossiers
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ADDED, ContactEntry
from vigie.services.followup.dossiers import OPENED
from vigie.services.job_kinds import LOT, JobState
from vigie.services.jobs.acts import CANCELLED, RETRIED
from vigie.services.jobs.running import LEASE, MOST_TRIES, Run, Worker
from vigie.services.retention.erasing import ERASED, Confirmed
from vigie.services.spreadsheets.answers import ImportRecord
from vigie.settings import Settings
from vigie.store.journal.followup import Contact, Dossier, ImportBatch
from vigie.store.journal.jobs import Job, JobLot
from vigie.store.journal.people import Membership
from vigie.store.journal.port import Journal
from vigie.store.journal.sql import SqlJournal

LINES = 2 * LOT + 200


class _Killed(BaseException):
    """The process goes away in the middle of a lot."""


def know() -> Any:
    return SmallKnow(*DIRECTORY)


def worker(desk: Desk, works: dict[str, Callable[[Run], None]] | None = None) -> Worker:
    made = desk.spreadsheets.works(lambda: contextlib.nullcontext(know()), write_dossiers)
    return Worker(desk.journal, {**made, **(works or {})})


def brought(desk: Desk, cast: Cast, lines: int = LINES) -> ImportRecord:
    rows = [(f"Atelier imaginaire {rank}", "Les Herbiers", f"Personne {rank}") for rank in range(lines)]
    rows[-1] = ("Dernier atelier", "Les Herbiers", "Une autre")
    rows.append(("Dernier atelier", "Les Herbiers", "Encore une autre"))
    data = csv_file([("Entreprise", "Ville", "Contact"), *rows[:lines]])
    return desk.spreadsheets.imports.bring(cast.officer, "long.csv", data)


def ready(desk: Desk, cast: Cast, lines: int = LINES) -> ImportRecord:
    """Bring a long spreadsheet as far as the last look, the worker doing what waits."""
    imports, officer = desk.spreadsheets.imports, cast.officer
    read = brought(desk, cast, lines)
    imports.match(officer, read.line.id, {one.place: one.column for one in read.columns}, know())
    worker(desk).run_waiting()
    imports.choose_numbers(officer, read.line.id, {}, know())
    worker(desk).run_waiting()
    return imports.read(officer, read.line.id)


def titles(journal: Journal, cast: Cast) -> list[str | None]:
    with journal.reading(cast.officer) as reader:
        return list(reader.all(select(Dossier.title).where(Dossier.deleted_at.is_(None))))


def killing(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the worker die in the transaction of a lot, after some others."""
    real, seen = Run.keep, [0]

    def keep(self: Run, *given: Any) -> None:
        real(self, *given)
        seen[0] += 1
        if seen[0] > after:
            raise _Killed

    monkeypatch.setattr(Run, "keep", keep)


def test_a_long_import_is_matched_reviewed_and_applied_by_jobs(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    imports, officer = desk.spreadsheets.imports, cast.officer
    before = titles(journal, cast)
    read = brought(desk, cast)
    waiting = imports.match(officer, read.line.id, {one.place: one.column for one in read.columns}, know())
    assert (waiting.stage, bool(waiting.lines)) == (Stage.MATCHING, False)
    assert desk.jobs.read(officer, waiting.job).stage is JobState.WAITING
    with pytest.raises(Conflict, match="autre étape"):
        imports.abandon(officer, read.line.id)
    worker(desk).run_waiting()
    looked = imports.read(officer, read.line.id)
    assert (looked.stage, looked.job, len(looked.lines)) == (Stage.NUMBERS, "", LINES)
    reviewing = imports.choose_numbers(officer, read.line.id, {}, know())
    assert reviewing.stage is Stage.REVIEWING
    worker(desk).run_waiting()
    seen = imports.read(officer, read.line.id)
    assert seen.stage is Stage.READY
    applying = imports.apply(officer, read.line.id)
    assert imports.apply.__doc__ and applying.stage is Stage.APPLYING
    worker(desk).run_waiting()
    done = imports.read(officer, read.line.id)
    assert (done.stage, done.line.counts["created"], len(done.report)) == (Stage.APPLIED, LINES, LINES)
    job = desk.jobs.read(officer, applying.job)
    assert (job.stage, job.done, job.total) == (JobState.DONE, LINES, LINES)
    assert len(titles(journal, cast)) == len(before) + LINES
    with journal.reading(officer) as reader:
        lots = reader.all(select(JobLot).where(JobLot.job_id == job.id))
        assert not_empty(lots) and not [lot for lot in lots if lot.content is not None]
        assert reader.get(ImportBatch, read.line.id).content is None


@pytest.mark.parametrize("after", [0, 1, 2])
def test_killed_in_the_middle_it_is_taken_over_and_no_line_is_written_twice(
    desk: Desk, cast: Cast, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    journal = desk.journal
    record = ready(desk, cast)
    before = len(titles(journal, cast))
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job
    with monkeypatch.context() as killed:
        killing(killed, after)
        with pytest.raises(_Killed):
            worker(desk).run_waiting()
    written = len(titles(journal, cast)) - before
    assert written == desk.jobs.read(cast.officer, job).done < LINES
    assert worker(desk).run_waiting() == 0  # the lease of the one that died still holds
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert worker(desk).run_waiting() == 1
    named = [title for title in titles(journal, cast) if title and title.startswith("Atelier imaginaire")]
    assert len(named) == len(set(named)) == LINES - 1
    done = desk.spreadsheets.imports.read(cast.officer, record.line.id)
    assert [one.line for one in done.report] == [line.line for line in record.lines]
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(Contact.id).where(Contact.name.startswith("Personne"))) == LINES - 1
    keeper = open_safekeeping(settings)
    assert keeper.check().faults == ()
    keeper.close()


def test_matching_goes_on_after_the_lots_that_were_done(
    desk: Desk, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = brought(desk, cast)
    imports = desk.spreadsheets.imports
    imports.match(cast.officer, read.line.id, {one.place: one.column for one in read.columns}, know())
    with monkeypatch.context() as killed:
        killing(killed, 1)
        with pytest.raises(_Killed):
            worker(desk).run_waiting()
    clock.forward(seconds=LEASE.total_seconds() + 1)
    lots: list[tuple[int, int]] = []
    real = Run.keep

    def keep(self: Run, unit: Any, lot: tuple[int, int], *given: Any) -> None:
        lots.append(lot)
        real(self, unit, lot, *given)

    monkeypatch.setattr(Run, "keep", keep)
    worker(desk).run_waiting()
    assert lots == [(LOT, 2 * LOT), (2 * LOT, LINES)]
    assert [line.line for line in imports.read(cast.officer, read.line.id).lines] == list(range(2, LINES + 2))


def test_one_that_was_taken_over_writes_nothing_more(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    record = ready(desk, cast)
    desk.spreadsheets.imports.apply(cast.officer, record.line.id)
    before, others = len(titles(journal, cast)), [0]

    def slow(run: Run) -> None:
        clock.forward(seconds=LEASE.total_seconds() + 1)  # this one stands still, and another takes it over
        others[0] += worker(desk).run_waiting()
        desk.spreadsheets.works(lambda: contextlib.nullcontext(know()), write_dossiers)["import-apply"](run)

    assert worker(desk, {"import-apply": slow}).run_waiting() == 1
    assert others == [1]
    assert len(titles(journal, cast)) == before + LINES


def test_several_workers_share_what_waits_and_do_each_once(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    jobs = []
    for _ in range(3):
        read = brought(desk, cast, LOT + 1)
        columns = {one.place: one.column for one in read.columns}
        jobs.append(desk.spreadsheets.imports.match(cast.officer, read.line.id, columns, know()).job)
    threads = [threading.Thread(target=worker(desk).run_waiting) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [desk.jobs.read(cast.officer, job).stage for job in jobs] == [JobState.DONE] * 3
    with journal.reading(cast.officer) as reader:
        lots = reader.all(select(JobLot))
    assert sorted(lot.start for lot in lots) == sorted([0, LOT] * 3)


def test_stopped_by_its_asker_it_leaves_what_it_wrote_with_its_report(
    desk: Desk, journal: SqlJournal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ready(desk, cast)
    before = len(titles(journal, cast))
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job
    real = Run.keep

    def stop(self: Run, unit: Any, lot: tuple[int, int], *given: Any) -> None:
        real(self, unit, lot, *given)
        unit.flush()
        self._slow = 0.0
        self._leaving.set()

    with monkeypatch.context() as held:
        held.setattr(Run, "keep", stop)
        worker(desk).run_waiting()  # the server leaves after a lot, and gives the job back
    waiting = desk.jobs.read(cast.officer, job)
    assert waiting.stage is JobState.WAITING and 0 < waiting.done < LINES
    with pytest.raises(NotFound):
        desk.acts.run(cast.officer_away, CANCELLED, job, Nothing())
    desk.acts.run(cast.officer, CANCELLED, job, Nothing())
    assert worker(desk).run_waiting() == 0
    done = desk.spreadsheets.imports.read(cast.officer, record.line.id)
    assert (done.stage, done.line.counts["created"]) == (Stage.APPLIED, waiting.done)
    assert done.line.counts["left_out"] == LINES - waiting.done
    assert len(titles(journal, cast)) == before + waiting.done
    with pytest.raises(Conflict, match="terminé"):
        desk.acts.run(cast.officer, CANCELLED, job, Nothing())


def test_stopped_before_anything_is_written_the_import_waits_for_another_look(desk: Desk, cast: Cast) -> None:
    record = ready(desk, cast)
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job
    desk.acts.run(cast.officer, CANCELLED, job, Nothing())
    assert desk.spreadsheets.imports.read(cast.officer, record.line.id).stage is Stage.READY


def test_what_fails_says_why_in_french_and_is_taken_up(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    record = ready(desk, cast)
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job

    def breaks(run: Run) -> None:
        raise ZeroDivisionError

    worker(desk, {"import-apply": breaks}).run_waiting()
    failed = desk.jobs.read(cast.officer, job)
    assert failed.stage is JobState.FAILED
    assert failed.fault.startswith("Ce travail n’a pas abouti ; ce qui était fait est gardé.")
    assert worker(desk).run_waiting() == 0
    desk.acts.run(cast.officer, RETRIED, job, Nothing())
    with pytest.raises(Conflict, match="pas échoué"):
        desk.acts.run(cast.officer, RETRIED, job, Nothing())
    worker(desk).run_waiting()
    assert desk.jobs.read(cast.officer, job).stage is JobState.DONE
    assert desk.spreadsheets.imports.read(cast.officer, record.line.id).stage is Stage.APPLIED


def test_what_kills_its_worker_again_and_again_is_given_up(
    desk: Desk, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ready(desk, cast)
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job
    killing(monkeypatch, 0)
    for _ in range(MOST_TRIES):
        with pytest.raises(_Killed):
            worker(desk).run_waiting()
        clock.forward(seconds=LEASE.total_seconds() + 1)
    assert worker(desk).run_waiting() == 0
    assert "interrompu cinq fois" in desk.jobs.read(cast.officer, job).fault


def test_a_dossier_opened_since_the_review_is_said_and_nothing_is_written(
    desk: Desk, journal: SqlJournal, cast: Cast
) -> None:
    siret = DIRECTORY[0].siret
    rows = [(f"Atelier imaginaire {rank}", "") for rank in range(LOT)]
    data = csv_file([("Entreprise", "SIRET"), ("Un atelier", siret), *rows])
    imports, officer = desk.spreadsheets.imports, cast.officer
    read = imports.bring(officer, "long.csv", data)
    imports.match(officer, read.line.id, {one.place: one.column for one in read.columns}, None)
    worker(desk).run_waiting()
    imports.choose_numbers(officer, read.line.id, {}, None)
    worker(desk).run_waiting()
    job = imports.apply(officer, read.line.id).job
    desk.acts.run(officer, OPENED, "", DossierEntry(kind="firm", title="Un atelier", siren=siret[:9]))
    before = titles(journal, cast)
    worker(desk).run_waiting()
    assert desk.jobs.read(officer, job).fault.startswith("Des dossiers ont changé depuis votre vérification (lignes 2)")
    assert titles(journal, cast) == before


def test_a_job_is_of_an_organisation_and_of_a_member(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    record = ready(desk, cast)
    job = desk.spreadsheets.imports.apply(cast.officer, record.line.id).job
    assert job in {one.id for one in desk.jobs.listed(cast.officer)}
    assert job in {one.id for one in desk.jobs.listed(cast.admin)}
    assert desk.jobs.listed(cast.officer_away) == ()
    assert job in {one.id for _, one in desk.jobs.everywhere()}
    for other in (cast.head, cast.officer_away):
        with pytest.raises(NotFound):
            desk.jobs.read(other, job)
    before = titles(journal, cast)
    with journal.writing(cast.admin) as unit:
        unit.act("member.suspended")
        held = select(Membership).where(Membership.person_id == cast.officer.person)
        for row in unit.all(held.where(Membership.organisation_id == cast.officer.organisation)):
            row.state = "suspended"
    worker(desk).run_waiting()
    with journal.reading(cast.officer) as reader:
        row = reader.get(Job, job)
        assert (row.state, "n’est plus membre" in (row.fault or "")) == ("failed", True)
    assert titles(journal, cast) == before


def test_an_address_that_is_erased_leaves_the_lots_and_stops_the_job(
    desk: Desk, journal: SqlJournal, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = desk.acts.run(cast.officer, OPENED, "", DossierEntry(kind="holder", title="Projet")).line.id
    contact = desk.acts.run(cast.officer, ADDED, dossier, ContactEntry(name="Essai", email="zq@example.org")).id
    rows = [(f"Atelier imaginaire {rank}", "zq@example.org") for rank in range(LINES)]
    read = desk.spreadsheets.imports.bring(cast.officer, "long.csv", csv_file([("Entreprise", "Courriel"), *rows]))
    columns = {one.place: one.column for one in read.columns}
    job = desk.spreadsheets.imports.match(cast.officer, read.line.id, columns, know()).job
    with monkeypatch.context() as killed:
        killing(killed, 1)
        with pytest.raises(_Killed):
            worker(desk).run_waiting()
    desk.acts.run(cast.officer, ERASED, contact, Confirmed("EFFACER"))
    assert desk.jobs.read(cast.officer, job).stage is JobState.CANCELLED
    with journal.reading(cast.officer) as reader:
        assert set(reader.all(select(JobLot.content))) == {None}
