"""What a server does as soon as it listens, so that its first readers do not wait for what all of them need."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vigie.errors import VigieError

_log = logging.getLogger("vigie.data")
LONGEST_STEP = 30.0
"""Seconds that a step under way is waited for when the server stops."""


@contextmanager
def warming(*steps: Callable[[], object]) -> Iterator[None]:
    """Take steps one after the other in a thread of their own; none is begun once the block is left.

    A reader who comes meanwhile is answered, and shares what was read so far. What fails fails again, and is told,
    where somebody asks for it.
    """
    leaving = threading.Event()

    def take() -> None:
        for step in steps:
            if leaving.is_set():
                return
            try:
                step()
            except VigieError as nothing_yet:
                _log.info("not warmed: %s", type(nothing_yet).__name__)
            except Exception:
                _log.exception("not warmed")

    thread = threading.Thread(target=take, name="vigie-warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join(timeout=LONGEST_STEP)
