"""What an asker is to a firm, from the introductions and the shares that the journal holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from vigie.domain.access import Role, Scope
from vigie.domain.declarations import Relation
from vigie.domain.introductions import IntroductionState
from vigie.store.journal.followup import Dossier, DossierShare
from vigie.store.journal.introductions import Introduction, Side

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

LIVE = (IntroductionState.INTRODUCED.value, IntroductionState.MET.value, IntroductionState.CONCLUDED.value)
"""States of an introduction in which both parties agreed to meet."""


def relation_to(reader: Reader, scope: Scope, siren: str) -> Relation:
    """Return what the asker is to a firm within their organisation; nobody in particular is a stranger."""
    if not scope.person or not scope.organisation:
        return Relation.STRANGER
    if scope.siren:
        if scope.siren == siren:
            return Relation.OWN
        if _introduced(reader, scope.siren, siren):
            return Relation.INTRODUCED
    if scope.role is Role.PARTNER and _shared(reader, scope.person, siren):
        return Relation.SHARED
    return Relation.MEMBER


def _introduced(reader: Reader, here: str, there: str) -> bool:
    mine, other = aliased(Side), aliased(Side)
    live = (
        select(Introduction.id)
        .join(mine, mine.introduction_id == Introduction.id)
        .join(other, other.introduction_id == Introduction.id)
        .where(
            mine.siren == here,
            other.siren == there,
            mine.id != other.id,
            mine.deleted_at.is_(None),
            other.deleted_at.is_(None),
            Introduction.state.in_(LIVE),
            Introduction.deleted_at.is_(None),
        )
    )
    return bool(reader.rows(live.limit(1)))


def _shared(reader: Reader, person: str, siren: str) -> bool:
    shared = (
        select(DossierShare.id)
        .join(Dossier, Dossier.id == DossierShare.dossier_id)
        .where(
            DossierShare.person_id == person,
            DossierShare.deleted_at.is_(None),
            Dossier.siren == siren,
            Dossier.deleted_at.is_(None),
        )
    )
    return bool(reader.rows(shared.limit(1)))
