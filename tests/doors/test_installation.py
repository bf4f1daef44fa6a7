"""The server follows the generation in service: the former one is drained, never cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.doors.served import Served
from vigie.bootstrap import Installation, open_services
from vigie.errors import NoData
from vigie.settings import Settings


@pytest.fixture
def copied(served: Served, tmp_path: Path) -> Path:
    shutil.copytree(served.data_dir, tmp_path / "data")
    return tmp_path / "data"


def generations(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "generations").iterdir())


def test_a_new_generation_is_taken_up_and_the_former_one_drained(copied: Path) -> None:
    now = (copied / "current").read_text(encoding="utf-8").strip()
    other = next(name for name in generations(copied) if name != now)
    installation = Installation(Settings(data_dir=copied))
    with installation.services() as before:
        assert before.loaded.name == now
        (copied / "current").write_text(other, encoding="utf-8")
        with installation.services() as meanwhile:
            assert meanwhile is before
        installation.settle()
        with installation.services() as after:
            assert after.loaded.name == other
            # The first answer is still being made: its generation must still be readable.
            assert before.watch.events().total > 0
        assert before.observe.portrait("85109").findings
    with pytest.raises(Exception, match=r"[Cc]losed|Connection"):
        before.watch.events()
    installation.close()


def test_the_same_generation_is_opened_once(copied: Path) -> None:
    installation = Installation(Settings(data_dir=copied))
    with installation.services() as one, installation.services() as two:
        assert one is two
    with installation.services() as three:
        assert three is one
    installation.close()


def test_an_empty_directory_has_no_services_until_one_is_loaded(copied: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    installation = Installation(Settings(data_dir=empty))
    with pytest.raises(NoData), installation.services():
        pass
    with pytest.raises(NoData):
        open_services(Settings(data_dir=empty))
    shutil.copytree(copied, empty)
    with installation.services() as services:
        assert services.simulated
    installation.close()
