"""The server: how it listens, how many requests of a kind it works on at once, how it stops."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from uvicorn.supervisors import Multiprocess

from vigie.interfaces.http import RequestRefused
from vigie.interfaces.logs import LOGGING

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


GRACE_SECONDS = 20
"""What is being answered when the server is told to stop has this long to end."""
_CANCELLED_SECONDS = 16
"""When answers that do not end are cancelled: what remains of the grace closes the journal."""
LONGEST_HEAD = 16_384
"""Bytes of the address and headers of a request."""
QUEUE = 2048
"""Connections that the system keeps for the server to accept."""
_ACCEPTED_AT_ONCE = 64
"""asyncio accepts so many before it looks at any: few enough to be counted before descriptors run out."""


def raise_descriptors() -> int:
    """Raise the soft limit of descriptors to the hard one, where the system lets it; return the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            return soft
    return wanted


def configuration(application: str, processes: int) -> uvicorn.Config:
    """Return how an application, named by its factory, is served."""
    return uvicorn.Config(
        application, factory=True, http="vigie.interfaces.connections:Connection", ws="none",
        access_log=False, log_level="warning", log_config=LOGGING, server_header=False, workers=processes,
        backlog=_ACCEPTED_AT_ONCE, h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_graceful_shutdown=_CANCELLED_SECONDS,
    )  # fmt: skip


class Server(uvicorn.Server):
    """One process, which ends within its grace whatever it is doing."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets=sockets)
        for one in sockets or ():
            one.listen(QUEUE)  # asyncio shortened the system's queue to what it accepts at once

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; what a thread still does after the grace is given up, and the engines roll it back."""
        last_word = threading.Timer(GRACE_SECONDS - 1, os._exit, args=(1,))
        last_word.daemon = True
        last_word.start()
        await super().shutdown(sockets=sockets)


class Processes(Multiprocess):
    """Several processes that share an address and end together, within one grace."""

    def keep_subprocess_alive(self) -> None:
        """Start again what died; keep the queue of the shared address long."""
        super().keep_subprocess_alive()
        for one in self.sockets:
            one.listen(QUEUE)

    def join_all(self) -> None:
        """Wait for every process, and kill those that outlive the grace."""
        until = time.monotonic() + GRACE_SECONDS - 1
        for process in self.processes:
            process.process.join(max(0.0, until - time.monotonic()))
            if process.process.is_alive():
                process.process.kill()
                process.process.join()
