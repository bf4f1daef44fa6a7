"""Versions of rows that several people may edit: what a form was shown, column by column, as short hashes.

A version is made of the content itself, not counted: two saved texts that say the same have one version, a change of
what nobody edits (the day of the last contact) makes no new one, and no column has to be kept in step. Hashes by
column tell which of two people changed what: what only one of them touched is merged, what both did is a conflict.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from vigie.store.journal.firms import Declaration
from vigie.store.journal.followup import Contact, Dossier, Exchange, Portfolio
from vigie.store.journal.introductions import Call
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.base import Base

EDITED: dict[type[Base], tuple[str, ...]] = {
    Dossier: ("kind", "title", "summary", "siren", "siret", "commune", "owner_id", "source", "prospecting"),
    Contact: ("name", "function", "email", "phone", "source", "informed_on"),
    Exchange: ("kind", "direction", "happened_on", "body", "contact_id"),
    Portfolio: ("name",),
    Call: ("kind", "title", "text", "closes_on"),
    Declaration: ("field", "visibility", "text"),
    Organisation: ("name", "territory", "cog", "legal_basis", "retention_months", "retention_visa", "zone"),
}
"""The columns that people edit, in the order in which a version tells them."""
_LENGTH = 8


def version_of(row: Base) -> str:
    """Return the version of a row: eight hexadecimal digits for each column that people edit."""
    return "".join(mark_of(row, name, getattr(row, name)) for name in EDITED[type(row)])


def marks(row: Base, version: str) -> dict[str, str]:
    """Return the mark that a version holds of each column; of another row's version, marks that match nothing."""
    names = EDITED[type(row)]
    return {name: version[rank * _LENGTH : (rank + 1) * _LENGTH] for rank, name in enumerate(names)}


def mark_of(row: Base, column: str, value: Any) -> str:
    """Return the mark of a value in a column; browsers end lines their own way, which is no change."""
    text = "" if value is None else str(value).replace("\r\n", "\n")
    return hashlib.sha256(f"{getattr(row, 'id', '')}\n{column}\n{text}".encode()).hexdigest()[:_LENGTH]
