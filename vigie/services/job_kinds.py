"""Kinds of long work, each declared by the noun it belongs to (`Capability(jobs=…)`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.store.journal.jobs import JobLot
    from vigie.store.journal.port import Unit

LOT = 500
"""Lines that are worked on in one transaction at most: what fewer lines ask is done at once."""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """French name of the state."""
        return _STATES[self]

    @property
    def moving(self) -> bool:
        """Tell whether it is still to end by itself."""
        return self in (JobState.WAITING, JobState.RUNNING)


_STATES = {
    JobState.WAITING: "en attente",
    JobState.RUNNING: "en cours",
    JobState.DONE: "terminé",
    JobState.FAILED: "n’a pas abouti",
    JobState.CANCELLED: "arrêté",
}


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of long work: its word, its label, what it counts (singular and plural), and where one goes afterwards.

    `after` is an address in which `{subject}` stands for what the work is about. `stopped` is called, in the
    transaction that cancels it, with the subject and the lots that were done.
    """

    word: str
    label: str
    counted: tuple[str, str]
    after: str = ""
    stopped: Callable[[Unit, str, Sequence[JobLot]], None] | None = None
