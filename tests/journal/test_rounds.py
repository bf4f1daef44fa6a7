"""The server does at its hours what a host may forget to schedule, once, whoever else is up or was killed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tests.journal.cast import Cast, Clock
from vigie.errors import NotFound
from vigie.services.rounds import LEASE, Duty, Hour, Rounds, week_began
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock


class Counted:
    """A duty that counts how often it was done, and fails when told to."""

    def __init__(self) -> None:
        self.times, self.fails = 0, False

    def __call__(self) -> Mapping[str, int]:
        if self.fails:
            raise OSError("no room")
        self.times += 1
        return {"erased": self.times}


def test_the_next_hour_is_that_of_paris_in_summer_and_winter() -> None:
    assert Hour(3).after(datetime(2026, 7, 1, 0, 59, tzinfo=UTC)) == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    assert Hour(3).after(datetime(2026, 7, 1, 1, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 1, 0, tzinfo=UTC)
    assert Hour(3).after(datetime(2026, 12, 1, 1, 0, tzinfo=UTC)) == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    assert Hour().after(datetime(2026, 12, 1, 1, 20, tzinfo=UTC)) == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def test_a_week_begins_on_its_own_clocks() -> None:
    monday = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)  # 06:30 in Paris, 16:30 in Nouméa, Sunday 19:30 in Tahiti
    assert week_began("Europe/Paris", monday) and week_began("Pacific/Noumea", monday)
    assert not week_began("Pacific/Tahiti", monday)
    assert not week_began("Europe/Paris", monday - timedelta(hours=1))
    assert week_began("Europe/Paris", monday + timedelta(days=1))
    assert not week_began("Europe/Paris", monday + timedelta(days=2))


def test_what_is_due_is_done_once_and_comes_back(journal: SqlJournal, clock: Clock, cast: Cast) -> None:
    work = Counted()
    here, beside = (Rounds(journal, [Duty("purge", "Effacer", Hour(3), work)]) for _ in range(2))
    assert here.run_due() == []
    clock.forward(days=1)
    assert [*here.run_due(), *beside.run_due()] == ["purge"]
    assert work.times == 1
    (told,) = here.told(cast.admin)
    assert (told.ended_at, told.said, told.fault) == (journal.now(), {"erased": 1}, "")
    assert told.due_at is not None and timedelta() < told.due_at - journal.now() <= timedelta(days=1)
    clock.forward(days=1)
    assert beside.run_due() == ["purge"] and work.times == 2


def test_a_process_killed_while_it_works_is_followed(journal: SqlJournal, clock: Clock) -> None:
    class Killed(BaseException):
        pass

    def killed() -> Mapping[str, int]:
        raise Killed

    dying, living = Rounds(journal, [Duty("purge", "Effacer", Hour(3), killed)]), Counted()
    dying.run_due()
    clock.forward(days=1)
    with pytest.raises(Killed):
        dying.run_due()
    other = Rounds(journal, [Duty("purge", "Effacer", Hour(3), living)])
    assert other.run_due() == []
    clock.forward(seconds=LEASE.total_seconds())
    assert other.run_due() == ["purge"] and living.times == 1


def test_what_fails_is_told_and_tried_again_within_the_hour(journal: SqlJournal, clock: Clock, cast: Cast) -> None:
    work = Counted()
    rounds = Rounds(journal, [Duty("purge", "Effacer", Hour(3), work)])
    rounds.run_due()
    clock.forward(days=1)
    work.fails = True
    assert rounds.run_due() == []
    assert rounds.told(cast.admin)[0].fault == "OSError"
    work.fails = False
    clock.forward(hours=1)
    assert rounds.run_due() == ["purge"]
    assert rounds.told(cast.admin)[0].fault == ""


def test_only_those_who_keep_an_organisation_read_it(journal: SqlJournal, cast: Cast) -> None:
    rounds = Rounds(journal, [])
    assert rounds.told(cast.admin) == ()
    for other in (cast.officer, cast.elected, cast.head):
        with pytest.raises(NotFound):
            rounds.told(other)
