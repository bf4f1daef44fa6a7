"""A secret or a journal that was lost is never remade in silence: objecting firms would be public again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from vigie.bootstrap import JOURNAL, make_journal, open_desk, open_house, open_safekeeping, open_services, start_anew
from vigie.errors import JournalUnavailable, NoData
from vigie.interfaces.cli.main import main
from vigie.services.keys import MARK, SECRET
from vigie.settings import Settings


@pytest.fixture
def made(tmp_path: Path) -> Settings:
    """An installation that was started once."""
    settings = Settings(data_dir=tmp_path / "data")
    make_journal(settings)
    return settings


def gone(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def other(path: Path) -> None:
    path.write_text("another secret", encoding="ascii")


LOSSES = [(JOURNAL, gone), (JOURNAL, emptied), (SECRET, gone), (SECRET, emptied), (SECRET, other)]


def test_the_first_start_makes_both_and_the_next_recognises_them(made: Settings) -> None:
    assert {JOURNAL, SECRET, MARK} <= {path.name for path in made.data_dir.iterdir()}
    open_desk(made).close()


@pytest.mark.parametrize(("name", "loss"), LOSSES)
def test_what_is_lost_is_not_remade(made: Settings, name: str, loss: Callable[[Path], None]) -> None:
    for path in made.data_dir.glob(f"{JOURNAL}-*"):
        path.unlink()
    before = (made.data_dir / SECRET).read_bytes()
    loss(made.data_dir / name)
    for door in (open_desk, open_house, make_journal):
        with pytest.raises(JournalUnavailable, match=r"origine|disparu|vide") as fault:
            door(made)
        assert "vigie journal anew" in str(fault.value) or "vide" in str(fault.value)
    if name == SECRET:
        kept = made.data_dir / SECRET
        assert not kept.is_file() or kept.read_bytes() != before, "nothing was written in its place"
    else:
        assert not (made.data_dir / JOURNAL).is_file() or not (made.data_dir / JOURNAL).stat().st_size


@pytest.mark.parametrize(("name", "loss"), LOSSES)
def test_the_directory_is_not_read_without_those_who_object(
    made: Settings, name: str, loss: Callable[[Path], None]
) -> None:
    loss(made.data_dir / name)
    with pytest.raises((JournalUnavailable, NoData)):
        open_services(made)


def test_a_journal_elsewhere_is_not_replaced_by_a_file(made: Settings) -> None:
    (made.data_dir / MARK).write_text("elsewhere\n", encoding="utf-8")
    (made.data_dir / JOURNAL).unlink()
    with pytest.raises(JournalUnavailable, match="VIGIE_JOURNAL_URL"):
        open_desk(made)


def test_a_secret_of_the_environment_is_recognised_too(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", secret="first")  # noqa: S106
    make_journal(settings)
    with pytest.raises(JournalUnavailable, match="VIGIE_SECRET"):
        open_desk(replace(settings, secret="second"))  # noqa: S106
    open_desk(settings).close()


def test_commands_refuse_in_one_sentence(made: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    (made.data_dir / JOURNAL).unlink()
    where = ["--data-dir", str(made.data_dir)]
    for command in (["org", "list"], ["refresh", "--sirene", str(made.data_dir)], ["journal", "purge"]):
        assert main([*command, *where]) == 1, command
        said = capsys.readouterr().err
        assert "a disparu ou est vide" in said and said.count("\n") == 1 and "Traceback" not in said


def test_a_backup_is_the_remedy(made: Settings, tmp_path: Path) -> None:
    keeper = open_safekeeping(made)
    keeper.back_up(tmp_path / "backup.zip")
    keeper.close()
    for path in made.data_dir.glob(f"{JOURNAL}*"):
        if path.name != MARK:
            path.unlink()
    keeper = open_safekeeping(made)
    keeper.restore(tmp_path / "backup.zip")
    keeper.close()
    open_desk(made).close()


@pytest.mark.parametrize(("name", "loss"), LOSSES)
def test_starting_anew_is_a_deliberate_act(made: Settings, name: str, loss: Callable[[Path], None]) -> None:
    loss(made.data_dir / name)
    assert main(["journal", "anew", "--data-dir", str(made.data_dir)]) == 2
    if (name, loss) == (SECRET, emptied):
        (made.data_dir / SECRET).unlink()
    start_anew(made)
    open_desk(made).close()
