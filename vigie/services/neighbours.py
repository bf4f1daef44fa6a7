"""Who is around an establishment: its trade and its chain within a drive first, then the street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.chains import same_chain, same_trade
from vigie.errors import NotFound, RequestFault
from vigie.services.know_answers import SearchRequest

if TYPE_CHECKING:
    from vigie.services.know import DirectoryEntry, Know

CHAIN_KM, STREET_KM = 10.0, 2.0
"""How far one drives to a supplier without thinking of it, and how far a street reaches in the countryside."""
_LOOKED_AT, _SAME_TRADE, _SHOWN, _NEXT_DOOR = 40, 3, 6, 3
"""What a short list shows, and how many are looked at so that both trade and chain are in it."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An employer of the same chain; `same_trade` when it does the same work, and may be a competitor."""

    entry: DirectoryEntry
    same_trade: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who is around: employers of the same trade or chain within 10 km, then who is next door."""

    chain: tuple[Neighbour, ...] = ()
    street: tuple[DirectoryEntry, ...] = ()


def neighbours(know: Know, entry: DirectoryEntry) -> Neighbours:
    """Return who is around an establishment, in two questions; one whose place is not public has nobody."""
    if entry.latitude is None or entry.longitude is None:
        return Neighbours()
    chain = _chain(know, entry)
    named = {one.entry.siren for one in chain} | {entry.siren}
    street = [one for one in _near(know, entry, STREET_KM, 12) if one.siren not in named]
    return Neighbours(chain, tuple(street[:_NEXT_DOOR]))


def _chain(know: Know, entry: DirectoryEntry) -> tuple[Neighbour, ...]:
    """Return at most three of the same trade, then the nearest of its chain; each firm once."""
    if not entry.naf or not entry.naf_nomenclature:
        return ()
    activities = tuple(f"{entry.naf_nomenclature}:{division}" for division in same_chain(entry.naf))
    found = _near(know, entry, CHAIN_KM, _LOOKED_AT, activities)
    firms = {one.siren: one for one in reversed(found) if one.siren != entry.siren}
    nearest = [one for one in found if firms.get(one.siren) is one]
    alike = [one for one in nearest if same_trade(entry.naf, one.naf)]
    others = [one for one in nearest if not same_trade(entry.naf, one.naf)]
    kept = alike[: max(_SAME_TRADE, _SHOWN - len(others))]
    kept += others[: _SHOWN - len(kept)]
    return tuple(Neighbour(one, same_trade(entry.naf, one.naf)) for one in kept)


def _near(
    know: Know, entry: DirectoryEntry, radius_km: float, most: int, activities: tuple[str, ...] = ()
) -> tuple[DirectoryEntry, ...]:
    assert entry.latitude is not None and entry.longitude is not None  # noqa: S101 - the caller looked
    asked = SearchRequest(
        near=(entry.latitude, entry.longitude),
        radius_km=radius_km,
        naf=activities,
        employer=True if activities else None,
        sort="distance",
        per_page=most,
    )
    try:
        return know.search(asked).results
    except (NotFound, RequestFault):
        return ()
