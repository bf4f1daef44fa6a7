"""The demonstration: made once, among imaginary firms only, with a life of its own."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from tests.imaginary import copy_loaded
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.domain.access import ANYONE, Scope
from vigie.domain.followup import DossierKind
from vigie.domain.introductions import STATE_FAMILIES, IntroductionState
from vigie.errors import Conflict
from vigie.services.connect.adopting import read_learning
from vigie.services.demonstration.demonstration import Made
from vigie.services.demonstration.parts import PARTS
from vigie.services.demonstration.story import MAIL, address
from vigie.services.desk import Desk
from vigie.services.followup.reading import DossierFilter
from vigie.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an installation with an imaginary intercommunality."""
    work = tmp_path_factory.mktemp("demonstration")
    chosen = Settings(data_dir=work / "data", secret="secret of the demonstration")  # noqa: S106
    copy_loaded(tmp_path_factory, chosen.data_dir)
    return chosen


@pytest.fixture(scope="module")
def made(settings: Settings) -> Made:
    return bootstrap.demonstration(settings)


@pytest.fixture(scope="module")
def officer(settings: Settings, made: Made) -> Scope:
    return signed_in(settings, made, "développeur économique")


def signed_in(settings: Settings, made: Made, role: str) -> Scope:
    """Sign in with the password that the demonstration said."""
    account = next(one for one in made.accounts if one.role == role)
    desk = bootstrap.open_desk(settings)
    opened = desk.accounts.signing.sign_in(account.email, account.password)
    scope = desk.recognising.session(opened.secret).scope
    desk.close()
    return scope


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return bootstrap.open_desk(settings)


def test_each_role_has_an_account_whose_password_opens(settings: Settings, made: Made) -> None:
    assert len({account.role for account in made.accounts}) == 8
    assert len({account.password for account in made.accounts}) == len(made.accounts) == 9
    for account in not_empty(made.accounts):
        assert account.email.endswith(f"@{MAIL}")
        assert "Imaginaire" in account.name
        assert signed_in(settings, made, account.role).person


def test_it_is_made_once_and_says_so(settings: Settings, made: Made) -> None:
    again = bootstrap.demonstration(settings)
    assert again.already
    assert again.accounts == ()
    assert again.organisation == made.organisation


def test_introductions_stand_in_every_state(desk: Desk, officer: Scope, made: Made) -> None:
    board = desk.introductions.reading.board(officer)
    assert board.total == made.introductions >= 12
    assert all(board.counts[state.value] for state in IntroductionState)
    assert sum(bool(one.outcome) for one in board.introductions) >= 3


def test_one_model_is_learned_imaginary_and_below_the_rule(desk: Desk, officer: Scope) -> None:
    told = desk.acts.tell(officer, read_learning, "")
    assert told.learned is not None
    assert told.learned.simulated
    assert not told.learned.adoptable
    assert "énoncés" in told.said


def test_the_officer_has_dossiers_and_things_to_do(desk: Desk, officer: Scope, made: Made) -> None:
    found = desk.followup.dossiers.search(officer, DossierFilter(per_page=100))
    assert found.total == made.dossiers >= 30
    kinds = Counter(line.kind for line in found.dossiers)
    assert set(kinds) == {kind.value for kind in DossierKind}
    assert {line.kind for line in desk.followup.reminders.to_chase(officer)} == {"reminder", "waiting"}
    assert len({line.siren for line in found.dossiers if line.siren}) == kinds["firm"]


def test_history_spreads_over_months_and_ends_before_now(desk: Desk, officer: Scope) -> None:
    told = desk.introductions.reading.board(officer).introductions
    moments = [one.created_at for one in told]
    assert (max(moments) - min(moments)).days > 100
    assert max(moments) <= desk.journal.now()
    assert moments and all(moment.weekday() < 5 for moment in moments)


def test_elected_people_read_totals_of_three_at_least(settings: Settings, desk: Desk, made: Made) -> None:
    totals = desk.introductions.reading.aggregates(signed_in(settings, made, "élu"))
    exact = desk.introductions.reading.aggregates(signed_in(settings, made, "développeur économique"))
    assert (exact.states["concluded"] or 0) >= 3
    assert set(totals.states) == set(STATE_FAMILIES)
    assert all(count is None or count == 0 or count >= 3 for count in not_empty(totals.states.values()))


def test_nobody_shares_an_address() -> None:
    addresses = [address(part.contact) for part in PARTS]
    assert len(set(addresses)) == len(addresses)


def test_it_refuses_where_letters_would_leave(settings: Settings, made: Made) -> None:
    sending = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1", mail_from="nobody@example.org")
    with pytest.raises(Conflict, match="VIGIE_SMTP_URL"):
        bootstrap.demonstration(sending)


def test_a_consultation_is_closed_and_another_open_with_their_camps_told(desk: Desk, made: Made) -> None:
    running, ended = desk.consultations.reading.published(ANYONE)
    assert (running.open, ended.open, ended.participants) == (True, False, 30)
    told = [desk.consultations.reading.result(ANYONE, one.id) for one in (running, ended)]
    assert [len(one.groups) for one in told] == [2, 2]
    assert all(one.divides and one.bridges for one in not_empty(told))
    assert [one.rule for one in desk.records.moderating.decisions(ANYONE).decisions if one.thing == "statement"] == [
        "several"
    ]


def test_a_workshop_is_finished_and_its_disagreements_told(desk: Desk, made: Made) -> None:
    (line,) = desk.workshops.reading.published(ANYONE)
    told = desk.workshops.reading.result(ANYONE, line.id)
    assert (line.state, told.told.people, len(told.factors), len(told.actors)) == ("closed", 12, 7, 3)
    assert {one.answers for one in told.cells} == {12} and {"désaccord", "accord"} <= {one.word for one in told.cells}
    assert any(item.from_room for item in told.told.items) and any(item.indicator for item in told.told.items)


def test_a_chain_goes_from_a_vision_to_an_outcome_and_says_what_stalled(desk: Desk, made: Made) -> None:
    (line,) = desk.visions.reading.published(ANYONE)
    told, sentences = desk.visions.reading.story(ANYONE, line.id)
    actions = [one for priority in told.priorities for one in priority.actions]
    assert [one.state for one in actions if one.uses] == ["done"]
    assert [one.title for one in actions if one.stalled] == ["Racheter trois ateliers"]
    assert any(one.address.startswith("/consultation/") for one in not_empty(sentences))
    (target,) = [one for priority in told.priorities for one in priority.targets]
    assert target.seen is not None and "du chemin" in target.progress
    heard = {one.label: one.value for one in desk.visions.reading.results(ANYONE, line.id).results}
    assert (heard["Personnes consultées"], heard["Actions faites"]) == (60, 1)
