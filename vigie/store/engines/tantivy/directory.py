"""Reading the index: searches, suggestions, records by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Occur, Query

from vigie.errors import DataOutdated, RequestFault
from vigie.store import trade_index
from vigie.store.atlas import Atlas, shipped_areas
from vigie.store.directory import Completion, DirectoryPage
from vigie.store.engines.tantivy.build import LEXICON_FILE, register, telling_damage, unreadable
from vigie.store.engines.tantivy.near import Circle, count_of
from vigie.store.engines.tantivy.search import WINDOW, Search, exact, filters, identifier, stored
from vigie.store.engines.tantivy.words import WordQueries
from vigie.store.gazetteer import place_words
from vigie.store.lexicon import Lexicon
from vigie.store.meaning import meanings
from vigie.store.query_words import LONGEST_TEXT, read
from vigie.store.ranking import rank
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tantivy import DocAddress

    from vigie.store.directory import DirectoryQuery, Record

DEEPEST = 100_000
SHORTEST_SUGGESTION = 2


class TantivyDirectory:
    """The index of one generation, opened read-only; safe to share between threads."""

    def __init__(self, folder: Path, areas: Callable[[], Iterable[Mapping[str, Any]]] = shipped_areas) -> None:
        """Open the index of a folder; raises `DataUnreadable` when it is damaged, `DataOutdated` of another version.

        `areas` gives the territories wider than a commune that words may name: kind, code, name, population.
        """
        self.name = folder.parent.name
        if not (folder / LEXICON_FILE).is_file():
            raise DataOutdated(f"l’index des noms de {self.name}")
        try:
            self._index = tantivy.Index.open(str(folder))
            register(self._index)
            self._index.config_reader("manual")
            self._index.reload()
            self._schema, self._searcher = self._index.schema, self._index.searcher()
            self._lexicon = Lexicon.read(folder / LEXICON_FILE)
        except Exception as fault:  # whatever a damaged file makes the engine, or the reader of the lexicon, say
            raise unreadable(self.name) from fault
        self._words = WordQueries(self._schema, self._searcher)
        self._atlas = Atlas(self._lexicon, self._searcher.doc_freq, areas)
        self._left_out: tuple[frozenset[str], Query] = (frozenset(), Query.empty_query())

    def __len__(self) -> int:
        """Number of establishments."""
        return int(self._searcher.num_docs)

    @telling_damage
    def search(self, query: DirectoryQuery) -> DirectoryPage:
        """Answer a search; raises `RequestFault` when the page asked for is out of reach."""
        end = query.page * query.per_page
        if end > DEEPEST:
            raise RequestFault(
                f"La page {query.page} est hors d’atteinte\u00a0: seuls les 100\u202f000 premiers résultats se "
                "feuillettent. Précisez la recherche ou ajoutez un filtre."
            )
        asked = read(query.text, self._lexicon, self._atlas)
        typed = self._words.weighed(asked)
        misspelt = any(group.words != former.words for group, former in zip(typed.groups, asked.groups, strict=True))
        circle = None if query.near is None else Circle(self._schema, self._searcher, query.near, query.state)
        told = circle is not None and circle.tells_state
        wanted = [*filters(self._schema, self._lexicon, replace(query, state=None) if told else query)]
        wanted += [identifier(self._schema, digits) for digits in typed.identifiers]
        wanted += [self._of_firms(query.among)] if query.among else []
        excluded = self._excluded(query.without)
        search = Search(self._searcher, self._words, self._lexicon, (query, typed, wanted, excluded), circle)
        total, records, approximate = search.run()
        place = next((group.place_name for group in typed.groups if group.place_name), None)
        notice = next((group.notice for group in typed.groups if group.notice), "")
        understood = meanings(query.text, asked, search.unanswered)
        return DirectoryPage(total, tuple(records), approximate or misspelt, place, notice, understood=understood)

    @telling_damage
    def suggest(self, text: str, limit: int = 8, without: frozenset[str] = frozenset()) -> tuple[Record, ...]:
        """Complete what is being typed, by the beginning of its last word, forgiving one typo when nothing fits."""
        typed = words(text[:100])
        if not typed or len(typed[-1]) < SHORTEST_SUGGESTION:
            return ()
        always = [(Occur.Must, Query.const_score_query(exact(self._schema, "state:A"), 0.0))]
        always += [(Occur.MustNot, one) for one in self._excluded(without)]
        for typos in (0, 1):
            query = Query.boolean_query([(Occur.Must, self._words.beginning(typed, typos)), *always])
            hits = self._searcher.search(query, WINDOW, count=False, weight_by_field="weight").hits
            if hits:
                best = rank(self._records(address for _, address in hits), read(text, Lexicon()), self._lexicon)
                return tuple(_distinct([one.record for one in best])[:limit])
        return ()

    @telling_damage
    def places_meant(self, text: str) -> tuple[str, ...]:
        """Return the places in service that a text may mean: its whole name, else its first words."""
        found = place_words(text)
        place = self._atlas.whole(found) or self._atlas.short(found) if found else None
        return (place.key, *(key for key, _ in place.also)) if place else ()

    def complete(self, text: str, limit: int = 4) -> Completion:
        """Complete what is being typed: trades by the whole text, places by its last words."""
        typed = words(text[:LONGEST_TEXT])
        if not typed or len(" ".join(typed)) < SHORTEST_SUGGESTION:
            return Completion()
        trades = trade_index.completed(typed, limit)
        for start in range(len(typed)):
            before = typed[:start]
            if start and not trade_index.trade_of(before):
                continue
            places = self._atlas.completed(" ".join(typed[start:]), limit)
            if places:
                told = trade_index.trade_of(before)
                return Completion(tuple((one.key, one.name) for one in places), trades, told.label if told else "")
        return Completion(trades=trades)

    def record(self, siret: str) -> Record | None:
        """Return the public record of an establishment, `None` when there is none."""
        hits = self._searcher.search(exact(self._schema, siret), 1, count=False).hits
        return stored(self._searcher, hits[0][1]) if hits else None

    @telling_damage
    def siblings(self, siren: str, limit: int = 200) -> tuple[int, tuple[Record, ...]]:
        """Return how many establishments a legal unit has, and the first ones: open, head office, largest."""
        query = identifier(self._schema, siren)
        found = self._searcher.search(query, limit, order_by_field="weight")
        records = self._records(address for _, address in found.hits)
        return count_of(found), tuple(sorted(records, key=_standing))

    def _excluded(self, sirens: frozenset[str]) -> list[Query]:
        """Return the query of the establishments of some firms, kept for the next search; nothing without firms."""
        if not sirens:
            return []
        known, query = self._left_out
        if known != sirens:
            query = self._of_firms(sirens)
            self._left_out = (sirens, query)
        return [query]

    def _of_firms(self, sirens: frozenset[str]) -> Query:
        """Return the query of the establishments of some firms."""
        held = (self._searcher.terms_with_prefix("terms", siren) for siren in sirens)
        sirets = [term for terms in held for term, _ in terms]
        return Query.term_set_query(self._schema, "terms", sirets) if sirets else Query.empty_query()

    def _records(self, addresses: Iterable[DocAddress]) -> list[dict[str, Any]]:
        return [stored(self._searcher, address) for address in addresses]


def _standing(record: Mapping[str, Any]) -> tuple[bool, bool, str]:
    return not record["head_office"], record["state"] != "A", record["siret"]


def _distinct(records: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep the first record of each name in each commune."""
    seen = {(record["name"], record["sign"], record["commune"]): record for record in reversed(records)}
    return [record for record in records if seen[record["name"], record["sign"], record["commune"]] is record]
