"""Who voted what cannot be read: in no row, event, access, letter, archive nor backup, even with the secret."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import json
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text

from tests.journal.cast import Cast, Clock
from tests.journal.conftest import SECRET
from tests.journal.consulting import come, opened
from tests.journal.test_workshops import fill
from tests.journal.test_workshops import opened as opened_workshop
from tests.not_empty import not_empty
from vigie import bootstrap
from vigie.domain.access import MATRIX, Right, Scope, Thing
from vigie.errors import Conflict, NotFound
from vigie.services.acts import Nothing
from vigie.services.consultations.preparing import CLOSED
from vigie.services.desk import Desk
from vigie.services.keys import Keys
from vigie.services.retention.mine import owned_tables
from vigie.services.workshops.running import CLOSED as CLOSED_WORKSHOP
from vigie.settings import Settings
from vigie.store.journal import backup, checking
from vigie.store.journal.consultations import BallotKey, BallotPaper
from vigie.store.journal.sql import SqlJournal

PLACES = tuple(f"192.0.2.{rank + 1}" for rank in range(8))


def early_and_late(rank: int, at: int) -> str:
    """The first half agrees with everything, the second with nothing: the order of arrival is the vote."""
    return "agree" if rank < 12 else "disagree"


def everything(journal: SqlJournal) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table, in the order in which the engine gives them."""
    found = MetaData()
    with journal.engine.connect() as connection:
        found.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in found.tables.items()
        }


@pytest.fixture
def keeper(settings: Settings, journal: SqlJournal) -> Any:
    opened_ = bootstrap.open_journal(settings, keeper=True)
    yield opened_
    opened_.close()


def test_nothing_of_a_closed_consultation_tells_who_voted_what(
    desk: Desk, keeper: SqlJournal, keys: Keys, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    consultation, statements = opened(desk, cast, clock)
    secrets = come(desk, consultation, statements, 24, early_and_late)
    assert desk.consultations.counting.count(cast.officer, consultation)
    with desk.journal.reading(cast.admin) as reader:
        key = reader.all(select(BallotKey.key))[0]
    hashed = {hmac.new(bytes.fromhex(key), f"voter:{one}".encode(), hashlib.sha256).hexdigest() for one in secrets}
    former = {paper["voter"] for paper in everything(keeper)["ballot"]}
    assert former == hashed, "what is looked for is what was kept"
    desk.acts.run(cast.officer, CLOSED, consultation, Nothing())
    rows = everything(keeper)
    backup.back_up(keeper.engine, tmp_path / "all.zip")
    copied = "".join(
        zipfile.ZipFile(tmp_path / "all.zip").read(name).decode()
        for name in zipfile.ZipFile(tmp_path / "all.zip").namelist()
    )
    told = json.dumps(rows, default=str) + copied
    for sentinel in not_empty([key, *secrets, *hashed]):
        assert sentinel not in told
    assert {(str(one["votes"]), str(one["counted"]), str(one["groups"])) for one in rows["ballot"]} == {
        ("{}", "{}", "{}")
    }
    assert {one["bucket"] for one in rows["ballot_origin"]} == {""}
    # With the secret of the installation, the addresses that voted are found again in no row beside a ballot.
    places = {Keys(SECRET.encode()).fingerprint("participant", f"{consultation}\n{place}") for place in PLACES}
    assert {name for name, held in rows.items() if any(place in str(held) for place in places)} <= {"attempt"}
    assert checking.check(keeper.engine).faults == ()


def test_nothing_of_a_closed_workshop_tells_who_answered_what(
    desk: Desk, keeper: SqlJournal, keys: Keys, cast: Cast, clock: Clock, tmp_path: Path
) -> None:
    room = opened_workshop(desk, cast, clock)
    workshop = room.told.line.id
    secrets = fill(desk, room, 4)
    with desk.journal.reading(cast.admin) as reader:
        key = reader.all(select(BallotKey.key))[0]
    hashed = {hmac.new(bytes.fromhex(key), f"voter:{one}".encode(), hashlib.sha256).hexdigest() for one in secrets}
    assert {paper["voter"] for paper in everything(keeper)["ballot"]} == hashed, "what is looked for is what was kept"
    desk.acts.run(cast.officer, CLOSED_WORKSHOP, workshop, Nothing())
    rows = everything(keeper)
    backup.back_up(keeper.engine, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as copied:
        told = json.dumps(rows, default=str) + "".join(copied.read(name).decode() for name in copied.namelist())
    for sentinel in not_empty([key, *secrets, *hashed]):
        assert sentinel not in told
    assert {str(one["votes"]) for one in rows["ballot"]} <= {"{}"}
    # With the secret of the installation, the places that came in are found again in no row but the limits of a day.
    places = {Keys(SECRET.encode()).fingerprint("participant", f"{workshop}\n192.0.2.{rank}") for rank in range(4)}
    assert {name for name, held in rows.items() if any(place in str(held) for place in places)} <= {"attempt"}
    assert checking.check(keeper.engine).faults == ()


def test_rows_of_an_open_consultation_hold_neither_order_nor_place_nor_moment(
    desk: Desk, keeper: SqlJournal, cast: Cast, clock: Clock
) -> None:
    consultation, statements = opened(desk, cast, clock)
    come(desk, consultation, statements[:2], 24, early_and_late)
    papers = everything(keeper)["ballot"]
    by_key = sorted(papers, key=lambda one: str(one["id"]))
    switches = sum(str(one["votes"]) != str(other["votes"]) for one, other in pairwise(by_key))
    assert switches > 3, "in the order of keys, early and late ones are mixed"
    columns = {column.key for column in BallotPaper.__table__.columns}
    assert not {name for name in columns if name.endswith(("_at", "_on", "person_id", "seq", "bucket"))}
    if keeper.engine.dialect.name == "sqlite":
        assert papers == by_key, "pages follow the random key"
        with keeper.engine.connect() as connection:
            made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ballot'"))
        assert re.search(r"WITHOUT ROWID", str(made))


def test_nobody_has_the_right_to_read_a_vote() -> None:
    rights = not_empty(list(MATRIX[Thing.VOTES].values()))
    assert set().union(*rights) == {Right.WRITE_OWN}
    assert Thing.VOTES not in {thing for thing in Thing if Scope(via="emergency").rights(thing)}


def test_what_an_organisation_takes_away_holds_no_ballot(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    come(desk, consultation, statements, 5, early_and_late)
    taken = desk.retention.belongings.take(cast.admin)
    names = zipfile.ZipFile(io.BytesIO(taken.content)).namelist()
    assert "json/statement.json" in names
    assert not [name for name in names if "ballot" in name or "hall" in name]
    assert not {"ballot", "ballot_key", "ballot_origin", "hall_code"} & {one.__tablename__ for one in owned_tables()}


def test_no_vote_is_written_after_the_closing(desk: Desk, cast: Cast, clock: Clock, keeper: Any) -> None:
    """Four people go on voting while an officer closes: each vote is taken before, or refused."""
    consultation, statements = opened(desk, cast, clock)
    secrets = come(desk, consultation, statements, 4, early_and_late)
    begun = threading.Barrier(len(secrets) + 1)

    def vote(secret: str) -> int:
        for turn in itertools.count():
            try:
                said = "agree" if turn % 2 else "disagree"
                desk.consultations.voting.vote(consultation, secret, statements[turn % len(statements)], said)
            except (Conflict, NotFound):
                return turn
            if turn == 3:
                begun.wait()
        raise AssertionError

    with ThreadPoolExecutor(len(secrets)) as pool:
        voting = [pool.submit(vote, secret) for secret in secrets]
        begun.wait()
        desk.acts.run(cast.officer, CLOSED, consultation, Nothing())
        assert min(one.result(60) for one in voting) > 3
    papers = [row for row in everything(keeper)["ballot"] if row["consultation_id"] == consultation]
    assert len(papers) == 4
    for paper in not_empty(papers):
        assert json.loads(paper["votes"]) == {} if isinstance(paper["votes"], str) else paper["votes"] == {}
