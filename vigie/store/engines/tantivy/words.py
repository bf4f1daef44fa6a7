"""Words of the index: how texts become words, and which words a search means.

Weighing costs several times what finding does, and forgiving more than matching exactly. So answers are found and
counted first, without being weighed, and those that need it are weighed afterwards, the closest first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA
from tantivy import Occur, Query

from vigie.store.engines.tantivy.build import analyzers
from vigie.store.everyday_words import ABBREVIATIONS
from vigie.store.spelling import expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tantivy import Schema, Searcher

    from vigie.store.word_groups import Typed, WordGroup

IN_WEAK = 0.1
"""A word like « société » never decides: it only breaks ties."""
CALLED = 100.0
"""Above what the other weights add up to: who is called exactly so comes first."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One way to answer a word, and what it is worth.

    `constant` ones are worth the same wherever they are found; the others, all the more as the word is rare and the
    field is short. The `closest` ones answer by a name.
    """

    query: Query
    worth: float
    constant: bool = True
    closest: bool = False
    of_street: bool = False

    @property
    def weighed(self) -> Query:
        """The query with its worth."""
        return (Query.const_score_query if self.constant else Query.boost_query)(self.query, self.worth)


@dataclass(frozen=True, slots=True)
class QueryPart:
    """What answers a group of words: each of its `words` by one of its clauses; or else one of its exact terms.

    Where there are `places`, being there is what answers the closest.
    """

    words: Sequence[Sequence[Clause]]
    activities: Sequence[Query] = ()
    places: Sequence[Query] = ()
    in_activity: float = 0.0
    in_place: float = 0.0

    def found(self) -> Query:
        """Return the query that finds the answers."""
        terms = [*self.activities, *self.places]
        if len(self.words) == 1:
            return any_of([*(clause.query for clause in self.words[0]), *terms])
        return any_of([all_of(any_of(clause.query for clause in word) for word in self.words), *terms])

    def weighed(self) -> Query:
        """Return the query that finds and weighs the answers."""
        words = all_of(any_of(clause.weighed for clause in word) for word in self.words)
        terms = ((self.activities, self.in_activity), (self.places, self.in_place))
        return any_of([words, *(Query.const_score_query(any_of(each), worth) for each, worth in terms if each)])

    def closest(self) -> Query:
        """Return the query that finds and weighs the closest answers alone."""
        words = all_of(any_of(clause.weighed for clause in word if clause.closest) for word in self.words)
        if not self.places:
            return words
        there = Query.const_score_query(any_of(self.places), self.in_place)
        return Query.boolean_query([(Occur.Must, there), (Occur.Should, words)])


@dataclass(frozen=True, slots=True)
class QueryWording:
    """Three queries of the same text: all answers, all of them weighed, the closest ones weighed (if worth asking)."""

    found: Query
    weighed: Query
    closest: Query | None = None


def holding(parts: Sequence[QueryPart], weak: Sequence[Query], called: Sequence[Query] = ()) -> QueryWording:
    """Ask for all the parts; weak words only weigh, each on its own, so that they are read where needed alone.

    What is `called` exactly so answers too, before anything else.
    """
    first = [Query.const_score_query(query, CALLED) for query in called]
    return QueryWording(
        any_of([all_of(part.found() for part in parts), *called]),
        any_of([_with_weak(all_of(part.weighed() for part in parts), weak), *first]),
        any_of([_with_weak(all_of(part.closest() for part in parts), weak), *first]),
    )


def holding_most(parts: Sequence[QueryPart], missing: int) -> QueryWording:
    """Ask for all the parts but some."""

    def most(queries: Iterable[Query]) -> Query:
        clauses = [(Occur.Should, query) for query in queries]
        return Query.boolean_query(clauses, minimum_number_should_match=len(parts) - missing)

    return QueryWording(most(part.found() for part in parts), most(part.weighed() for part in parts))


def any_of(queries: Iterable[Query]) -> Query:
    """Return the query of what answers at least one of several."""
    return _joined(Occur.Should, queries)


def all_of(queries: Iterable[Query]) -> Query:
    """Return the query of what answers all of several."""
    return _joined(Occur.Must, queries)


def _joined(occur: Occur, queries: Iterable[Query]) -> Query:
    found = list(queries)
    return found[0] if len(found) == 1 else Query.boolean_query([(occur, query) for query in found])


def _with_weak(query: Query, weak: Sequence[Query]) -> Query:
    for word in weak:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Should, Query.boost_query(word, IN_WEAK))])
    return query


IN_NAME, IN_STEM, IN_STREET, IN_ACTIVITY, IN_PLACE = 2.0, 1.6, 3.0, 5.0, 9.0
"""How much each field weighs: an activity or a place answers a word for all who share it, a name for few.

The searches of `tests/oracles` hold what comes of these weights and of those below."""
BEGINNING, ONE_TYPO, TWO_TYPOS = 7.0, 6.0, 3.0
"""A word that is typed on comes before one that is mistyped, and that before two faults."""
SHORTEST_BEGINNING = 3
SHORTEST_STEM = 4
MOST_NAMES, COMMON, MOST_COMMON = 1 / 8, 10_000, 20
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
        self._stems, self._keys = analyzers()["stems"], analyzers()["keys"]
        self._relatives: dict[str, tuple[str, ...]] = {}
        self._common: dict[str, list[str]] = {}
        self._most = max(COMMON, searcher.num_docs * MOST_NAMES)

    def weighed(self, typed: Typed) -> Typed:
        """Return the same text where words that too many names hold to tell them apart are weak, and well spelled."""
        return replace(typed, groups=tuple(self._weighed(group) for group in typed.groups))

    def _weighed(self, group: WordGroup) -> WordGroup:
        if group.weak or group.places or len(group.words) > 1:
            return group
        (word,) = group.words
        meant = word if self._searcher.doc_freq("name", word) else self._meant(word)
        weak = self._searcher.doc_freq("name", meant) > self._most
        return replace(group, words=(meant,), weak=True) if weak else group

    def _meant(self, word: str) -> str:
        """Return the very common word that a word unknown to the index misspells, or the word itself.

        Forgiving typos would read every name that holds it. The first letter is held to be right.
        """
        allowed = _forgiven(word)
        if not allowed or self._searcher.doc_freq("street", word):
            return word
        initial = word[0]
        if initial not in self._common:
            first = self._searcher.terms_with_prefix("name", initial, limit=MOST_COMMON)
            self._common[initial] = [term for term, count in first if count > self._most and _forgiven(term)]
        return next((common for common in self._common[initial] if OSA.distance(word, common) <= allowed), word)

    def exact(self, typed: Typed) -> QueryWording:
        """Every word as typed or by its stem, in a name, a street, an activity or a place."""
        return self._all(typed, [self._exact(group) for group in typed.strong])

    def completed(self, typed: Typed) -> QueryWording | None:
        """The same, the last word being perhaps unfinished (a place aside); `None` when it is too short to tell."""
        strong = typed.strong
        last = max((rank for rank, group in enumerate(strong) if not group.places), default=None)
        if last is None or len(strong[last].words[0]) < SHORTEST_BEGINNING or strong[last].words[0].isdigit():
            return None
        return self._all(
            typed, [self._forgiving(g, 0) if rank == last else self._exact(g) for rank, g in enumerate(strong)]
        )

    def forgiving(self, typed: Typed) -> QueryWording:
        """Every word with up to two typos."""
        return self._all(typed, [self._forgiving(group, 2) for group in typed.strong])

    def attempts(self, typed: Typed) -> Iterator[tuple[QueryWording, bool, tuple[WordGroup, ...]]]:
        """Yield wordings after the exact one, ever more lenient, each with whether its answers are approximate.

        Words that the index does not hold are the first to be forgiven; at the end, some words may be missing. The
        groups that a wording leaves out come with it.
        """
        completed = self.completed(typed)
        if completed is not None:
            yield completed, False, ()
        strong = typed.strong
        telling = [group for group in strong if not group.vague]
        if telling and len(telling) < len(strong):
            vague = tuple(group for group in strong if group.vague)
            yield self._all(typed, [self._exact(group) for group in telling]), False, vague
        unknown = [self.unknown(group) for group in strong]
        if any(unknown):
            for typos in (1, 2):
                yield self._all(typed, [
                    self._forgiving(group, typos) if lost else self._exact(group)
                    for group, lost in zip(strong, unknown, strict=True)
                ]), True, ()  # fmt: skip
        yield self.forgiving(typed), True, ()
        known = [group for group in strong if group.known]
        if known and len(known) < len(strong):
            left = tuple(group for group in strong if not group.known)
            yield self._all(typed, [self._exact(group) for group in known]), True, left
        exact = [] if any(unknown) else [self._exact(group) for group in strong]
        anything = [self._forgiving(group, 2) for group in strong]
        lost = tuple(group for group, absent in zip(strong, unknown, strict=True) if absent)
        for missing in range(1, len(strong) // 2 + 1):
            if exact:
                yield holding_most(exact, missing), True, ()
            yield holding_most(anything, missing), True, lost

    def beginning(self, words: Sequence[str], typos: int = 0) -> Query:
        """Return the query of a name being typed: every word but the last is whole."""
        parts = [(Occur.Must, self._term("name", word)) for word in words[:-1]]
        last = self._typo("name", words[-1], typos, prefix=True) if typos else self._prefix("name", words[-1])
        return Query.boolean_query([*parts, (Occur.Must, last)])

    def _all(self, typed: Typed, parts: Sequence[QueryPart]) -> QueryWording:
        weak = [] if typed.strong is typed.groups else [group for group in typed.groups if group.weak]
        return holding(
            parts, [self._term("name", word) for group in weak for word in group.words], list(self._called(typed))
        )

    def _called(self, typed: Typed) -> Iterator[Query]:
        """Yield the queries of what is called exactly as typed, wherever it is, or in the place that was named."""
        if typed.called:
            yield self._key(typed.called)
        if typed.called_there:
            there = any_of(self._term("terms", term) for group in typed.groups for term in group.places)
            yield all_of([self._key(typed.called_there), there])

    def _key(self, name: str) -> Query:
        return any_of(self._term("called", key) for key in self._keys.analyze(name))

    def _exact(self, group: WordGroup) -> QueryPart:
        words = [self._word(word) for word in group.words]
        if group.place_name:  # being there answers, not being in the street that leads there
            words = [[clause for clause in clauses if not clause.of_street] for clauses in words]
        return self._part(group, words)

    def _forgiving(self, group: WordGroup, typos: int) -> QueryPart:
        if group.known:  # no typo leads from one trade or place to another
            return self._exact(group)
        return self._part(group, [self._near(word, typos) for word in group.words])

    def _part(self, group: WordGroup, words: Sequence[Sequence[Clause]]) -> QueryPart:
        activities = [Query.term_set_query(self._schema, "terms", list(group.activities))] if group.activities else []
        places = [self._term("terms", term) for term in group.places]
        return QueryPart(words, activities, places, IN_ACTIVITY, IN_PLACE)

    def _word(self, word: str) -> list[Clause]:
        found = [Clause(self._term("name", word), IN_NAME, constant=False, closest=True)]
        found += [Clause(self._term("name", other), IN_STEM, constant=False) for other in self.relatives(word)]
        spellings = dict.fromkeys((word, expand(word), *_SHORT_FORMS.get(word, ())))
        return [*found, *(Clause(self._term("street", one), IN_STREET, of_street=True) for one in spellings)]

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

    def _near(self, word: str, typos: int) -> list[Clause]:
        found = self._word(word)
        if len(word) >= SHORTEST_BEGINNING:
            found.append(Clause(self._prefix("name", word), BEGINNING, closest=True))
        allowed = min(typos, _forgiven(word))
        if allowed:
            found.append(Clause(self._typo("name", word, 1), ONE_TYPO, closest=True))
            found.append(Clause(self._typo("street", word, 1), IN_STREET))
        if allowed > 1:
            found.append(Clause(self._typo("name", word, 2), TWO_TYPOS, closest=True))
        return found

    def unknown(self, group: WordGroup) -> bool:
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
