"""Dossiers: opening, reading, changing, closing, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.followup import DossierKind, DossierState
from vigie.domain.french import identifier
from vigie.errors import Conflict, FieldFault
from vigie.services.followup import record
from vigie.services.followup.answers import Colleague, DossierLine, DossierList, DossierRecord
from vigie.services.followup.entries import DossierEntry
from vigie.services.followup.finding import DossierFilter, find
from vigie.services.followup.firm_lookup import known_firm
from vigie.services.followup.merging import merge
from vigie.services.followup.reading import FOLLOWERS, lines, members, readable, same_firm, writable
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Dossier, DossierTag
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.know import Know
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal, Reader, Unit


_ASKED = "Cette entreprise a demandé la diffusion partielle : la loi interdit de la prospecter."
_UNKNOWN = (
    "L’unité légale de cette entreprise n’est pas chargée : on ne sait pas si elle a demandé la diffusion partielle, "
    "et elle n’est pas à prospecter."
)
_IF_SHE_ASKED = "Vous pouvez la suivre, hors prospection, si c’est elle qui vous a sollicité."


class AlreadyFollowed(Conflict):
    """The firm has a dossier already; `dossiers` are those."""

    def __init__(self, dossiers: tuple[DossierLine, ...]) -> None:
        self.dossiers = dossiers
        named = ", ".join(f"« {line.title or 'sans titre'} » ({line.id})" for line in dossiers)
        super().__init__(
            f"Cette entreprise est déjà suivie : {named}. Ouvrez ce dossier, ou confirmez que vous en voulez un autre."
        )


class Dossiers:
    """The dossiers of an organisation.

    `contact` is where people write about their data; `objecting` tells which firms, of some, object to being shown.
    """

    def __init__(self, journal: Journal, contact: str, objecting: Among) -> None:
        self._journal, self._contact, self._objecting = journal, contact, objecting

    def open(
        self, scope: Scope, entry: DossierEntry, know: Know | None = None, *, anyway: bool = False
    ) -> DossierRecord:
        """Open a dossier.

        Raises `FieldFault` for a field that cannot be kept, `AlreadyFollowed` when the SIREN has a dossier and the
        asker did not say `anyway`.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = self._fit(entry.checked(), know)
        opened = Dossier(id=new_id(), **_columns(kept))
        try:
            with self._journal.writing(scope) as unit:
                unit.act("dossier.opened", opened.id)
                opened.owner_id = self._owner(unit, kept.owner or scope.person)
                if not anyway:
                    self._refuse_twice(unit, kept.siren)
                unit.add(opened)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return self.read(scope, opened.id)

    def open_on_firm(
        self, scope: Scope, number: str, know: Know | None = None, *, anyway: bool = False
    ) -> DossierRecord:
        """Open a dossier on a firm or an establishment by its number, filled from the directory.

        Raises `RequestFault` when the number is neither SIREN nor SIRET, `AlreadyFollowed` as `open` does.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        return self.open(scope, prefilled(number, know), know, anyway=anyway)

    def prefilled(self, scope: Scope, number: str, know: Know | None = None) -> DossierEntry:
        """Return what a dossier on a firm would say, without opening it."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        return prefilled(number, know)

    def search(self, scope: Scope, asked: DossierFilter) -> DossierList:
        """Return one page of dossiers: the organisation's, one's own firm's, or those shared."""
        scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
        with self._journal.reading(scope) as reader:
            return find(reader, asked)

    def read(self, scope: Scope, dossier: str) -> DossierRecord:
        """Return a dossier as the asker may see it; the access is traced."""
        scope.require(Thing.DOSSIERS, Right.READ, Right.READ_OWN, Right.READ_SHARED)
        with self._journal.reading(scope) as reader:
            row = readable(reader, dossier)
            found = record.of(reader, row, self._contact)
        self._journal.trace(scope, "dossier.read", row.id, row.siren)
        return replace(found, objecting=found.inside and bool(row.siren) and row.siren in self._objecting([row.siren]))

    def on_firm(self, scope: Scope, siren: str) -> tuple[DossierLine, ...]:
        """Return the live dossiers on a firm; none for an empty SIREN."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            return lines(reader, same_firm(reader, siren))

    def edit(self, scope: Scope, dossier: str, entry: DossierEntry, know: Know | None = None) -> DossierRecord:
        """Change what a dossier says; raises `FieldFault` for a field that cannot be kept."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = self._fit(entry.checked(), know)

        def work(unit: Unit, row: Dossier) -> None:
            owner = self._owner(unit, kept.owner or row.owner_id)
            unit.change(row, _columns(kept) | {"owner_id": owner})

        change(self._journal, scope, "dossier.edited", dossier, work)
        return self.read(scope, dossier)

    def close(self, scope: Scope, dossier: str) -> DossierRecord:
        """Close a dossier; nothing is awaited any more."""

        def work(unit: Unit, row: Dossier) -> None:
            row.state, row.closed_at, row.waiting_since = DossierState.CLOSED.value, unit.now, None

        change(self._journal, scope, "dossier.closed", dossier, work)
        return self.read(scope, dossier)

    def reopen(self, scope: Scope, dossier: str) -> DossierRecord:
        """Reopen a dossier; raises `Conflict` when it is open."""

        def work(_: Unit, row: Dossier) -> None:
            if row.state == DossierState.OPEN:
                raise Conflict("Ce dossier est déjà ouvert.")
            row.state, row.closed_at = DossierState.OPEN.value, None

        change(self._journal, scope, "dossier.reopened", dossier, work, closed=True)
        return self.read(scope, dossier)

    def withdraw(self, scope: Scope, dossier: str) -> None:
        """Take a dossier out of every answer; it can be restored."""
        change(self._journal, scope, "dossier.withdrawn", dossier, lambda unit, row: unit.withdraw(row), closed=True)

    def restore(self, scope: Scope, dossier: str) -> DossierRecord:
        """Bring a withdrawn dossier back; raises `Conflict` when it was not withdrawn, was merged or erased."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("dossier.restored", dossier)
                row = readable(unit, dossier)
                if row.deleted_at is None:
                    raise Conflict("Ce dossier n’a pas été retiré : il n’y a rien à rétablir.")
                if row.merged_into or row.erased_at is not None:
                    raise Conflict("Ce dossier a été effacé, ou réuni à un autre : il ne peut être rétabli.")
                row.deleted_at = None
        except AlreadyDone:
            pass
        return self.read(scope, dossier)

    def merge(self, scope: Scope, kept: str, other: str) -> DossierRecord:
        """Move everything of another dossier on the same firm into one, and withdraw the other; one event.

        Raises `Conflict` when they are not two dossiers on the same SIREN: an empty one is nobody's.
        """
        change(
            self._journal, scope, "dossier.merged", kept,
            lambda unit, row: merge(unit, row, writable(unit, other, closed=True)),
        )  # fmt: skip
        return self.read(scope, kept)

    def owners(self, scope: Scope) -> tuple[Colleague, ...]:
        """Return those who may own a dossier."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            return members(reader, FOLLOWERS)

    def tags(self, scope: Scope) -> tuple[str, ...]:
        """Return the tags in use, in order."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            return tuple(sorted(reader.all(select(DossierTag.label).where(DossierTag.deleted_at.is_(None)).distinct())))

    def _fit(self, entry: DossierEntry, know: Know | None) -> DossierEntry:
        """Refuse to prospect a firm that objects, or that asked for partial diffusion (article R123-232-1)."""
        if entry.prospecting and entry.siren:
            if entry.siren in self._objecting([entry.siren]):
                raise FieldFault("prospecting", f"Cette entreprise s’est opposée à figurer dans Vigie. {_IF_SHE_ASKED}")
            firm = known_firm(know, entry.siret or entry.siren)
            if firm.masked:
                said = _ASKED if firm.unit_known else _UNKNOWN
                raise FieldFault("prospecting", f"{said} {_IF_SHE_ASKED}")
        return entry

    @staticmethod
    def _owner(reader: Reader, person: str) -> str:
        if person not in {member.id for member in members(reader, FOLLOWERS)}:
            raise FieldFault("owner", "Un dossier se confie à un membre de l’organisation qui suit des dossiers.")
        return person

    @staticmethod
    def _refuse_twice(reader: Reader, siren: str) -> None:
        already = same_firm(reader, siren)
        if already:
            raise AlreadyFollowed(lines(reader, already))


def change(
    journal: Journal,
    scope: Scope,
    kind: str,
    dossier: str,
    work: Callable[[Unit, Dossier], object],
    *,
    closed: bool = False,
) -> None:
    """Change a dossier that the asker may write, in one act; a request already answered changes nothing."""
    scope.require(Thing.DOSSIERS, Right.WRITE)
    try:
        with journal.writing(scope) as unit:
            unit.act(kind, dossier)
            work(unit, writable(unit, dossier, closed=closed))
    except AlreadyDone:
        return


def prefilled(number: str, know: Know | None) -> DossierEntry:
    """Return what the directory already says of a firm, as if it had been typed."""
    firm = known_firm(know, number)
    return DossierEntry(
        kind=DossierKind.FIRM.value,
        title=firm.name or f"Entreprise {identifier(firm.siren)}",
        siren=firm.siren,
        siret=firm.siret,
        commune=firm.commune,
        source="annuaire",
    )


def _columns(entry: DossierEntry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary or None,
        "siren": entry.siren,
        "siret": entry.siret,
        "commune": entry.commune,
        "source": entry.source,
        "prospecting": entry.prospecting,
    }
