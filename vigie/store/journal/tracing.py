"""Accesses noted together: those who ask at the same moment share one flush of the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]


@dataclass(slots=True)
class _Ticket:
    """One access to note; `fault` is why it could not be."""

    values: Values
    written: bool = False
    fault: Exception | None = None


class Tracing:
    """Writes accesses where an engine has one writer at a time; they take turns among themselves.

    Whoever gets the turn writes what everybody waiting asked for, in one transaction; the others find it done. Nobody
    comes back before what they asked for is durable.
    """

    def __init__(self, write: Callable[[Sequence[Values]], None]) -> None:
        self._write = write
        self._turn, self._door = threading.Lock(), threading.Lock()
        self._waiting: list[_Ticket] = []

    def note(self, values: Values) -> None:
        """Write one access; raises what the engine raised when it could not be written."""
        ticket = _Ticket(values)
        with self._door:
            self._waiting.append(ticket)
        with self._turn:
            if not ticket.written:
                self._write_those_waiting()
        if ticket.fault is not None:
            raise ticket.fault

    def _write_those_waiting(self) -> None:
        with self._door:
            taken, self._waiting = self._waiting, []
        fault: Exception | None = None
        try:
            self._write([ticket.values for ticket in taken])
        except Exception as raised:  # each of those who wait must learn it
            fault = raised
        for ticket in taken:
            ticket.written, ticket.fault = True, fault
