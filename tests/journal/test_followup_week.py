"""Reminders, what to chase, portfolios, Monday, and the weekly letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from tests.journal.firms import SIREN_MASKED, FakeRegister
from vigie.domain.french import identifier
from vigie.domain.relations import EventKind
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.followup import dossiers, exchanges, portfolios, reminders
from vigie.services.followup.answers import DossierEntry, ReminderLine
from vigie.services.followup.digest import send_digests
from vigie.services.followup.exchanges import ExchangeEntry
from vigie.services.followup.monday import waits
from vigie.services.followup.reading import DossierFilter
from vigie.services.followup.weekly_letter import letter, opening
from vigie.services.watch import WatchedEvent
from vigie.settings import Settings
from vigie.store.journal.introductions import Call, CallAnswer, Introduction, Side
from vigie.store.journal.people import FirmLink
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

TODAY = date(2026, 11, 23)


@pytest.fixture
def office(desk: Desk) -> Desk:
    return desk


@pytest.fixture
def dossier(office: Desk, cast: Cast) -> str:
    return office.acts.run(
        cast.officer, dossiers.OPENED, "", DossierEntry("firm", "Chaudronnerie", siren=SIREN_HERE)
    ).line.id


def _chased(office: Desk, cast: Cast, part: str = "officer", **asked: bool) -> list[tuple[str, str]]:
    return [
        (line.kind, line.reason or line.title)
        for line in office.followup.reminders.to_chase(cast.scopes[part], **asked)
    ]


def _remind(office: Desk, cast: Cast, day: date, reason: str, **about: str) -> ReminderLine:
    return office.acts.run(cast.officer, reminders.ADDED, "", reminders.ReminderEntry(reason, day, **about))


def test_the_oldest_is_chased_first(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    _remind(office, cast, TODAY, "Aujourd’hui", dossier=dossier)
    _remind(office, cast, TODAY + timedelta(days=1), "Demain", dossier=dossier)
    other = office.acts.run(cast.officer, dossiers.OPENED, "", DossierEntry("holder", "Sans réponse")).line.id
    office.acts.run(
        cast.officer, exchanges.RECORDED, other, ExchangeEntry("email", "Écrit", TODAY - timedelta(days=15))
    )
    assert _chased(office, cast) == [("reminder", "Aujourd’hui")]
    clock.forward(days=1)
    assert _chased(office, cast) == [("waiting", "Sans réponse"), ("reminder", "Aujourd’hui"), ("reminder", "Demain")]
    assert _chased(office, cast, "admin") == []
    assert len(_chased(office, cast, "admin", everyone=True)) == 3
    assert _chased(office, cast, "officer_away", everyone=True) == []
    office.acts.run(cast.officer, dossiers.WITHDRAWN, dossier, {})
    assert _chased(office, cast) == [("waiting", "Sans réponse")]
    office.acts.run(cast.officer, dossiers.CLOSED, other, {})
    assert _chased(office, cast) == []


def test_a_reminder_is_done_or_put_off(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    made = office.acts.run(
        cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Rappeler", TODAY, dossier=dossier)
    )
    assert office.acts.run(cast.officer, reminders.POSTPONED, made.id, {}).due_on == TODAY + timedelta(days=7)
    assert _chased(office, cast) == []
    clock.forward(days=8)
    assert _chased(office, cast) == [("reminder", "Rappeler")]
    done = office.acts.run(cast.admin, reminders.DONE, made.id, {"result": "Rendez-vous pris"})
    assert done.done_at is not None and done.result == "Rendez-vous pris"
    for again in (reminders.DONE, reminders.POSTPONED):
        with pytest.raises(Conflict):
            office.acts.run(cast.officer, again, made.id, {})  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        office.acts.tell(cast.officer_away, reminders.read_reminder, made.id)
    other = office.acts.run(
        cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Oublier", TODAY, dossier=dossier)
    )
    office.acts.run(cast.officer, reminders.WITHDRAWN, other.id, {})
    with pytest.raises(NotFound):
        office.acts.tell(cast.officer, reminders.read_reminder, other.id)


def test_reminders_that_cannot_be_kept(office: Desk, cast: Cast, dossier: str) -> None:
    for day, reason, about, field in (
        (TODAY, " ", {"dossier": dossier}, "reason"),
        (TODAY, "x", {}, "dossier"),
        (TODAY, "x", {"dossier": dossier, "introduction": "y"}, "dossier"),
        (date(2050, 1, 1), "x", {"dossier": dossier}, "due_on"),
    ):
        with pytest.raises(FieldFault) as fault:
            _remind(office, cast, day, reason, **about)
        assert fault.value.field == field
    with pytest.raises(NotFound):
        _remind(office, cast, TODAY, "x", introduction="nullepart")
    with pytest.raises(FieldFault):
        office.acts.run(
            cast.officer, reminders.POSTPONED, _remind(office, cast, TODAY, "x", dossier=dossier).id, {"days": 0}
        )


def test_an_introduction_has_its_reminders(office: Desk, cast: Cast, journal: SqlJournal) -> None:
    with journal.writing(cast.officer) as unit:
        unit.act("introduction.proposed")
        made = unit.add(Introduction(state="proposed"))
        for position, label in (("a", "Scierie"), ("b", "Menuiserie")):
            unit.add(Side(introduction_id=made.id, position=position, label=label))
    reminder = office.acts.run(
        cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Relancer", TODAY, introduction=made.id)
    )
    assert reminder.title == "Mise en relation : Scierie et Menuiserie"
    assert [line.id for line in office.followup.reminders.on_introduction(cast.officer, made.id)] == [reminder.id]
    assert _chased(office, cast) == [("reminder", "Relancer")]


def test_a_wait_ends_or_is_put_off(office: Desk, cast: Cast, clock: Clock, dossier: str) -> None:
    with pytest.raises(Conflict):
        office.acts.run(cast.officer, reminders.ANSWERED, dossier, {})
    office.acts.run(
        cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("email", "Écrit", TODAY - timedelta(days=16))
    )
    assert _chased(office, cast) == [("waiting", "Chaudronnerie")]
    office.acts.run(cast.officer, reminders.CHASED_LATER, dossier, {})
    assert _chased(office, cast) == []
    clock.forward(days=7)
    assert _chased(office, cast) == [("reminder", "Sans réponse depuis le 7\u00a0novembre 2026")]
    once = replace(cast.officer, request_key="done")
    for _ in range(2):
        office.acts.run(once, reminders.ANSWERED, dossier, {"result": "Accord de principe"})
    read = office.followup.dossiers.read(cast.officer, dossier)
    assert read.line.waiting_since is None
    assert [line.result for line in read.reminders if line.done_at] == ["Accord de principe"]


def test_portfolios_are_read_by_followers_and_changed_by_their_owner(office: Desk, cast: Cast, dossier: str) -> None:
    filled = office.followup.portfolios.fill_first(cast.officer, portfolios.Watching(siren=SIREN_HERE))
    again = office.followup.portfolios.fill_first(cast.officer, portfolios.Watching(siren=f"{SIREN_HERE}00017"))
    assert filled.line.id == again.line.id and len(again.members) == 1
    assert again.members[0].dossiers == (dossier,)
    there = office.acts.run(
        cast.officer, portfolios.FILLED, filled.line.id, portfolios.Watching(territory="Les Herbiers")
    )
    assert [member.territory for member in there.members] == ["", "commune:85109"]
    assert (
        office.acts.run(
            cast.officer, portfolios.FILLED, filled.line.id, portfolios.Watching(territory="epci:248500621")
        ).line.territories
        == 2
    )
    for wrong in ({"siren": "1"}, {"territory": "Nulle part"}, {}, {"siren": SIREN_HERE, "territory": "85109"}):
        with pytest.raises(FieldFault):
            office.acts.run(cast.officer, portfolios.FILLED, filled.line.id, wrong)
    seen = office.followup.portfolios.read(cast.admin, filled.line.id)
    assert seen.may_write is False and seen.line.owner_name == "Personne officer"
    for work in (
        lambda: office.acts.run(cast.admin, portfolios.RENAMED, filled.line.id, {"name": "Pris"}),
        lambda: office.acts.run(cast.admin, portfolios.WITHDRAWN, filled.line.id, {}),
        lambda: office.acts.run(
            cast.admin, portfolios.FILLED, filled.line.id, portfolios.Watching(siren=SIREN_PARTNER)
        ),
        lambda: office.acts.run(cast.admin, portfolios.EMPTIED, filled.line.id, {"member": seen.members[0].id}),
        lambda: office.followup.portfolios.read(cast.officer_away, filled.line.id),
        lambda: office.followup.portfolios.all(cast.head),
    ):
        with pytest.raises(NotFound):
            work()
    found = office.followup.dossiers.search(cast.officer, DossierFilter(portfolio=filled.line.id))
    assert [line.id for line in found.dossiers] == [dossier]
    emptied = office.acts.run(cast.officer, portfolios.EMPTIED, filled.line.id, {"member": seen.members[0].id})
    assert emptied.line.firms == 0
    assert office.acts.run(cast.officer, portfolios.RENAMED, filled.line.id, {"name": " Métaux "}).line.name == "Métaux"
    office.acts.run(cast.admin, portfolios.MADE, "", {"name": "À l’autre"})
    assert [line.name for line in office.followup.portfolios.all(cast.officer)] == ["Métaux", "À l’autre"]
    office.acts.run(cast.officer, portfolios.WITHDRAWN, filled.line.id, {})
    assert [line.name for line in office.followup.portfolios.all(cast.officer)] == ["À l’autre"]


class _Watch:
    """Two closures for the firm, one for the territory, whatever the day."""

    def foremost(self, *_: Any, **asked: Any) -> Any:
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


def test_monday_says_what_waits_and_what_changed(office: Desk, cast: Cast, journal: SqlJournal, dossier: str) -> None:
    empty = office.followup.monday.page(cast.officer)
    assert "Rien n’attend de réponse" in opening(empty) and "Aucune donnée" in opening(empty)
    _somebody_waits(journal, cast)
    office.acts.run(cast.officer, reminders.ADDED, "", reminders.ReminderEntry("Rappeler", TODAY, dossier=dossier))
    office.acts.run(cast.officer, exchanges.RECORDED, dossier, ExchangeEntry("note", "Secret de note"))
    for siren in (SIREN_HERE, SIREN_PARTNER):
        office.followup.portfolios.fill_first(cast.officer, portfolios.Watching(siren=siren))
    page = office.followup.monday.page(cast.officer, _Watch())  # type: ignore[arg-type]
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
        office.followup.monday.page(cast.head)
    assert office.followup.monday.page(cast.officer_away).requests == ()


def test_firms_in_difficulty_come_before_other_changes(office: Desk, cast: Cast) -> None:
    for siren in (SIREN_HERE, SIREN_PARTNER):
        office.followup.portfolios.fill_first(cast.officer, portfolios.Watching(siren=siren))
    page = office.followup.monday.page(cast.officer, _Watch())  # type: ignore[arg-type]
    assert page.alarms == () and "DIFFICULTÉ" not in letter(page, "Ici", "https://vigie.example/bureau")[1]
    closed, other = page.firms.events
    failing = replace(other, kind=EventKind.LIQUIDATION, label="liquidation judiciaire", sentence="prononcée")
    page = replace(page, firms=replace(page.firms, events=(closed, failing)))
    assert (page.alarms, page.changes) == ((failing,), (closed,))
    body = letter(page, "Ici", "https://vigie.example/bureau")[1]
    assert body.index("ENTREPRISES EN DIFFICULTÉ") < body.index("prononcée") < body.index("VOS PORTEFEUILLES")


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


def test_a_masked_firm_is_followed_but_never_prospected(
    journal: SqlJournal, settings: Settings, desk: Desk, cast: Cast
) -> None:
    office = make_desk(journal, desk.keys, settings, FakeRegister())
    entry = DossierEntry("firm", "Demande reçue", siren=SIREN_MASKED, prospecting=True)
    with pytest.raises(FieldFault) as fault:
        office.acts.run(cast.officer, dossiers.OPENED, "", entry)
    assert fault.value.field == "prospecting"
    prefilled = dossiers.prefilled(cast.officer, office.register, SIREN_MASKED)
    opened = office.acts.run(cast.officer, dossiers.OPENED, "", prefilled)
    assert opened.line.title == "Entreprise 123\u00a0456\u00a0782" and opened.prospecting is False
    with pytest.raises(FieldFault):
        office.acts.run(cast.officer, dossiers.EDITED, opened.line.id, entry)
