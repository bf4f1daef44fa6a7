"""The server killed while people vote: a vote that was acknowledged is in one ballot, once, and no other is."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.journal.cast import Clock, settled
from tests.journal.consulting import opened
from tests.journal.test_killed import SECRET, SEED, forking, wait_until_it_answers
from tests.not_empty import not_empty
from tests.waiting import eventually
from vigie import bootstrap
from vigie.services.keys import Keys
from vigie.settings import Settings
from vigie.store.journal import checking
from vigie.store.journal.consultations import BallotPaper

KILLS = int(os.environ.get("VIGIE_VOTE_KILLS", "20"))
VOTERS = 4


@dataclass
class Voter:
    """Somebody who votes until the server falls, with one secret, and remembers what was acknowledged."""

    address: str
    statements: list[str]
    secret: str = field(default_factory=Keys.new_token)
    acknowledged: dict[str, str] = field(default_factory=dict)
    waiting: tuple[str, str] | None = None
    sent: int = 0
    counted: int = 0
    fault: str = ""

    def vote_until_it_falls(self, stop: threading.Event) -> None:
        with httpx.Client(timeout=300) as client:
            while not stop.is_set():
                if self.waiting is None:
                    statement = self.statements[self.sent % len(self.statements)]
                    self.waiting, self.sent = (statement, ("agree", "disagree")[self.sent // 8 % 2]), self.sent + 1
                statement, vote = self.waiting
                said = {"statement": statement, "vote": vote}
                try:
                    answer = client.post(self.address, json=said, headers={"X-Participant": self.secret})
                except httpx.HTTPError:
                    return
                if answer.status_code == 201:
                    self.acknowledged[statement], self.waiting = vote, None
                    self.counted += 1
                elif answer.status_code in (409, 503):
                    time.sleep(0.02)
                else:
                    self.fault = answer.text
                    return


@pytest.mark.slow
def test_no_acknowledged_vote_is_lost_or_doubled(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret=SECRET)
    cast = settled(settings)
    desk, clock = bootstrap.open_desk(settings), Clock()
    clock.now = desk.journal.now()
    consultation, statements = opened(desk, cast, clock)
    desk.close()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    base, chance = f"http://127.0.0.1:{port}", random.Random(SEED)  # noqa: S311 - a test's dice
    voters = [Voter(f"{base}/api/v1/desk/consultations/{consultation}/votes", statements) for _ in range(VOTERS)]
    with forking(settings, port) as start:
        for _ in range(KILLS):
            server = start()
            wait_until_it_answers(base)
            stop = threading.Event()
            threads = [threading.Thread(target=one.vote_until_it_falls, args=(stop,)) for one in voters]
            for thread in threads:
                thread.start()
            wanted = sum(one.counted for one in voters) + 1 + chance.randrange(6)
            eventually(
                lambda wanted=wanted: sum(one.counted for one in voters) >= wanted or any(one.fault for one in voters)
            )
            os.kill(server, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
    assert "".join(one.fault for one in voters) == ""
    assert sum(one.counted for one in voters) >= KILLS
    again = bootstrap.open_desk(settings)
    for one in not_empty(voters):
        own = again.consultations.voting.mine(consultation, one.secret)
        kept = {vote.statement.id: vote.vote for vote in own if vote.vote}
        unanswered = dict([one.waiting]) if one.waiting else {}
        assert kept in (one.acknowledged, {**one.acknowledged, **unanswered})
    with again.journal.reading(cast.admin) as reader:
        assert reader.count(select(BallotPaper)) == len([one for one in voters if one.sent])
    again.close()
    keeper = bootstrap.open_journal(settings, keeper=True)
    assert checking.check(keeper.engine).faults == ()
    keeper.close()
