"""Consultations: prepared by officers, voted by whoever, counted by rules that tell nobody's vote, closed for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.consultations.counting import ConsultationCounting
from vigie.services.consultations.ideas import Ideas
from vigie.services.consultations.keeping import ConsultationKeeping
from vigie.services.consultations.reading import ConsultationReading
from vigie.services.consultations.voting import Voting

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.keys import Keys
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Consultations:
    """What is done with consultations, by who does it."""

    reading: ConsultationReading
    voting: Voting
    ideas: Ideas
    keeping: ConsultationKeeping
    counting: ConsultationCounting


def consultations(journal: Journal, keys: Keys, acts: ActRunner) -> Consultations:
    """Build the use cases of consultations."""
    return Consultations(
        reading=ConsultationReading(journal),
        voting=Voting(journal, keys),
        ideas=Ideas(journal, keys, acts),
        keeping=ConsultationKeeping(journal, acts),
        counting=ConsultationCounting(journal),
    )
