"""A mail server that is away, several senders, a sender that dies: no letter is lost, none leaves twice but one.

Delivery is *at least once*. Two senders never take the same letter; only a process that dies after the server has
taken a letter, and before this is durable, lets that one leave again: it then carries the same Message-ID.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.journal import post_office
from tests.journal.cast import MORNING, Cast, Clock
from tests.journal.post_office import PostOffice
from vigie import bootstrap
from vigie.domain.access import Scope
from vigie.services.desk import Desk
from vigie.services.mail import postman
from vigie.services.mail.mail import Mail, SendingRound
from vigie.settings import Settings
from vigie.store.journal.port import Journal
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

ROOT = Path(__file__).resolve().parents[2]
OUTAGE, BETWEEN_ROUNDS = timedelta(hours=48), timedelta(hours=1)
TROUBLES = ("closed", "silent", "greeting", "sender", "recipient", "drop")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.opened() as opened:
        yield opened


@pytest.fixture
def mail(journal: SqlJournal, settings: Settings, office: PostOffice) -> Mail:
    return sending(journal, settings, office.port)


def sending(journal: Journal, settings: Settings, port: int) -> Mail:
    through = replace(settings, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Vigie <vigie@example.org>")
    return Mail(journal, through)


def write(mail: Mail, journal: Journal, scope: Scope, count: int, first: int = 0) -> set[str]:
    """Write letters, and return their identifiers."""
    with journal.writing(scope) as unit:
        unit.act("letter.written")
        return {
            mail.post(unit, recipient=f"d{rank}@example.org", subject=f"Lettre {rank}", body="Bonjour")
            for rank in range(first, first + count)
        }


def states(journal: Journal, scope: Scope) -> Counter[str]:
    with journal.reading(scope) as reader:
        return Counter(letter.state for letter in reader.all(select(Letter)))


def taken(office: PostOffice) -> Counter[str]:
    """Count what the office took, by the letter that its Message-ID tells."""
    return Counter(str(message["Message-ID"]).strip("<>").partition("@")[0] for message in office.letters)


@contextmanager
def away(office: PostOffice, trouble: str) -> Iterator[int]:
    """Keep the office away in one of its ways, and give the port to try; one that says nothing is given up early."""
    port, office.trouble = office.port, trouble
    if trouble == "closed":
        with post_office.opened() as former:
            port = former.port
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(postman, "_TIMEOUT", 0.05 if trouble == "silent" else 20.0)
        yield port
    office.trouble = ""


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_server_that_is_away_loses_nothing(
    desk: Desk, settings: Settings, cast: Cast, office: PostOffice, clock: Clock, trouble: str
) -> None:
    """Two days away, letters written all along: back, each leaves once, within some minutes."""
    journal, mail = desk.journal, sending(desk.journal, settings, office.port)
    written = write(mail, journal, cast.officer, 3) | write(mail, journal, cast.officer_away, 2)
    with away(office, trouble) as port:
        through, rank = sending(journal, settings, port), 0
        while clock() < MORNING + OUTAGE:
            done = through.send_waiting()
            assert (done.sent, done.failed) == (0, 0)
            rank += 1
            if rank % 8 == 0:
                written |= write(mail, journal, cast.officer, 1, first=rank)
            clock.forward(seconds=BETWEEN_ROUNDS.total_seconds())
    assert office.letters == []
    assert states(journal, cast.officer)["failed"] == states(journal, cast.officer_away)["failed"] == 0
    with journal.reading(cast.officer) as reader:
        assert {letter.tries for letter in reader.all(select(Letter))} == {0}
    sent = 0
    for _ in range(5):
        sent += mail.send_waiting().sent
        clock.forward(minutes=1)
    assert sent == len(written) == 11
    assert taken(office) == Counter(dict.fromkeys(written, 1))
    clock.forward(days=30)
    assert mail.send_waiting() == SendingRound()


def test_one_connection_is_tried_however_many_letters_wait(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    write(mail, journal, cast.officer, 20)
    write(mail, journal, cast.officer_away, 20)
    office.trouble = "greeting"
    assert mail.send_waiting() == SendingRound(postponed=40, away=True)
    assert office.greeted == 1


def test_a_letter_that_ends_every_connection_does_not_keep_the_others(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, clock: Clock
) -> None:
    (poison,) = write(mail, journal, cast.officer, 1)
    others = write(mail, journal, cast.officer, 3, first=1)
    office.drops = "Lettre 0"
    for _ in range(4):
        mail.send_waiting()
        clock.forward(minutes=10)
    assert taken(office) == Counter(dict.fromkeys(others, 1))
    with journal.reading(cast.officer) as reader:
        assert reader.get(Letter, poison).state == "waiting"


def test_several_senders_at_once_send_each_letter_once(
    journal: SqlJournal, settings: Settings, cast: Cast, office: PostOffice, clock: Clock
) -> None:
    """Each sender has connections of its own, as several processes would."""
    journals = [bootstrap.open_journal(settings, clock=clock) for _ in range(4)]
    senders = [sending(one, settings, office.port) for one in journals]
    written = write(senders[0], journal, cast.officer, 30) | write(senders[0], journal, cast.officer_away, 10)
    with ThreadPoolExecutor(len(senders)) as pool:
        done = list(pool.map(lambda sender: sender.send_waiting(), senders))
    for one in journals:
        one.close()
    assert sum(one.sent for one in done) == len(written) == 40
    assert taken(office) == Counter(dict.fromkeys(written, 1))


def test_a_sender_killed_before_its_note_doubles_one_letter_at_most_and_shows_it(
    journal: SqlJournal, settings: Settings, cast: Cast, office: PostOffice, clock: Clock, mail: Mail
) -> None:
    """The server has the whole letter when the process dies: nobody can know on restart that it was taken."""
    written = write(mail, journal, cast.officer, 8)
    environ = os.environ | {
        "VIGIE_DATA_DIR": str(settings.data_dir),
        "VIGIE_JOURNAL_URL": settings.journal_url,
        "VIGIE_SECRET": settings.secret,
        "VIGIE_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "VIGIE_MAIL_FROM": "Vigie <vigie@example.org>",
    }
    process = subprocess.Popen([sys.executable, "-m", "vigie", "journal", "send"], cwd=ROOT, env=environ)

    def dies_at_the_fourth() -> None:
        if len(office.letters) == 4:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    office.taken = dies_at_the_fourth
    assert process.wait(timeout=300) == -signal.SIGKILL
    assert states(journal, cast.officer) == {"sent": 3, "waiting": 5}
    clock.now = datetime.now(UTC)
    assert mail.send_waiting() == SendingRound(sent=4), (
        "the one that was being sent is left alone for a quarter of an hour"
    )
    clock.forward(minutes=16)
    assert mail.send_waiting() == SendingRound(sent=1)
    counts = taken(office)
    assert set(counts) == written
    assert sorted(counts.values()) == [1] * 7 + [2]


def test_letters_that_failed_can_be_sent_again(
    desk: Desk, mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    first, second = sorted(write(mail, journal, cast.officer, 2))
    office.refusals += [550, 550]
    assert mail.send_waiting() == SendingRound(failed=2)
    box = desk.records.outbox
    assert box.letters(cast.officer, only_failed=True).total_failed == 2
    assert box.send_again(cast.officer, first).state == "waiting"
    assert box.send_again(cast.officer, first).state == "waiting", "pressed twice"
    assert mail.send_waiting() == SendingRound(sent=1)
    assert mail.send_again() == 1
    assert mail.send_again() == 0
    assert mail.send_waiting() == SendingRound(sent=1)
    assert taken(office) == {first: 1, second: 1}
    assert box.send_all_again(cast.officer) == 0


def test_admins_are_told_on_monday_of_letters_that_failed(
    desk: Desk, mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, clock: Clock
) -> None:
    write(mail, journal, cast.officer, 2)
    assert desk.followup.monday.page(cast.admin).failed_letters == 0
    office.refusals += [550, 550]
    assert mail.send_waiting() == SendingRound(failed=2)
    assert desk.followup.monday.page(cast.admin).failed_letters == 2
    assert desk.followup.monday.page(cast.officer).failed_letters == 0
    assert desk.followup.monday.page(cast.admin_away).failed_letters == 0
    clock.forward(days=31)
    assert desk.followup.monday.page(cast.admin).failed_letters == 0
