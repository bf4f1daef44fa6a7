"""Foresight workshops: prepared by officers, filled by a room with a code, told by counts, forgotten at closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.workshops.filling import Filling
from vigie.services.workshops.keeping import WorkshopKeeping
from vigie.services.workshops.reading import WorkshopReading

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Workshops:
    """What is done with workshops, by who does it."""

    reading: WorkshopReading
    filling: Filling
    keeping: WorkshopKeeping


def workshops(journal: Journal, keys: Keys, acts: ActRunner) -> Workshops:
    """Build the use cases of workshops."""
    return Workshops(WorkshopReading(journal), Filling(journal, keys, acts), WorkshopKeeping(journal, acts))
