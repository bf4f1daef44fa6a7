"""Correcting a published call: who may, what is kept of what was said, who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast, Clock
from tests.journal.parties import letters, link
from tests.journal.test_calls import CLOSING, NEED, NETWORK, PASSER
from tests.not_empty import not_empty
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Nothing
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.answers import CallTold
from vigie.services.calls.publishing import Content
from vigie.services.desk import Desk
from vigie.services.retention.rules import RULES, RetentionContext
from vigie.store.journal.introductions import Call, CallCorrection
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

SOURCING = replace(NEED, public_buyer=True, closes_on=CLOSING)
LATER = date(2027, 1, 15)


def warned(journal: SqlJournal, cast: Cast) -> list[str]:
    return sorted(one.recipient or "" for one in letters(journal, cast.officer) if "corrigé" in (one.subject or ""))


def test_who_may_correct(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    def correct(scope: Scope, call: str, content: Content) -> CallTold:
        return desk.acts.run(scope, calls.CORRECTED, call, content)

    for draft in (NEED, NETWORK):
        call = desk.acts.run(cast.head, calls.PUBLISHED, "", draft).id
        for part, scope in not_empty(cast.scopes.items()):
            content = replace(draft.content, title=f"Tôles, dit {part}")
            if part in ("head", "officer", "admin"):
                assert correct(scope, call, content).title == content.title
            else:
                with pytest.raises(NotFound):
                    correct(scope, call, content)
    token = replace(cast.officer, role=Role.READING_TOKEN, via="token")
    with pytest.raises(NotFound):
        correct(token, call, NEED.content)
    assert warned(journal, cast) == ["head@example.org"] * 4, "its author learns what others corrected"


def test_a_sourcing_keeps_what_it_said_for_everybody(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", SOURCING).id
    desk.calls.answering.answer(cast.head_away, call, AnswerEntry("Nous savons faire."))
    desk.calls.answering.answer(Scope(), call, PASSER)
    clock.forward(days=1)
    corrected = clock.now
    content = replace(SOURCING.content, text="Une grande série, finalement.")
    desk.acts.run(cast.officer, calls.CORRECTED, call, content)
    clock.forward(days=1)
    desk.acts.run(cast.admin, calls.CORRECTED, call, replace(content, closes_on=LATER))
    told = [desk.calls.reading.one(scope, call) for scope in (cast.anyone, cast.head_away, cast.officer, cast.elected)]
    assert len({one.corrections for one in told}) == 1
    first, second = told[0].corrections
    assert (first.at, first.changed) == (corrected, ("text",))
    assert first.former is not None and first.former.text == SOURCING.text
    assert second.changed == ("closes_on",)
    assert second.former is not None and (second.former.text, second.former.closes_on) == (content.text, CLOSING)
    assert (told[0].text, told[0].closes_on) == (content.text, LATER)
    # An address that nobody proved is not written to; proved later, it learns what changed since it answered.
    assert warned(journal, cast) == ["head_away@example.org"] * 2 + ["officer@example.org"]
    desk.calls.answering.confirm(link(journal, cast.officer, "alix@example.org", "Confirmez"))
    [late] = [one for one in letters(journal, cast.officer, "alix@example.org") if "corrigé" in (one.subject or "")]
    assert "le texte, le dernier jour pour répondre (désormais le 15/01/2027)" in (late.body or "")
    with pytest.raises(FieldFault) as fault:
        desk.acts.run(cast.officer, calls.CORRECTED, call, replace(content, closes_on=None))
    assert fault.value.field == "closes_on"


def test_an_ordinary_call_tells_no_former_text(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    desk.calls.answering.answer(cast.head_partner, call, AnswerEntry("Oui."))
    desk.acts.run(cast.head, calls.CORRECTED, call, replace(NEED.content, title="Tôles d'acier"))
    assert warned(journal, cast) == [], "an apostrophe is not the substance"
    clock.forward(hours=1)
    desk.acts.run(cast.head, calls.CORRECTED, call, replace(NEED.content, title="Tôles d’aluminium", kind="offer"))
    assert warned(journal, cast) == ["head_partner@example.org"]
    seen = desk.calls.reading.one(cast.anyone, call).corrections
    assert [(one.changed, one.former) for one in seen] == [(("title",), None), (("kind", "title"), None)]
    with journal.reading(cast.officer) as reader:
        assert [(row.title, row.text) for row in reader.all(select(CallCorrection))] == [(None, None)] * 2
        kept = str(
            [event.rows for event in reader.all(select(JournalEvent).where(JournalEvent.kind == "call.corrected"))]
        )
    assert "acier" not in kept and "aluminium" not in kept


def test_the_same_again_changes_nothing_and_a_form_sent_twice_corrects_once(desk: Desk, cast: Cast) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    assert desk.acts.run(cast.head, calls.CORRECTED, call, NEED.content).corrections == ()
    sent = replace(cast.head, request_key="corriger")
    for title in ("Un titre", "Un autre"):
        told = desk.acts.run(sent, calls.CORRECTED, call, replace(NEED.content, title=title))
        assert (told.title, len(told.corrections)) == ("Un titre", 1)


def test_the_last_day_moves_both_ways_and_a_closed_call_stays_as_it_is(desk: Desk, cast: Cast, clock: Clock) -> None:
    def correct(scope: Scope, call: str, content: Content) -> CallTold:
        return desk.acts.run(scope, calls.CORRECTED, call, content)

    reading = desk.calls.reading
    today = clock.today
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", replace(NEED, closes_on=CLOSING)).id
    assert correct(cast.head, call, replace(NEED.content, closes_on=today)).open
    clock.forward(days=1)
    assert not reading.one(cast.head, call).open
    # What is past may be put right without a new last day, and taken up again with one.
    assert not correct(cast.head, call, replace(NEED.content, title="Tôles", closes_on=today)).open
    assert correct(cast.head, call, replace(NEED.content, closes_on=LATER)).open
    for wrong in (today, today + timedelta(days=500)):
        with pytest.raises(FieldFault) as fault:
            correct(cast.head, call, replace(NEED.content, closes_on=wrong))
        assert fault.value.field == "closes_on"
    desk.acts.run(cast.head, calls.CLOSED, call, Nothing())
    assert "correct" not in reading.one(cast.head, call).may
    with pytest.raises(Conflict, match="ne se corrige plus"):
        correct(cast.head, call, NEED.content)


def test_what_a_call_said_goes_with_it(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", SOURCING).id
    desk.acts.run(cast.officer, calls.CORRECTED, call, replace(SOURCING.content, text="Autre chose."))
    clock.forward(days=37 * 31)
    [rule] = [one for one in RULES if one.word == "calls"]
    with journal.writing(cast.admin) as unit:
        organisation = unit.get(Organisation, cast.admin.organisation)
        assert rule.find(unit, RetentionContext(organisation, unit.now)).due == [], "archives wait for their visa"
        unit.act("organisation.changed", organisation.id)
        organisation.retention_visa = "visa d’essai"
        due = rule.find(unit, RetentionContext(organisation, unit.now)).due
    assert [type(row) for row in due] == [Call, CallCorrection]
