"""Two who act at once, on the engine that lets them."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.journal.cast import HERE, Cast
from vigie.domain.access import Role
from vigie.errors import Conflict
from vigie.services.accounts.members import _require_keeper
from vigie.services.desk import Desk
from vigie.store.journal.people import Membership
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("settings", ["postgres"], indirect=True)
def test_two_administrators_do_not_remove_one_another(desk: Desk, journal: SqlJournal, cast: Cast) -> None:
    held = {one.person: one.id for one in desk.accounts.members.all(cast.admin)}
    desk.accounts.members.change_role(cast.admin, held[cast.officer.person], "admin")
    removed = threading.Event()

    def remove_the_second() -> None:
        with journal.writing(cast.admin) as unit:
            unit.act("member.removed", held[cast.officer.person])
            unit.withdraw(unit.get(Membership, held[cast.officer.person]))
            _require_keeper(unit)
            removed.set()
            time.sleep(0.5)

    first = threading.Thread(target=remove_the_second)
    first.start()
    assert removed.wait(300)
    with pytest.raises(Conflict, match="administrer"):
        desk.accounts.members.remove(replace(cast.officer, role=Role.ADMIN), held[cast.admin.person])
    first.join()
    with journal.reading(cast.admin) as reader:
        left = select(Membership).where(
            Membership.organisation_id == HERE, Membership.role == "admin", Membership.deleted_at.is_(None)
        )
        assert reader.count(left) == 1
