"""Searching around a point: cells of a grid first, exact distances at the edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tantivy import Occur, Query

from vigie.store.cells import EARTH_RADIUS_KM, cover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Schema, Searcher, SearchResult

    from vigie.store.directory import Near

FIRST_RADIUS_KM = 1.0
WIDEST_COVER_KM = 600.0
FEW = 2000

Located = list[tuple[float, "DocAddress"]]


class Circle:
    """Establishments around a point; those without coordinates, partially diffusible ones first, are never there."""

    def __init__(self, schema: Schema, searcher: Searcher, near: Near) -> None:
        self._schema, self._searcher, self._near = schema, searcher, near
        self._somewhere = Query.term_query(schema, "terms", "located:1", "basic")

    def candidates(self, query: Query) -> Query:
        """Narrow a query to the cells that the circle touches: a superset of its exact answer."""
        radius = self._near.radius_km
        if radius is None or radius > WIDEST_COVER_KM:
            return _both(query, self._somewhere)
        return _both(query, _either(*self._cells(radius)))

    def total(self, query: Query) -> int:
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

    def nearest(self, query: Query, wanted: int, total: int) -> Located:
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
        found = cover(self._near.latitude, self._near.longitude, radius)
        return self._any_of(found.inside), self._any_of(found.edge)

    def _any_of(self, cells: list[int]) -> Query:
        return Query.term_set_query(self._schema, "cell", cells) if cells else Query.empty_query()

    def _count(self, query: Query) -> int:
        return count_of(self._searcher.search(query, 1))

    def _within(self, query: Query, radius: float) -> Located:
        count = self._count(query)
        if not count:
            return []
        addresses = [address for _, address in self._searcher.search(query, count, count=False).hits]
        kept = self.distances(addresses)
        return [(float(km), address) for km, address in zip(kept, addresses, strict=True) if km <= radius]


def count_of(found: SearchResult) -> int:
    """Return how many documents a search found (the library's type stub leaves this attribute out)."""
    return int(found.count)  # type: ignore[attr-defined]


def _by_distance(located: tuple[float, DocAddress]) -> tuple[float, int, int]:
    return located[0], located[1].segment_ord, located[1].doc


def _both(one: Query, other: Query) -> Query:
    return Query.boolean_query([(Occur.Must, one), (Occur.Must, Query.const_score_query(other, 0.0))])


def _either(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
