"""Communes of dossiers: from what an officer types to a code, and from a code to its name."""

from __future__ import annotations

from functools import cache

import pyarrow.compute as pc

from vigie.errors import NotFound, RequestFault
from vigie.services.territory_search import plain
from vigie.sources import cog, cog_lookup

_SHOWN = 6


def commune_code(text: str) -> str:
    """Return the code of the commune a text names or codes; empty for an empty text.

    Raises `RequestFault` when no commune, or more than one, bears the name.
    """
    typed = text.strip()
    if not typed:
        return ""
    if typed.upper() in cog_lookup.code_book().places:
        return typed.upper()
    if typed[:2].isdigit() and len(typed) == 5:
        try:
            return cog_lookup.resolve(f"commune:{typed}").code
        except NotFound as fault:
            raise RequestFault(str(fault)) from None
    found = _by_name().get(plain(typed), ())
    if len(found) == 1:
        return found[0]
    if not found:
        raise RequestFault(f"Aucune commune ne s’appelle « {typed} » : écrivez son nom entier ou son code Insee.")
    shown = ", ".join(found[:_SHOWN]) + ("…" if len(found) > _SHOWN else "")
    raise RequestFault(f"{len(found)} communes s’appellent « {typed} » : écrivez le code Insee ({shown}).")


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


def known_territory(text: str) -> str:
    """Return the key of the territory that a code or the name of a commune means; empty when there is none."""
    try:
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


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for code, place in cog_lookup.code_book().places.items():
        name = plain(place["name"])
        names[name] = (*names.get(name, ()), code)
    return names
