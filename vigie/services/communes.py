"""Communes of dossiers: from what an officer types to a code, and from a code to its name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from vigie.domain.naming import short_name
from vigie.errors import FieldFault, NotFound, RequestFault
from vigie.sources import cog, cog_lookup
from vigie.store import gazetteer
from vigie.store.gazetteer import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.gazetteer import PlaceReading

_SHOWN = 6
COMMUNE_LENGTH = 5
_EXPLICIT = "commune:"


def commune_code(text: str) -> str:
    """Return the code of the commune a text names or codes; empty for an empty text.

    Raises `RequestFault` when no commune, or more than one, bears the name.
    """
    typed = text.strip().removeprefix(_EXPLICIT)
    if not typed:
        return ""
    if typed.upper() in cog_lookup.code_book().places:
        return typed.upper()
    return chosen(gazetteer.readings(typed), typed).code


def chosen(found: Sequence[PlaceReading], typed: str) -> PlaceReading:
    """Return the one commune that is meant; raises `RequestFault` when there is none, or several as likely."""
    if not found:
        raise RequestFault(f"Aucune commune ne s’appelle « {typed} » : écrivez son nom entier ou son code Insee.")
    likely = [one for one in found if one.origin is found[0].origin]
    if len(likely) == 1:
        return likely[0]
    shown = ", ".join(f"{one.name} {one.code}" for one in likely[:_SHOWN]) + ("…" if len(likely) > _SHOWN else "")
    raise RequestFault(f"{len(likely)} communes répondent à « {typed} » : écrivez le code Insee ({shown}).")


def typed_commune(text: str) -> str:
    """Return what a person typed in the field of a commune; raises `FieldFault` for five digits with two readings.

    A program that gives five digits means the code of a commune; a person may as well mean a postal code.
    """
    if _two_readings(text.strip()):
        found = gazetteer.readings(text)
        offered = ", ".join(
            f"{one.name} (code postal)"
            if one.origin is Origin.POSTAL
            else f"{one.name} (écrivez {_EXPLICIT}{one.code})"
            for one in found[:_SHOWN]
        )
        raise FieldFault(
            "commune", f"« {text.strip()} » se lit de plusieurs façons : {offered}. Écrivez le nom, ou ce code."
        )
    return text


def commune_notice(typed: str) -> str:
    """Return how the text of a commune was read, when it is a postal code or no longer in use; nothing otherwise."""
    found = gazetteer.readings(typed)
    return found[0].notice if found else ""


def written_commune(code: str) -> str:
    """Return a commune's code as a form gives it back: told apart from the postal code that it also is."""
    return f"{_EXPLICIT}{code}" if _two_readings(code) else code


def _two_readings(digits: str) -> bool:
    found = gazetteer.readings(digits)
    return len(found) > 1 and any(one.origin is Origin.CODE for one in found)


def commune_name(code: str) -> str:
    """Return the name of a commune, its code when it is not known."""
    place = cog_lookup.code_book().places.get(code)
    return str(place["name"]) if place else code


def territory_name(key: str) -> str:
    """Return the name of a territory from its key, the key when it is not known."""
    try:
        return cog_lookup.resolve(key).name
    except (RequestFault, NotFound):
        return key


def told_territory(key: str) -> str:
    """Return the name of a territory as people say it, without its legal form; the key when it is not known."""
    try:
        return short_name(cog_lookup.resolve(key))
    except (RequestFault, NotFound):
        return key


def known_territory(text: str) -> str:
    """Return the key of the territory that a code or the name of a commune means; empty when there is none."""
    try:
        if len(text.strip()) != COMMUNE_LENGTH:
            return cog_lookup.resolve(text).key
    except (RequestFault, NotFound):
        pass
    try:
        code = commune_code(text)
    except RequestFault:
        return ""
    return f"commune:{code}" if code else ""


@cache
def communes_of(key: str) -> frozenset[str]:
    """Return the communes of a territory of the geographic code; empty when the key is of another kind."""
    kind, _, code = key.partition(":")
    held = cog.memberships([cog.latest_vintage()])
    inside = held.filter((pc.field("kind") == kind) & (pc.field("code") == code))
    return frozenset(str(commune) for commune in inside["commune"].to_pylist())
