"""What may be published of votes, and when: every figure, and every difference of two, is that of ten people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.not_empty import not_empty
from vigie.domain.ballots import (
    FEWEST,
    FEWEST_ORIGINS,
    Ballot,
    CountedBefore,
    Figure,
    SinceLastCount,
    count_groups,
    count_statements,
    differing,
    is_due,
    may_follow,
    share,
    told,
)

TODAY = date(2026, 11, 23)
STATEMENTS = ("a", "b", "c")
AT_ONCE = st.sampled_from([1, 4, 9, 10, 13, 40])
"""Beside and astride the thresholds: chance alone seldom meets them."""


def voters(many: int, vote: int = 1, start: int = 0) -> dict[str, int]:
    return {str(rank): vote for rank in range(start, start + many)}


@pytest.mark.parametrize(
    ("standing", "closing", "due"),
    [
        (SinceLastCount(None, 9, 9), False, False),
        (SinceLastCount(None, 10, 5), False, True),
        (SinceLastCount(None, 10, 4), False, False),
        (SinceLastCount(TODAY - timedelta(days=1), 10, 5), False, True),
        (SinceLastCount(TODAY, 40, 20), False, False),
        (SinceLastCount(TODAY, 5, 5), True, True),
        (SinceLastCount(TODAY, 1000, 1), True, False),
    ],
)
def test_it_is_counted_once_a_day_when_ten_came_from_five_places(
    standing: SinceLastCount, closing: bool, due: bool
) -> None:
    assert is_due(standing, TODAY, closing=closing) is due


def test_a_count_moves_by_ten_people_and_a_quarter() -> None:
    assert not may_follow(voters(9), [])
    assert may_follow(voters(10), [])
    assert not may_follow(voters(19), [voters(10)])
    assert may_follow(voters(20), [voters(10)])
    assert not may_follow(voters(110), [voters(100)]), "nine of ten newcomers who collude would read the tenth"
    assert may_follow(voters(134), [voters(100)])
    assert not may_follow(voters(20), [voters(10), voters(19, start=1)]), "every former count is looked at"


def test_a_change_of_vote_counts_as_a_difference() -> None:
    assert differing(voters(12), voters(12)) == 0
    assert may_follow({**voters(12), **voters(10, -1)}, [voters(12)])
    assert not may_follow({**voters(12), **voters(9, -1)}, [voters(12)])


def test_below_forty_voters_words_are_told_then_rounded_shares_with_open_ends() -> None:
    assert (told(voters(39)).word, told(voters(39)).agree) == ("large accord", "")
    shared = told({**voters(30), **voters(30, -1, 30)})
    assert (shared.word, shared.agree, shared.disagree, shared.voters) == ("partagé", "50 %", "50 %", 60)
    assert told(voters(47, -1)) == told(voters(41, -1)), "voters are told by tens, and ends stay open"
    assert [share(part, 100) for part in (0, 9, 10, 13, 88, 90, 91, 100)] == [
        "moins de 10 %", "moins de 10 %", "10 %", "15 %", "90 %", "90 %", "plus de 90 %", "plus de 90 %",
    ]  # fmt: skip


@dataclass
class Conversation:
    """What the service does with the rules, without any table."""

    ballots: dict[str, Ballot] = field(default_factory=dict)
    published: CountedBefore = field(default_factory=lambda: CountedBefore({}, {}))
    figures: dict[str, list[Figure]] = field(default_factory=lambda: {one: [] for one in STATEMENTS})
    totals: dict[str, list[Figure]] = field(default_factory=lambda: {one: [] for one in STATEMENTS})
    newcomers: int = 0
    origins: set[int] = field(default_factory=set)
    last: date | None = None
    count: int = 0

    def release(self, today: date, chance: random.Random, *, closing: bool = False) -> None:
        if not is_due(SinceLastCount(self.last, self.newcomers, len(self.origins)), today, closing=closing):
            return
        self.count += 1
        cast = list(self.ballots.values())
        taken = count_statements(cast, STATEMENTS, self.published, self.count)
        counts = {one: list(numbers) for one, numbers in self.published.statements.items()}
        for one in taken:
            counts.setdefault(one, []).append(self.count)
        self.published = CountedBefore(counts, self.published.groups)
        group_of = {one.key: chance.randrange(2) for one in cast if one.counted}
        groups = count_groups(cast, group_of, self.published, self.count)
        if groups:
            self.published = CountedBefore(counts, {**self.published.groups, self.count: tuple(groups)})
        for one, figure in taken.items():
            self.totals[one].append(dict(figure))
            self.figures[one].append(dict(figure))
        for one, cells in groups.items():
            self.figures[one] += [dict(cell) for cell in cells.values()]
        self.newcomers, self.origins, self.last = 0, set(), today

    def pairs(self) -> Iterator[tuple[Figure, Figure]]:
        for figures in self.figures.values():
            yield from ((one, other) for rank, one in enumerate(figures) for other in figures[:rank])


class ConsultationMachine(RuleBasedStateMachine):
    """People arrive, change their mind, take votes back and leave, in any order; counts come when they may."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(7)  # noqa: S311 - votes of a test
        self.talk, self.day = Conversation(), TODAY

    @rule(many=AT_ONCE, places=st.sampled_from([1, 5, 8]), leaning=st.sampled_from([-1, 0, 1]))
    def arrive(self, many: int, places: int, leaning: int) -> None:
        for rank in range(many):
            key = f"v{len(self.talk.ballots)}"
            said = {one: self.chance.choice((leaning, -1, 1)) for one in STATEMENTS if self.chance.random() < 0.8}
            self.talk.ballots[key] = Ballot(key, said)
            self.talk.origins.add(rank % places)
            self.talk.newcomers += 1
        self.count(1, closing=False)

    @rule(many=AT_ONCE, statement=st.sampled_from(STATEMENTS))
    def change(self, many: int, statement: str) -> None:
        for ballot in self._some(many):
            ballot.votes[statement] = self.chance.choice((-1, 0, 1))

    @rule(many=AT_ONCE, statement=st.sampled_from(STATEMENTS))
    def take_back(self, many: int, statement: str) -> None:
        for ballot in self._some(many):
            ballot.votes.pop(statement, None)

    @rule(many=AT_ONCE)
    def leave(self, many: int) -> None:
        for ballot in self._some(many):
            ballot.votes.clear()

    @rule(days=st.sampled_from([0, 1, 1]), closing=st.booleans())
    def count(self, days: int, *, closing: bool) -> None:
        self.day += timedelta(days=days)
        self.talk.release(self.day, self.chance, closing=closing)

    def _some(self, many: int) -> list[Ballot]:
        known = list(self.talk.ballots.values())
        return self.chance.sample(known, min(many, len(known)))

    @invariant()
    def every_figure_is_of_ten(self) -> None:
        assert all(len(figure) >= FEWEST for figures in self.talk.figures.values() for figure in figures)

    @invariant()
    def every_difference_is_of_ten_or_of_nobody(self) -> None:
        assert [differing(one, other) for one, other in self.talk.pairs() if 0 < differing(one, other) < FEWEST] == []

    @invariant()
    def a_fifth_who_collude_leave_two_at_least_unknown(self) -> None:
        """The coalition is chosen afterwards, among those who made the difference, and knows exact counts."""
        for totals in self.talk.totals.values():
            for rank, later in enumerate(totals):
                for former in [{}, *totals[:rank]]:
                    assert differing(later, former) - len(later) // 5 >= 2


ConsultationMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestConsultation = ConsultationMachine.TestCase


def test_the_machine_publishes_something() -> None:
    """What is never published would pass every invariant."""
    talk, chance = Conversation(), random.Random(1)  # noqa: S311 - votes of a test
    for day in range(1, 5):
        for _ in range(40):
            key = f"v{len(talk.ballots)}"
            talk.ballots[key] = Ballot(key, dict.fromkeys(STATEMENTS, chance.choice((-1, 1))))
            talk.origins.add(len(talk.ballots) % FEWEST_ORIGINS)
            talk.newcomers += 1
        talk.release(TODAY + timedelta(days=day), chance)
    assert [len(talk.totals[one]) for one in not_empty(STATEMENTS)] == [4, 4, 4]
    assert talk.published.groups
    assert sum(1 for _ in talk.pairs()) > 6


def test_votes_that_come_back_are_compared_with_every_former_count() -> None:
    ballots = [Ballot(str(rank), {"a": 1}) for rank in range(20)]
    assert count_statements(ballots, ["a"], CountedBefore(), 1)
    for one in ballots[:10]:
        one.votes["a"] = -1
    assert count_statements(ballots, ["a"], CountedBefore({"a": [1]}), 2)
    for one in ballots[:9]:
        one.votes["a"] = 1
    ballots[10].votes["a"] = -1  # ten differ from the second count, two only from the first
    assert count_statements(ballots, ["a"], CountedBefore({"a": [1, 2]}), 3) == {}


def test_one_place_alone_changes_nothing_published() -> None:
    talk, chance = Conversation(), random.Random(1)  # noqa: S311 - votes of a test
    for rank in range(1000):
        talk.ballots[str(rank)] = Ballot(str(rank), dict.fromkeys(STATEMENTS, 1))
        talk.origins.add(0)
        talk.newcomers += 1
    talk.release(TODAY, chance)
    talk.release(TODAY, chance, closing=True)
    assert talk.count == 0


def test_what_a_count_took_is_found_again_whatever_came_after() -> None:
    ballot = Ballot("k", {"a": 1})
    ballot.keep("a", 1)
    ballot.votes["a"] = -1
    ballot.keep("a", 3)
    ballot.votes.pop("a")
    ballot.keep("a", 4)
    assert [ballot.counted_at("a", count) for count in (0, 1, 2, 3, 4, 9)] == [None, 1, 1, -1, None, None]
