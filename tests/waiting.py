"""Waiting for what another thread does, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST = 60.0
_PAUSE = 0.02


def eventually(holds: Callable[[], bool]) -> None:
    """Ask until the answer is yes; fails when it still is no after a minute."""
    deadline = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < deadline, "still not so after a minute"
        time.sleep(_PAUSE)
