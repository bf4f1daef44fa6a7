"""Files that are taken without an account: counted by origin, one written at a time in a process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.form_kept import FormKept
from vigie.domain.french import counted
from vigie.errors import JournalUnavailable, TooManyAttempts
from vigie.services.accounts.rate_limits import Limit, RateLimiter, origin_of

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal

BY_ORIGIN = Limit("file-origin", 30, timedelta(minutes=15))
"""More than somebody takes by hand; programs page through the API instead."""
AT_ONCE, PATIENCE = 1, 60.0
"""Writing a file takes a processor for seconds: the others wait their turn, a minute at most."""


class AnonymousFiles:
    """Counts the files taken from each origin, of which only a keyed hash is kept, for a day."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._guarding = RateLimiter(journal, keys)
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def turn(self, address: str) -> Iterator[None]:
        """Count one file and hold a turn to write it; raises `TooManyAttempts` with the seconds to wait.

        Where the journal cannot count, public files are given all the same.
        """
        try:
            self._guarding.enter((BY_ORIGIN, origin_of(address)))
        except TooManyAttempts as full:
            minutes = counted(-(-full.seconds // 60), "minute")
            raise TooManyAttempts(
                f"Trop de fichiers emportés d’ici en peu de temps : réessayez dans {minutes}.", full.seconds
            ) from None
        except (JournalUnavailable, FormKept):
            pass
        if not self._turns.acquire(timeout=PATIENCE):
            raise TooManyAttempts("Trop de fichiers s’écrivent en ce moment : réessayez dans une minute.", 60)
        try:
            yield
        finally:
            self._turns.release()
