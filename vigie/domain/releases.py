"""Figures released by closed quarters: two readings never differ by what fewer than three owners make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

SMALLEST = 3
"""Contributors that a total must have to be told."""
DOMINANT = 0.85
"""The rule of Insee's secrecy: one contributor above 85 % of a total could be read from it."""
Known = dict[str, "Change"]
"""What is known of each row at a moment."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a row adds to each figure since a day, and its owners (firms, persons); nothing once it is withdrawn.

    `knower` reads the row itself (an organisation, of figures of several): it may take what it knows away.
    """

    day: date
    row: str
    owners: frozenset[str]
    adds: Mapping[str, int]
    knower: str = ""


def quarter(day: date) -> tuple[int, int]:
    """Return the year and quarter of a day."""
    return day.year, (day.month + 2) // 3


@dataclass(frozen=True, slots=True)
class ReleaseGroup:
    """Figures published together; when they are the parts of another, `whole`, only beside it."""

    figures: frozenset[str]
    whole: str = ""


def released(changes: Iterable[Change], today: date, groups: Sequence[ReleaseGroup]) -> dict[str, int | None]:
    """Return the figures as last published before the quarter of `today`; `None` for one never published.

    The figures of a group are published together, as known at the end of a quarter, when each differs from nothing and
    from all its earlier publications by zero, or by what three rows and three owners at least make, none of them above
    85 %; and so once what one knower knows is taken away. Otherwise they stay as published, and wait. The parts of a
    whole are published all at once, as it is, so that none is found from the others. What is corrected afterwards is
    of the quarter in which it is corrected.
    """
    known: Known = {}
    published: dict[str, list[Known]] = {figure: [] for group in groups for figure in group.figures}
    closed = sorted((one for one in changes if quarter(one.day) < quarter(today)), key=lambda one: one.day)
    for _, batch in groupby(closed, key=lambda one: quarter(one.day)):
        known = known | {one.row: one for one in batch}
        for group in groups:
            if _publishes(group, known, published):
                for figure in group.figures:
                    published[figure].append(known)
    return {figure: _total(before[-1], figure) if before else None for figure, before in published.items()}


def _publishes(group: ReleaseGroup, known: Known, published: Mapping[str, Sequence[Known]]) -> bool:
    """Tell whether the figures of a group, as known, may follow their earlier publications; a whole comes first."""
    beside = not group.whole or (published[group.whole] and published[group.whole][-1] is known)
    return (
        bool(beside)
        and any(_total(known, figure) for figure in group.figures)
        and all(_is_safe(known, former, figure) for figure in group.figures for former in ({}, *published[figure]))
    )


def _is_safe(known: Known, former: Known, figure: str) -> bool:
    knowers = {one.knower for one in (*known.values(), *former.values()) if one.knower}
    return all(
        _differs_by_enough(_unknown_to(knower, known), _unknown_to(knower, former), figure)
        for knower in ("", *sorted(knowers))
    )


def _unknown_to(knower: str, known: Known) -> Known:
    return {row: one for row, one in known.items() if one.knower != knower} if knower else known


def _differs_by_enough(known: Known, former: Known, figure: str) -> bool:
    difference = _total(known, figure) - _total(former, figure)
    if difference == 0:
        return True
    now, then = _by_owner(known, figure), _by_owner(former, figure)
    parts = [abs(now.get(owner, 0) - then.get(owner, 0)) for owner in {*now, *then}]
    rows = sum(_adds(known, row, figure) != _adds(former, row, figure) for row in known)
    return min(rows, sum(part > 0 for part in parts)) >= SMALLEST and max(parts) <= DOMINANT * abs(difference)


def _adds(known: Known, row: str, figure: str) -> int:
    return known[row].adds.get(figure, 0) if row in known else 0


def _total(known: Known, figure: str) -> int:
    return sum(one.adds.get(figure, 0) for one in known.values())


def _by_owner(known: Known, figure: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in known.values():
        for owner in one.owners:
            found[owner] = found.get(owner, 0) + one.adds.get(figure, 0)
    return found
