"""The commune that a line means, from its code, its name and its postcode together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from vigie.services.territory_search import plain
from vigie.sources import cog_lookup
from vigie.sources.places import PlaceReader, UnknownPlaceError

_ASIDE = re.compile(r"\(([^)]*)\)|\bcedex\b.*$|\d{5}", re.IGNORECASE)
_SHORT = {"st": "saint", "ste": "sainte", "s": "sur", "ss": "sous"}


@dataclass(frozen=True, slots=True)
class Found:
    """A commune's code, or why there is none; both are empty when nothing was said."""

    code: str = ""
    fault: str = ""


def find(code: str, name: str, postal: str) -> Found:
    """Return the commune of a line; a name that several communes bear is settled by the postcode, or left open."""
    try:
        if code or name.strip().upper() in cog_lookup.code_book().places:
            return Found(PlaceReader().commune((code or name).strip()))
    except UnknownPlaceError:
        if not name:
            return Found(fault="ce code n’est celui d’aucune commune ; la case est laissée vide")
    return _named(name, postal) if name else Found()


def _named(name: str, postal: str) -> Found:
    codes = _by_name().get(_spelled(name), ())
    if not codes:
        return Found(fault="aucune commune ne porte ce nom ; la case est laissée vide")
    if len(codes) == 1:
        return Found(codes[0])
    hint = postal.strip() or "".join(re.findall(r"\d{2,5}", name)[:1])
    near = [one for one in codes if hint and one.startswith(_department(hint))]
    if len(near) == 1:
        return Found(near[0])
    return Found(fault=f"{len(codes)} communes portent ce nom : ajoutez le code postal ou le code Insee")


def _department(postal: str) -> str:
    padded = postal.zfill(5) if len(postal) == 4 else postal
    if padded.startswith("97") and len(padded) > 2:
        return padded[:3]
    return "2" if padded.startswith("20") else padded[:2]


def _spelled(name: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in plain(_ASIDE.sub(" ", name)).split())


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for code, place in cog_lookup.code_book().places.items():
        name = plain(place["name"])
        names[name] = (*names.get(name, ()), code)
    return names
