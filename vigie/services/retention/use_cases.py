"""Everything of retention, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.retention.erasing import Erasing
from vigie.services.retention.mine import Belongings, Mine
from vigie.services.retention.purging import Purging
from vigie.services.retention.register import Registering

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Retention:
    """The use cases of retention: purge, erasure on request, register, what can be taken away whole."""

    purging: Purging
    erasing: Erasing
    register: Registering
    belongings: Belongings
    mine: Mine


def retention(journal: Journal) -> Retention:
    """Build the use cases of retention on a journal."""
    return Retention(
        purging=Purging(journal),
        erasing=Erasing(journal),
        register=Registering(journal),
        belongings=Belongings(journal),
        mine=Mine(journal),
    )
