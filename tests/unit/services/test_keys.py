"""The secret of an installation: one, whole, its owner's alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vigie.errors import JournalUnavailable
from vigie.services.keys import Keys


def test_those_who_begin_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as together:
        made = list(together.map(lambda _: Keys.of_installation("", tmp_path).email("nom@exemple.fr"), range(16)))
    assert len(set(made)) == 1
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert len(kept.read_text()) == 64


def test_a_file_system_without_links_keeps_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert Keys.of_installation("", tmp_path).email("a") == Keys.of_installation("", tmp_path).email("a")
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_an_empty_secret_keys_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(JournalUnavailable, match="vide"):
        Keys.of_installation("", tmp_path)
