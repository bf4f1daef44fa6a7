"""An imaginary intercommunality, loaded once for a whole run: whoever needs one works on a copy of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.made_once import made_once
from vigie import bootstrap
from vigie.services.refresh import RefreshRequest
from vigie.services.simulate import SimulationRequest
from vigie.settings import Settings

_ESTABLISHMENTS = 6_000


def copy_loaded(factory: pytest.TempPathFactory, data_dir: Path) -> None:
    """Make a data folder that holds the intercommunality."""

    def make(folder: Path) -> None:
        settings = Settings(data_dir=folder / "data")
        request = SimulationRequest(territory="epci:248500621", out=folder / "files", establishments=_ESTABLISHMENTS)
        bootstrap.simulate(settings, request)
        bootstrap.refresh(settings, RefreshRequest((folder / "files",)))

    (made_once(factory, "imaginary", make) / "data").rename(data_dir)
