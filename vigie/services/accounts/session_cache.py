"""What was recognised, kept for as long as nothing is written in the journal."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from vigie.store.journal.port import Journal

Known = TypeVar("Known")
Read = Callable[[str], tuple[Known, datetime | None]]
KEPT = 2_000


class Remembering(Generic[Known]):
    """Spares the questions that the last answer still settles.

    What was read is sure while the journal's stamp is the same, whoever writes in whatever process: a session that is
    revoked or a member who is suspended is not known a moment longer. It is forgotten at its own end, too.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: OrderedDict[str, tuple[str, datetime, Known]] = OrderedDict()

    def recall(self, key: str, read: Read[Known]) -> Known:
        """Return what a key opens, read again when anything was written since.

        `read` returns it with the moment until which it holds, `None` when it may not be kept.
        """
        # Taken before the rows are read: what is written in between is seen by the next question.
        stamp = self._journal.stamp()
        kept = self._kept.get(key)
        if kept is not None and kept[0] == stamp and self._journal.now() < kept[1]:
            return kept[2]
        found, until = read(key)
        if until is None:
            self._kept.pop(key, None)
            return found
        self._kept[key] = (stamp, until, found)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found
