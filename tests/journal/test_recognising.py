"""Who presents a secret is kept in memory for as long as nothing is written, and not a moment longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from tests.journal.cast import Cast, Clock
from vigie import bootstrap
from vigie.services.desk import Desk
from vigie.settings import Settings
from vigie.store.journal.followup import Dossier
from vigie.store.journal.people import Membership, SignIn
from vigie.store.journal.sql import SqlJournal


@contextmanager
def reads(journal: SqlJournal) -> Iterator[list[str]]:
    """The statements that read rows of accounts meanwhile."""
    seen: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "sign_in" in statement or "membership" in statement:
            seen.append(statement)

    event.listen(journal.engine, "before_cursor_execute", note)
    yield seen
    event.remove(journal.engine, "before_cursor_execute", note)


def test_nothing_is_read_again_until_something_is_written(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    secret = cast.secrets["officer"]
    first = desk.recognising.session(secret), desk.recognising.token(secret)
    with reads(journal) as seen:
        again = desk.recognising.session(secret), desk.recognising.token(secret)
    assert first == again and first[0].scope == cast.officer and not seen
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="holder", title="Projet"))
    with reads(journal) as seen:
        assert desk.recognising.session(secret) == first[0]
    assert seen


def test_what_another_process_revokes_is_not_known_any_more(
    desk: Desk, cast: Cast, settings: Settings, clock: Clock
) -> None:
    secret = cast.secrets["officer"]
    assert desk.recognising.session(secret).scope.person and desk.recognising.token(secret).scope.person
    other = bootstrap.open_journal(settings, clock=clock)
    with other.writing(cast.officer) as unit:
        unit.act("session.revoked")
        held = unit.one(select(SignIn).where(SignIn.person_id == cast.officer.person))
        assert held is not None
        held.revoked_at = unit.now
    other.close()
    assert not desk.recognising.session(secret).scope.person
    assert not desk.recognising.token(secret).scope.person


def test_a_member_who_is_suspended_is_not_known_any_more(desk: Desk, cast: Cast, journal: SqlJournal) -> None:
    assert desk.recognising.session(cast.secrets["head"]).scope.siren
    with journal.writing(cast.admin) as unit:
        unit.act("member.suspended")
        member = unit.one(select(Membership).where(Membership.person_id == cast.head.person))
        assert member is not None
        member.state = "suspended"
    assert not desk.recognising.session(cast.secrets["head"]).scope.person


def test_a_session_ends_at_its_time_though_nothing_was_written(
    desk: Desk, cast: Cast, journal: SqlJournal, clock: Clock
) -> None:
    secret = cast.secrets["officer"]
    clock.forward(days=3650, minutes=-1)  # the sessions of the cast last ten years
    assert desk.recognising.session(secret).scope.person  # this use is written
    assert desk.recognising.session(secret).scope.person
    with reads(journal) as seen:
        assert desk.recognising.session(secret).scope.person
    assert not seen
    clock.forward(minutes=2)
    assert not desk.recognising.session(secret).scope.person


def test_a_token_shown_as_the_cookie_of_a_session_opens_nothing(desk: Desk, cast: Cast) -> None:
    made = desk.accounts.tokens.make(cast.officer, "tableau de bord", 30)
    assert desk.recognising.token(made.secret).scope.via == "token"
    assert not desk.recognising.session(made.secret).scope.person
