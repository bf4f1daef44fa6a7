"""Consultations as the officers of their organisation read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.services.consultations.answers import ConsultationLine, PreparedConsultation
from vigie.services.consultations.preparing import read_prepared
from vigie.services.consultations.reading import lines
from vigie.store.journal.consultations import Consultation

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.acts import ActRunner
    from vigie.store.journal.port import Journal


class ConsultationKeeping:
    """Reads the consultations of the asker's organisation, those in preparation too."""

    def __init__(self, journal: Journal, acts: ActRunner) -> None:
        self._journal, self._acts = journal, acts

    def every(self, scope: Scope) -> tuple[ConsultationLine, ...]:
        """Return the consultations of the organisation, the last ones first."""
        scope.require(Thing.CONSULTATIONS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            ours = select(Consultation).where(
                Consultation.organisation_id == scope.organisation, Consultation.deleted_at.is_(None)
            )
            return lines(reader, reader.all(ours.order_by(Consultation.created_at.desc(), Consultation.id).limit(100)))

    def one(self, scope: Scope, consultation: str) -> PreparedConsultation:
        """Return one of them, with its statements of every state; raises `NotFound` for another organisation's."""
        return self._acts.tell(scope, read_prepared, consultation)
