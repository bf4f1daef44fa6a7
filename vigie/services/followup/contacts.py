"""The people met in a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.access import Right, Thing
from vigie.services.followup.reading import writable
from vigie.services.followup.record import card
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Contact
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from datetime import date

    from vigie.domain.access import Scope
    from vigie.services.followup.answers import ContactCard
    from vigie.services.followup.entries import ContactEntry
    from vigie.store.journal.port import Journal


class Contacts:
    """Contacts of the dossiers of an organisation."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, scope: Scope, dossier: str, entry: ContactEntry) -> ContactCard:
        """Write a contact in a dossier; raises `FieldFault` for a field that cannot be kept."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = entry.checked(self._journal.today(scope))
        made = Contact(id=new_id(), dossier_id=dossier, **_columns(kept))
        try:
            with self._journal.writing(scope) as unit:
                unit.act("contact.added", made.id)
                writable(unit, dossier)
                unit.add(made)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return card(made)

    def read(self, scope: Scope, contact: str) -> ContactCard:
        """Return a contact; the access is traced."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            found = card(reader.get(Contact, contact))
        self._journal.trace(scope, "contact.read", found.id)
        return found

    def edit(self, scope: Scope, contact: str, entry: ContactEntry) -> ContactCard:
        """Change a contact; raises `FieldFault` for a field that cannot be kept."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = entry.checked(self._journal.today(scope))
        return self._change(scope, "contact.edited", contact, _columns(kept))

    def informed(self, scope: Scope, contact: str, on: date | None = None) -> ContactCard:
        """Note the day somebody was told how their data are kept (today when it is not said)."""
        return self._change(scope, "contact.informed", contact, {"informed_on": on or self._journal.today(scope)})

    def withdraw(self, scope: Scope, contact: str) -> str:
        """Take a contact out of its dossier, and return the dossier."""
        return self._change(scope, "contact.withdrawn", contact, {"deleted_at": self._journal.now()}).dossier

    def _change(self, scope: Scope, kind: str, contact: str, columns: dict[str, object]) -> ContactCard:
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act(kind, contact)
                row = unit.get(Contact, contact)
                writable(unit, row.dossier_id)
                unit.change(row, columns)
                return card(row)
        except AlreadyDone:
            with self._journal.reading(scope) as reader:
                found = reader.find(Contact, contact)
                return card(found if found is not None else reader.get(Contact, contact))


def _columns(entry: ContactEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "function": entry.function or None,
        "email": entry.email or None,
        "phone": entry.phone or None,
        "source": entry.source,
        "informed_on": entry.informed_on,
    }
