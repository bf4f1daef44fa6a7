"""Names and territories that an organisation holds alone: names that read alike are the same name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.errors import FieldFault
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

_ALIKE = str.maketrans(
    "аɑαвβьсϲԁеєεһніıιl1|јкκмոηνоοσ0рρԛгѕтτυԝхχуγ",
    "aaabbbccdeeehhiiiiiijkkmnnvooooppqrsttuwxxyy",
)
"""Signs that read like others; letters of the Latin alphabet and figures among them."""


def read_alike(name: str) -> str:
    """Return what is seen of a name: without case, accents, spaces nor punctuation, look-alike signs made one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_ALIKE)
    return "".join(sign for sign in kept if sign.isalnum())


def require_free(reader: Reader, name: str, territory: str, besides: str = "") -> None:
    """Raise `FieldFault` when another organisation has a name that reads alike, or answers for the territory."""
    others = reader.all(select(Organisation).where(Organisation.deleted_at.is_(None), Organisation.id != besides))
    if any(read_alike(one.name) == read_alike(name) for one in others):
        raise FieldFault(
            "nom", "Une autre organisation porte ce nom, ou un nom qui se lit comme lui : choisissez-en un."
        )
    if territory and any(one.territory == territory for one in others):
        raise FieldFault("territoire", "Une autre organisation répond déjà de ce territoire.")
