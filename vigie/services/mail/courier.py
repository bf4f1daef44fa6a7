"""Sends what waits and forgets what is old, for as long as the pages are served."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail

BETWEEN_ROUNDS = 20.0
"""Who asked for a link waits for their letter; an empty round is one look at an index."""
_BETWEEN_ERASURES = 3600.0
"""Letters are kept for days: an hour more or less changes nothing."""
_log = logging.getLogger("vigie.mail")


@contextmanager
def courier(mail: Mail, seconds: float = BETWEEN_ROUNDS) -> Iterator[None]:
    """Keep a thread that makes its rounds during the block; several processes may each have one."""
    leaving = threading.Event()
    thread = threading.Thread(target=_rounds, args=(mail, leaving, seconds), name="vigie-mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join(timeout=30)


def _rounds(mail: Mail, leaving: threading.Event, seconds: float) -> None:
    erased = -_BETWEEN_ERASURES
    while not leaving.wait(seconds):
        try:
            mail.send_waiting(leaving.is_set)
            if time.monotonic() - erased >= _BETWEEN_ERASURES:
                mail.erase_old()
                erased = time.monotonic()
        except Exception as fault:
            # A round that fails is tried again; what it was about stays out of the log.
            _log.error("mail round: %s", type(fault).__name__)
