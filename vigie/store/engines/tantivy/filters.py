"""From the filters of a search to queries of the index."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tantivy import FieldType, Query

from vigie.store.kept import NOT_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tantivy import Schema

    from vigie.store.directory import DirectoryQuery
    from vigie.store.lexicon import Lexicon

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
