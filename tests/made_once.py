"""Folders that take long to make, made by the first of the processes of a test run that wants them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of this process's own, with what `make` puts in a folder it is given.

    Processes of one run (pytest-xdist) stand side by side below one folder: the first makes, the others copy.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    origin = shared / f"made-{name}"
    with (shared / f"made-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not origin.is_dir():
            unfinished = origin.with_name(f"unfinished-{name}-{os.getpid()}")
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(origin)
    return shutil.copytree(origin, factory.mktemp(name) / "own")
