"""Searching the index of names, and narrowing what is found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tantivy import FieldType, Occur, Order, Query

from vigie.store.engines.tantivy.near import count_of
from vigie.store.kept import NOT_PUBLISHED, read_record
from vigie.store.ranking import Ranked, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tantivy import DocAddress, Schema, Searcher

    from vigie.store.directory import DirectoryQuery, Record
    from vigie.store.engines.tantivy.near import Circle
    from vigie.store.engines.tantivy.words import QueryWording, WordQueries
    from vigie.store.lexicon import Lexicon
    from vigie.store.word_groups import Typed, WordGroup

_EPOCH = date(1970, 1, 1)


def filters(schema: Schema, lexicon: Lexicon, query: DirectoryQuery) -> Iterator[Query]:
    """Yield one query per filter that was set; all of them must hold."""
    if query.territories and "france:FR" not in query.territories:
        yield Query.term_set_query(schema, "terms", list(query.territories))
    if query.activities:
        yield _any(activity(schema, lexicon, key) for key in query.activities)
    if query.sizes:
        wanted = [f"size:{band}" if band else NOT_PUBLISHED for band in query.sizes]
        yield Query.term_set_query(schema, "terms", wanted)
    flags = {"craft": query.craft, "head": query.head_office}
    terms = [f"{name}:{int(value)}" for name, value in flags.items() if value is not None]
    if query.employer is not None:
        terms.append("employer:O" if query.employer else "employer:N")
    if query.state is not None:
        terms.append(f"state:{query.state}")
    yield from (exact(schema, term) for term in terms)
    if query.created_from or query.created_to:
        yield _between(schema, query.created_from, query.created_to)


def exact(schema: Schema, term: str) -> Query:
    """Return the query of one exact term."""
    return Query.term_query(schema, "terms", term, "basic")


def beginning(schema: Schema, text: str) -> Query:
    """Return the query of the exact terms that begin by a text."""
    return Query.fuzzy_term_query(schema, "terms", text, 0, True, True)


def identifier(schema: Schema, digits: str) -> Query:
    """Return the query of a SIRET, or of every establishment of a SIREN."""
    if len(digits) == 14:
        return exact(schema, digits)
    return beginning(schema, digits)


def activity(schema: Schema, lexicon: Lexicon, key: str) -> Query:
    """Return the query of an activity at any level: a section by its divisions, other levels by their beginning."""
    code = key.rpartition(":")[2]
    if len(code) == 1:
        below = lexicon.divisions(key)
        return _any(activity(schema, lexicon, division) for division in below) if below else Query.empty_query()
    if len(code) >= 6:
        return exact(schema, key)
    return beginning(schema, key)


def _any(queries: Iterable[Query]) -> Query:
    found = list(queries)
    return found[0] if len(found) == 1 else Query.disjunction_max_query(found)


def _between(schema: Schema, start: date | None, end: date | None) -> Query:
    low = None if start is None else (start - _EPOCH).days
    high = None if end is None else (end - _EPOCH).days
    return Query.range_query(schema, "created", FieldType.Integer, low, high)


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
