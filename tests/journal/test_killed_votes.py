"""The server killed while people vote, or fill a matrix: what was acknowledged is there once, and nothing else.

`VIGIE_VOTE_KILLS` raises the number of kills, `VIGIE_CHANCE` gives other instants.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.journal.cast import Clock, settled
from tests.journal.consulting import opened
from tests.journal.test_killed import SECRET, SEED, forking, wait_until_it_answers
from tests.journal.test_workshops import opened as opened_workshop
from tests.not_empty import not_empty
from tests.waiting import eventually
from vigie import bootstrap
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import checking
from vigie.store.journal.consultations import BallotPaper

KILLS = int(os.environ.get("VIGIE_VOTE_KILLS", "6"))
FILLING_KILLS = max(KILLS // 4, 3)
"""A room fills the papers that a consultation votes on, by another door: fewer kills tell as much."""
VOTERS = 4


@dataclass
class Voter:
    """Somebody who answers until the server falls, with one secret, and remembers what was acknowledged.

    `asked` are what is answered, under the name `subject` of the body; `says` are the two answers, under `answer`.
    """

    address: str
    asked: list[str]
    subject: str = "statement"
    answer: str = "vote"
    says: tuple[str | int, str | int] = ("agree", "disagree")
    secret: str = field(default_factory=Keys.new_token)
    acknowledged: dict[str, str | int] = field(default_factory=dict)
    waiting: tuple[str, str | int] | None = None
    sent: int = 0
    counted: int = 0
    fault: str = ""

    def vote_until_it_falls(self, stop: threading.Event) -> None:
        with httpx.Client(timeout=300) as client:
            while not stop.is_set():
                if self.waiting is None:
                    about = self.asked[self.sent % len(self.asked)]
                    self.waiting, self.sent = (about, self.says[self.sent // 8 % 2]), self.sent + 1
                about, said = self.waiting
                body = {self.subject: about, self.answer: said}
                try:
                    answer = client.post(self.address, json=body, headers={"X-Participant": self.secret})
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    self.acknowledged[about], self.waiting = said, None
                    self.counted += 1
                elif answer.status_code in (409, 503):
                    time.sleep(0.02)
                else:
                    self.fault = answer.text
                    return

    def may_have(self) -> list[dict[str, str | int]]:
        """Return what may be kept: what was acknowledged, with or without what was not answered."""
        return [self.acknowledged, {**self.acknowledged, **(dict([self.waiting]) if self.waiting else {})}]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def kill_again_and_again(settings: Settings, port: int, voters: Sequence[Voter], kills: int) -> None:
    """Have people answer a server that is killed after a few answers, then started again.

    Before the last kill each of them was acknowledged once, however few the kills.
    """
    chance = random.Random(SEED)  # noqa: S311 - a test's dice
    with forking(settings, port) as start:
        for kill in range(kills):
            server = start()
            wait_until_it_answers(f"http://127.0.0.1:{port}")
            stop = threading.Event()
            threads = [threading.Thread(target=one.vote_until_it_falls, args=(stop,)) for one in voters]
            for thread in threads:
                thread.start()
            wanted = sum(one.counted for one in voters) + 1 + chance.randrange(6)
            fewest = int(kill == kills - 1)
            eventually(
                lambda wanted=wanted, fewest=fewest: (
                    (sum(one.counted for one in voters) >= wanted and min(one.counted for one in voters) >= fewest)
                    or any(one.fault for one in voters)
                )
            )
            os.kill(server, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
    assert "".join(one.fault for one in voters) == ""
    assert sum(one.counted for one in voters) >= kills


def require_sound(settings: Settings) -> None:
    keeper = bootstrap.open_journal(settings, keeper=True)
    assert checking.check(keeper.engine).faults == ()
    keeper.close()


@pytest.mark.slow
def test_no_acknowledged_vote_is_lost_or_doubled(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret=SECRET)
    cast = settled(settings)
    desk, clock = bootstrap.open_desk(settings), Clock()
    clock.now = desk.journal.now()
    consultation, statements = opened(desk, cast, clock)
    desk.close()
    port = free_port()
    address = f"http://127.0.0.1:{port}/api/v1/desk/consultations/{consultation}/votes"
    voters = [Voter(address, statements) for _ in range(VOTERS)]
    kill_again_and_again(settings, port, voters, KILLS)
    again = bootstrap.open_desk(settings)
    for one in not_empty(voters):
        own = again.consultations.voting.mine(consultation, one.secret)
        assert {vote.statement.id: vote.vote for vote in own if vote.vote} in one.may_have()
    with again.journal.reading(cast.admin) as reader:
        assert reader.count(select(BallotPaper)) == len([one for one in voters if one.sent])
    again.close()
    require_sound(settings)


@pytest.mark.slow
def test_no_acknowledged_mark_of_a_workshop_is_lost_or_doubled(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret=SECRET)
    cast = settled(settings)
    desk, clock = bootstrap.open_desk(settings), Clock()
    clock.now = desk.journal.now()
    room = opened_workshop(desk, cast, clock)
    workshop, filling, port = room.told.line.id, desk.workshops.filling, free_port()
    factors = [item.id for item in room.told.items]
    cells = [f"influence:{one}:{other}" for one in factors for other in factors if one != other]
    address = f"http://127.0.0.1:{port}/api/v1/desk/workshops/{workshop}/marks"
    joined = [filling.join(workshop, "", room.codes[0].code).secret for _ in range(VOTERS)]
    voters = [Voter(address, cells, "cell", "mark", (1, 3), secret) for secret in joined]
    desk.close()
    kill_again_and_again(settings, port, voters, FILLING_KILLS)
    again = bootstrap.open_desk(settings)
    for one in not_empty(voters):
        asked = {cell: again.workshops.filling.paper(workshop, one.secret, "influence", cell).asked for cell in cells}
        kept = {cell: told.mine for cell, told in asked.items() if told is not None and told.mine is not None}
        assert kept in one.may_have()
    with again.journal.reading(cast.admin) as reader:
        assert reader.count(select(BallotPaper)) == VOTERS
    again.close()
    require_sound(settings)
