"""Tags of dossiers, and the partners to whom they are opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from vigie.domain.access import Right, Role, Thing
from vigie.errors import Conflict, FieldFault
from vigie.services.followup.dossiers import change
from vigie.services.followup.entries import tag_label
from vigie.services.followup.reading import members, shares_of
from vigie.store.journal.followup import Dossier, DossierShare, DossierTag

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.followup.answers import Colleague
    from vigie.store.journal.port import Journal, Unit


class Marking:
    """Who and what is attached to a dossier."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def tag(self, scope: Scope, dossier: str, label: str) -> None:
        """Put a word on a dossier; one that is already there stays alone. Raises `FieldFault` for an empty one."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        word = tag_label(label)

        def work(unit: Unit, row: Dossier) -> None:
            if not unit.all(_tags(row.id, word)):
                unit.add(DossierTag(dossier_id=row.id, label=word))

        change(self._journal, scope, "dossier.tagged", dossier, work)

    def untag(self, scope: Scope, dossier: str, label: str) -> None:
        """Take a word off a dossier."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        word = tag_label(label)

        def work(unit: Unit, row: Dossier) -> None:
            for tag in unit.all(_tags(row.id, word)):
                unit.withdraw(tag)

        change(self._journal, scope, "dossier.untagged", dossier, work)

    def partners(self, scope: Scope) -> tuple[Colleague, ...]:
        """Return the partners invited in the organisation."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            return members(reader, (Role.PARTNER,))

    def share(self, scope: Scope, dossier: str, person: str) -> None:
        """Open a dossier to a partner, without its notes; raises `FieldFault` when the person is not a partner."""

        def work(unit: Unit, row: Dossier) -> None:
            if person not in {member.id for member in members(unit, (Role.PARTNER,))}:
                raise FieldFault("person", "Un dossier se partage avec un partenaire invité dans l’organisation.")
            if person not in {share.person_id for share in shares_of(unit, row.id)}:
                unit.add(DossierShare(dossier_id=row.id, person_id=person))

        change(self._journal, scope, "dossier.shared", dossier, work)

    def unshare(self, scope: Scope, dossier: str, person: str) -> None:
        """Close a dossier to a partner; raises `Conflict` when it was not open to them."""

        def work(unit: Unit, row: Dossier) -> None:
            held = [share for share in shares_of(unit, row.id) if share.person_id == person]
            if not held:
                raise Conflict("Ce dossier n’est pas partagé avec cette personne.")
            for share in held:
                unit.withdraw(share)

        change(self._journal, scope, "dossier.unshared", dossier, work, closed=True)


def _tags(dossier: str, label: str) -> Select[DossierTag]:
    return select(DossierTag).where(
        DossierTag.dossier_id == dossier, DossierTag.label == label, DossierTag.deleted_at.is_(None)
    )
