"""Turns: so many requests of a kind are worked on at once, so many wait, the others are told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vigie.interfaces.http import RequestRefused

RETRY_AFTER = 5
"""Seconds after which somebody sent away may come back."""


class Turns:
    """A waiting line, first come first served: `at_once` go, `waiting` wait for `patience` seconds at most."""

    def __init__(self, at_once: int, waiting: int, patience: float = 10.0) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most, self._patience, self._waiting = waiting, patience, 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a turn; raises `RequestRefused` (503) when too many wait already, or when it did not come in time."""
        if self._free.locked() and self._waiting >= self._most:
            raise _crowded()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise _crowded() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def _crowded() -> RequestRefused:
    return RequestRefused(
        503, "Trop d’envois arrivent en même temps : rien n’a été écrit, renvoyez le vôtre.", RETRY_AFTER
    )
