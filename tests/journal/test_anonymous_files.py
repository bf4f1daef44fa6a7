"""Files taken without an account: counted by origin, written a few at once, given when the journal cannot count."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from tests.journal.cast import Clock
from tests.waiting import eventually
from vigie.errors import JournalUnavailable, TooManyAttempts
from vigie.services import anonymous_files
from vigie.services.accounts.rate_limits import RateLimiter
from vigie.services.anonymous_files import AT_ONCE, BY_ORIGIN, AnonymousFiles
from vigie.services.desk import Desk


def take(files: AnonymousFiles, address: str) -> None:
    with files.turn(address):
        pass


def test_files_are_counted_by_origin_and_the_refusal_says_how_long(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tests of other pages share a server that lets more files out: here the bound is the one that is served.
    monkeypatch.setattr(anonymous_files, "BY_ORIGIN", BY_ORIGIN)
    for _ in range(BY_ORIGIN.tries):
        take(desk.files, "192.0.2.1")
    with pytest.raises(TooManyAttempts, match="Trop de fichiers emportés d’ici en peu de temps : réessayez dans 15"):
        take(desk.files, "192.0.2.1")
    take(desk.files, "192.0.2.2")
    clock.forward(seconds=BY_ORIGIN.window.total_seconds() + 1)
    take(desk.files, "192.0.2.1")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_file_waits_its_turn(desk: Desk) -> None:
    done: list[int] = []

    def wait() -> None:
        take(desk.files, "192.0.2.1")
        done.append(1)

    waiting = threading.Thread(target=wait)
    with ExitStack() as held:
        for _ in range(AT_ONCE):
            held.enter_context(desk.files.turn("192.0.2.1"))
        waiting.start()
        waiting.join(0.2)
        assert done == []
    waiting.join()
    eventually(lambda: done == [1])


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_public_files_are_given_when_the_journal_cannot_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise JournalUnavailable("le journal ne répond pas")

    monkeypatch.setattr(RateLimiter, "enter", fails)
    take(desk.files, "192.0.2.1")
