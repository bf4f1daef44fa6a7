"""A clock set back by a year makes nothing wait beyond its window: tries, rounds, letters, reminders, accesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.journal import post_office
from tests.journal.cast import HERE, Cast, Clock
from tests.journal.parties import Names, proposal
from vigie.errors import TooManyAttempts
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, RateLimiter
from vigie.services.desk import Desk
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.dossiers import OPENED
from vigie.services.followup.exchanges import RECORDED, ExchangeEntry
from vigie.services.keys import Keys
from vigie.services.mail.mail import Mail
from vigie.services.records.emergency import current
from vigie.services.rounds import Duty, Hour, Rounds
from vigie.settings import Settings
from vigie.store.journal.sql import SqlJournal

YEAR = timedelta(days=365)


def test_tries_of_a_time_to_come_count_no_more(journal: SqlJournal, clock: Clock) -> None:
    guarding = RateLimiter(journal, Keys(b"s" * 32))
    for _ in range(LETTERS_BY_ADDRESS.tries):
        guarding.enter((LETTERS_BY_ADDRESS, "a@example.org"))
    with pytest.raises(TooManyAttempts):
        guarding.enter((LETTERS_BY_ADDRESS, "a@example.org"))
    clock.now -= YEAR
    for _ in range(LETTERS_BY_ADDRESS.tries):
        guarding.enter((LETTERS_BY_ADDRESS, "a@example.org"))
    with pytest.raises(TooManyAttempts) as fault:
        guarding.enter((LETTERS_BY_ADDRESS, "a@example.org"))
    assert fault.value.seconds <= LETTERS_BY_ADDRESS.window.total_seconds()


@pytest.mark.parametrize("hour", [Hour(3), Hour()], ids=["daily", "hourly"])
def test_a_round_comes_back_within_its_period(journal: SqlJournal, clock: Clock, hour: Hour) -> None:
    done = list[date]()

    def work() -> Mapping[str, int]:
        done.append(clock.now.date())
        return {}

    rounds = Rounds(journal, [Duty("purge", "Effacer", hour, work)])
    rounds.run_due()
    clock.forward(days=1)
    assert rounds.run_due() == ["purge"]
    clock.now -= YEAR
    assert rounds.run_due() == ["purge"], "its next hour was a year away"
    assert rounds.run_due() == []
    clock.forward(days=1)
    assert rounds.run_due() == ["purge"]
    assert len(done) == 3


def test_a_lease_of_a_time_to_come_holds_nothing(journal: SqlJournal, clock: Clock) -> None:
    class Killed(BaseException):
        pass

    def killed() -> Mapping[str, int]:
        raise Killed

    dying = Rounds(journal, [Duty("purge", "Effacer", Hour(3), killed)])
    dying.run_due()
    clock.forward(days=1)
    with pytest.raises(Killed):
        dying.run_due()
    clock.now -= YEAR
    assert Rounds(journal, [Duty("purge", "Effacer", Hour(3), dict)]).run_due() == ["purge"]


def test_letters_are_tried_again_and_given_up_within_their_time(
    journal: SqlJournal, settings: Settings, cast: Cast, clock: Clock
) -> None:
    with post_office.opened() as office:
        mail = Mail(journal, replace(settings, smtp_url=f"smtp://127.0.0.1:{office.port}", mail_from="v@example.org"))
        office.trouble = "greeting"
        with journal.writing(cast.officer) as unit:
            unit.act("letter.written")
            mail.post(unit, recipient="d@example.org", subject="Lettre", body="Bonjour")
        assert mail.send_waiting().postponed == 1
        clock.now -= YEAR
        assert mail.send_waiting().postponed == 1, "its next try was a year away"
        clock.forward(days=5, minutes=1)
        assert mail.send_waiting().failed == 1, "its five days count from the clock of today"
        mail.send_again()
        office.trouble = ""
        assert mail.send_waiting().sent == 1


def test_sides_invited_in_a_time_to_come_are_reminded(desk: Desk, cast: Cast, clock: Clock) -> None:
    desk.introductions.proposing.propose(cast.officer, proposal(), Names())
    remind = desk.introductions.following.remind
    assert remind() == 0
    clock.now -= YEAR
    assert remind() == 2
    assert remind() == 0
    clock.forward(days=15)
    assert remind() == 2


def test_a_dossier_that_waits_since_a_day_to_come_is_chased(desk: Desk, cast: Cast, clock: Clock) -> None:
    office = desk.followup
    dossier = desk.acts.run(cast.officer, OPENED, "", DossierEntry("holder", "Sans réponse")).line.id
    desk.acts.run(cast.officer, RECORDED, dossier, ExchangeEntry("email", "Écrit"))
    assert office.reminders.to_chase(cast.officer) == ()
    clock.now -= YEAR
    assert [line.title for line in office.reminders.to_chase(cast.officer)] == ["Sans réponse"]


def test_an_emergency_access_lasts_no_longer(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    desk.records.emergency.open(cast.super_admin, HERE, "Rétablir un dossier effacé par erreur", 30)
    with journal.reading(cast.super_admin) as reader:
        assert current(reader, cast.super_admin.person) is not None
    clock.now -= YEAR
    with journal.reading(cast.super_admin) as reader:
        assert current(reader, cast.super_admin.person) is None
