"""Settings are read once from the environment, and refuse what is not a number."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from vigie.errors import RequestFault
from vigie.settings import Settings


def test_defaults_need_no_environment() -> None:
    settings = Settings.from_environment({})
    assert settings.data_dir == Path("data")
    assert settings.threads >= 1
    assert settings.memory_mib == 2560


def test_values_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"VIGIE_DATA_DIR": "ailleurs", "VIGIE_THREADS": "3", "VIGIE_CONTACT": "a@b.fr"}
    )
    assert (settings.data_dir, settings.threads, settings.contact) == (Path("ailleurs"), 3, "a@b.fr")


@pytest.mark.parametrize("text", ["zéro", "-1", "0", "1.5"])
def test_a_number_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(RequestFault, match="VIGIE_MEMORY_MIB"):
        Settings.from_environment({"VIGIE_MEMORY_MIB": text})


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().threads = 4  # type: ignore[misc]
