"""Where a search that finds nothing leads: the same trade in wider places, kindred trades, the same words alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from vigie.sources import cog, nomenclature
from vigie.sources.cog_lookup import resolve
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vigie.store.directory import Directory, DirectoryQuery, Meant

MOST = 5


@dataclass(frozen=True, slots=True)
class NearestSearch:
    """A search near one that finds nothing: what it asks, in words; its text, territory and activity; its total."""

    label: str
    text: str
    within: str
    naf: str
    total: int


def nearest(directory: Directory, asked: DirectoryQuery, understood: Sequence[Meant]) -> tuple[NearestSearch, ...]:
    """Return searches that find something, the closest to what was asked first."""
    found: list[NearestSearch] = []
    for one in _wider(asked, understood):
        territories = (one.within,) if one.within else asked.territories
        activities = (f"NAFRev2:{one.naf}",) if one.naf else asked.activities
        query = replace(asked, text=one.text, territories=territories, activities=activities, page=1, per_page=1)
        total = directory.search(query).total
        if total and (one.within, total) not in {(other.within, other.total) for other in found}:
            found.append(replace(one, total=total))
        if len(found) == MOST:
            break
    return tuple(found)


def _wider(asked: DirectoryQuery, understood: Sequence[Meant]) -> Iterator[NearestSearch]:
    trade = next((one for one in understood if one.kind == "trade"), None)
    place = next((one for one in understood if one.kind == "place"), None)
    if trade and place:
        for key, name in _around(place.keys[0]):
            yield NearestSearch(f"« {trade.label} » dans {name}", trade.typed, key, "", 0)
        yield from _kindred(trade, place)
    for one in understood:
        if one.kind in ("trade", "place", "name", "code") and len(understood) > 1:
            yield NearestSearch(f"« {one.label} », seul", one.typed, "", "", 0)
    if trade and not place:
        yield from _kindred(trade, None)
    if asked.text and (asked.territories or asked.activities or asked.sizes) and words(asked.text):
        yield NearestSearch("les autres critères, sans les mots", "", "", "", 0)


def _around(key: str) -> Iterator[tuple[str, str]]:
    """Yield the intercommunality, the département and the région of a commune, with their names."""
    for wider in _holders().get(key.partition(":")[2], ()) if key.startswith("commune:") else ():
        yield wider, resolve(wider).name


@cache
def _holders() -> Mapping[str, tuple[str, ...]]:
    rows = cog.communes(kinds=("commune", "arrondissement")).to_pylist()
    return {
        row["code"]: tuple(
            f"{kind}:{row[column]}"
            for kind, column in (("epci", "epci"), ("departement", "department"), ("region", "region"))
            if row[column]
        )
        for row in rows
    }


def _kindred(trade: Meant, place: Meant | None) -> Iterator[NearestSearch]:
    """Yield the groups then the divisions of activities round those of a trade."""
    where = place.keys[0] if place else ""
    told = f" à {place.label}" if place else ""
    tree = nomenclature.tree()
    codes = [key.rpartition(":")[2] for key in trade.keys if key.startswith("NAFRev2:")]
    for length in (4, 2):
        for code in dict.fromkeys(one[:length] for one in codes[:3]):
            if code in tree:
                yield NearestSearch(f"{tree[code].label}{told}", "", where, code, 0)
