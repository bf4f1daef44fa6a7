"""The commune that a line means, from its code, its name and its postcode together."""

from __future__ import annotations

from dataclasses import dataclass

from vigie.sources.places import PlaceReader, UnknownPlaceError
from vigie.store import gazetteer


@dataclass(frozen=True, slots=True)
class Found:
    """A commune's code, or why there is none; both are empty when nothing was said. `note` tells how it was read."""

    code: str = ""
    fault: str = ""
    note: str = ""


def find(code: str, name: str, postal: str) -> Found:
    """Return the commune of a line; a name that several communes bear is settled by the postcode, or left open."""
    try:
        if code:
            return Found(PlaceReader().commune(code.strip()))
    except UnknownPlaceError:
        if not name:
            return Found(fault="ce code n’est celui d’aucune commune ; la case est laissée vide")
    return _named(name, postal.strip()) if name else Found()


def _named(name: str, postal: str) -> Found:
    found = gazetteer.readings(name)
    if postal and (words := gazetteer.place_words(name)):
        found = gazetteer.named(words, postal.zfill(5) if len(postal) == gazetteer.LOST_ZERO else postal) or found
    likely = [one for one in found if one.origin is found[0].origin]
    if len(likely) == 1:
        note = likely[0].notice if likely[0].former else ""
        return Found(likely[0].code, note=note.rstrip("."))
    if not likely:
        return Found(fault="aucune commune ne porte ce nom ; la case est laissée vide")
    return Found(fault=f"{len(likely)} communes portent ce nom : ajoutez le code postal ou le code Insee")
