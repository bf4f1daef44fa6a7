"""The same words asked for in three ways: to find every answer, to weigh each, to take the closest ones alone.

Weighing costs several times what finding does, and forgiving more than matching exactly. So answers are found and
counted first, without being weighed, and those that need it are weighed afterwards, the closest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tantivy import Occur, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
