"""Objections: at once for the head, by a link otherwise, reviewed, withdrawn; only a fingerprint is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, HOST, SIREN_AWAY, SIREN_HERE, Cast, Clock
from tests.journal.firms import SIREN_MASKED, FakeRegister
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.domain.access import Scope
from vigie.errors import Conflict, FieldFault, NotFound, RequestFault, TooManyAttempts
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.publishing import CallDraft as Call
from vigie.services.desk import Desk
from vigie.services.desk import desk as make_desk
from vigie.services.firms.suppression_list import SuppressionHere, SuppressionList
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal.base import Base
from vigie.store.journal.firms import Objection
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.every_clock

UNKNOWN = "999999999"


@pytest.fixture
def desk(journal: SqlJournal, keys: Keys, settings: Settings) -> Desk:
    return make_desk(journal, keys, settings, FakeRegister())


def letter(journal: SqlJournal, organisation: str = HERE) -> tuple[Letter, str]:
    """Return the only letter of an organisation, and the token of its link."""
    with journal.reading(Scope(organisation=organisation)) as reader:
        found = reader.one(select(Letter))
    assert found is not None
    token = re.search(r"/lien/opposition/([\w-]+)", found.body or "")
    assert token is not None
    return found, token[1]


def test_the_head_objects_at_once_and_takes_it_back(desk: Desk, cast: Cast) -> None:
    before = desk.suppressions.mark()
    assert desk.objections.standing(cast.head, SIREN_HERE).may_object
    assert desk.objections.object(cast.head, SIREN_HERE).may_withdraw
    assert desk.suppressions.holds(SIREN_HERE)
    assert not desk.suppressions.holds(SIREN_AWAY)
    during = desk.suppressions.mark()
    assert during not in ("", before)
    assert desk.objections.withdraw_own(cast.head, SIREN_HERE).objected is False
    assert not desk.suppressions.holds(SIREN_HERE)
    assert desk.suppressions.mark() == before


def test_its_calls_are_read_by_itself_and_the_officers_only(desk: Desk, cast: Cast) -> None:
    need = Call("need", "Tôles d’acier", "Une petite série de tôles pliées.")
    mine, other = (desk.acts.run(cast.scopes[part], calls.PUBLISHED, "", need).id for part in ("head", "head_partner"))
    desk.objections.object(cast.head, SIREN_HERE)
    for part, scope in not_empty(cast.scopes.items()):
        assert {call.id for call in desk.calls.reading.published(scope).calls} == {other}, part
        assert desk.calls.reading.one(scope, other).id == other
        if part in ("head", "officer", "admin"):
            assert desk.calls.reading.one(scope, mine).id == mine
        else:
            with pytest.raises(NotFound):
                desk.calls.reading.one(scope, mine)
    with pytest.raises(NotFound):
        desk.calls.answering.answer(Scope(), mine, AnswerEntry("Nous plions.", "Alix", "alix@example.org"))
    assert desk.calls.reading.mine(cast.head).total == 1
    desk.objections.withdraw_own(cast.head, SIREN_HERE)
    assert {call.id for call in desk.calls.reading.published(Scope()).calls} == {mine, other}


def test_a_partially_diffusible_firm_publishes_no_call(desk: Desk, cast: Cast) -> None:
    head = replace(cast.head, siren=SIREN_MASKED)
    with pytest.raises(FieldFault):
        desk.acts.run(head, calls.PUBLISHED, "", Call("need", "Tôles d’acier", "Une petite série."))
    assert desk.acts.run(head, calls.PUBLISHED, "", Call("need", "Tôles", "Une petite série.", "network")).own


def test_objecting_twice_is_objecting_once(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    for key in ("form-1", "form-1", "form-2"):
        desk.objections.object(replace(cast.head, request_key=key), SIREN_HERE)
    with journal.reading(cast.head) as reader:
        assert reader.count(select(Objection)) == 1


def test_nobody_objects_or_takes_back_for_another(desk: Desk, cast: Cast) -> None:
    desk.objections.object(cast.head, SIREN_HERE)
    for part, scope in not_empty(cast.scopes.items()):
        if part != "head":
            with pytest.raises(NotFound):
                desk.objections.object(scope, SIREN_HERE)
            with pytest.raises(NotFound):
                desk.objections.withdraw_own(scope, SIREN_HERE)
            assert not desk.objections.standing(scope, SIREN_HERE).may_object
    token = replace(cast.head, via="token")
    with pytest.raises(NotFound):
        desk.objections.withdraw_own(token, SIREN_HERE)
    assert desk.suppressions.holds(SIREN_HERE)


def test_a_link_confirms_once_and_opening_it_does_nothing(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    desk.objections.ask(Scope(), SIREN_HERE, " Somebody@Example.org ")
    posted, token = letter(journal)
    assert posted.recipient == "Somebody@example.org"
    assert SIREN_HERE not in (posted.body or "") + (posted.subject or "")
    desk.objections.peek(token)
    assert not desk.suppressions.holds(SIREN_HERE)
    desk.objections.confirm(token)
    assert desk.suppressions.holds(SIREN_HERE)
    for again in (desk.objections.peek, desk.objections.confirm):
        with pytest.raises(NotFound):
            again(token)
    clock.forward(days=400)
    assert desk.suppressions.holds(SIREN_HERE)


def test_a_link_dies_after_a_week(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    desk.objections.ask(Scope(), SIREN_HERE, "somebody@example.org")
    _, token = letter(journal)
    clock.forward(days=7, seconds=1)
    with pytest.raises(NotFound):
        desk.objections.confirm(token)
    assert not desk.suppressions.holds(SIREN_HERE)


def test_what_is_asked_by_anybody_is_checked_and_counted(desk: Desk, cast: Cast) -> None:
    with pytest.raises(FieldFault) as fault:
        desk.objections.ask(Scope(), SIREN_HERE, "pas une adresse")
    assert fault.value.field == "email"
    with pytest.raises(RequestFault):
        desk.objections.ask(Scope(), "12", "somebody@example.org")
    for rank in range(5):
        desk.objections.ask(Scope(), SIREN_HERE, f"somebody{rank}@example.org")
    with pytest.raises(TooManyAttempts):
        desk.objections.ask(Scope(), SIREN_HERE, "other@example.org")


def test_neither_capitals_nor_addresses_of_one_subscriber_walk_round_the_count(desk: Desk, cast: Cast) -> None:
    firms = ("356000000", "542065479", "380129866", SIREN_HERE, SIREN_AWAY)
    for siren, email in zip(firms, ("cible", "Cible", "CIBLE"), strict=False):
        desk.objections.ask(Scope(), siren, f"{email}@example.org")
    with pytest.raises(TooManyAttempts):
        desk.objections.ask(Scope(), SIREN_HERE, "cIble@example.org")
    for rank in range(20):
        desk.objections.ask(Scope(), firms[rank % 5], f"somebody{rank}@example.org", f"2001:db8::{rank:x}")
    with pytest.raises(TooManyAttempts):
        desk.objections.ask(Scope(), SIREN_AWAY, "other@example.org", "2001:db8::ffff")


def test_only_a_fingerprint_is_kept(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.objections.ask(Scope(), UNKNOWN, "somebody@example.org")
    _, token = letter(journal, HOST)
    desk.objections.confirm(token)
    with journal.engine.connect() as connection:
        for table in not_empty(Base.metadata.sorted_tables):
            rows = connection.execute(select(table)).all()
            assert UNKNOWN not in str(rows), table.name
            assert token not in str(rows) or table.name == "letter", table.name


def test_the_organisation_of_the_territory_reviews(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.objections.ask(Scope(), SIREN_HERE, "somebody@example.org")
    assert desk.objections.to_review(cast.officer) == ()
    desk.objections.confirm(letter(journal)[1])
    (review,) = desk.objections.to_review(cast.officer)
    assert (review.siren, review.name, review.proof) == (SIREN_HERE, f"Firme {SIREN_HERE}", "email")
    assert desk.objections.to_review(cast.officer_away) == ()
    for part in ("anyone", "head", "analyst", "elected", "partner", "inhabitant", "head_away"):
        with pytest.raises(NotFound):
            desk.objections.to_review(cast.scopes[part])
        with pytest.raises(NotFound):
            desk.objections.reject(cast.scopes[part], review.id)
    with pytest.raises(NotFound):
        desk.objections.reject(cast.officer_away, review.id)
    desk.objections.approve(cast.officer, review.id)
    assert desk.objections.to_review(cast.officer)[0].reviewed_at is not None
    assert desk.suppressions.holds(SIREN_HERE)
    desk.objections.reject(cast.admin, review.id)
    (reported,) = desk.objections.to_review(cast.super_admin)
    assert (reported.id, reported.reported, reported.may_end) == (review.id, True, True)
    assert desk.suppressions.holds(SIREN_HERE), "an officer reports, the host ends"
    desk.objections.reject(cast.super_admin, review.id)
    assert desk.objections.to_review(cast.officer) == ()
    assert not desk.suppressions.holds(SIREN_HERE)


def test_the_host_reviews_what_no_territory_holds(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.objections.ask(Scope(), UNKNOWN, "somebody@example.org")
    desk.objections.confirm(letter(journal, HOST)[1])
    (review,) = desk.objections.to_review(cast.super_admin)
    assert (review.siren, review.name) == (UNKNOWN, None)
    assert desk.objections.to_review(cast.officer) == ()


def test_the_objection_of_a_head_is_theirs_alone(desk: Desk, cast: Cast) -> None:
    desk.objections.object(cast.head, SIREN_HERE)
    (review,) = desk.objections.to_review(cast.officer)
    with pytest.raises(Conflict):
        desk.objections.reject(cast.officer, review.id)
    assert desk.suppressions.holds(SIREN_HERE)


def test_only_the_address_that_objected_takes_it_back(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    desk.objections.ask(Scope(), SIREN_HERE, "somebody@example.org")
    desk.objections.confirm(letter(journal)[1])
    with pytest.raises(Conflict, match="pas la vôtre"):
        desk.objections.withdraw_own(cast.head, SIREN_HERE)
    desk.objections.ask_lifting(Scope(), SIREN_HERE, "other@example.org")
    with journal.reading(Scope(organisation=HOST)) as reader:
        assert reader.all(select(Letter.id)) == []
    desk.objections.ask_lifting(Scope(), SIREN_HERE, "Somebody@example.org")
    posted, token = letter(journal, HOST)
    assert posted.recipient == "Somebody@example.org"
    assert desk.objections.peek(token) == "lifting"
    assert desk.suppressions.holds(SIREN_HERE)
    assert desk.objections.confirm(token) == "lifting"
    assert not desk.suppressions.holds(SIREN_HERE)
    with journal.reading(cast.officer) as reader:
        assert reader.all(select(Objection.maker_key)) == [None]


def test_another_process_sees_an_objection_at_once(
    desk: Desk, journal: SqlJournal, keys: Keys, settings: Settings, cast: Cast, clock: Clock
) -> None:
    other_journal = bootstrap.open_journal(settings, clock=clock)
    other = SuppressionList(other_journal, keys)
    looked: list[str] = []

    def loaded() -> Iterator[str]:
        for siren in (SIREN_AWAY, SIREN_HERE, UNKNOWN):
            looked.append(siren)
            yield siren

    here = SuppressionHere(other, loaded)
    here.prepare()
    assert (other.mark(), here.sirens(), looked) == ("", frozenset(), [])
    desk.objections.object(cast.head, SIREN_HERE)
    assert other.holds(SIREN_HERE)
    assert here.sirens() == {SIREN_HERE}
    assert looked == [SIREN_AWAY, SIREN_HERE]
    assert here.sirens() == {SIREN_HERE}
    assert len(looked) == 2
    desk.objections.withdraw_own(cast.head, SIREN_HERE)
    assert (other.mark(), here.sirens()) == ("", frozenset())
    here.close()
    other_journal.close()


def test_in_this_process_nobody_looks_for_what_is_known(desk: Desk, cast: Cast) -> None:
    def loaded() -> Iterator[str]:
        raise AssertionError("the number is known")

    here = SuppressionHere(desk.suppressions, loaded)
    desk.objections.object(cast.head, SIREN_HERE)
    assert here.sirens() == {SIREN_HERE}
