"""What may be published of votes, and when: pure rules, so that they can be tried against anything.

A *figure* is what one published line was counted from: the vote of each participant on one statement, all of them or a
group of them. It leaves only as words or rounded shares, and only if it, and its difference with every figure already
published of that statement, is that of enough people.

A coalition knows its own votes. If a figure moved by ten people when nine of them agree with each other, the tenth vote
would be read off it: so two counts of one statement differ by a quarter of its voters at least, of which a fifth who
collude leave several unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from vigie.domain.consultation import Vote

Figure = Mapping[str, int]
"""The vote of each participant, by ballot, that one published line was counted from."""

FEWEST = 10
"""Participants of a published figure, of a difference of two, and of a group."""
FEWEST_ORIGINS = 5
"""Places that newcomers come from before anything is published again: one device cannot play a crowd."""
FEWEST_FOR_SHARES = 40
"""Below, a share moves by more than 2.5 points for one voter: words say what is known."""
STEP = 5
"""Points that shares are rounded to."""
NEWCOMERS_AN_ORIGIN = 10
"""Participants a day behind one address: a household or a small office; a facilitator opens a code for a hall."""
FEWEST_TOLD = 3
"""Statements that groups are told by: with fewer, a reader could not tell one group from another."""
_SHARE_THAT_MOVES = 4
_LARGE = 2 / 3


@dataclass(frozen=True, slots=True)
class SinceLastCount:
    """What was published last (`on` is `None` before), and who came since: how many, from how many places."""

    on: date | None
    newcomers: int
    origins: int


def is_due(standing: SinceLastCount, today: date, *, closing: bool = False) -> bool:
    """Tell whether it is time to count: ten newcomers from five places, once a day; once more at closing.

    At closing each figure still has to be allowed to change; only the day and the ten newcomers are not waited for.
    """
    if standing.origins < FEWEST_ORIGINS:
        return False
    if closing:
        return True
    return standing.newcomers >= FEWEST and (standing.on is None or standing.on < today)


def differing(one: Figure, other: Figure) -> int:
    """Return how many participants two figures do not count alike.

    >>> differing({"a": 1, "b": 0}, {"b": 1, "c": 1})
    3
    """
    return sum(one.get(who) != other.get(who) for who in one.keys() | other.keys())


def may_follow(figure: Figure, former: Iterable[Figure]) -> bool:
    """Tell whether a new count of a statement may be published after all former ones of the same statement.

    It counts ten people, and differs from each former count by ten people and a quarter of the larger one.
    """
    if len(figure) < FEWEST:
        return False
    return all(
        differing(figure, one) >= max(FEWEST, ceil(max(len(figure), len(one)) / _SHARE_THAT_MOVES)) for one in former
    )


def may_stand_beside(figure: Figure, others: Iterable[Figure]) -> bool:
    """Tell whether the figure of a group may be published beside others of the same statement.

    It counts ten people, and differs from each of the others by ten, or by nobody.
    """
    if len(figure) < FEWEST:
        return False
    return all(not 0 < differing(figure, one) < FEWEST for one in others)


@dataclass(slots=True)
class Ballot:
    """What one participant says now, and what was counted of it.

    `votes` by statement; `counted` tells, by statement, each count (its number) from which another vote was counted,
    `None` for one that was taken back; `groups` the group, by the count that published it.
    """

    key: str
    votes: dict[str, int] = field(default_factory=dict)
    counted: dict[str, list[tuple[int, int | None]]] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)

    def counted_at(self, statement: str, count: int) -> int | None:
        """Return the vote that a count, or the last one before it, took of a statement."""
        found = None
        for number, vote in self.counted.get(statement, ()):
            if number > count:
                break
            found = vote
        return found

    def keep(self, statement: str, count: int) -> None:
        """Note that a count takes the present vote on a statement."""
        present = self.votes.get(statement)
        if present != self.counted_at(statement, count):
            self.counted.setdefault(statement, []).append((count, present))


@dataclass(frozen=True, slots=True)
class CountedBefore:
    """Which counts published something: of each statement, and of the groups with their statements."""

    statements: Mapping[str, Sequence[int]] = field(default_factory=dict)
    groups: Mapping[int, Sequence[str]] = field(default_factory=dict)


def figure_at(ballots: Iterable[Ballot], statement: str, count: int) -> dict[str, int]:
    """Return what a count took of a statement."""
    votes = ((one.key, one.counted_at(statement, count)) for one in ballots)
    return {key: vote for key, vote in votes if vote is not None}


def present_figure(ballots: Iterable[Ballot], statement: str) -> dict[str, int]:
    """Return what a statement would be counted from now."""
    return {one.key: one.votes[statement] for one in ballots if statement in one.votes}


def group_figures(ballots: Sequence[Ballot], statement: str, count: int) -> dict[int, dict[str, int]]:
    """Return what the groups that a count published took of a statement, by group."""
    found: dict[int, dict[str, int]] = {}
    for one in ballots:
        vote = one.counted_at(statement, count)
        if count in one.groups and vote is not None:
            found.setdefault(one.groups[count], {})[one.key] = vote
    return found


def former_figures(
    ballots: Sequence[Ballot], statement: str, published: CountedBefore
) -> tuple[list[Figure], list[Figure]]:
    """Return every figure already published of a statement: of all, then of groups."""
    totals: list[Figure] = [figure_at(ballots, statement, count) for count in published.statements.get(statement, ())]
    groups: list[Figure] = []
    for count, told in published.groups.items():
        if statement in told:
            groups += group_figures(ballots, statement, count).values()
    return totals, groups


def count_statements(
    ballots: Sequence[Ballot], statements: Iterable[str], published: CountedBefore, count: int
) -> dict[str, dict[str, int]]:
    """Take the present votes of the statements whose figure may be published again, and return these figures.

    The others keep what was published of them: their voters wait for the next count.
    """
    taken = {}
    for statement in statements:
        figure = present_figure(ballots, statement)
        totals, groups = former_figures(ballots, statement, published)
        if may_follow(figure, totals) and may_stand_beside(figure, groups):
            taken[statement] = figure
            for one in ballots:
                one.keep(statement, count)
    return taken


def count_groups(
    ballots: Sequence[Ballot], group_of: Mapping[str, int], published: CountedBefore, count: int
) -> dict[str, dict[int, dict[str, int]]]:
    """Return, by statement and group, the figures of new groups that may be published; empty when none may.

    `group_of` tells the group of ballots; `published` holds the statements that this count has just taken too. Groups
    of fewer than ten are not told, nor what any group says of a statement on which one of them counts fewer than ten.
    """
    sizes: dict[int, int] = {}
    for group in group_of.values():
        sizes[group] = sizes.get(group, 0) + 1
    if len(sizes) < 2 or min(sizes.values()) < FEWEST:
        return {}
    for one in ballots:
        if one.key in group_of:
            one.groups[count] = group_of[one.key]
    told = {}
    for statement in published.statements:
        cells = group_figures(ballots, statement, count)
        totals, groups = former_figures(ballots, statement, published)
        if len(cells) == len(sizes) and all(may_stand_beside(cell, [*totals, *groups]) for cell in cells.values()):
            told[statement] = cells
    if len(told) < FEWEST_TOLD:
        for one in ballots:
            one.groups.pop(count, None)
        return {}
    return told


@dataclass(frozen=True, slots=True)
class Told:
    """What is published of a figure: voters by tens (at least), a word, and rounded shares from forty voters on."""

    voters: int
    word: str
    agree: str = ""
    disagree: str = ""

    @property
    def leaning(self) -> int:
        """1 for a large agreement, -1 for a large disagreement, 0 when opinions are shared."""
        return {"large accord": 1, "large désaccord": -1}.get(self.word, 0)


def told(figure: Figure) -> Told:
    """Return what is published of a figure.

    >>> told({str(rank): 1 for rank in range(12)})
    Told(voters=10, word='large accord', agree='', disagree='')
    """
    many = len(figure)
    agreed = sum(vote == Vote.AGREE for vote in figure.values())
    disagreed = sum(vote == Vote.DISAGREE for vote in figure.values())
    word = "partagé"
    if agreed >= _LARGE * many:
        word = "large accord"
    elif disagreed >= _LARGE * many:
        word = "large désaccord"
    tens = many // FEWEST * FEWEST
    if many < FEWEST_FOR_SHARES:
        return Told(tens, word)
    return Told(tens, word, share(agreed, many), share(disagreed, many))


def share(part: int, whole: int) -> str:
    """Return a share rounded to five points, with open ends.

    >>> share(1, 50), share(22, 50), share(49, 50)
    ('moins de 10 %', '45 %', 'plus de 90 %')
    """
    points = 100 * part / whole
    if points < 10:
        return "moins de 10 %"
    if points > 90:
        return "plus de 90 %"
    return f"{round(points / STEP) * STEP} %"
