"""Whether the service can serve: 503 when it cannot, what is wrong in French, and no place of the machine."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import Served, TestClient
from vigie import bootstrap
from vigie.errors import JournalUnavailable
from vigie.interfaces.server import application
from vigie.services import health
from vigie.services.health import Health
from vigie.settings import Settings

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)


def asked(client: TestClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/api/v1/health")
    return answer.status_code, answer.json()


def test_what_serves_says_what_it_serves(served: Served) -> None:
    status, state = asked(served.client)
    assert (status, state["etat"], state["pret"]) == (200, "ok", True)
    assert state["generation"] and state["journal"] == {"lisible": True, "modifiable": True}
    assert state["place_libre_mio"] >= health.LEAST_ROOM_MIB


def test_nothing_loaded_is_not_ready_and_names_no_place(tmp_path: Path) -> None:
    with TestClient(application(Settings(data_dir=tmp_path)), raise_server_exceptions=False) as client:
        status, state = asked(client)
        assert status == 503 and state["generation"] is None and "Aucune donnée" in state["etat"]
        assert state["journal"] == {"lisible": True, "modifiable": True}
        for path in ("/api/v1/health", "/api/v1/search", "/api/v1/sources", "/", "/annuaire", "/aide"):
            assert str(tmp_path) not in client.get(path).text, path


def test_a_full_disk_is_not_ready(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 100, 3 * 2**20))
    status, state = asked(served.client)
    assert (status, state["place_libre_mio"]) == (503, 3) and "disque" in state["etat"]


class Journal:
    """A journal whose readings and writings do what a test says."""

    def __init__(self, kept: Any, *, reads: bool = True, writes: bool = True) -> None:
        self._kept, self._reads, self._writes = kept, reads, writes
        self.asked = 0

    def reading(self, scope: Any) -> Any:
        self.asked += 1
        if not self._reads:
            raise JournalUnavailable("/un/chemin")
        return self._kept.reading(scope)

    def writing(self, scope: Any) -> Any:
        if not self._writes:
            raise OSError("/un/chemin")
        return self._kept.writing(scope)


@pytest.mark.parametrize(("reads", "writes", "said"), [(False, False, "lu"), (True, False, "écrit")])
def test_a_dead_journal_is_not_ready(tmp_path: Path, reads: bool, writes: bool, said: str) -> None:
    journal = bootstrap.open_journal(Settings(data_dir=tmp_path))
    looked = Health(Journal(journal, reads=reads, writes=writes), tmp_path, lambda: ("g", False, False))  # type: ignore[arg-type]
    state = looked.state()
    assert (state.readable, state.writable) == (reads, writes)
    assert f"Le journal ne peut pas être {said}." in state.faults and "chemin" not in str(state.as_dict())
    looked.close()
    journal.close()


def test_asking_often_costs_one_look_and_what_is_wrong_is_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 1e9)
    kept = bootstrap.open_journal(Settings(data_dir=tmp_path))
    journal = Journal(kept)

    def nothing() -> tuple[str, bool]:
        raise ZeroDivisionError

    looked = Health(journal, tmp_path, nothing)  # type: ignore[arg-type]
    with caplog.at_level(logging.WARNING, "vigie.health"):
        for _ in range(50):
            assert not looked.state().generation
        monkeypatch.setattr(health, "KEPT_SECONDS", -1.0)
        looked.state()
    assert journal.asked == 2
    assert [record.getMessage() for record in caplog.records] == [f"data of {tmp_path}: ZeroDivisionError"]
    looked.close()
    kept.close()


def test_a_busy_journal_is_not_a_dead_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "JOURNAL_SECONDS", 0.05)
    journal, freed = bootstrap.open_journal(Settings(data_dir=tmp_path)), threading.Event()

    class Busy(Journal):
        def writing(self, scope: Any) -> Any:
            freed.wait(60)
            return super().writing(scope)

    looked = Health(Busy(journal), tmp_path, lambda: ("g", False, False))  # type: ignore[arg-type]
    assert looked.state().faults == ()
    monkeypatch.setattr(health, "DEAD_SECONDS", 0.0)
    assert looked.state().faults == ("Le journal ne peut pas être lu.",)
    freed.set()
    looked.close()
    journal.close()
