"""The schemes of one generation, made ready to be answered for one firm or for many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from vigie.domain.levers import Applicant, Condition, Holds, Scheme, Topic
from vigie.domain.provenance import Provenance
from vigie.errors import NotFound
from vigie.measures.eligibility import answers, presented, tabled
from vigie.services.telling_words import stem, telling_stems
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from vigie.measures.eligibility import SchemeTable
    from vigie.services.questions import DataInService

CLOSING_WITHIN = timedelta(days=30)
"""A month: what a request takes to be written, most often."""
_TITLE, _PROMISE, _TEXT = 5, 3, 1
"""What a word of a need weighs where a scheme uses it: its title says what it is, its text also says how to apply."""


class Days(Enum):
    """Where a scheme stands on a day, in words."""

    OPEN = "ouverte"
    CLOSING = "ferme bientôt"
    TO_COME = "pas encore ouverte"
    CLOSED = "fermée"


@dataclass(frozen=True, slots=True)
class ReadScheme:
    """A scheme as it is told: what its publisher says, its conditions with how each was read."""

    id: str
    title: str
    promise: str
    description: str
    kinds: tuple[str, ...]
    holders: str
    url: str | None
    cost: str
    legal_basis: str
    opens: date | None
    closes: date | None
    updated: date | None
    imaginary: bool
    source: str
    scheme: Scheme
    traces: tuple[str, ...]

    def days(self, on: date) -> Days:
        """Tell where the scheme stands on a day; its last day is still open."""
        if self.opens and on < self.opens:
            return Days.TO_COME
        if self.closes and on > self.closes:
            return Days.CLOSED
        return Days.CLOSING if self.closes and self.closes - on <= CLOSING_WITHIN else Days.OPEN


class SchemeBook:
    """Every scheme of a generation, each distinct condition written once."""

    def __init__(self, schemes: Sequence[ReadScheme]) -> None:
        self.schemes = tuple(schemes)
        self._by_id = {one.id: rank for rank, one in enumerate(self.schemes)}

    @cached_property
    def table(self) -> SchemeTable:
        """The schemes as they are answered many at a time."""
        return tabled([one.scheme for one in self.schemes])

    @cached_property
    def usual_ranks(self) -> NDArray[np.intp]:
        """Place of each scheme in the usual order: free advice first, then grants, loans, taxes."""
        order = presented([one.scheme for one in self.schemes])
        ranks = np.empty(len(order), dtype=np.intp)
        ranks[order] = np.arange(len(order))
        return ranks

    @cached_property
    def repeated(self) -> frozenset[int]:
        """Ranks of schemes that another catalogue gives under the same title, and tells more of.

        One publisher has several files: the one whose conditions are the most computable is kept.
        """
        by_title: dict[str, dict[str, list[int]]] = {}
        for rank, one in enumerate(self.schemes):
            by_title.setdefault(" ".join(words(one.title)), {}).setdefault(one.source, []).append(rank)
        several = (by_source for by_source in by_title.values() if len(by_source) > 1)
        return frozenset(
            rank
            for by_source in several
            for source, ranks in by_source.items()
            if source != max(sorted(by_source), key=lambda one: sum(map(self._computed, by_source[one])))
            for rank in ranks
        )

    def _computed(self, rank: int) -> int:
        conditions = self.schemes[rank].scheme.conditions
        return sum(bool(one.allowed or one.refused or one.amount) for one in conditions)

    def scheme(self, identifier: str) -> ReadScheme:
        """Return a scheme; raises `NotFound`."""
        if identifier not in self._by_id:
            raise NotFound(
                f"Aucune aide « {identifier[:60]} » parmi celles qui sont chargées : cherchez-la dans la liste."
            )
        return self.schemes[self._by_id[identifier]]

    def answers(self, asker: Applicant) -> NDArray[np.int8]:
        """Return what each scheme says to somebody (`Holds`); unknown, at best, where some of it is only words."""
        return answers(self.table, asker)

    def near(self, need: str) -> NDArray[np.float64]:
        """Return how much each scheme speaks of a need: rare words count more, those of titles most; zero for none."""
        stems = telling_stems(need)
        found = np.zeros(len(self.schemes))
        for held_stem in sorted(stems):
            weights = np.array([_weight(held_stem, one) for one in self._words])
            held = np.count_nonzero(weights)
            if held:
                found += weights * np.log(1 + len(self.schemes) / held)
        return found

    @cached_property
    def _words(self) -> tuple[tuple[frozenset[str], ...], ...]:
        return tuple(
            tuple(frozenset(map(stem, words(text))) for text in (one.title, one.promise, one.description))
            for one in self.schemes
        )


def book_of(data: DataInService) -> SchemeBook:
    """Return the schemes of the data in service, read once; none where no catalogue was loaded."""
    known = _BOOKS.get(data)
    if known is None:
        known = _BOOKS[data] = SchemeBook(_read(data))
    return known


_BOOKS: WeakKeyDictionary[Any, SchemeBook] = WeakKeyDictionary()
"""One book for each generation in service; it leaves with the generation."""


def cited(data: DataInService, schemes: Sequence[ReadScheme]) -> tuple[Provenance, ...]:
    """Return the catalogues that schemes come from."""
    return data.loaded.cite(*(f"aides:{source}" for source in dict.fromkeys(one.source for one in schemes)))


def _read(data: DataInService) -> list[ReadScheme]:
    if not data.loaded.tables.get("scheme"):
        return []
    conditions: dict[str, list[Mapping[str, Any]]] = {}
    table = data.warehouse.table("scheme_condition")
    for row in data.warehouse.rows(table.order_by("scheme", "rank")):
        conditions.setdefault(row["scheme"], []).append(row)
    schemes = data.warehouse.table("scheme")
    kept = schemes.drop("published").order_by("source", "rank")
    return [_scheme(row, conditions.get(row["id"], [])) for row in data.warehouse.rows(kept)]


def _scheme(row: Mapping[str, Any], conditions: Sequence[Mapping[str, Any]]) -> ReadScheme:
    kinds = tuple(filter(None, (one.strip() for one in row["kinds"].split("|"))))
    read = tuple(map(_condition, conditions))
    closes = row["closes"]
    scheme = Scheme(
        id=row["id"], title=row["title"], conditions=read, opens=row["opens"],
        closes=closes + timedelta(days=1) if closes else None, kind=kinds[0] if kinds else "",
        cost="Gratuit" if "gratuit" in row["cost"].casefold() else row["cost"],
    )  # fmt: skip
    told = {name: row[name] for name in ("id", "title", "promise", "description", "holders", "url", "cost",
            "legal_basis", "opens", "closes", "updated", "imaginary", "source")}  # fmt: skip
    return ReadScheme(kinds=kinds, scheme=scheme, traces=tuple(one["trace"] for one in conditions), **told)


def _condition(row: Mapping[str, Any]) -> Condition:
    return Condition(
        topic=Topic[row["topic"]],
        sentence=row["sentence"],
        reference=row["reference"],
        allowed=_traits(row["allowed"]),
        refused=_traits(row["refused"]),
        amount=row["amount"],
        least=row["least"],
        most=row["most"],
    )


def _traits(written: str) -> frozenset[str]:
    return frozenset(filter(None, written.split("|")))


def _weight(sought: str, texts: tuple[frozenset[str], ...]) -> float:
    return sum(weight for weight, held in zip((_TITLE, _PROMISE, _TEXT), texts, strict=True) if sought in held)


def worst(holds: Holds) -> str:
    """Return what an answer is called."""
    return {Holds.YES: "oui", Holds.NO: "non", Holds.UNKNOWN: "à vérifier"}[holds]
