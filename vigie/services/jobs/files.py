"""Files that jobs make, kept some hours in the data directory for whoever asked for them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO

KEPT = timedelta(hours=6)
"""How long a file waits to be taken: a working day's half, for it holds what an erasure would not reach."""
FOLDER = "files"
_PARTIAL = ".partial"


class JobFiles:
    """The folder of these files, readable by the service only; each is named by its job."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def path(self, job: str) -> Path:
        """Return where the file of a job is."""
        return self._folder / job

    def make(self, job: str, write: Callable[[IO[bytes]], None]) -> None:
        """Write a file that appears only when it is whole; one that was begun before a kill is begun again."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = self._folder / f"{job}{_PARTIAL}"
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as target:
            write(target)
            target.flush()
            os.fsync(target.fileno())
        partial.rename(self.path(job))

    def tidy(self) -> None:
        """Remove the files whose time has come, and those that a kill left unfinished."""
        if not self._folder.is_dir():
            return
        limit = time.time() - KEPT.total_seconds()
        for path in self._folder.iterdir():
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
