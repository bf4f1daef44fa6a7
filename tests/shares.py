"""What `make test` tries of a long list: a share of it, the same at each run. The proof (`VIGIE_PROOF`) tries it all.

A share is taken at regular steps, so that it goes through the whole list; tests that cross two lists take another rank
for each thing of the first, so that together they try every thing of the second.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

PROOF = bool(os.environ.get("VIGIE_PROOF"))
Thing = TypeVar("Thing")


def share(things: Sequence[Thing], one_in: int, rank: int = 0) -> list[Thing]:
    """Return one thing in so many, from that of a rank on: at least one of a list that has some; all for the proof."""
    if PROOF or not things:
        return list(things)
    return list(things[rank % min(one_in, len(things)) :: one_in])
