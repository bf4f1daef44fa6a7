"""An imaginary intercommunality, loaded once for a whole run: whoever needs one works on a copy of their own."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from vigie import bootstrap
from vigie.services.refresh import RefreshRequest
from vigie.services.simulate import SimulationRequest
from vigie.settings import Settings

_ESTABLISHMENTS = 6_000


def copy_loaded(factory: pytest.TempPathFactory, data_dir: Path) -> None:
    """Fill a data folder with the intercommunality; the first process of a run to ask loads it, others wait for it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    kept, whole = shared / "imaginary", shared / "imaginary-whole"
    with (shared / "imaginary-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            settings = Settings(data_dir=kept / "data")
            request = SimulationRequest(territory="epci:248500621", out=kept / "files", establishments=_ESTABLISHMENTS)
            bootstrap.simulate(settings, request)
            bootstrap.refresh(settings, RefreshRequest((kept / "files",)))
            whole.touch()
    shutil.copytree(kept / "data", data_dir)
