"""Calls: who publishes, who reads, who answers, and what is told of the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, Cast, Clock
from tests.journal.parties import Names, letters, link
from tests.not_empty import not_empty
from vigie.domain.access import Scope
from vigie.errors import Conflict, FieldFault, NotFound, TooManyAttempts
from vigie.services.acts import Nothing
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.answers import CallTold
from vigie.services.calls.publishing import CallDraft
from vigie.services.calls.reading import CallFilter
from vigie.services.desk import Desk
from vigie.store.journal.introductions import Call, CallAnswer
from vigie.store.journal.records import JournalEvent
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

NEED = CallDraft("need", "Tôles d’acier", "Une petite série de tôles pliées, sans urgence.")
NETWORK = replace(NEED, visibility="network")
PASSER = AnswerEntry("Nous plions jusqu’à 3 mm.", "Alix Passant", "alix@example.org")
CLOSING = date(2026, 12, 20)


def test_who_may_publish_what(desk: Desk, cast: Cast) -> None:
    def publish(scope: Scope, draft: CallDraft) -> CallTold:
        return desk.acts.run(scope, calls.PUBLISHED, "", draft)

    for part, public, network in (
        ("anyone", False, False), ("inhabitant", True, False), ("head", True, True), ("officer", True, True),
        ("admin", True, True), ("analyst", False, False), ("elected", False, False), ("partner", False, False),
        ("super_admin", False, False),
    ):  # fmt: skip
        for draft, allowed in ((NEED, public), (NETWORK, network)):
            if allowed:
                assert publish(cast.scopes[part], draft).own
            else:
                with pytest.raises(NotFound):
                    publish(cast.scopes[part], draft)


def test_who_may_read_what(desk: Desk, cast: Cast) -> None:
    public = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    network = desk.acts.run(cast.head, calls.PUBLISHED, "", NETWORK).id
    for part, scope in not_empty(cast.scopes.items()):
        assert desk.calls.reading.one(scope, public).title == NEED.title
        inside = part in ("head", "head_partner", "officer", "admin")
        if inside:
            assert desk.calls.reading.one(scope, network).visibility == "network"
        else:
            with pytest.raises(NotFound):
                desk.calls.reading.one(scope, network)
        assert {call.id for call in desk.calls.reading.published(scope).calls} == (
            {public, network} if inside else {public}
        )


def test_what_is_missing_is_said_beside_its_field(desk: Desk, cast: Cast, clock: Clock) -> None:
    today = clock.today
    for changed, field in (
        ({"kind": "autre"}, "kind"),
        ({"title": " "}, "title"),
        ({"text": "x" * 4001}, "text"),
        ({"visibility": "tous"}, "visibility"),
        ({"closes_on": today - timedelta(days=1)}, "closes_on"),
        ({"public_buyer": True}, "public_buyer"),
    ):
        with pytest.raises(FieldFault) as fault:
            desk.acts.run(cast.head, calls.PUBLISHED, "", replace(NEED, **changed))
        assert fault.value.field == field


def test_an_answer_without_account_is_shown_once_confirmed(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    assert not desk.calls.answering.answer(Scope(), call, PASSER, "192.0.2.1").confirmed
    assert desk.calls.reading.answers(cast.head, call) == ()
    token = link(journal, cast.officer, "alix@example.org", "Confirmez")
    for _ in range(2):
        assert not desk.calls.answering.look(token).confirmed
    assert desk.links.purpose(token) == "answer"
    assert desk.calls.answering.confirm(token).confirmed
    with pytest.raises(Conflict):
        desk.calls.answering.confirm(token)
    for scope, name, email in (
        (cast.head, "", ""), (cast.officer, PASSER.name, PASSER.email), (cast.admin, PASSER.name, PASSER.email),
    ):  # fmt: skip
        [answer] = desk.calls.reading.answers(scope, call)
        assert (answer.name, answer.email, answer.body) == (name, email, PASSER.body)
    for scope in (cast.head_partner, cast.inhabitant, cast.analyst, cast.officer_away, cast.anyone):
        with pytest.raises(NotFound):
            desk.calls.reading.answers(scope, call)
    [told] = letters(journal, cast.officer, "head@example.org")
    assert PASSER.body not in (told.body or "")
    with journal.reading(cast.officer) as reader:
        kept = str([event.rows for event in reader.all(select(JournalEvent))])
    assert "alix" not in kept.casefold()


def test_an_unconfirmed_answer_dies_with_its_link(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    desk.calls.answering.answer(Scope(), call, PASSER)
    clock.forward(days=31)
    with pytest.raises(Conflict):
        desk.calls.answering.confirm(link(journal, cast.officer, "alix@example.org", "Confirmez"))


def test_somebody_known_answers_at_once_even_from_elsewhere(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", NEED).id
    assert desk.calls.answering.answer(cast.head_away, call, AnswerEntry("Je peux.")).confirmed
    [answer] = desk.calls.reading.answers(cast.officer, call)
    assert (answer.name, answer.siren) == ("Personne head_away", cast.head_away.siren)
    with journal.reading(cast.officer) as reader:
        assert {row.organisation_id for row in reader.all(select(CallAnswer))} == {HERE}
    network = desk.acts.run(cast.officer, calls.PUBLISHED, "", NETWORK).id
    with pytest.raises(NotFound):
        desk.calls.answering.answer(cast.head_away, network, AnswerEntry("Je peux."))
    with pytest.raises(Conflict, match="le vôtre"):
        desk.calls.answering.answer(cast.officer, network, AnswerEntry("Je me réponds."))


def test_answers_are_slowed_down(desk: Desk, cast: Cast, clock: Clock) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    for _ in range(5):
        desk.calls.answering.answer(Scope(), call, PASSER, "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        desk.calls.answering.answer(Scope(), call, PASSER, "192.0.2.2")
    clock.forward(hours=2)
    desk.calls.answering.answer(Scope(), call, PASSER, "192.0.2.1")


def test_a_closed_call_takes_no_answer(desk: Desk, cast: Cast, clock: Clock) -> None:
    dated = desk.acts.run(cast.head, calls.PUBLISHED, "", replace(NEED, closes_on=CLOSING)).id
    shut = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    for stranger in (cast.head_partner, cast.inhabitant, cast.officer_away, cast.anyone):
        with pytest.raises(NotFound):
            desk.acts.run(stranger, calls.CLOSED, shut, Nothing())
    assert desk.acts.run(cast.head, calls.CLOSED, shut, Nothing()).state == "closed"
    clock.now = clock.now.replace(month=12, day=21)
    for call in (dated, shut):
        assert not desk.calls.reading.one(cast.anyone, call).open
        with pytest.raises(Conflict, match="plus de réponses"):
            desk.calls.answering.answer(cast.head_partner, call, AnswerEntry("Trop tard."))
    assert desk.calls.reading.published(cast.anyone).calls == ()
    assert desk.calls.reading.published(cast.anyone, CallFilter(open_only=False)).total == 2


def test_a_sourcing_tells_everybody_the_same(desk: Desk, cast: Cast, clock: Clock) -> None:
    sourcing = replace(NEED, public_buyer=True, closes_on=CLOSING)
    for draft in (replace(sourcing, visibility="network"), replace(sourcing, closes_on=None)):
        with pytest.raises(FieldFault):
            desk.acts.run(cast.officer, calls.PUBLISHED, "", draft)
    call = desk.acts.run(cast.officer, calls.PUBLISHED, "", sourcing).id
    for scope in (cast.head, cast.head_away):
        desk.calls.answering.answer(scope, call, AnswerEntry("Nous savons faire."))
    clock.forward(days=1)
    desk.calls.answering.answer(cast.head_partner, call, AnswerEntry("Nous aussi."))
    logs = [desk.calls.reading.one(scope, call) for scope in (cast.anyone, cast.head, cast.officer, cast.elected)]
    assert {told.log for told in logs} == {((date(2026, 11, 23), 2), (date(2026, 11, 24), 1))}
    assert {told.answers for told in logs} == {3}
    ordinary = desk.acts.run(cast.officer, calls.PUBLISHED, "", NEED).id
    assert desk.calls.reading.one(cast.anyone, ordinary).answers is None
    with pytest.raises(Conflict, match="lisible par tous"):
        desk.acts.run(cast.officer, calls.WITHDRAWN, call, Nothing())


def test_a_withdrawn_or_moderated_call_is_gone(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    kept, gone = (desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id for _ in range(2))
    desk.acts.run(cast.head, calls.WITHDRAWN, gone, Nothing())
    with journal.writing(cast.admin) as unit:
        unit.act("call.moderated", kept)
        unit.get(Call, kept).state = "moderated"
    for call in (kept, gone):
        with pytest.raises(NotFound):
            desk.calls.reading.one(cast.anyone, call)
    assert desk.calls.reading.published(cast.officer, CallFilter(open_only=False)).calls == ()
    assert desk.calls.reading.one(cast.head, kept).state == "moderated"
    for part, listed in (("head", True), ("admin", True), ("officer", False)):
        mine = {call.id for call in desk.calls.reading.mine(cast.scopes[part]).calls}
        assert (kept in mine) is listed, f"{part}: what is listed is what is read"


def test_an_answer_becomes_an_introduction_that_asks_both(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    call = desk.acts.run(cast.head, calls.PUBLISHED, "", NEED).id
    desk.calls.answering.answer(Scope(), call, PASSER)
    desk.calls.answering.confirm(link(journal, cast.officer, "alix@example.org", "Confirmez"))
    [answer] = desk.calls.reading.answers(cast.officer, call)
    for stranger in (cast.head, cast.inhabitant, cast.admin_away, cast.anyone):
        with pytest.raises(NotFound):
            desk.calls.introducing.introduce(stranger, call, answer.id, Names())
    told = desk.calls.introducing.introduce(cast.officer, call, answer.id, Names())
    assert (told.state, told.call_id) == ("proposed", call)
    assert [side.label for side in told.sides] == ["FORGE D’ESSAI", "une personne qui a répondu à l’appel"]
    assert [side.consent for side in told.sides] == ["waiting", "waiting"]
    assert desk.calls.reading.answers(cast.officer, call)[0].introduction_id == told.id
    token = link(journal, cast.officer, "head@example.org", "proposée")
    assert desk.links.purpose(token) == "consent"


def test_totals_of_the_network_are_of_three_authors_and_of_closed_quarters(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    none: dict[str, int | None] = dict.fromkeys(("need", "offer", "co_innovation"))
    for _ in range(4):
        desk.acts.run(cast.officer, calls.PUBLISHED, "", replace(NETWORK, kind="offer"))
    for author in (cast.officer, cast.admin, cast.head):
        desk.acts.run(author, calls.PUBLISHED, "", replace(NETWORK, kind="need"))
    assert desk.calls.reading.aggregates(cast.elected) == none, "the quarter is not closed"
    assert desk.calls.reading.aggregates(cast.officer) == {"need": 3, "offer": 4, "co_innovation": 0}
    clock.forward(days=92)
    assert desk.calls.reading.aggregates(cast.elected) == none | {"need": 3}, "one author made every offer"
    withdrawn = desk.acts.run(cast.officer, calls.PUBLISHED, "", replace(NETWORK, kind="need"))
    clock.forward(days=92)
    assert desk.calls.reading.aggregates(cast.elected) == none | {"need": 3}, "one more call would be found"
    desk.acts.run(cast.officer, calls.WITHDRAWN, withdrawn.id, Nothing())
    with pytest.raises(NotFound):
        desk.calls.reading.aggregates(cast.inhabitant)


def test_the_list_is_filtered_and_mine_are_mine(desk: Desk, cast: Cast) -> None:
    desk.acts.run(cast.head, calls.PUBLISHED, "", NEED)
    desk.acts.run(cast.inhabitant, calls.PUBLISHED, "", replace(NEED, kind="offer", title="Un établi"))
    reading = desk.calls.reading
    assert [call.title for call in reading.published(cast.anyone, CallFilter(kind="offer")).calls] == ["Un établi"]
    assert reading.published(cast.anyone, CallFilter(words="TOLES établi")).total == 1
    assert reading.published(cast.anyone, CallFilter(words="acier à plier")).total == 0
    assert reading.mine(cast.head).total == 1
    assert reading.mine(cast.officer).total == 2
    assert reading.mine(cast.officer_away).total == 0
    with pytest.raises(NotFound):
        reading.mine(cast.analyst)


def test_a_form_sent_twice_publishes_and_answers_once(desk: Desk, cast: Cast) -> None:
    asked = replace(cast.officer, request_key="publier")
    call = desk.acts.run(asked, calls.PUBLISHED, "", NEED)
    assert desk.acts.run(asked, calls.PUBLISHED, "", NEED).id == call.id
    replying = replace(cast.head, request_key="répondre")
    for _ in range(2):
        assert desk.calls.answering.answer(replying, call.id, AnswerEntry("Oui.")).confirmed
    assert len(desk.calls.reading.answers(cast.officer, call.id)) == 1
