"""From a vision to its results: written by officers, read by all, measured at each refresh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.access import Role, Scope
from vigie.services.vision.following import VisionFollowing
from vigie.services.vision.reading import VisionReading

if TYPE_CHECKING:
    from vigie.services.introductions import Introductions
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Visions:
    """What is done with visions, beside their acts."""

    reading: VisionReading
    following: VisionFollowing


def visions(journal: Journal, introductions: Introductions) -> Visions:
    """Build the use cases of visions; their results are the totals that whoever reads no case may read."""
    return Visions(
        reading=VisionReading(
            journal,
            lambda organisation: introductions.reading.aggregates(
                Scope(Role.ELECTED, organisation=organisation, via="command")
            ),
        ),
        following=VisionFollowing(journal),
    )
