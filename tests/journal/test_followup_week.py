"""Reminders, what to chase, portfolios, Monday, and the weekly letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from vigie.domain.french import identifier
from vigie.domain.relations import EventKind
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.desk import Desk
from vigie.services.followup.digest import send_digests
from vigie.services.followup.entries import DossierEntry, ExchangeEntry
from vigie.services.followup.finding import DossierFilter
from vigie.services.followup.monday_words import letter, opening, waits
from vigie.services.followup.use_cases import FollowUp
from vigie.services.watch import WatchedEvent
from vigie.store.journal.introductions import Call, CallAnswer, Introduction, Side
from vigie.store.journal.people import FirmLink
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(desk: Desk) -> FollowUp:
    return desk.followup


@pytest.fixture
def dossier(office: FollowUp, cast: Cast) -> str:
    return office.dossiers.open(cast.officer, DossierEntry("firm", "Chaudronnerie", siren=SIREN_HERE)).line.id


def _chased(office: FollowUp, cast: Cast, part: str = "officer", **asked: bool) -> list[tuple[str, str]]:
    return [(line.kind, line.reason or line.title) for line in office.reminders.to_chase(cast.scopes[part], **asked)]


def test_the_oldest_is_chased_first(office: FollowUp, cast: Cast, clock: Clock, dossier: str) -> None:
    add = office.reminders.add
    add(cast.officer, TODAY, "Aujourd’hui", dossier=dossier)
    add(cast.officer, TODAY + timedelta(days=1), "Demain", dossier=dossier)
    other = office.dossiers.open(cast.officer, DossierEntry("holder", "Sans réponse")).line.id
    office.exchanges.record(cast.officer, other, ExchangeEntry("email", "Écrit", TODAY - timedelta(days=15)))
    assert _chased(office, cast) == [("reminder", "Aujourd’hui")]
    clock.forward(days=1)
    assert _chased(office, cast) == [("waiting", "Sans réponse"), ("reminder", "Aujourd’hui"), ("reminder", "Demain")]
    assert _chased(office, cast, "admin") == []
    assert len(_chased(office, cast, "admin", everyone=True)) == 3
    assert _chased(office, cast, "officer_away", everyone=True) == []
    office.dossiers.withdraw(cast.officer, dossier)
    assert _chased(office, cast) == [("waiting", "Sans réponse")]
    office.dossiers.close(cast.officer, other)
    assert _chased(office, cast) == []


def test_a_reminder_is_done_or_put_off(office: FollowUp, cast: Cast, clock: Clock, dossier: str) -> None:
    made = office.reminders.add(cast.officer, TODAY, "Rappeler", dossier=dossier)
    assert office.reminders.postpone(cast.officer, made.id).due_on == TODAY + timedelta(days=7)
    assert _chased(office, cast) == []
    clock.forward(days=8)
    assert _chased(office, cast) == [("reminder", "Rappeler")]
    done = office.reminders.done(cast.admin, made.id, "Rendez-vous pris")
    assert done.done_at is not None and done.result == "Rendez-vous pris"
    for again in (office.reminders.done, office.reminders.postpone):
        with pytest.raises(Conflict):
            again(cast.officer, made.id)
    with pytest.raises(NotFound):
        office.reminders.read(cast.officer_away, made.id)
    other = office.reminders.add(cast.officer, TODAY, "Oublier", dossier=dossier)
    office.reminders.withdraw(cast.officer, other.id)
    with pytest.raises(NotFound):
        office.reminders.read(cast.officer, other.id)


def test_reminders_that_cannot_be_kept(office: FollowUp, cast: Cast, dossier: str) -> None:
    add = office.reminders.add
    for day, reason, about, field in (
        (TODAY, " ", {"dossier": dossier}, "reason"),
        (TODAY, "x", {}, "dossier"),
        (TODAY, "x", {"dossier": dossier, "introduction": "y"}, "dossier"),
        (date(2050, 1, 1), "x", {"dossier": dossier}, "due_on"),
    ):
        with pytest.raises(FieldFault) as fault:
            add(cast.officer, day, reason, **about)
        assert fault.value.field == field
    with pytest.raises(NotFound):
        add(cast.officer, TODAY, "x", introduction="nullepart")
    with pytest.raises(FieldFault):
        office.reminders.postpone(cast.officer, add(cast.officer, TODAY, "x", dossier=dossier).id, 0)


def test_an_introduction_has_its_reminders(office: FollowUp, cast: Cast, journal: SqlJournal) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("introduction.proposed")
        made = unit.add(Introduction(state="proposed"))
        for position, label in (("a", "Scierie"), ("b", "Menuiserie")):
            unit.add(Side(introduction_id=made.id, position=position, label=label))
    reminder = office.reminders.add(cast.officer, TODAY, "Relancer", introduction=made.id)
    assert reminder.title == "Mise en relation : Scierie et Menuiserie"
    assert [line.id for line in office.reminders.on_introduction(cast.officer, made.id)] == [reminder.id]
    assert _chased(office, cast) == [("reminder", "Relancer")]


def test_a_wait_ends_or_is_put_off(office: FollowUp, cast: Cast, clock: Clock, dossier: str) -> None:
    with pytest.raises(Conflict):
        office.reminders.answered(cast.officer, dossier)
    office.exchanges.record(cast.officer, dossier, ExchangeEntry("email", "Écrit", TODAY - timedelta(days=16)))
    assert _chased(office, cast) == [("waiting", "Chaudronnerie")]
    office.reminders.chase_later(cast.officer, dossier)
    assert _chased(office, cast) == []
    clock.forward(days=7)
    assert _chased(office, cast) == [("reminder", "Sans réponse depuis le 7\u00a0novembre 2026")]
    once = replace(cast.officer, request_key="done")
    for _ in range(2):
        office.reminders.answered(once, dossier, "Accord de principe")
    read = office.dossiers.read(cast.officer, dossier)
    assert read.line.waiting_since is None
    assert [line.result for line in read.reminders if line.done_at] == ["Accord de principe"]


def test_portfolios_are_read_by_followers_and_changed_by_their_owner(
    office: FollowUp, cast: Cast, dossier: str
) -> None:
    filled = office.portfolios.add(cast.officer, "", siren=SIREN_HERE)
    again = office.portfolios.add(cast.officer, "", siren=f"{SIREN_HERE}00017")
    assert filled.line.id == again.line.id and len(again.members) == 1
    assert again.members[0].dossiers == (dossier,)
    there = office.portfolios.add(cast.officer, filled.line.id, territory="Les Herbiers")
    assert [member.territory for member in there.members] == ["", "commune:85109"]
    assert office.portfolios.add(cast.officer, filled.line.id, territory="epci:248500621").line.territories == 2
    for wrong in ({"siren": "1"}, {"territory": "Nulle part"}, {}, {"siren": SIREN_HERE, "territory": "85109"}):
        with pytest.raises(FieldFault):
            office.portfolios.add(cast.officer, filled.line.id, **wrong)
    seen = office.portfolios.read(cast.admin, filled.line.id)
    assert seen.may_write is False and seen.line.owner_name == "Personne officer"
    for work in (
        lambda: office.portfolios.rename(cast.admin, filled.line.id, "Pris"),
        lambda: office.portfolios.withdraw(cast.admin, filled.line.id),
        lambda: office.portfolios.add(cast.admin, filled.line.id, siren=SIREN_PARTNER),
        lambda: office.portfolios.remove(cast.admin, filled.line.id, seen.members[0].id),
        lambda: office.portfolios.read(cast.officer_away, filled.line.id),
        lambda: office.portfolios.all(cast.head),
    ):
        with pytest.raises(NotFound):
            work()
    found = office.dossiers.search(cast.officer, DossierFilter(portfolio=filled.line.id))
    assert [line.id for line in found.dossiers] == [dossier]
    emptied = office.portfolios.remove(cast.officer, filled.line.id, seen.members[0].id)
    assert emptied.line.firms == 0
    assert office.portfolios.rename(cast.officer, filled.line.id, " Métaux ").line.name == "Métaux"
    office.portfolios.make(cast.admin, "À l’autre")
    assert [line.name for line in office.portfolios.all(cast.officer)] == ["Métaux", "À l’autre"]
    office.portfolios.withdraw(cast.officer, filled.line.id)
    assert [line.name for line in office.portfolios.all(cast.officer)] == ["À l’autre"]


class _Watch:
    """Two closures for the firm, one for the territory, whatever the day."""

    def events(self, **asked: Any) -> Any:
        wanted = 2 if set(asked.get("sirens", ())) == {SIREN_HERE, SIREN_PARTNER} else 1
        event = WatchedEvent(
            kind=EventKind.CLOSURE, label="fermeture", sentence="a fermé", siret=f"{SIREN_HERE}00017", siren=SIREN_HERE,
            name="Chaudronnerie", masked=False, commune="85109", commune_name="Les Herbiers", date=TODAY, seen=TODAY,
            before=None, after=None, other_commune=None, other_commune_name=None,
        )  # fmt: skip
        return SimpleNamespace(events=(event,) * wanted, total=wanted, territory=SimpleNamespace(name="Les Herbiers"))


def _somebody_waits(journal: SqlJournal, cast: Cast) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("test.waiting")
        unit.add(FirmLink(person_id=cast.head.person, siren=SIREN_HERE, proof="declared"))
        call = unit.add(Call(kind="need", title="Cherche tôlerie", opens_on=TODAY))
        for words in ("Nous savons faire", "Nous aussi"):
            unit.add(CallAnswer(call_id=call.id, body=words))
        made = unit.add(Introduction(state="proposed"))
        for position, label in (("a", "Scierie"), ("b", "une personne")):
            unit.add(Side(introduction_id=made.id, position=position, label=label))
        closed = unit.add(Introduction(state="abandoned"))
        unit.add(Side(introduction_id=closed.id, position="a", label="Ailleurs"))


def test_monday_says_what_waits_and_what_changed(
    office: FollowUp, cast: Cast, journal: SqlJournal, dossier: str
) -> None:
    empty = office.monday.page(cast.officer)
    assert "Rien n’attend de réponse" in opening(empty) and "Aucune donnée" in opening(empty)
    _somebody_waits(journal, cast)
    office.reminders.add(cast.officer, TODAY, "Rappeler", dossier=dossier)
    office.exchanges.record(cast.officer, dossier, ExchangeEntry("note", "Secret de note"))
    for siren in (SIREN_HERE, SIREN_PARTNER):
        office.portfolios.add(cast.officer, "", siren=siren)
    page = office.monday.page(cast.officer, _Watch())  # type: ignore[arg-type]
    assert sorted(request.kind for request in page.requests) == [*["call_answer"] * 2, *["consent"] * 2, "firm_link"]
    asked, agreements = waits(page.requests)
    assert [wait.sentence.replace("\u00a0", " ") for wait in (*asked, *agreements)] == [
        f"Personne head demande à parler pour l’entreprise {identifier(SIREN_HERE)}".replace("\u00a0", " "),
        "2 personnes ont répondu à l’appel « Cherche tôlerie »",
        "Scierie et une personne n’ont pas encore répondu à leur mise en relation",
    ]
    (alone,) = waits(page.requests[-1:])[1]
    assert alone.sentence == "Une personne n’a pas encore répondu à sa mise en relation avec Scierie"
    assert page.firms.total == 2
    assert [week.key for week in page.territories] == ["epci:248500621"]
    sentence = opening(page)
    for part in (
        "2\u00a0demandes",
        "1\u00a0rappel",
        "1\u00a0mise en relation",
        "2\u00a0changements",
        "16\u00a0novembre 2026",
    ):
        assert part in sentence
    subject, body = letter(page, "Communauté d’essai", "https://vigie.example/bureau/lundi")
    assert "Communauté d’essai" in subject
    for part in ("Cherche tôlerie", "Rappeler", "fermeture", "https://vigie.example/bureau/lundi"):
        assert part in body
    assert "Secret de note" not in body
    assert page.as_dict()["firms"]["events"][0]["kind"] == "fermeture"
    with pytest.raises(NotFound):
        office.monday.page(cast.head)
    assert office.monday.page(cast.officer_away).requests == ()


def test_one_letter_an_officer_and_a_week_unless_refused(desk: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    def letters() -> list[Any]:
        with desk.journal.reading(cast.officer) as reader:
            assert reader.scope.organisation == HERE
            return list(reader.all(select(Letter)))

    first = send_digests(desk.journal, desk.mail, desk.followup.monday)
    assert (first.written, first.already, first.refused) == (2, 0, 0)
    assert send_digests(desk.journal, desk.mail, desk.followup.monday).already == 2
    assert [line.recipient for line in letters()] == ["officer@example.org"]
    clock.forward(days=7)
    desk.followup.monday.receive(cast.officer, letter=False)
    desk.followup.monday.receive(cast.officer, letter=False)
    assert desk.followup.monday.page(cast.officer).letter is False
    assert desk.followup.monday.page(cast.admin).letter is True
    second = send_digests(desk.journal, desk.mail, desk.followup.monday)
    assert (second.written, second.refused) == (1, 1)
    desk.followup.monday.receive(cast.officer, letter=True)
    assert send_digests(desk.journal, desk.mail, desk.followup.monday).written == 1
    assert len(letters()) == 2


class _Know:
    """One firm, masked."""

    def firm(self, siren: str) -> Any:
        return SimpleNamespace(
            siren=siren, unit=SimpleNamespace(name=None, usual_name=None, masked=True, diffusion="P"), establishments=()
        )


def test_a_masked_firm_is_followed_but_never_prospected(office: FollowUp, cast: Cast) -> None:
    entry = DossierEntry("firm", "Demande reçue", siren=SIREN_PARTNER, prospecting=True)
    with pytest.raises(FieldFault) as fault:
        office.dossiers.open(cast.officer, entry, _Know())  # type: ignore[arg-type]
    assert fault.value.field == "prospecting"
    opened = office.dossiers.open_on_firm(cast.officer, SIREN_PARTNER, _Know())  # type: ignore[arg-type]
    assert opened.line.title == "Entreprise 552\u00a0100\u00a0554" and opened.prospecting is False
    with pytest.raises(FieldFault):
        office.dossiers.edit(cast.officer, opened.line.id, entry, _Know())  # type: ignore[arg-type]
