"""Counting: what leaves of votes, when it may; and closing, after which no vote is left to read.

Counting reads ballots in a transaction that only reads, so that votes go on meanwhile; what it found is then written
in a short one. A vote that came in between waits for the next count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.ballots import (
    FEWEST,
    Ballot,
    CountedBefore,
    Figure,
    SinceLastCount,
    Told,
    count_groups,
    count_statements,
    is_due,
    told,
)
from vigie.domain.consultation import ConsultationState
from vigie.services.consultations.papers import forget, shut
from vigie.services.consultations.reading import kept
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import (
    BallotOrigin,
    BallotPaper,
    Consultation,
    PublishedCount,
)
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader, Unit

COUNTED, ENDED = "consultation.counted", "consultation.ended"
_COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")
Opinions = Mapping[str, Any]


@dataclass(slots=True)
class Counting:
    """What a count found: ballots as it read them, what is published before it, and what it publishes."""

    ballots: dict[str, Ballot]
    former: PublishedCount | None
    newcomers: dict[str, int]
    due: bool
    participants: int = 0
    told: dict[str, Any] | None = None


class ConsultationCounting:
    """Counts what is due, and closes what is past its last day."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def run_due(self) -> Mapping[str, int]:
        """Count every open consultation that may be, and close those whose last day is past."""
        with self._journal.reading(_COMMAND) as reader:
            every = reader.all(select(Organisation.id).order_by(Organisation.id))
            opened = select(Consultation.id, Consultation.organisation_id).where(
                Consultation.state == ConsultationState.OPEN.value, Consultation.deleted_at.is_(None)
            )
            found = [(key, one) for key, one in reader.rows(opened.order_by(Consultation.id)) if one in every]
        done = {"counted": 0, "closed": 0}
        for consultation, organisation in found:
            scope = _COMMAND.within(organisation)
            if self._is_past(scope, consultation):
                self.close(scope, consultation)
                done["closed"] += 1
            elif self.count(scope, consultation):
                done["counted"] += 1
        return done

    def count(self, scope: Scope, consultation: str) -> bool:
        """Publish a count if it may be, and tell whether one was."""
        with self._journal.reading(scope) as reader:
            found = counting(reader, consultation, closing=False)
        if not found.due:
            return False
        with self._journal.writing(scope) as unit:
            unit.act(COUNTED, consultation)
            return publish(unit, consultation, found, closing=False)

    def close(self, scope: Scope, consultation: str) -> None:
        """Publish the last count, then erase the key, every ballot and what is known of where they came from."""
        with self._journal.reading(scope) as reader:
            found = counting(reader, consultation, closing=True)
        with self._journal.writing(scope) as unit:
            unit.act(ENDED, consultation)
            end(unit, consultation, found)
        self._journal.scrub()

    def _is_past(self, scope: Scope, consultation: str) -> bool:
        with self._journal.reading(scope) as reader:
            return reader.get(Consultation, consultation).closes_on < reader.today


def counting(reader: Reader, consultation: str, *, closing: bool) -> Counting:
    """Return what a count of the present ballots publishes; nothing is written."""
    papers = reader.all(select(BallotPaper).where(BallotPaper.consultation_id == consultation).order_by(BallotPaper.id))
    counts = reader.all(
        select(PublishedCount).where(PublishedCount.consultation_id == consultation).order_by(PublishedCount.number)
    )
    places = reader.all(
        select(BallotOrigin).where(BallotOrigin.consultation_id == consultation, BallotOrigin.newcomers > 0)
    )
    newcomers = {one.id: one.newcomers for one in places}
    former = counts[-1] if counts else None
    standing = SinceLastCount(former.on if former else None, sum(newcomers.values()), len(newcomers))
    found = Counting(
        {paper.id: ballot_of(paper) for paper in papers},
        former,
        newcomers,
        is_due(standing, reader.today, closing=closing),
    )
    if found.due:
        _count(found, [one.id for one in kept(reader, consultation)], counts)
    return found


def ballot_of(paper: BallotPaper) -> Ballot:
    """Return a ballot as the rules read it."""
    counted = {key: [(int(number), vote) for number, vote in taken] for key, taken in paper.counted.items()}
    groups = {int(number): int(group) for number, group in paper.groups.items()}
    return Ballot(paper.id, dict(paper.votes), counted, groups)


def _count(found: Counting, statements: Sequence[str], counts: Sequence[PublishedCount]) -> None:
    ballots = list(found.ballots.values())
    number = (found.former.number if found.former else 0) + 1
    published = _published(counts)
    taken = count_statements(ballots, statements, published, number)
    numbers = {key: list(before) for key, before in published.statements.items()}
    for key in taken:
        numbers.setdefault(key, []).append(number)
    published = CountedBefore(numbers, published.groups)
    opinions = _opinions(ballots, [key for key in statements if key in numbers], number)
    cells = count_groups(ballots, opinions["group_of"], published, number) if opinions["clear"] else {}
    before: dict[str, Any] = dict(found.former.told) if found.former else {"statements": {}, "groups": None}
    lines = {key: one for key, one in before["statements"].items() if key in statements}
    voters = sum(any(vote is not None for _, vote in _last(one)) for one in ballots)
    found.participants = voters // FEWEST * FEWEST
    if not taken and number == 1:
        return  # ten people came, and no statement has ten votes yet
    found.told = {
        "statements": {**lines, **{key: _line(figure) for key, figure in taken.items()}},
        "taken": sorted(taken),
        "groups": _groups_told(cells, opinions) if cells else before["groups"],
        "groups_taken": sorted(cells),
    }


def _last(ballot: Ballot) -> list[tuple[int, int | None]]:
    return [taken[-1] for taken in ballot.counted.values() if taken]


def _line(figure: Figure) -> dict[str, Any]:
    return asdict(told(figure))


def _published(counts: Sequence[PublishedCount]) -> CountedBefore:
    numbers: dict[str, list[int]] = {}
    for one in counts:
        for key in one.told["taken"]:
            numbers.setdefault(key, []).append(one.number)
    return CountedBefore(numbers, {one.number: one.told["groups_taken"] for one in counts if one.told["groups_taken"]})


def _opinions(ballots: Sequence[Ballot], statements: Sequence[str], number: int) -> dict[str, Any]:
    """Return the groups of those whose votes are counted, by the measure that files of votes are read with."""
    from vigie.measures.opinion.plane import UNSEEN  # noqa: PLC0415
    from vigie.services.envision.opinion import groups  # noqa: PLC0415 - heavy, and needed by a count alone
    from vigie.services.envision.vote_files import VoteTable  # noqa: PLC0415

    rows = {one.key: [one.counted_at(key, number) for key in statements] for one in ballots}
    voting = sorted(key for key, votes in rows.items() if any(vote is not None for vote in votes))
    nothing = {"clear": False, "group_of": {}, "words": ""}
    if len(voting) < 2 * FEWEST or len(statements) < 2:
        return nothing
    votes = np.array([[UNSEEN if vote is None else vote for vote in rows[key]] for key in voting], dtype=np.int8)
    if not (np.isin(votes, (1, -1))).any():
        return nothing
    found = groups(VoteTable(tuple(voting), tuple(statements), votes))
    group_of = {key: group["id"] for group in found["groups"] for key in group["participants"]}
    return {"clear": found["clear"], "group_of": group_of, "words": (found["stability"] or {}).get("words", "")}


def _groups_told(cells: Mapping[str, Mapping[int, Figure]], opinions: Opinions) -> dict[str, Any]:
    sizes: dict[int, int] = {}
    for group in opinions["group_of"].values():
        sizes[group] = sizes.get(group, 0) + 1
    return {
        "sizes": [sizes[rank] // FEWEST * FEWEST for rank in sorted(sizes)],
        "words": opinions["words"],
        "cells": {key: [_word(told(by_group[rank])) for rank in sorted(by_group)] for key, by_group in cells.items()},
    }


def _word(one: Told) -> dict[str, Any]:
    return {"word": one.word}


def publish(unit: Unit, consultation: str, found: Counting, *, closing: bool) -> bool:
    """Write a count, unless another one was published meanwhile; tell whether it was written."""
    row = _locked(unit, consultation)
    counts = select(PublishedCount).where(PublishedCount.consultation_id == consultation)
    number = found.former.number if found.former else 0
    if found.told is None or row.state != ConsultationState.OPEN.value or unit.count(counts) != number:
        return False
    unit.add(
        PublishedCount(
            id=new_id(),
            consultation_id=consultation,
            number=number + 1,
            on=unit.today,
            participants=found.participants,
            closing=closing,
            told=found.told,
            visibility="public",
        )
    )
    for paper in unit.all(select(BallotPaper).where(BallotPaper.consultation_id == consultation)):
        if (ballot := found.ballots.get(paper.id)) is not None:
            paper.counted = {key: [list(one) for one in taken] for key, taken in sorted(ballot.counted.items())}
            paper.groups = {str(count): group for count, group in ballot.groups.items()}
    for place in unit.all(select(BallotOrigin).where(BallotOrigin.consultation_id == consultation)):
        place.newcomers = max(0, place.newcomers - found.newcomers.get(place.id, 0))
        place.bucket = place.bucket if place.newcomers else ""
    return True


def end(unit: Unit, consultation: str, found: Counting) -> None:
    """Close a consultation: the last count is published, then nothing is left of who voted nor of what.

    Rows stay, emptied: how many there were was published, and journals remove no row.
    """
    shut(unit, consultation)
    publish(unit, consultation, found, closing=True)
    row = _locked(unit, consultation)
    row.state, row.closed_at = ConsultationState.CLOSED.value, unit.now
    forget(unit, consultation)


def _locked(unit: Unit, consultation: str) -> Consultation:
    unit.get(Consultation, consultation)
    mine = select(Consultation).where(Consultation.id == consultation).with_for_update()
    found = unit.one(mine)
    assert found is not None  # noqa: S101 - it was read just above
    return found
