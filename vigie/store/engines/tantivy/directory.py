"""Reading the index: searches, suggestions, records by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Occur, Order, Query

from vigie.errors import RequestFault
from vigie.store.directory import DirectoryPage, DirectoryQuery
from vigie.store.documents import read_record
from vigie.store.engines.tantivy.filters import exact, filters, identifier
from vigie.store.engines.tantivy.near import Circle, count_of
from vigie.store.engines.tantivy.schema import LEXICON_FILE, register
from vigie.store.engines.tantivy.words import WordQueries
from vigie.store.lexicon import Lexicon
from vigie.store.query_words import Typed, read
from vigie.store.ranking import rank
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tantivy import DocAddress

    from vigie.store.directory import Record

Hit = tuple[float | None, "DocAddress"]
Hits = list[Hit]
WINDOW = 80
DEEPEST = 100_000
SHORTEST_SUGGESTION = 2
_ORDERS = {"size": ("size", Order.Desc), "name": ("order", Order.Asc), "created": ("created", Order.Desc)}


class TantivyDirectory:
    """The index of one generation, opened read-only; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        register(self._index)
        self._index.config_reader("manual")
        self._index.reload()
        self._schema, self._searcher = self._index.schema, self._index.searcher()
        self._lexicon = Lexicon.load((folder / LEXICON_FILE).read_text(encoding="utf-8"))
        self._words = WordQueries(self._schema, self._searcher)

    def __len__(self) -> int:
        """Number of establishments."""
        return int(self._searcher.num_docs)

    def search(self, query: DirectoryQuery) -> DirectoryPage:
        """Answer a search; raises `RequestFault` when the page asked for is out of reach."""
        end = query.page * query.per_page
        if end > DEEPEST:
            raise RequestFault(
                f"La page {query.page} est hors d’atteinte\u00a0: seuls les 100\u202f000 premiers résultats se "
                "feuillettent. Précisez la recherche ou ajoutez un filtre."
            )
        typed = read(query.text, self._lexicon)
        circle = None if query.near is None else Circle(self._schema, self._searcher, query.near)
        total, hits, approximate = self._answer(query, typed, circle, end)
        place = next((group.place_name for group in typed.groups if group.place_name), None)
        return DirectoryPage(total, tuple(self._page(query, hits, typed, end)), approximate, place)

    def suggest(self, text: str, limit: int = 8) -> tuple[Record, ...]:
        """Complete what is being typed, by the beginning of its last word, forgiving one typo when nothing fits."""
        typed = words(text[:100])
        if not typed or len(typed[-1]) < SHORTEST_SUGGESTION:
            return ()
        opened = Query.const_score_query(exact(self._schema, "state:A"), 0.0)
        for typos in (0, 1):
            query = Query.boolean_query([(Occur.Must, self._words.beginning(typed, typos)), (Occur.Must, opened)])
            hits = self._searcher.search(query, WINDOW, count=False, weight_by_field="weight").hits
            if hits:
                records = [
                    record
                    for _, record in rank(self._records(hit[1] for hit in hits), read(text, Lexicon()), self._lexicon)
                ]
                return tuple(_distinct(records)[:limit])
        return ()

    def record(self, siret: str) -> Record | None:
        """Return the public record of an establishment, `None` when there is none."""
        hits = self._searcher.search(exact(self._schema, siret), 1, count=False).hits
        return self._record(hits[0][1]) if hits else None

    def siblings(self, siren: str, limit: int = 200) -> tuple[int, tuple[Record, ...]]:
        """Return how many establishments a legal unit has, and the first ones: open, head office, largest."""
        query = identifier(self._schema, siren)
        found = self._searcher.search(query, limit, order_by_field="weight")
        records = self._records(address for _, address in found.hits)
        return count_of(found), tuple(sorted(records, key=_standing))

    def _filtered(self, query: DirectoryQuery, typed: Typed) -> list[Query]:
        wanted = list(filters(self._schema, self._lexicon, query))
        wanted += [identifier(self._schema, digits) for digits in typed.identifiers]
        return [Query.const_score_query(one, 0.0) for one in wanted]

    def _answer(self, query: DirectoryQuery, typed: Typed, circle: Circle | None, end: int) -> tuple[int, Hits, bool]:
        """Return the total, the first answers and whether they are approximate, by the strictest query that has any."""
        must = [(Occur.Must, one) for one in self._filtered(query, typed)]
        if not typed.groups:
            return *self._hits(query, Query.boolean_query(must) if must else Query.all_query(), circle, end), False
        for attempt, approximate in self._words.attempts(typed):
            total, hits = self._hits(
                query, Query.boolean_query([(Occur.Must, attempt), *must]), circle, max(end, WINDOW)
            )
            if total:
                return total, hits, approximate
        return 0, [], False

    def _hits(self, query: DirectoryQuery, asked: Query, circle: Circle | None, depth: int) -> tuple[int, Hits]:
        """Return the total and the first `depth` answers in the order asked for, with their distance to a point."""
        order = _order(query)
        if circle is None:
            found = self._searcher.search(asked, depth, **order)
            return count_of(found), [(None, address) for _, address in found.hits]
        total = circle.total(asked)
        if not total:
            return 0, []
        if query.sort == "distance":
            return total, list(circle.nearest(asked, depth))
        hits: Hits = []
        cells, offset, step = circle.candidates(asked), 0, depth
        while len(hits) < min(depth, total):
            addresses = [hit[1] for hit in self._searcher.search(cells, step, False, offset=offset, **order).hits]
            hits += circle.keep(addresses)
            offset, step = offset + step, step * 2
        return total, hits

    def _page(self, query: DirectoryQuery, hits: Hits, typed: Typed, end: int) -> Sequence[Record]:
        """Read the records of a page; sorted by relevance, the first ones are put in order by their features."""
        start = end - query.per_page
        if query.sort != "relevance" or not typed.groups or start >= WINDOW:
            return self._located(hits[start:end])
        best = rank(self._located(hits[:WINDOW]), typed, self._lexicon)
        first = [{**record, "score": round(score, 4)} for score, record in best]
        return [*first, *self._located(hits[WINDOW:end])][start:end]

    def _located(self, hits: Sequence[Hit]) -> list[dict[str, Any]]:
        records = []
        for distance, address in hits:
            record = self._record(address)
            records.append(record if distance is None else {**record, "distance_km": round(distance, 3)})
        return records

    def _records(self, addresses: Any) -> list[dict[str, Any]]:
        return [self._record(address) for address in addresses]

    def _record(self, address: DocAddress) -> dict[str, Any]:
        return read_record(str(self._searcher.doc(address).get_first("record")))


def _order(query: DirectoryQuery) -> dict[str, Any]:
    """Return how the engine orders answers: by a column, by words, or without words by standing."""
    if query.sort in _ORDERS:
        field, order = _ORDERS[query.sort]
        return {"order_by_field": field, "order": order}
    return {"weight_by_field" if words(query.text) else "order_by_field": "weight"}


def _standing(record: Mapping[str, Any]) -> tuple[bool, bool, str]:
    return not record["head_office"], record["state"] != "A", record["siret"]


def _distinct(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep the first record of each name in each commune."""
    seen = {(record["name"], record["sign"], record["commune"]): record for record in reversed(records)}
    return [record for record in records if seen[record["name"], record["sign"], record["commune"]] is record]
