"""Workshops as the officers of their organisation read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.services.workshops.preparing import read_prepared
from vigie.services.workshops.reading import lines
from vigie.store.journal.workshops import Workshop

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.acts import ActRunner
    from vigie.services.workshops.answers import PreparedWorkshop, WorkshopLine
    from vigie.store.journal.port import Journal


class WorkshopKeeping:
    """Reads the workshops of the asker's organisation, those in preparation too."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def every(self, scope: Scope) -> tuple[WorkshopLine, ...]:
        """Return the workshops of the organisation, the last ones first."""
        scope.require(Thing.WORKSHOPS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            ours = select(Workshop).where(Workshop.organisation_id == scope.organisation, Workshop.deleted_at.is_(None))
            return lines(reader, reader.all(ours.order_by(Workshop.created_at.desc(), Workshop.id).limit(100)))

    def one(self, scope: Scope, workshop: str) -> PreparedWorkshop:
        """Return one of them, with what the room proposed; raises `NotFound` for another organisation's."""
        return self._acts.tell(scope, read_prepared, workshop)
