"""Connections of one process: deadlines for who is slow, a bound for how many, one line a minute of what was refused.

uvicorn waits for ever for the end of headers, and for a reader who takes nothing. Here every connection is looked at
each second; when there is no room, the one that has waited longest without saying anything makes room for the newcomer,
so that readers who ask at once are answered whatever the crowd of those who do not.
"""

from __future__ import annotations

import asyncio
import logging
import resource
from collections import Counter, OrderedDict
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol
from uvicorn.server import ServerState

from vigie.interfaces.refusals import Refusals
from vigie.interfaces.serving import LONGEST_HEAD, RETRY_AFTER
from vigie.settings import Settings

MOST_CONNECTIONS = 2048
MOST_OF_ONE_ORIGIN = 256
KEPT_DESCRIPTORS = 384
"""Descriptors kept for data, journal, workers, and connections accepted before they are counted."""
HEAD_SECONDS = 10.0
"""A browser on a bad line sends its headers in a second or two; who takes longer holds a place for nothing."""
LEFTOVER_SECONDS = 5.0
"""How long what follows an answer is still swallowed, so that its sender reads the answer rather than a reset."""
STALLED_SECONDS = 15.0
"""How long a reader may take nothing of an answer."""
LEAVING_SECONDS = 5.0
"""How long half a request may take to come whole once the server stops."""
MOST_UNREAD = 48 * 1024 * 1024
"""Bytes of answers waiting for their readers, over all connections."""
TICK = 1.0
_log = logging.getLogger("vigie.connections")


def room() -> int:
    """Return how many connections this process holds at most, by its limit of descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(soft - KEPT_DESCRIPTORS, soft // 4))


class Connection(H11Protocol):
    """One connection, and what it is waited for: `since` when, in seconds of the loop's clock."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.crowd = _crowd(self.loop)
        self.since = self.loop.time()
        self.stalled_since = self.closing_since = 0.0
        self.heard = self.leaving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count a newcomer, or send it away when there is no room."""
        super().connection_made(transport)
        if self.crowd.welcome(self):
            self._classify()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.crowd.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came; a head that is too long, or no HTTP, is refused in French."""
        if self.transport.is_closing() or self.closing_since:
            return
        self.heard = True
        super().data_received(data)
        self._classify()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; `msg`, in English, is not told."""
        waiting = self.conn.trailing_data[0][:LONGEST_HEAD]
        if len(waiting) < LONGEST_HEAD:
            self.refuse(400)
        else:
            self.refuse(431 if b"\r\n" in waiting else 414)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self.since, self.heard = self.loop.time(), False
        super().on_response_complete()
        self._classify()

    def pause_writing(self) -> None:
        """Note since when the reader takes nothing."""
        super().pause_writing()
        self.stalled_since = self.loop.time()

    def resume_writing(self) -> None:
        """Note that the reader takes what it is sent."""
        super().resume_writing()
        self.stalled_since = 0.0

    def shutdown(self) -> None:
        """Finish what is being answered; half a request has a few seconds to come whole."""
        super().shutdown()
        self.leaving, self.since = True, self.loop.time()

    def refuse(self, status: int, seconds: int = 0) -> None:
        """Answer what cannot reach the application, and close."""
        try:
            self._answer(status, seconds)
        except h11.LocalProtocolError:  # an answer has begun already
            self.transport.abort()
            return
        self.close()

    def close(self) -> None:
        """Close once what was written has left; who takes too long for that is cut off."""
        self.crowd.settle(self, None)
        self.closing_since = self.closing_since or self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def overdue(self, now: float) -> None:
        """Close the connection when its peer is too slow."""
        if self.transport.is_closing():
            self.closing_since = self.closing_since or now
            if now - self.closing_since > LEFTOVER_SECONDS:
                self.transport.abort()
        elif self.stalled_since and now - self.stalled_since > STALLED_SECONDS:
            self.crowd.note("slow readers")
            self.transport.abort()
        elif self.conn.their_state is h11.IDLE and now - self.since > HEAD_SECONDS:
            self.crowd.note("slow heads")
            if self.heard:
                self.refuse(408)
            else:
                self.close()
        elif self.conn.their_state is h11.SEND_BODY and self._is_leftover(now):
            self.transport.abort()

    @property
    def origin(self) -> str:
        """Return the address of the peer; a proxy in front has one for all its readers."""
        return self.client[0] if self.client else ""

    @property
    def is_of_proxy(self) -> bool:
        """Tell whether the peer is a proxy, which speaks for many: `FORWARDED_ALLOW_IPS`, loopback by default."""
        trusted = self.config.forwarded_allow_ips
        names = trusted.split(",") if isinstance(trusted, str) else trusted
        return any(name.strip() in (self.origin, "*") for name in names)

    def _is_leftover(self, now: float) -> bool:
        """Tell whether a body still comes that nobody waits for any more: it was answered, or the server stops."""
        answered = self.cycle is not None and self.cycle.response_complete
        return (answered and now - self.since > LEFTOVER_SECONDS) or (
            self.leaving and now - self.since > LEAVING_SECONDS
        )

    def _answer(self, status: int, seconds: int) -> None:
        target = self.conn.trailing_data[0].partition(b" ")[2].partition(b" ")[0][:200].decode("ascii", "replace")
        answer = refusals()(target, status, seconds=seconds)
        headers = [*self.server_state.default_headers, *answer.raw_headers, (b"connection", b"close")]
        self.transport.write(
            self.conn.send(h11.Response(status_code=status, headers=headers, reason=STATUS_PHRASES[status]))
            + self.conn.send(h11.Data(data=bytes(answer.body)))
            + self.conn.send(h11.EndOfMessage())
        )

    def _classify(self) -> None:
        if self.transport.is_closing():
            self.crowd.settle(self, None)
        else:
            self.crowd.settle(self, self.conn.their_state)


class Crowd:
    """The connections of an event loop: how many by origin, and those that are waited for, the oldest first."""

    def __init__(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        self._loop, self._most = loop, most
        self._present: set[Connection] = set()
        self._origins: Counter[str] = Counter()
        self._silent: OrderedDict[Connection, None] = OrderedDict()
        self._sending: OrderedDict[Connection, None] = OrderedDict()
        self._noted: Counter[str] = Counter()
        self._told = -60.0
        self._timer: asyncio.TimerHandle | None = None

    def welcome(self, newcomer: Connection) -> bool:
        """Count a connection; tell whether there is room for it, made if need be by closing one that is silent."""
        origin = newcomer.origin
        self._present.add(newcomer)
        self._origins[origin] += 1
        if self._timer is None:
            self._timer = self._loop.call_later(TICK, self._tick)
        crowded = not newcomer.is_of_proxy and self._origins[origin] > MOST_OF_ONE_ORIGIN
        if not crowded and len(self._present) <= self._most:
            return True
        slow = self._slowest(origin if crowded else "")
        self.note("connections beyond the bound")
        if slow is not None:
            slow.refuse(503, RETRY_AFTER)
            return True
        newcomer.refuse(503, RETRY_AFTER)
        return False

    def forget(self, one: Connection) -> None:
        """Count a connection no more."""
        self.settle(one, None)
        if one in self._present:
            self._present.discard(one)
            self._origins[one.origin] -= 1
            if not self._origins[one.origin]:
                del self._origins[one.origin]

    def settle(self, one: Connection, state: Any) -> None:
        """Note what a connection is waited for: a head (h11's IDLE), a body (SEND_BODY), or nothing."""
        for line, awaited in ((self._silent, h11.IDLE), (self._sending, h11.SEND_BODY)):
            if state is not awaited:
                line.pop(one, None)
            elif one not in line:
                line[one] = None

    def note(self, what: str) -> None:
        """Count what was refused, told in one line a minute at most."""
        self._noted[what] += 1
        if self._loop.time() - self._told >= 60:
            self._tell()

    def _tell(self) -> None:
        counts = ", ".join(f"{count} {what}" for what, count in sorted(self._noted.items()))
        _log.warning("closed or refused: %s; %d connections of %d", counts, len(self._present), self._most)
        self._noted.clear()
        self._told = self._loop.time()

    def _slowest(self, origin: str) -> Connection | None:
        """Return the connection that has been waited for longest, of one origin if given; heads before bodies."""
        for line in (self._silent, self._sending):
            for one in line:
                if not origin or one.origin == origin:
                    return one
        return None

    def _tick(self) -> None:
        now = self._loop.time()
        for one in list(self._present):
            one.overdue(now)
        self._shed_unread()
        if self._noted and now - self._told >= 60:
            self._tell()
        self._timer = self._loop.call_later(TICK, self._tick) if self._present or self._noted else None

    def _shed_unread(self) -> None:
        """Cut off those who have kept an answer waiting longest while answers fill the memory."""
        waiting = {one: one.transport.get_write_buffer_size() for one in self._present}
        unread = sum(waiting.values())
        slow = sorted((one for one in waiting if one.stalled_since), key=lambda one: one.stalled_since)
        for one in slow:
            if unread <= MOST_UNREAD:
                return
            unread -= waiting[one]
            self.note("slow readers")
            one.transport.abort()


@cache
def refusals() -> Refusals:
    """Return the refusals of the installation that this process serves."""
    return Refusals.of(Settings.from_environment())


_CROWDS: WeakKeyDictionary[asyncio.AbstractEventLoop, Crowd] = WeakKeyDictionary()


def _crowd(loop: asyncio.AbstractEventLoop) -> Crowd:
    if loop not in _CROWDS:
        _CROWDS[loop] = Crowd(loop, room())
    return _CROWDS[loop]
