"""Names and territories that an organisation holds alone: names that read alike are the same name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.errors import FieldFault
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

_BY_EYE = {
    "β": "b", "ь": "b", "є": "e", "ε": "e", "κ": "k", "к": "k", "м": "m", "η": "n", "и": "n", "п": "n", "я": "r",
    "χ": "x", "ł": "l", "ø": "o", "đ": "d",
}  # fmt: skip
"""Small letters that Unicode's list gives no Latin letter, and that an eye takes for one."""
_ONE = str.maketrans({"0": "o", "1": "i", "l": "i", "|": "i", "w": "vv", "m": "rn"})
"""Signs of the Latin alphabet that read alike, made one."""


def reads_alike(one: str, other: str) -> bool:
    """Tell whether two names are seen as the same one: whatever their case, accents, spaces, signs and alphabet.

    >>> reads_alike("Communauté d’Alba", "COMMUNAUTE D'\u0410LBA")
    True
    """
    return bool(_seen(one) & _seen(other))


def _seen(name: str) -> frozenset[str]:
    """Return what an eye keeps of a name: each sign by its Latin look-alike, before its case is dropped or after."""
    looks, before, after = _lookalikes(), "", ""
    for sign in unicodedata.normalize("NFD", name):
        plain = unicodedata.normalize("NFKD", sign)
        before += looks.get(sign, plain).casefold()
        after += "".join(looks.get(low, _BY_EYE.get(low, low)) for low in plain.casefold())
    return frozenset(
        "".join(sign for sign in text.casefold().translate(_ONE) if sign.isalnum()) for text in (before, after)
    )


@cache
def _lookalikes() -> Mapping[str, str]:
    """Return the Latin letters that each sign reads like, as Unicode lists them (`tools/write_lookalikes.py`)."""
    text = (files("vigie.services.accounts") / "lookalikes.txt").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {sign: letters for letters, signs in lines for sign in signs}


def require_free(reader: Reader, name: str, territory: str, besides: str = "") -> None:
    """Raise `FieldFault` when another organisation has a name that reads alike, or answers for the territory."""
    others = reader.all(select(Organisation).where(Organisation.deleted_at.is_(None), Organisation.id != besides))
    if any(reads_alike(one.name, name) for one in others):
        raise FieldFault(
            "nom", "Une autre organisation porte ce nom, ou un nom qui se lit comme lui : choisissez-en un."
        )
    if territory and any(one.territory == territory for one in others):
        raise FieldFault("territoire", "Une autre organisation répond déjà de ce territoire.")
