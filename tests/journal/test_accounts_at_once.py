"""Two who act at once, on the engine that lets them."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from tests.journal.cast import HERE, Cast
from tests.waiting import eventually
from vigie.domain.access import Role
from vigie.errors import Conflict
from vigie.services.accounts import members
from vigie.services.accounts.members import _require_keeper
from vigie.services.acts import Nothing
from vigie.services.desk import Desk
from vigie.store.journal.people import Membership
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.postgres


def waits_for_a_lock(journal: SqlJournal) -> bool:
    """Tell whether a statement waits for what another transaction holds."""
    with journal.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_two_administrators_do_not_remove_one_another(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    held = {one.person: one.id for one in desk.accounts.members.all(cast.admin)}
    desk.acts.run(cast.admin, members.ROLE_CHANGED, held[cast.officer.person], members.RoleGiven("admin"))
    removed, second_done = threading.Event(), threading.Event()

    def remove_the_second() -> None:
        with journal.writing(cast.admin) as unit:
            unit.act("member.removed", held[cast.officer.person])
            unit.withdraw(unit.get(Membership, held[cast.officer.person]))
            _require_keeper(unit)
            removed.set()
            eventually(lambda: waits_for_a_lock(journal) or second_done.is_set())

    first = threading.Thread(target=remove_the_second)
    first.start()
    assert removed.wait(300)
    try:
        with pytest.raises(Conflict, match="administrer"):
            desk.acts.run(replace(cast.officer, role=Role.ADMIN), members.REMOVED, held[cast.admin.person], Nothing())
    finally:
        second_done.set()
        first.join()
    with journal.reading(cast.admin) as reader:
        left = select(Membership).where(
            Membership.organisation_id == HERE, Membership.role == "admin", Membership.deleted_at.is_(None)
        )
        assert reader.count(left) == 1
