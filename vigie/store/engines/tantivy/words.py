"""From the words typed to queries of the index: exact and stemmed first, then forgiving typos."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from tantivy import Occur, Query

from vigie.store.engines.tantivy.schema import analyzers
from vigie.store.spelling import expand
from vigie.store.trades import ABBREVIATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tantivy import Schema, Searcher

    from vigie.store.query_words import Group, Typed

IN_NAME, IN_STEM, IN_STREET, IN_ACTIVITY, IN_PLACE = 2.0, 1.6, 3.0, 5.0, 9.0
BEGINNING, ONE_TYPO, TWO_TYPOS = 7.0, 6.0, 3.0
SHORTEST_BEGINNING = 3
SHORTEST_STEM = 4
MOST_NAMES, COMMON = 1 / 8, 10_000
LONGEST_ENDING = 6
MOST_RELATIVES = 12
MOST_REMEMBERED = 20_000
_SHORT_FORMS = {
    full: [short for short, word in ABBREVIATIONS.items() if word == full] for full in ABBREVIATIONS.values()
}


class WordQueries:
    """Writes the queries of a text for one index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema, self._searcher = schema, searcher
        self._stems = analyzers()["stems"]
        self._relatives: dict[str, tuple[str, ...]] = {}

    def weighed(self, typed: Typed) -> Typed:
        """Return the same text where words that too many names hold to tell them apart are weak."""
        most = max(COMMON, self._searcher.num_docs * MOST_NAMES)
        return replace(
            typed,
            groups=tuple(
                replace(group, weak=group.weak or self._searcher.doc_freq("name", group.words[0]) > most)
                if len(group.words) == 1 and not group.places
                else group
                for group in typed.groups
            ),
        )

    def exact(self, typed: Typed) -> Query:
        """Every word as typed or by its stem, in a name, a street, an activity or a place."""
        return self._all(typed, [self._exact(group) for group in typed.strong])

    def completed(self, typed: Typed) -> Query | None:
        """The same, the last word being perhaps unfinished (a place aside); `None` when it is too short to tell."""
        strong = typed.strong
        last = max((rank for rank, group in enumerate(strong) if not group.places), default=None)
        if last is None or len(strong[last].words[0]) < SHORTEST_BEGINNING or strong[last].words[0].isdigit():
            return None
        return self._all(
            typed, [self._forgiving(g, 0) if rank == last else self._exact(g) for rank, g in enumerate(strong)]
        )

    def forgiving(self, typed: Typed) -> Query:
        """Every word with up to two typos."""
        return self._all(typed, [self._forgiving(group, 2) for group in typed.strong])

    def attempts(self, typed: Typed) -> Iterator[tuple[Query, bool]]:
        """Yield queries after the exact one, ever more lenient, each with whether its answers are approximate.

        Words that the index does not hold are the first to be forgiven; at the end, some words may be missing.
        """
        completed = self.completed(typed)
        if completed is not None:
            yield completed, False
        strong = typed.strong
        telling = [group for group in strong if not group.vague]
        if telling and len(telling) < len(strong):
            yield self._all(typed, [self._exact(group) for group in telling]), False
        unknown = [self._unknown(group) for group in strong]
        if any(unknown):
            for typos in (1, 2):
                yield self._all(typed, [
                    self._forgiving(group, typos) if lost else self._exact(group)
                    for group, lost in zip(strong, unknown, strict=True)
                ]), True  # fmt: skip
        yield self.forgiving(typed), True
        anything = [(Occur.Should, self._forgiving(group, 2)) for group in strong]
        for missing in range(1, len(strong) // 2 + 1):
            yield Query.boolean_query(anything, minimum_number_should_match=len(strong) - missing), True

    def beginning(self, words: Sequence[str], typos: int = 0) -> Query:
        """Return the query of a name being typed: every word but the last is whole."""
        parts = [(Occur.Must, self._term("name", word)) for word in words[:-1]]
        last = self._typo("name", words[-1], typos, prefix=True) if typos else self._prefix("name", words[-1])
        return Query.boolean_query([*parts, (Occur.Must, last)])

    def _all(self, typed: Typed, strong: Sequence[Query]) -> Query:
        clauses = [(Occur.Must, query) for query in strong]
        if typed.strong is not typed.groups:
            weak = [group for group in typed.groups if group.weak]
            clauses += [
                (Occur.Should, Query.boost_query(self._term("name", word), 0.1))
                for group in weak
                for word in group.words
            ]
        return Query.boolean_query(clauses)

    def _exact(self, group: Group) -> Query:
        each = [self._word(word) for word in group.words]
        return self._either(group, each[0] if len(each) == 1 else Query.boolean_query([(Occur.Must, q) for q in each]))

    def _forgiving(self, group: Group, typos: int) -> Query:
        each = [self._near(word, typos) for word in group.words]
        return self._either(group, each[0] if len(each) == 1 else Query.boolean_query([(Occur.Must, q) for q in each]))

    def _either(self, group: Group, words: Query) -> Query:
        found = [words]
        for terms, score in ((group.activities, IN_ACTIVITY), (group.places, IN_PLACE)):
            if terms:
                found.append(Query.const_score_query(Query.term_set_query(self._schema, "terms", list(terms)), score))
        return Query.disjunction_max_query(found, 0.1) if len(found) > 1 else words

    def _word(self, word: str) -> Query:
        found = [Query.boost_query(self._term("name", word), IN_NAME)]
        found += [Query.boost_query(self._term("name", other), IN_STEM) for other in self.relatives(word)]
        found += [
            Query.const_score_query(self._term("street", spelling), IN_STREET)
            for spelling in dict.fromkeys((word, expand(word), *_SHORT_FORMS.get(word, ())))
        ]
        return Query.disjunction_max_query(found)

    def relatives(self, word: str) -> tuple[str, ...]:
        """Return the other words of the names that share the stem of a word, or that it abbreviates, or the reverse."""
        known = self._relatives.get(word)
        if known is None:
            known = tuple(self._related(word))
            if len(self._relatives) >= MOST_REMEMBERED:
                self._relatives = {}
            self._relatives[word] = known
        return known

    def _related(self, word: str) -> Iterator[str]:
        for spelling in (expand(word), *_SHORT_FORMS.get(word, ())):
            if spelling != word and self._searcher.doc_freq("name", spelling):
                yield spelling
        stem = self.stem(word)
        if len(stem) < SHORTEST_STEM or not stem.isalpha():
            return
        held = self._searcher.terms_with_prefix("name", stem[:-1])
        kin = (term for term, _ in held if term != word and abs(len(term) - len(stem)) <= LONGEST_ENDING)
        yield from islice((term for term in kin if self.stem(term) == stem), MOST_RELATIVES)

    def _near(self, word: str, typos: int) -> Query:
        found = [self._word(word)]
        if len(word) >= SHORTEST_BEGINNING:
            found.append(Query.const_score_query(self._prefix("name", word), BEGINNING))
        allowed = min(typos, _forgiven(word))
        if allowed:
            found.append(Query.const_score_query(self._typo("name", word, 1), ONE_TYPO))
            found.append(Query.const_score_query(self._typo("street", word, 1), IN_STREET))
        if allowed > 1:
            found.append(Query.const_score_query(self._typo("name", word, 2), TWO_TYPOS))
        return Query.disjunction_max_query(found)

    def _unknown(self, group: Group) -> bool:
        """Tell whether no name holds the words of a group, nor do they name a place or an activity."""
        if group.places or group.activities:
            return False
        return any(not self._searcher.doc_freq("name", word) and not self.relatives(word) for word in group.words)

    def stem(self, word: str) -> str:
        """Return the stem of a word (Snowball, French)."""
        stems = self._stems.analyze(word)
        return stems[0] if stems else word

    def _term(self, field: str, word: str) -> Query:
        return Query.term_query(self._schema, field, word, "basic")

    def _prefix(self, field: str, word: str) -> Query:
        return Query.fuzzy_term_query(self._schema, field, word, 0, True, True)

    def _typo(self, field: str, word: str, typos: int, *, prefix: bool = False) -> Query:
        return Query.fuzzy_term_query(self._schema, field, word, typos, True, prefix)


def _forgiven(word: str) -> int:
    """How many typos a word may hold: none up to three letters, one up to four, then two."""
    return 0 if len(word) <= 3 or word.isdigit() else 1 if len(word) == 4 else 2
