"""The wall: rows of another organisation do not exist, in the session and in PostgreSQL itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from tests.journal.cast import ELSEWHERE, HERE, HOST, Cast
from tests.not_empty import not_empty
from vigie.domain.access import Scope
from vigie.errors import NotFound, RequestFault
from vigie.services.desk import Desk
from vigie.store.journal.followup import Dossier
from vigie.store.journal.models import Base
from vigie.store.journal.people import Person
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal
from vigie.store.journal.unit import AlreadyDone


@pytest.fixture
def dossier(journal: SqlJournal, cast: Cast) -> str:
    with journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        return unit.add(Dossier(kind="firm", title="Atelier d’essai")).id


def test_another_organisation_sees_nothing(journal: SqlJournal, cast: Cast, dossier: str) -> None:
    with journal.reading(cast.officer) as reader:
        assert reader.get(Dossier, dossier).title == "Atelier d’essai"
    for stranger in (cast.officer_away, cast.admin_away, cast.super_admin, cast.anyone):
        with journal.reading(stranger) as reader:
            assert reader.all(select(Dossier)) == []
            assert reader.count(select(Dossier)) == 0
            assert reader.rows(select(Dossier.id)) == []
            with pytest.raises(NotFound):
                reader.get(Dossier, dossier)


def test_who_oversees_sees_sign_ins_of_all_and_nothing_else(journal: SqlJournal, cast: Cast, dossier: str) -> None:
    for scope in (cast.officer, cast.officer_away):
        with journal.writing(scope) as unit:
            unit.act("session.revoked")
            unit.trace("session.opened")
            unit.trace("dossier.read", dossier)
    with journal.reading(cast.super_admin.overseeing()) as reader:
        for table, kind in ((JournalEvent, "session.revoked"), (Audit, "session.opened")):
            elsewhere = select(table.kind, table.organisation_id).where(table.organisation_id != HOST)
            assert sorted(reader.rows(elsewhere)) == [(kind, ELSEWHERE), (kind, HERE)]
        assert reader.all(select(Dossier)) == []
        assert {person.id for person in reader.all(select(Person))} == {cast.super_admin.person}
    for scope in (cast.admin, cast.officer, cast.anyone, replace(cast.super_admin, via="emergency")):
        with pytest.raises(NotFound):
            scope.overseeing()
    with journal.reading(cast.super_admin) as reader:
        for table in (JournalEvent, Audit):
            assert reader.all(select(table).where(table.organisation_id != HOST)) == []


def test_a_row_cannot_be_written_in_another_organisation(journal: SqlJournal, cast: Cast) -> None:
    with pytest.raises(RuntimeError), journal.writing(cast.officer_away) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="firm", organisation_id=HERE))
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(Dossier)) == 0


@pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgres_holds_the_wall_by_itself(journal: SqlJournal, cast: Cast, dossier: str) -> None:
    """A query that never met the session's wall, as the application's role, sees the asker's organisation only."""
    with journal.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_user")) == "vigie_app"
        assert connection.scalar(text("SELECT count(*) FROM dossier")) == 0
        connection.execute(text("SELECT set_config('vigie.organisation', 'awayawayawayawayaway', true)"))
        assert connection.scalar(text("SELECT count(*) FROM dossier")) == 0
        changed = connection.execute(text("UPDATE dossier SET title = 'pris' WHERE id = :id"), {"id": dossier})
        assert changed.rowcount == 0
        connection.execute(text("SELECT set_config('vigie.oversees', 'yes', true)"))
        assert connection.scalar(text("SELECT count(*) FROM dossier")) == 0
        elsewhere = text("SELECT count(*) FROM event WHERE organisation_id <> 'awayawayawayawayaway'")
        assert connection.scalar(elsewhere) == 0, "no sign-in was written: nothing else is seen"
        connection.execute(text("SELECT set_config('vigie.organisation', :here, true)"), {"here": HERE})
        assert connection.scalar(text("SELECT count(*) FROM dossier")) == 1


@pytest.mark.parametrize("settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgres_forces_a_wall_on_every_table(journal: SqlJournal) -> None:
    """A version that makes a table and forgets its wall makes this test fail."""
    forced = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    with journal.engine.connect() as connection:
        assert set(connection.scalars(text(forced))) == set(Base.metadata.tables)


def test_a_change_that_was_not_announced_is_refused(journal: SqlJournal, cast: Cast) -> None:
    with pytest.raises(RuntimeError, match="announced"), journal.writing(cast.officer) as unit:
        unit.add(Dossier(kind="firm"))


def test_personal_columns_never_enter_the_events(journal: SqlJournal, cast: Cast, dossier: str) -> None:
    with journal.reading(cast.officer) as reader:
        events = reader.all(select(JournalEvent).where(JournalEvent.kind == "dossier.opened"))
    assert [change["personal"] for event in events for change in event.rows] == [["title", "summary", "source"]]
    assert "Atelier" not in str([event.rows for event in events])


def test_a_request_happens_once(journal: SqlJournal, cast: Cast) -> None:
    asked = replace(cast.officer, request_key="form-1")
    with journal.writing(asked) as unit:
        made = Dossier(id="once".ljust(20, "x"), kind="firm")
        unit.act("dossier.opened", made.id)
        unit.add(made)
    with pytest.raises(AlreadyDone) as again, journal.writing(asked) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="firm"))
    assert again.value.subject == made.id
    with journal.reading(cast.officer) as reader:
        assert reader.count(select(Dossier)) == 1


def test_what_no_engine_can_hold_is_the_fault_of_the_request(journal: SqlJournal, cast: Cast) -> None:
    with pytest.raises(RequestFault), journal.writing(cast.officer) as unit:
        unit.act("dossier.opened")
        unit.add(Dossier(kind="firm", title="Atelier\0"))
    with pytest.raises((RequestFault, NotFound)), journal.reading(cast.officer) as reader:
        reader.get(Dossier, "\0")


def test_events_cannot_be_rewritten(journal: SqlJournal, cast: Cast, dossier: str) -> None:
    for statement in ("UPDATE event SET kind = 'autre'", "DELETE FROM event"):
        with journal.engine.connect() as connection, pytest.raises(Exception, match=r"only added|permission"):
            connection.execute(text(statement))


def test_a_session_is_recognised_without_knowing_its_organisation(desk: Desk, cast: Cast) -> None:
    for part, secret in not_empty(cast.secrets.items()):
        asker = desk.recognising.session(secret)
        assert asker.scope == cast.scopes[part]
        assert asker.name == f"Personne {part}"
    assert desk.recognising.session("autre").scope == Scope()


def test_people_of_an_organisation_see_one_another_only(journal: SqlJournal, cast: Cast) -> None:
    with journal.reading(cast.officer_away) as reader:
        assert {person.id for person in reader.all(select(Person))} == {
            cast.officer_away.person, cast.admin_away.person, cast.head_away.person,
        }  # fmt: skip
