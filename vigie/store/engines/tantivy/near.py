"""Searching around a point: cells of a grid first, exact distances at the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tantivy import Occur, Query

from vigie.store.cells import EARTH_RADIUS_KM, STATES, cover, families

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Schema, Searcher, SearchResult

    from vigie.store.directory import Near

FIRST_RADIUS_KM = 1.0
WIDEST_COVER_KM = 600.0
"""Above the largest radius that can be asked, since cells stand out of the circle; wider, cells no longer save
anything."""
FEW = 2000
"""Up to so many answers, all distances are computed; above, circles that grow are asked first."""

Located = list[tuple[float, "DocAddress"]]


class Circle:
    """Establishments around a point; those without coordinates, partially diffusible ones first, are never there.

    A query of `None` stands for all that is there. Cells are those of a state, so that a query need not ask for it
    where the circle `tells_state`.
    """

    def __init__(self, schema: Schema, searcher: Searcher, near: Near, state: str | None) -> None:
        self._schema, self._searcher, self._near = schema, searcher, near
        self._families = families(state)
        self.tells_state = state in STATES and near.radius_km is not None and near.radius_km <= WIDEST_COVER_KM
        self._known: dict[float, tuple[Query, Query]] = {}
        self._somewhere = Query.term_query(schema, "terms", "located:1", "basic")

    def candidates(self, query: Query | None) -> Query:
        """Narrow a query to the cells that the circle touches: a superset of its exact answer."""
        radius = self._near.radius_km
        if radius is None or radius > WIDEST_COVER_KM:
            return _both(query, self._somewhere)
        return _both(query, _either(*self._cells(radius)))

    def total(self, query: Query | None) -> int:
        """Count exactly the answers within the radius; the distance of those of the edge alone is computed."""
        radius = self._near.radius_km
        if radius is None:
            return self._count(_both(query, self._somewhere))
        if radius > WIDEST_COVER_KM:
            return len(self._within(_both(query, self._somewhere), radius))
        inside, edge = self._cells(radius)
        return self._count(_both(query, inside)) + len(self._within(_both(query, edge), radius))

    def distances(self, addresses: Sequence[DocAddress]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return the distance of each document to the point, in km (haversine); NaN where there is no place."""
        found = list(addresses)
        latitudes = np.array(self._searcher.fast_field_values("lat", found), dtype=float)
        longitudes = np.array(self._searcher.fast_field_values("lon", found), dtype=float)
        here, there = np.radians(self._near.latitude), np.radians(latitudes)
        turn = np.radians(longitudes - self._near.longitude)
        across = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(turn / 2) ** 2
        result: np.ndarray[tuple[int], np.dtype[np.float64]] = (
            2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, across)))
        )
        return result

    def keep(self, addresses: Sequence[DocAddress]) -> Located:
        """Return the documents that lie within the radius, in the order given, with their distance."""
        if not addresses:
            return []
        limit = np.inf if self._near.radius_km is None else self._near.radius_km
        return [
            (float(km), address)
            for km, address in zip(self.distances(addresses), addresses, strict=True)
            if km <= limit
        ]

    def nearest(self, query: Query | None, wanted: int, total: int) -> Located:
        """Return at least the `wanted` nearest of `total` answers, nearest first, widening the circle as needed."""
        limit = np.inf if self._near.radius_km is None else self._near.radius_km
        radius, widest = FIRST_RADIUS_KM, min(limit, WIDEST_COVER_KM)
        while total > max(FEW, wanted) and radius < widest:
            found = self._within(_both(query, _either(*self._cells(radius))), radius)
            if len(found) >= wanted:
                return sorted(found, key=_by_distance)
            radius *= 2
        return sorted(self._within(self.candidates(query), limit), key=_by_distance)

    def _cells(self, radius: float) -> tuple[Query, Query]:
        """Return the queries of the cells inside a circle and of those at its edge."""
        if radius not in self._known:
            found = cover(self._near.latitude, self._near.longitude, radius)
            self._known[radius] = self._any_of(found.inside), self._any_of(found.edge)
        return self._known[radius]

    def _any_of(self, cells: list[int]) -> Query:
        wanted = [family + cell for family in self._families for cell in cells]
        return Query.term_set_query(self._schema, "cell", wanted) if wanted else Query.empty_query()

    def _count(self, query: Query) -> int:
        return count_of(self._searcher.search(query, 1))

    def _within(self, query: Query, radius: float) -> Located:
        found = self._searcher.search(query, FEW)
        if count_of(found) > FEW:
            found = self._searcher.search(query, count_of(found), count=False)
        if not found.hits:
            return []
        addresses = [address for _, address in found.hits]
        kept = self.distances(addresses)
        return [(float(km), address) for km, address in zip(kept, addresses, strict=True) if km <= radius]


def count_of(found: SearchResult) -> int:
    """Return how many documents a search found (the library's type stub leaves this attribute out)."""
    return int(found.count)  # type: ignore[attr-defined]


def _by_distance(located: tuple[float, DocAddress]) -> tuple[float, int, int]:
    return located[0], located[1].segment_ord, located[1].doc


def _both(one: Query | None, other: Query) -> Query:
    if one is None:
        return Query.const_score_query(other, 0.0)
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, Query.const_score_query(other, 0.0))])


def _either(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
