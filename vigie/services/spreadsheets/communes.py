"""The commune that a line means, from its code, its name and its postcode together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.sources.places import PlaceReader, UnknownPlaceError
from vigie.store import gazetteer

if TYPE_CHECKING:
    from collections.abc import Sequence

_POSTAL = re.compile(r"^F\s*-|[\s.\-]", re.IGNORECASE)
"""What may stand before the digits of a postal code or part them."""


@dataclass(frozen=True, slots=True)
class CommuneFound:
    """A commune's code, or why there is none; both are empty when nothing was said. `note` tells how it was read."""

    code: str = ""
    fault: str = ""
    note: str = ""


def find(code: str, name: str, postal: str) -> CommuneFound:
    """Return the commune of a line; a name that several communes bear is settled by the postcode, or left open."""
    try:
        if code:
            return CommuneFound(PlaceReader().commune(code.strip()))
    except UnknownPlaceError:
        if not name:
            return CommuneFound(fault="ce code n’est celui d’aucune commune ; la case est laissée vide")
    if name:
        return _named(name, postal_code(postal))
    return _of_postal(postal) if postal.strip() else CommuneFound()


def postal_code(text: str) -> str:
    """Return the five digits of a postal code as written: « 85 00 0 », « 1000 » (its zero was lost), « F-85400 »."""
    digits = _POSTAL.sub("", text.removesuffix(".0"))
    return digits.zfill(5) if len(digits) == gazetteer.LOST_ZERO else digits


def _of_postal(text: str) -> CommuneFound:
    code = postal_code(text)
    here = gazetteer.postal(code)
    if len(here) == 1:
        return CommuneFound(here[0], note=f"d’après le seul code postal {code}")
    if here:
        return CommuneFound(
            fault=f"{len(here)} communes partagent le code postal {code} : ajoutez le nom de la commune"
        )
    return CommuneFound(
        fault=f"« {text.strip()[:20]} » n’est le code postal d’aucune commune ; la case est laissée vide"
    )


def _named(name: str, postal: str) -> CommuneFound:
    found = gazetteer.readings(name)
    if postal and (words := gazetteer.place_words(name)):
        found = gazetteer.named(words, postal) or found
    inside = gazetteer.postal(postal)
    if inside and not any(one.code in inside for one in found):
        short = _short(name, inside)
        if short:
            told = gazetteer.readings(short)[0]
            return CommuneFound(short, note=f"« {name.strip()[:40]} » lu {told.name}, d’après le code postal {postal}")
    likely = [one for one in found if one.origin is found[0].origin]
    if len(likely) == 1:
        note = likely[0].notice if likely[0].former else ""
        return CommuneFound(likely[0].code, note=note.rstrip("."))
    if not likely:
        return CommuneFound(fault="aucune commune ne porte ce nom ; la case est laissée vide")
    return CommuneFound(fault=f"{len(likely)} communes portent ce nom : ajoutez le code postal ou le code Insee")


def _short(name: str, communes: Sequence[str]) -> str:
    """Return the one commune, among those of a postal code, whose name begins by words; empty when there is none."""
    words = gazetteer.bare_words(gazetteer.place_words(name))
    begun = [
        code for code in communes if words and gazetteer.bare_words(gazetteer.name_words(code))[: len(words)] == words
    ]
    return begun[0] if len(begun) == 1 else ""
