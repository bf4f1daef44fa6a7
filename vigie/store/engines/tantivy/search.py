"""One search: from strict to lenient until something answers well, then a page in the order asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tantivy import Occur, Order, Query

from vigie.store.engines.tantivy.near import count_of
from vigie.store.kept import read_record
from vigie.store.ranking import Ranked, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tantivy import DocAddress, Searcher

    from vigie.store.directory import DirectoryQuery, Record
    from vigie.store.engines.tantivy.near import Circle
    from vigie.store.engines.tantivy.wording import QueryWording
    from vigie.store.engines.tantivy.words import WordQueries
    from vigie.store.lexicon import Lexicon
    from vigie.store.word_groups import Typed, WordGroup

Hits = list[tuple[float | None, "DocAddress"]]

WINDOW = 60
"""The first pages are put in order by all features: reading more records costs more than the query."""
FEW = 10
"""A search that finds no more is tried again, unfinished words completed, then typos forgiven."""
WELL_ANSWERED = 0.75
"""Above it what was typed is answered: no typo is looked for."""
BETTER = 0.1
"""A more lenient reading must be clearly better to be taken: what was typed wins a draw."""
_ORDERS = {"size": ("size", Order.Desc), "name": ("order", Order.Asc), "created": ("created", Order.Desc)}


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What one query found: how many, the first ones by relevance, those put in order by their features."""

    query: Query
    total: int
    hits: Hits
    ranked: list[Ranked]
    approximate: bool
    unanswered: tuple[WordGroup, ...] = ()

    @property
    def best(self) -> Ranked:
        """The first answer; there must be one."""
        return self.ranked[0]


class Search:
    """A search being answered on one index."""

    def __init__(
        self,
        searcher: Searcher,
        words: WordQueries,
        lexicon: Lexicon,
        asked: tuple[DirectoryQuery, Typed, Sequence[Query], Sequence[Query]],
        circle: Circle | None,
    ) -> None:
        self._searcher, self._words, self._lexicon, self._circle = searcher, words, lexicon, circle
        self._query, self._typed, filters, excluded = asked
        self._must = [(Occur.Must, Query.const_score_query(one, 0.0)) for one in filters]
        if excluded and not filters and not self._typed.groups:
            self._must.append((Occur.Must, Query.all_query()))
        self._must += [(Occur.MustNot, one) for one in excluded]
        self._end = self._query.page * self._query.per_page
        self.unanswered: tuple[WordGroup, ...] = ()
        """The groups of words that nothing answered, once run."""

    def run(self) -> tuple[int, Sequence[Record], bool]:
        """Return the exact total, the records of the page, and whether they are approximate."""
        start, end = self._end - self._query.per_page, self._end
        if not self._typed.groups:
            total, hits = self._hits(Query.boolean_query(self._must) if self._must else None, self._query, end)
            return total, self._records(hits[start:end]), False
        answer = self._answer()
        self.unanswered = answer.unanswered if answer.total else ()
        if self._query.sort != "relevance":
            total, hits = self._hits(answer.query, self._query, end)
            return total, self._records(hits[start:end]), answer.approximate
        first = [{**ranked.record, "score": round(ranked.features.score, 4)} for ranked in answer.ranked[start:end]]
        rest = self._records(answer.hits[max(start, WINDOW) : end])
        return answer.total, [*first, *rest], answer.approximate

    def _answer(self) -> SearchHits:
        """Return the strictest answer that is good enough.

        The exact one when it finds enough, or when nothing but trades and places was asked: none of them is then
        taken for a misspelling. When it finds little, unfinished words are completed; when that little
        answers badly, typos are forgiven to see whether something answers clearly better.
        """
        exact = self._try(self._words.exact(self._typed), False)
        if exact.total > FEW:
            return exact
        if exact.total:
            completed = self._words.completed(self._typed)
            found = exact if completed is None else self._try(completed, False)
            if found.best.features.match >= WELL_ANSWERED:
                return found
            lenient = self._try(self._words.forgiving(self._typed), True)
            return lenient if lenient.best.features.score > found.best.features.score + BETTER else found
        strong = self._typed.strong
        if all(group.known or (group.activities and len(strong) > 1) for group in strong):
            return exact
        last = exact
        for query, approximate, unanswered in self._words.attempts(self._typed):
            if approximate and all(group.known or group.elsewhere for group in self._typed.strong):
                break
            last = self._try(query, approximate, unanswered)
            if last.total:
                break
        return last

    def _try(self, words: QueryWording, approximate: bool, unanswered: tuple[WordGroup, ...] = ()) -> SearchHits:
        query = self._narrowed(words.found)
        total, hits = self._best(query, words)
        ranked = rank(self._records(hits[:WINDOW]), self._typed, self._lexicon)
        return SearchHits(query, total, hits, ranked, approximate, unanswered)

    def _best(self, query: Query, words: QueryWording) -> tuple[int, Hits]:
        """Return the total and the first answers: the closest ones, then the others, as the engine weighs them.

        When all of them are put in order by their features anyway, the engine weighs none.
        """
        depth = max(self._end, WINDOW)
        if self._circle is not None:
            return self._hits(self._narrowed(words.weighed), replace(self._query, sort="relevance"), depth)
        found = self._searcher.search(Query.const_score_query(query, 1.0), WINDOW)
        total = count_of(found)
        if total <= WINDOW:
            return total, [(None, address) for _, address in found.hits]
        first = [] if words.closest is None else self._weighed(words.closest, WINDOW)
        if len(first) < depth:
            seen = {(address.segment_ord, address.doc) for address in first}
            others = self._weighed(words.weighed, depth + len(first))
            first += [address for address in others if (address.segment_ord, address.doc) not in seen]
        return total, [(None, address) for address in first[:depth]]

    def _weighed(self, words: Query, depth: int) -> list[DocAddress]:
        found = self._searcher.search(self._narrowed(words), depth, count=False, weight_by_field="weight")
        return [address for _, address in found.hits]

    def _narrowed(self, words: Query) -> Query:
        return Query.boolean_query([(Occur.Must, words), *self._must])

    def _hits(self, query: Query | None, asked: DirectoryQuery, depth: int) -> tuple[int, Hits]:
        """Return the total and the first `depth` answers in the order asked for, with their distance to a point.

        A query of `None` asks for everything.
        """
        order = _order(asked, bool(self._typed.groups))
        if self._circle is None:
            found = self._searcher.search(query or Query.all_query(), depth, **order)
            return count_of(found), [(None, address) for _, address in found.hits]
        total = self._circle.total(query)
        if not total:
            return 0, []
        if asked.sort == "distance":
            return total, list(self._circle.nearest(query, depth, total))
        hits: Hits = []
        cells, offset, step = self._circle.candidates(query), 0, depth
        while len(hits) < min(depth, total):
            found = self._searcher.search(cells, step, False, offset=offset, **order)
            hits += self._circle.keep([address for _, address in found.hits])
            offset, step = offset + step, step * 2
        return total, hits

    def _records(self, hits: Iterable[tuple[float | None, DocAddress]]) -> list[dict[str, Any]]:
        records = []
        for distance, address in hits:
            record = stored(self._searcher, address)
            records.append(record if distance is None else {**record, "distance_km": round(distance, 3)})
        return records


def stored(searcher: Searcher, address: DocAddress) -> dict[str, Any]:
    """Return the record that a document keeps."""
    return read_record(str(searcher.doc(address).get_first("record")))


def _order(asked: DirectoryQuery, by_words: bool) -> dict[str, Any]:
    """Return how the engine orders answers: by a column, by words, or without words by standing."""
    if asked.sort in _ORDERS:
        field, order = _ORDERS[asked.sort]
        return {"order_by_field": field, "order": order}
    return {"weight_by_field" if by_words else "order_by_field": "weight"}
