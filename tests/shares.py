"""Which cases of a long list `make test` tries; VIGIE_PROOF tries them all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")

PROOF = bool(os.environ.get("VIGIE_PROOF"))


def one_in(step: int, cases: Iterable[T], start: int = 0) -> list[T]:
    """Return every `step`-th case from the `start`-th on, always the same ones; all of them for the proof.

    A step that shares no divisor with the length of a row of a table tries every row and every column of it; a start
    that turns from one list to the next (`turn_of`) tries every case somewhere. Some case is always tried.
    """
    listed = list(cases)
    return listed if PROOF or not listed else listed[start % min(step, len(listed)) :: step]


def turn_of(name: str) -> int:
    """Return a number that is always the same for a name, whatever the seed of hashes."""
    return crc32(name.encode())
