"""The small numbers of the desk's menu are those of the week, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

from tests.journal.cast import ELSEWHERE, SIREN_HERE, SIREN_PARTNER, Cast, Clock
from vigie.domain.access import Role, Scope
from vigie.services.desk import Desk
from vigie.services.followup.badges import NO_BADGE, Badges
from vigie.services.followup.monday import waits
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.introductions import Call, CallAnswer, IntroductionRequest
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import FirmLink
from vigie.store.journal.sql import SqlJournal


def fill(journal: SqlJournal, scope: Scope, officer: str) -> None:
    """Give an organisation one or two of each thing that waits, beside as many that do not."""
    with journal.writing(scope) as unit:
        unit.act("badges.prepared")
        today = unit.today
        one = unit.add(Dossier(kind="firm", title="Un", siren=SIREN_HERE, owner_id=officer))
        gone = unit.add(Dossier(kind="firm", title="Retiré", owner_id=officer, deleted_at=unit.now))
        unit.add(Dossier(kind="firm", title="Attend", owner_id=officer, waiting_since=today - timedelta(days=30)))
        unit.flush()
        for dossier, day, done in ((one, 0, None), (one, 9, None), (one, -1, unit.now), (gone, 0, None)):
            due = today + timedelta(days=day)
            unit.add(Reminder(dossier_id=dossier.id, due_on=due, reason="Rappeler", owner_id=officer, done_at=done))
        answering = unit.add(Reminder(dossier_id=one.id, due_on=today, reason="Répondre", owner_id=officer))
        unit.flush()
        unit.add(StatedNeed(state="received", confirmed_at=unit.now, owner_id=officer, reminder_id=answering.id))
        unit.add(StatedNeed(state="unconfirmed", owner_id=officer))
        call = unit.add(Call(kind="need", title="Appel", text="Texte", opens_on=today))
        unit.flush()
        for state in ("received", "received", "unconfirmed"):
            unit.add(CallAnswer(call_id=call.id, state=state, body="Réponse"))
        for state in ("waiting", "waiting", "declined"):
            unit.add(IntroductionRequest(person_id="x", siren=SIREN_HERE, sought_siren=SIREN_PARTNER, state=state))
        unit.add(FirmLink(person_id="x", siren=SIREN_HERE, proof="declared"))


def test_they_count_what_the_week_shows(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    fill(journal, cast.admin, cast.officer.person)
    page = desk.followup.monday.page(cast.officer)
    asked, _ = waits(page.requests)
    told = desk.followup.waiting.count(cast.officer)
    assert told == Badges(week=7, introductions=2, needs=1)
    assert told.week == len(asked) + len(page.reminders) + len(page.unanswered)
    clock.forward(days=10)
    assert desk.followup.waiting.count(cast.officer).week == 8, "kept for a day at most"


def test_nobody_counts_what_is_another_s(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    fill(journal, Scope(Role.ADMIN, ELSEWHERE, cast.admin_away.person, via="command"), cast.officer_away.person)
    assert desk.followup.waiting.count(cast.officer) == NO_BADGE
    assert desk.followup.waiting.count(cast.officer_away).week == 7
    for part in ("anyone", "head", "elected", "partner", "super_admin"):
        assert desk.followup.waiting.count(cast.scopes[part]) == NO_BADGE
