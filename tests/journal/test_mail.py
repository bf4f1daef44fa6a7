"""Letters: written with what they tell, sent once, tried again, forgotten; through a real SMTP conversation."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.journal import post_office
from tests.journal.cast import Cast, Clock
from tests.journal.post_office import PostOffice
from tests.waiting import eventually
from vigie.domain.access import Scope
from vigie.errors import RequestFault
from vigie.services.mail.courier import courier
from vigie.services.mail.mail import Mail, SendingRound
from vigie.services.mail.postman import Postman
from vigie.settings import Settings
from vigie.store.journal.people import Person
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

TO = "Dirigeante <sentinelle@example.org>"
BODY = "Bonjour,\n\nUne mise en relation attend votre réponse à l’adresse http://vigie.test/lien/abc.\n.\nÀ bientôt"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.opened() as opened:
        yield opened


@pytest.fixture
def mail(journal: SqlJournal, settings: Settings, office: PostOffice) -> Mail:
    through = replace(settings, smtp_url=f"smtp://127.0.0.1:{office.port}", mail_from="Vigie <vigie@example.org>")
    return Mail(journal, through)


def write(mail: Mail, journal: SqlJournal, scope: Scope, **more: str) -> str:
    with journal.writing(scope) as unit:
        unit.act("letter.written")
        return mail.post(unit, recipient=TO, subject="Une mise  en\nrelation", body=BODY, **more)


def letter(journal: SqlJournal, scope: Scope) -> Letter:
    with journal.reading(scope) as reader:
        (only,) = reader.all(select(Letter))
        return only


def test_a_letter_leaves_whole_and_once(mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice) -> None:
    identifier = write(mail, journal, cast.officer)
    assert mail.send_waiting() == SendingRound(sent=1)
    assert mail.send_waiting() == SendingRound()
    (message,) = office.letters
    assert message["To"] == TO
    assert message["From"] == "Vigie <vigie@example.org>"
    assert message["Subject"] == "Une mise en relation"
    assert message["Message-ID"] == f"<{identifier}@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n").strip() == BODY
    kept = letter(journal, cast.officer)
    assert kept.state == "sent"
    assert "lien/abc" not in (kept.body or "") and "/lien/…" in (kept.body or ""), "whoever reads it later uses no link"


def test_letters_of_every_organisation_and_of_none_leave(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    for scope in (cast.officer, cast.officer_away, cast.anyone):
        write(mail, journal, scope)
    assert mail.send_waiting().sent == 3
    assert len(office.letters) == 3


def test_a_letter_undone_with_its_transaction_never_leaves(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    with pytest.raises(LookupError), journal.writing(cast.officer) as unit:
        unit.act("letter.written")
        mail.post(unit, recipient=TO, subject="Objet", body=BODY)
        raise LookupError
    assert mail.send_waiting() == SendingRound()
    assert office.letters == []


def test_the_same_letter_is_written_once(mail: Mail, journal: SqlJournal, cast: Cast) -> None:
    first = write(mail, journal, cast.officer, once="rappel-2026-48")
    assert write(mail, journal, cast.officer, once="rappel-2026-48") == first
    assert write(mail, journal, cast.officer_away, once="rappel-2026-48") != first
    assert mail.send_waiting().sent == 2


def test_a_letter_put_off_is_tried_for_five_days_at_most_five_minutes_apart(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, clock: Clock
) -> None:
    write(mail, journal, cast.officer)
    office.trouble = "recipient"
    for minutes in (1, 1, 2, 4, 5, 5):
        assert mail.send_waiting() == SendingRound(postponed=1)
        clock.forward(minutes=minutes, seconds=-1)
        assert mail.send_waiting() == SendingRound()
        clock.forward(seconds=1)
    clock.forward(days=4, hours=23)
    assert mail.send_waiting() == SendingRound(postponed=1)
    assert letter(journal, cast.officer).tries == 0, "putting off spends nothing"
    clock.forward(hours=1)
    assert mail.send_waiting() == SendingRound(failed=1)
    clock.forward(days=1)
    office.trouble = ""
    assert mail.send_waiting() == SendingRound()
    failed = letter(journal, cast.officer)
    assert (failed.state, failed.fault, failed.body) == ("failed", "late", BODY)
    assert office.letters == []


def test_an_address_refused_for_good_is_not_tried_again(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    write(mail, journal, cast.officer)
    write(mail, journal, cast.officer)
    office.refusals.append(550)
    assert mail.send_waiting() == SendingRound(sent=1, failed=1)
    with journal.reading(cast.officer) as reader:
        (refused,) = reader.all(select(Letter).where(Letter.state == "failed"))
    assert (refused.fault, refused.tries) == ("refused", 1)


def test_one_faulty_letter_does_not_keep_the_others(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice
) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("letter.written")
        mail.post(unit, recipient="deux\nlignes@example.org", subject="Objet", body=BODY)
    write(mail, journal, cast.officer)
    assert mail.send_waiting() == SendingRound(sent=1, failed=1)


def test_a_sender_that_died_lets_the_letter_leave_later(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(mail, journal, cast.officer)
    with monkeypatch.context() as died, pytest.raises(KeyboardInterrupt):
        died.setattr(Postman, "hand", _dies)
        mail.send_waiting()
    assert mail.send_waiting() == SendingRound()
    clock.forward(minutes=15)
    assert mail.send_waiting() == SendingRound(sent=1)


def test_no_log_names_anybody(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(2):
        write(mail, journal, cast.officer)
    office.refusals.append(550)
    assert mail.send_waiting() == SendingRound(sent=1, failed=1)
    assert "letters: 1 sent, 0 postponed, 1 failed" in caplog.text
    for secret in ("sentinelle", "Dirigeante", "/lien/", "mise en relation"):
        assert secret not in caplog.text


def test_a_password_travels_under_tls_only(
    journal: SqlJournal, settings: Settings, cast: Cast, tmp_path: Path, office: PostOffice
) -> None:
    theirs, ours = post_office.certified(tmp_path)
    with post_office.opened(theirs) as ciphered:
        url = f"smtp://compte:mot%20de%20passe@127.0.0.1:{ciphered.port}"
        mail = Mail(journal, settings, Postman(url, "vigie@example.org", ours))
        write(mail, journal, cast.officer)
        assert mail.send_waiting() == SendingRound(sent=1)
        assert ciphered.passwords == ["compte mot de passe"]
        assert ciphered.in_clear == 0
        distrustful = Mail(journal, settings, Postman(url, "vigie@example.org"))
        write(distrustful, journal, cast.officer)
        assert distrustful.send_waiting() == SendingRound(postponed=1, away=True)
        assert len(ciphered.letters) == 1
    in_clear = Mail(journal, settings, Postman(f"smtp://a:b@127.0.0.1:{office.port}", "vigie@example.org"))
    write(in_clear, journal, cast.officer_away)
    assert in_clear.send_waiting() == SendingRound(postponed=1, away=True)
    assert office.passwords == []


def test_without_a_server_letters_wait(journal: SqlJournal, settings: Settings, cast: Cast) -> None:
    mail = Mail(journal, settings)
    write(mail, journal, cast.officer)
    assert mail.send_waiting() == SendingRound(configured=False)
    assert letter(journal, cast.officer).state == "waiting"


@pytest.mark.parametrize(("url", "sender"), [("http://serveur", "a@b.fr"), ("smtp://", "a@b.fr"), ("smtp://x", "")])
def test_settings_that_cannot_be_read_are_refused(url: str, sender: str) -> None:
    with pytest.raises(RequestFault, match="VIGIE_"):
        Postman(url, sender)


def test_letters_are_forgotten(mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, clock: Clock) -> None:
    write(mail, journal, cast.officer)
    office.refusals += [451]
    write(mail, journal, cast.officer_away)
    assert mail.send_waiting() == SendingRound(sent=1, postponed=1)
    clock.forward(days=29)
    assert mail.erase_old() == 0
    clock.forward(days=1)
    assert mail.erase_old() == 1
    clock.forward(days=60)
    assert mail.erase_old() == 1
    assert mail.erase_old() == 0
    assert mail.send_waiting() == SendingRound()
    # Letters of one moment leave in no particular order: which of the two was put off is not said.
    states = []
    for scope in (cast.officer, cast.officer_away):
        kept = letter(journal, scope)
        assert (kept.recipient, kept.subject, kept.body) == (None, None, None)
        states.append(kept.state)
    assert sorted(states) == ["failed", "sent"]


def test_a_letter_about_an_account_is_reserved(mail: Mail, journal: SqlJournal, cast: Cast) -> None:
    write(mail, journal, cast.officer, about=cast.admin.person)
    assert letter(journal, cast.officer).reserved
    write(mail, journal, cast.officer_away, about="dossier".ljust(20, "0"))
    assert not letter(journal, cast.officer_away).reserved
    with journal.reading(cast.officer) as reader:
        assert reader.find(Person, cast.admin.person) is not None


def test_a_courier_sends_while_pages_are_served(
    mail: Mail, journal: SqlJournal, cast: Cast, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles = iter([True])
    send = mail.send_waiting

    def stumbling(leaving: Callable[[], bool]) -> SendingRound:
        if next(stumbles, False):
            raise LookupError("sentinelle@example.org")
        return send(leaving)

    monkeypatch.setattr(mail, "send_waiting", stumbling)
    write(mail, journal, cast.officer)
    others = set(threading.enumerate())
    with courier(mail, seconds=0.02):
        eventually(lambda: bool(office.letters))
    assert len(office.letters) == 1
    assert "vigie-mail" not in {thread.name for thread in set(threading.enumerate()) - others}


def _dies(*_: object) -> None:
    raise KeyboardInterrupt
