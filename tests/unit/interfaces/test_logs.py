"""What the server writes: one line a record, and what repeats once a minute."""

from __future__ import annotations

import logging
import sys

from vigie.interfaces.logs import OnceAMinute, OneLine


def record(name: str, message: str, *values: object, fault: bool = False) -> logging.LogRecord:
    raised = sys.exc_info() if fault else None
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, values, raised)


def test_a_record_is_one_plain_line() -> None:
    line = OneLine().format(record("vigie", "reçu %s", "a\nb\x1b[31m\r\u2028c"))
    assert line.isprintable() and line.endswith("vigie reçu a\\x0ab\\x1b[31m\\x0d\\x2028c")


def test_of_an_exception_only_its_type_and_place_are_written() -> None:
    try:
        raise ZeroDivisionError("ce que quelqu’un a écrit")
    except ZeroDivisionError:
        line = OneLine().format(record("uvicorn.error", "Exception in ASGI application\n", fault=True))
    assert "ZeroDivisionError at" in line and "quelqu" not in line and line.isprintable()


def test_what_the_server_repeats_is_written_once_a_minute_with_its_count() -> None:
    now = [0.0]
    kept = OnceAMinute(lambda: now[0])
    passed = [kept.filter(record("uvicorn.error", "Invalid HTTP request received.")) for _ in range(1000)]
    assert passed == [True] + [False] * 999
    assert all(kept.filter(record("vigie.access", "GET /")) for _ in range(3))
    now[0] = 61.0
    again = record("uvicorn.error", "Invalid HTTP request received.")
    assert kept.filter(again) and "999 more" in again.getMessage()
