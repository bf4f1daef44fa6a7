"""What was withdrawn is emptied after thirty days; the archives of a public body wait for their visa."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, Cast, Clock
from vigie.domain.access import Role, Scope
from vigie.errors import Conflict
from vigie.services.acts import Nothing
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.publishing import CallDraft
from vigie.services.desk import Desk
from vigie.services.followup import contacts, dossiers, exchanges
from vigie.services.followup.answers import DossierEntry
from vigie.services.followup.contacts import ContactEntry
from vigie.services.followup.exchanges import ExchangeEntry
from vigie.store.journal.followup import Contact, Dossier, Exchange
from vigie.store.journal.introductions import Call, CallAnswer
from vigie.store.journal.people import Organisation

pytestmark = pytest.mark.every_clock

MARK = "zqretirezq"
ENTRY = DossierEntry(kind="holder", title=MARK, summary=MARK, source=MARK)
KEEPER = Scope(role=Role.SUPER_ADMIN, organisation=HERE, via="command")


def words_left(desk: Desk, cast: Cast, table: type, column: str) -> list[str]:
    with desk.journal.reading(cast.officer) as reader:
        return [getattr(row, column) for row in reader.all(select(table)) if getattr(row, column) == MARK]


def kind_of_organisation(desk: Desk, kind: str, visa: str = "") -> None:
    with desk.journal.writing(KEEPER) as unit:
        unit.act("organisation.changed", HERE)
        held = unit.get(Organisation, HERE)
        held.kind, held.retention_visa = kind, visa


def withdraw_a_call(desk: Desk, cast: Cast) -> None:
    told = desk.acts.run(cast.officer, calls.PUBLISHED, "", CallDraft("need", MARK, MARK))
    desk.calls.answering.answer(cast.head, told.id, AnswerEntry(MARK))
    with desk.journal.writing(cast.officer) as unit:
        unit.act("answer.named", told.id)
        for answer in unit.all(select(CallAnswer).where(CallAnswer.call_id == told.id)):
            answer.name, answer.email, answer.body = MARK, MARK, MARK
    desk.acts.run(cast.officer, calls.WITHDRAWN, told.id, Nothing())


def test_a_withdrawn_call_and_its_answers_go_after_thirty_days_visa_or_not(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    withdraw_a_call(desk, cast)
    clock.forward(days=29)
    desk.retention.purging.run(cast.admin)
    assert words_left(desk, cast, CallAnswer, "email") == [MARK]
    clock.forward(days=2)
    looked = desk.retention.purging.preview(cast.admin)
    assert next(rule for rule in looked.rules if rule.rule == "withdrawn_calls").due == 2
    desk.retention.purging.run(cast.admin)
    for table, column in ((Call, "title"), (Call, "text"), (CallAnswer, "name"), (CallAnswer, "email")):
        assert words_left(desk, cast, table, column) == []
    again = desk.retention.purging.run(cast.admin)
    assert next(rule for rule in again.rules if rule.rule == "withdrawn_calls").due == 0


def withdraw_a_dossier(desk: Desk, cast: Cast, *, prospecting: bool) -> str:
    opened = desk.acts.run(cast.officer, dossiers.OPENED, "", replace(ENTRY, prospecting=prospecting)).line.id
    desk.acts.run(cast.officer, contacts.ADDED, opened, ContactEntry(name=MARK))
    desk.acts.run(cast.officer, exchanges.RECORDED, opened, ExchangeEntry("visit", MARK))
    desk.acts.run(cast.officer, dossiers.WITHDRAWN, opened, {})
    return opened


@pytest.mark.parametrize(
    ("kind", "visa", "prospecting", "goes"),
    [
        ("collectivite", "", False, False),
        ("collectivite", "visa 2026-12", False, True),
        ("collectivite", "", True, True),
        ("association", "", False, True),
    ],
)
def test_a_withdrawn_dossier_goes_after_thirty_days_unless_it_is_an_archive(
    desk: Desk, cast: Cast, clock: Clock, kind: str, visa: str, *, prospecting: bool, goes: bool
) -> None:
    kind_of_organisation(desk, kind, visa)
    opened = withdraw_a_dossier(desk, cast, prospecting=prospecting)
    clock.forward(days=31)
    report = desk.retention.purging.run(cast.admin)
    (rule,) = [one for one in report.rules if one.rule == "withdrawn_dossiers"]
    assert (rule.erased > 0, rule.kept > 0) == (goes, not goes)
    for table, column in ((Dossier, "title"), (Contact, "name"), (Exchange, "body")):
        assert bool(words_left(desk, cast, table, column)) is not goes
    if goes:
        with pytest.raises(Conflict, match="effacé"):
            desk.acts.run(cast.officer, dossiers.RESTORED, opened, {})
    else:
        assert "visa" in rule.kept_things[0].reason
        assert desk.acts.run(cast.officer, dossiers.RESTORED, opened, {}).line.title == MARK


def test_an_exchange_withdrawn_from_a_dossier_that_stays_goes_alone(desk: Desk, cast: Cast, clock: Clock) -> None:
    kind_of_organisation(desk, "association")
    opened = desk.acts.run(cast.officer, dossiers.OPENED, "", replace(ENTRY, title="Reste")).line.id
    kept = [
        desk.acts.run(cast.officer, exchanges.RECORDED, opened, ExchangeEntry("visit", text))
        for text in (MARK, "Reste")
    ]
    desk.acts.run(cast.officer, exchanges.WITHDRAWN, kept[0].id, {})
    clock.forward(days=31)
    desk.retention.purging.run(cast.admin)
    assert words_left(desk, cast, Exchange, "body") == []
    assert desk.followup.dossiers.read(cast.officer, opened).exchanges[0].body == "Reste"
