"""Needs stated without an account: confirmed, handed to whoever answers there, followed, answered, erased."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, SIREN_HERE, Cast, Clock
from tests.journal.firms import SIREN_MASKED, FakeRegister
from vigie.domain.access import ANYONE, Role, Scope
from vigie.domain.needs import NeedOutcome, Readers
from vigie.domain.working_days import working_day_after
from vigie.errors import Conflict, FieldFault, NotFound, TooManyAttempts
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.keys import Keys
from vigie.services.needs.answerers import OWN, SET, Coverage, OwnCoverage
from vigie.services.needs.answering import ANSWERED, CLOSED, PUBLISHED_AS_CALL, NeedAsCall, NeedEnd, NeedProposal
from vigie.services.needs.stating import NeedEntry
from vigie.services.retention.erasing import ERASED, Confirmed
from vigie.settings import Settings
from vigie.store.journal.followup import Contact, Dossier, Reminder
from vigie.store.journal.introductions import Call
from vigie.store.journal.needs import Answerer, StatedNeed
from vigie.store.journal.records import JournalEvent, Letter
from vigie.store.journal.sql import SqlJournal

WORDS = "Nous cherchons un local de 300 m² près de l’échangeur."
SAID = NeedEntry(WORDS, "alix@example.org", commune="85109", name="Alix Essai", phone="0251000000")


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Iterator[Desk]:
    yield make_desk(journal, keys, settings, FakeRegister())


def state(desk: Desk, journal: SqlJournal, said: NeedEntry = SAID) -> str:
    """State a need, and return the secret of the link that its letter holds."""
    before = tokens(journal)
    desk.needs.stating.state(ANYONE, said)
    (token,) = tokens(journal) - before
    return token


def tokens(journal: SqlJournal, subject: str = "") -> set[str]:
    """Return the secrets of the links to needs in letters whose subject holds some words."""
    with journal.reading(Scope(Role.ADMIN, HERE, via="command")) as reader:
        wanted = select(Letter).where(Letter.subject.contains(subject))
        letters = "\n".join(letter.body or "" for letter in reader.all(wanted))
    return set(re.findall(r"/lien/besoin/(\S+)", letters))


def only(desk: Desk, cast: Cast) -> str:
    (line,) = desk.needs.reading.all(cast.officer)
    return line.id


def test_nobody_reads_a_need_before_its_address_is_confirmed(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    token = state(desk, journal)
    assert desk.needs.reading.all(cast.officer) == ()
    assert desk.followup.monday.page(cast.officer, everyone=True).reminders == ()
    with journal.reading(cast.officer) as reader:
        row = reader.all(select(StatedNeed))[0]
        assert reader.count(select(Dossier)) == 0
    with pytest.raises(NotFound):
        desk.needs.reading.one(cast.officer, row.id)
    assert desk.needs.by_link.look(token).standing == "unconfirmed"
    assert desk.needs.reading.all(cast.officer) == (), "looking confirms nothing"


def test_confirmed_it_becomes_a_dossier_and_a_reminder_of_who_answers_there(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    desk.acts.run(cast.officer, OWN, "", OwnCoverage("Les Herbiers", 3, "02 51 00 00 01", public=True))
    receipt = desk.needs.stating.state(ANYONE, replace(SAID, siren=SIREN_HERE))
    assert receipt.answers.replace("\u00a0", " ") == "Personne O. répond sous 3 jours ouvrés."
    (token,) = tokens(journal)
    followed = desk.needs.by_link.confirm(token)
    due = working_day_after(clock.today, 3)
    assert (followed.standing, followed.due_on, followed.contact.phone) == ("followed", due, "02 51 00 00 01")
    assert desk.needs.by_link.confirm(token) == followed, "two clicks make one"
    (line,) = desk.needs.reading.all(cast.officer)
    assert (line.text, line.siren, line.owner_name, line.due_on) == (WORDS, SIREN_HERE, "Personne officer", due)
    record = desk.followup.dossiers.read(cast.officer, line.dossier)
    assert (record.line.siren, record.line.kind, record.line.owner) == (SIREN_HERE, "firm", cast.officer.person)
    assert [(one.name, one.email) for one in record.contacts] == [("Alix Essai", SAID.email)]
    assert [(one.body, one.direction) for one in record.exchanges] == [(WORDS, "received")]
    assert [(one.due_on, one.owner) for one in record.reminders] == [(due, cast.officer.person)]
    clock.now += timedelta(days=14)
    (chased,) = desk.followup.reminders.to_chase(cast.officer)
    assert chased.dossier == line.dossier
    week = desk.followup.monday.page(cast.officer)
    assert [(one.kind, one.subject) for one in week.requests] == [("stated_need", line.id)]
    assert week.reminders == (), "what waits is told once"
    assert desk.followup.monday.page(cast.admin).requests == (), "it is the officer's"
    with journal.reading(cast.officer) as reader:
        told = reader.all(select(Letter).where(Letter.recipient == "officer@example.org"))
        assert ["avant le" in (letter.subject or "") for letter in told] == [True]
        assert WORDS not in str([event.rows for event in reader.all(select(JournalEvent))])


def test_where_nobody_covers_the_place_it_is_the_desk_s(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    receipt = desk.needs.stating.state(ANYONE, SAID)
    assert receipt.answers == "L’accueil de Communauté d’essai vous répond ; aucun délai n’est annoncé."
    desk.needs.by_link.confirm(tokens(journal).pop())
    (line,) = desk.needs.reading.all(cast.admin)
    assert (line.owner, line.owner_name) == ("", "")
    with journal.reading(cast.officer) as reader:
        assert [row.owner_id for row in reader.all(select(Reminder))] == [""]
        assert reader.all(select(Letter.recipient).where(Letter.subject.like("Un besoin%"))) == ["admin@example.org"]


def test_an_officer_who_does_not_agree_is_never_named(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.acts.run(cast.admin, SET, cast.officer.person, Coverage("85109", 2, "02 51 00 00 01"))
    desk.acts.run(cast.admin, SET, "accueil", Coverage("", 5, "02 51 00 00 00"))
    contact = desk.covering.contact(("85109",))
    assert contact is not None
    assert (contact.name, contact.phone, contact.days) == ("", "02 51 00 00 00", 2)
    assert "person" not in contact.as_dict()
    desk.needs.by_link.confirm(state(desk, journal))
    assert desk.needs.reading.all(cast.officer)[0].owner == cast.officer.person
    with pytest.raises(NotFound):
        desk.acts.run(cast.admin, SET, cast.partner.person, Coverage("85109", 2))
    with pytest.raises(FieldFault):
        desk.acts.run(cast.admin, SET, cast.officer.person, Coverage("Nulle-Part-sur-Rien", 2))


def test_whoever_leaves_answers_no_more(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.acts.run(cast.officer, OWN, "", OwnCoverage("", 2, "02 51 00 00 01", public=True))
    desk.accounts.members.leave(cast.officer)
    contact = desk.covering.contact(("85109",))
    assert contact is not None and contact.name == ""
    with journal.reading(cast.admin) as reader:
        assert reader.all(select(Answerer.phone)) == [None]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (replace(SAID, text=""), "text"),
        (replace(SAID, text="mot " * 1300), "text"),
        (replace(SAID, text="12 000 €"), "text"),
        (replace(SAID, text="http://a.example http://b.example gagnez"), "text"),
        (replace(SAID, email="alix"), "email"),
        (replace(SAID, email=""), "email"),
        (replace(SAID, commune=""), "commune"),
        (replace(SAID, commune="75056"), "commune"),
        (replace(SAID, commune="Nulle-Part-sur-Rien"), "commune"),
        (replace(SAID, siren="12"), "siren"),
        (replace(SAID, text="Baisser nos prix de 10 %", readers=Readers.PUBLIC), "readers"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(
    desk: Desk, journal: SqlJournal, cast: Cast, said: NeedEntry, field: str
) -> None:
    with pytest.raises(FieldFault) as refused:
        desk.needs.stating.state(ANYONE, said)
    assert refused.value.field == field
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(StatedNeed)) == reader.count(select(Letter)) == 0


def test_letters_are_counted_by_address_and_by_origin(desk: Desk, cast: Cast) -> None:
    for _ in range(3):
        desk.needs.stating.state(ANYONE, SAID, "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        desk.needs.stating.state(ANYONE, SAID, "192.0.2.2")
    for rank in range(17):
        desk.needs.stating.state(ANYONE, replace(SAID, email=f"a{rank}@example.org"), "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        desk.needs.stating.state(ANYONE, replace(SAID, email="dernier@example.org"), "192.0.2.1")


def test_a_firm_that_asked_for_discretion_is_named_nowhere(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    place = desk.needs.stating.place(SIREN_MASKED, "85109")
    assert (place.siren, place.firm) == (SIREN_MASKED, "")
    desk.needs.by_link.confirm(state(desk, journal, replace(SAID, siren=SIREN_MASKED)))
    record = desk.needs.reading.one(cast.officer, only(desk, cast))
    dossier = desk.followup.dossiers.read(cast.officer, record.line.dossier)
    assert (dossier.line.title or "").startswith("« Nous cherchons")


def test_a_second_need_within_three_weeks_joins_the_first_and_is_told(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    desk.needs.by_link.confirm(state(desk, journal))
    clock.forward(days=20)
    second = state(desk, journal, replace(SAID, email="Alix@example.org"))
    assert desk.needs.by_link.look(second).earlier == (clock.now - timedelta(days=20)).date()
    desk.needs.by_link.confirm(second)
    lines = desk.needs.reading.all(cast.officer)
    assert len({line.dossier for line in lines}) == 1 and len(lines) == 2
    record = desk.needs.reading.one(cast.officer, lines[1].id)
    assert [one.id for one in record.earlier] == [lines[0].id]
    clock.forward(days=22)
    third = state(desk, journal)
    assert desk.needs.by_link.look(third).earlier is None
    desk.needs.by_link.confirm(state(desk, journal, replace(SAID, email="autre@example.org")))
    assert len({line.dossier for line in desk.needs.reading.all(cast.officer)}) == 2, "an empty SIREN is nobody's"


def test_who_asked_follows_it_to_its_result(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    token = state(desk, journal)
    assert reached(desk, token) == []
    desk.needs.by_link.confirm(token)
    assert reached(desk, token) == ["received"]
    need = only(desk, cast)
    desk.needs.reading.one(cast.officer, need)
    assert reached(desk, token) == ["received", "seen"]
    desk.acts.run(cast.officer, ANSWERED, need, NeedProposal("Deux locaux à visiter."))
    assert reached(desk, token) == ["received", "seen", "proposed"]
    (told,) = tokens(journal, "Une réponse")
    assert desk.needs.by_link.look(told).proposal == "Deux locaux à visiter."
    assert desk.needs.reading.all(cast.officer)[0].due_on is None, "its reminder is dealt with"
    clock.forward(days=3)
    desk.acts.run(cast.officer, CLOSED, need, NeedEnd(NeedOutcome.MET, "Bail signé."))
    ended = desk.needs.by_link.look(token)
    assert reached(desk, token) == ["received", "seen", "proposed", "result"]
    assert (ended.outcome, ended.result) == ("met", "Bail signé.")
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, ANSWERED, need, NeedProposal("Encore."))


def reached(desk: Desk, token: str) -> list[str]:
    return [step.word for step in desk.needs.by_link.look(token).steps if step.on]


def test_only_what_its_author_opened_is_published_without_their_name(
    desk: Desk, journal: SqlJournal, cast: Cast
) -> None:
    desk.needs.by_link.confirm(state(desk, journal))
    said = NeedAsCall("Un local de 300 m²", "Près d’un échangeur.")
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, PUBLISHED_AS_CALL, only(desk, cast), said)
    opened = replace(SAID, email="autre@example.org", readers=Readers.PUBLIC, siren=SIREN_HERE)
    desk.needs.by_link.confirm(state(desk, journal, opened))
    need = next(line.id for line in desk.needs.reading.all(cast.officer) if line.siren)
    desk.acts.run(cast.officer, PUBLISHED_AS_CALL, need, said)
    with journal.reading(ANYONE) as reader:
        (call,) = reader.all(select(Call))
        assert (call.siren, call.title, call.visibility) == ("", said.title, "public")
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, PUBLISHED_AS_CALL, need, said)


def test_taken_back_its_words_are_erased_at_once(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    token = state(desk, journal)
    desk.needs.by_link.confirm(token)
    assert desk.needs.by_link.withdraw(token).standing == "withdrawn"
    with journal.reading(cast.officer) as reader:
        (row,) = reader.all(select(StatedNeed))
        assert (row.text, row.email, row.name, row.phone) == (None, None, None, None)
        assert [one.done_at is not None for one in reader.all(select(Reminder))] == [True]
    with pytest.raises(Conflict):
        desk.needs.by_link.confirm(token)


def test_erasing_a_contact_empties_their_needs(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.needs.by_link.confirm(state(desk, journal))
    with journal.reading(cast.officer) as reader:
        (contact,) = reader.all(select(Contact.id))
    desk.acts.run(cast.officer, ERASED, contact, Confirmed("EFFACER"))
    with journal.reading(cast.officer) as reader:
        assert reader.all(select(StatedNeed.text)) == [None]


def test_an_unconfirmed_need_goes_after_thirty_days(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    state(desk, journal)
    desk.needs.by_link.confirm(state(desk, journal, replace(SAID, email="autre@example.org")))
    clock.forward(days=31)
    desk.retention.purging.run(cast.admin)
    with journal.reading(cast.officer) as reader:
        kept = {row.state: row.text for row in reader.all(select(StatedNeed))}
    assert kept == {"unconfirmed": None, "received": WORDS}, "what is followed waits for its term"


def test_no_other_organisation_reads_a_need(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.needs.by_link.confirm(state(desk, journal))
    need = only(desk, cast)
    assert desk.needs.reading.all(cast.officer_away) == ()
    for part in ("officer_away", "head", "elected", "partner", "anyone", "super_admin"):
        with pytest.raises(NotFound):
            desk.needs.reading.one(cast.scopes[part], need)
