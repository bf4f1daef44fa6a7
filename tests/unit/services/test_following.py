"""Going from one generation to another: opened apart and once, while the former one answers everybody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from vigie.errors import DataUnreadable
from vigie.services.following import GenerationWatcher
from vigie.store import generation

READERS = 16
LONGEST = 60.0
"""Seconds before a test that hangs fails; none waits that long when all is well."""


class Opened:
    """What is opened on a generation: its name, and whether it was let go."""

    def __init__(self, name: str) -> None:
        self.name, self.closed = name, False

    def close(self) -> None:
        self.closed = True


class Opener:
    """Opens at once, or stops at the stage "opening" of the generations in `slow` until told to go on."""

    def __init__(self, *slow: str) -> None:
        self.slow = set(slow)
        self.opened: list[Opened] = []
        self.opening, self.go_on = Event(), Event()
        self.refusal: Exception | None = None

    def __call__(self, folder: Path, instead: str) -> Opened:
        self.opened.append(Opened(folder.name))
        if folder.name in self.slow:
            self.opening.set()
            assert self.go_on.wait(LONGEST)
        if self.refusal:
            raise self.refusal
        return self.opened[-1]


def make(data: Path, name: str) -> None:
    folder = data / generation.GENERATIONS / name
    (folder / generation.INDEX).mkdir(parents=True)
    (folder / generation.WAREHOUSE).write_bytes(b"")
    said = {"name": name, "created": "2026-10-01", "vintage": {}, "simulated": True}
    (folder / generation.DESCRIPTION).write_text(json.dumps(said), encoding="utf-8")
    generation.point(data, folder)


def asked(following: GenerationWatcher[Opened]) -> str:
    with following.lend() as lent:
        return lent.name if lent else ""


def all_at_once(ask: Callable[[], str]) -> list[str]:
    with ThreadPoolExecutor(READERS) as pool:
        return [answer.result(LONGEST) for answer in [pool.submit(ask) for _ in range(READERS)]]


def test_no_reader_waits_for_the_next_generation_which_is_opened_once(tmp_path: Path) -> None:
    make(tmp_path, "one")
    opener = Opener("two")
    following = GenerationWatcher(tmp_path, opener)
    assert asked(following) == "one"
    make(tmp_path, "two")
    # All of them answer although the opening cannot end before they did.
    assert all_at_once(lambda: asked(following)) == ["one"] * READERS
    assert opener.opening.wait(LONGEST)
    assert all_at_once(following.name) == ["one"] * READERS
    opener.go_on.set()
    following.settle()
    assert all_at_once(lambda: asked(following)) == ["two"] * READERS
    assert [one.name for one in opener.opened] == ["one", "two"]
    assert [one.closed for one in opener.opened] == [True, False]
    following.close()
    assert opener.opened[1].closed


def test_an_answer_under_way_keeps_what_it_was_lent_until_it_ends(tmp_path: Path) -> None:
    make(tmp_path, "one")
    following = GenerationWatcher(tmp_path, Opener())
    with following.lend() as lent:
        assert lent is not None
        make(tmp_path, "two")
        asked(following)
        following.settle()
        assert asked(following) == "two"
        assert not lent.closed
    assert lent.closed
    following.close()


def test_the_first_readers_wait_for_one_opening(tmp_path: Path) -> None:
    make(tmp_path, "one")
    opener = Opener("one")
    following = GenerationWatcher(tmp_path, opener)
    with ThreadPoolExecutor(READERS) as pool:
        answers = [pool.submit(asked, following) for _ in range(READERS)]
        assert opener.opening.wait(LONGEST)
        opener.go_on.set()
        assert [answer.result(LONGEST) for answer in answers] == ["one"] * READERS
    assert len(opener.opened) == 1
    following.close()


def test_nothing_loaded_is_no_fault_and_is_noticed_once_loaded(tmp_path: Path) -> None:
    following = GenerationWatcher(tmp_path, Opener())
    assert asked(following) == ""
    make(tmp_path, "one")
    assert asked(following) == "one"
    following.close()


def test_one_that_cannot_be_read_leaves_the_former_one_in_service(tmp_path: Path) -> None:
    make(tmp_path, "one")
    following = GenerationWatcher(tmp_path, Opener())
    asked(following)
    make(tmp_path, "two")
    (tmp_path / generation.GENERATIONS / "two" / generation.WAREHOUSE).unlink()
    assert asked(following) == "one"
    following.settle()
    assert following.name() == "one, unpointed"
    following.close()


def test_what_hinders_an_opening_is_told_to_those_who_wait_and_to_nobody_else(tmp_path: Path) -> None:
    make(tmp_path, "one")
    opener = Opener()
    following = GenerationWatcher(tmp_path, opener)
    opener.refusal = ConnectionError("journal")
    with pytest.raises(ConnectionError):
        asked(following)
    opener.refusal = None
    assert asked(following) == "one"
    make(tmp_path, "two")
    opener.refusal = ConnectionError("journal")
    assert asked(following) == "one"
    following.settle()
    opener.refusal = None
    assert asked(following) == "one"
    following.settle()
    assert asked(following) == "two"
    following.close()


def test_without_any_readable_generation_each_reader_is_told(tmp_path: Path) -> None:
    make(tmp_path, "one")
    following = GenerationWatcher(tmp_path, Opener())
    asked(following)
    (tmp_path / generation.GENERATIONS / "one" / generation.WAREHOUSE).unlink()
    for _ in range(2):
        with pytest.raises(DataUnreadable):
            asked(following)
    following.close()


def test_a_generation_that_could_not_be_read_is_forgotten_once_it_is_removed(tmp_path: Path) -> None:
    """Tried before the good one was there, and removed since, it must not have the good one opened at each answer."""
    make(tmp_path, "one")
    opener = Opener()
    opener.refusal = DataUnreadable("one/warehouse.duckdb est abîmé")
    following = GenerationWatcher(tmp_path, opener)
    with pytest.raises(DataUnreadable):
        asked(following)
    opener.refusal = None
    make(tmp_path, "two")
    assert asked(following) == "two"
    shutil.rmtree(tmp_path / generation.GENERATIONS / "one")
    for _ in range(5):
        assert asked(following) == "two"
        following.settle()
    assert [one.name for one in opener.opened] in (["one", "two"], ["one", "two", "two"])
    following.close()
