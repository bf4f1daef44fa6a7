"""What the server writes: one line a record, whatever the record holds; what repeats is written once a minute."""

from __future__ import annotations

import logging
import time
from typing import Any

from vigie.interfaces.http import escaped, place_of

QUIET_SECONDS = 60.0
"""One line a minute for each kind of failure tells that it lasts, and does not fill the disk."""


class OneLine(logging.Formatter):
    """Writes a record on one line: controls are escaped, of an exception only its type and its place are told."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        when = self.formatTime(record)
        line = f"{when} {record.name} {record.getMessage().rstrip()}"
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            line += f" {type(fault).__name__} at {place_of(fault)}"
        return escaped(line)


class OnceAMinute(logging.Filter):
    """Lets a message of the server's own through once a minute, with how many were held back before it."""

    def __init__(self, clock: Any = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written."""
        if not record.name.startswith(("uvicorn", "asyncio")):
            return True
        key = f"{record.name} {str(record.msg)[:80]}"
        told, held = self._told.get(key, (float("-inf"), 0))
        now = self._clock()
        if now - told < QUIET_SECONDS:
            self._told[key] = (told, held + 1)
            return False
        if held:
            record.msg, record.args = f"{record.getMessage().rstrip()} ({held} more since the last such line)", ()
        if len(self._told) >= 100:
            self._told.clear()
        self._told[key] = (now, 0)
        return True


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "vigie.interfaces.logs.OneLine"}},
    "filters": {"quiet": {"()": "vigie.interfaces.logs.OnceAMinute"}},
    "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet"]}},
    "loggers": {"alembic": {"level": "WARNING"}},
    "root": {"level": "INFO", "handlers": ["error"]},
}
