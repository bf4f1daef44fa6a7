"""Needs stated without an account: said, confirmed, read and answered by the officer of the place, followed by link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.needs.by_link import NeedByLink
from vigie.services.needs.reading import NeedReading
from vigie.services.needs.stating import StatingNeeds

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.firms.relations import Covering
    from vigie.services.keys import Keys
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class StatedNeeds:
    """What is done with needs, by who does it."""

    stating: StatingNeeds
    by_link: NeedByLink
    reading: NeedReading


def needs_of(journal: Journal, keys: Keys, acts: ActRunner, firms: tuple[Covering, FirmRegister]) -> StatedNeeds:
    """Build the use cases of needs; `firms` are who answers for them, and what is known of them."""
    return StatedNeeds(
        stating=StatingNeeds(journal, keys, acts, firms),
        by_link=NeedByLink(journal, acts),
        reading=NeedReading(journal, acts),
    )
