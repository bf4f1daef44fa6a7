"""The server: how it listens, how many it holds, how it stops."""

from __future__ import annotations

import os
import resource
import socket
import threading
import time

import uvicorn
from uvicorn.supervisors import Multiprocess

from vigie.interfaces.logs import LOGGING

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
