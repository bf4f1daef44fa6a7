"""Groups planted among the participants of a consultation are told by the result that it publishes when it closes.

`tests/unit/services/test_opinion.py` tries the measure on many draws; here one draw of each kind goes through ballots,
rules and closing. A few people vote by the act of voting, the others are laid down as that act would have left them.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sqlalchemy import select

from tests.journal.cast import Cast, Clock
from tests.journal.consulting import prepared
from tests.not_empty import not_empty
from tests.unit.services.test_opinion import PEOPLE, STATEMENTS, noise, planted
from vigie.domain.access import ANYONE
from vigie.measures.opinion.plane import UNSEEN
from vigie.services.acts import Nothing
from vigie.services.consultations import preparing
from vigie.services.consultations.counting import Counting, counting
from vigie.services.consultations.papers import participant
from vigie.services.consultations.preparing import CLOSED, OPENED
from vigie.services.consultations.reading import within
from vigie.services.desk import Desk
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import BallotOrigin, BallotPaper
from vigie.store.journal.port import Reader
from vigie.store.journal.sql import SqlJournal

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

BY_THE_ACT, PLACES, GROUPS = 3, 20, 3
LENGTH = len(Keys.new_token())
TEXTS = [f"La proposition qui porte le rang {rank} doit être retenue." for rank in range(STATEMENTS)]
WORDS = {1: "agree", -1: "disagree", 0: "pass"}
LEANS = {True: "large accord", False: "large désaccord"}


def voted(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, votes: np.ndarray) -> tuple[str, list[str]]:
    """Open a consultation and have everybody of a table vote; return it with its statements, in the table's order."""
    made = desk.acts.run(cast.officer, OPENED, prepared(desk, cast, clock, TEXTS).line.id, Nothing())
    by_text = {one.text: one.id for one in made.statements}
    consultation, statements = made.line.id, [by_text[text] for text in TEXTS]
    seen = [np.flatnonzero(row != UNSEEN) for row in votes]
    for who in range(BY_THE_ACT):
        for what in seen[who]:
            word, whence = WORDS[votes[who, what]], f"192.0.2.{who}"
            desk.consultations.voting.vote(consultation, f"{who:0>{LENGTH}}", statements[what], word, whence)
    with journal.writing(within(cast.officer.organisation)) as unit:
        for who in range(BY_THE_ACT, len(votes)):
            given = {statements[what]: int(votes[who, what]) for what in seen[who]}
            unit.add(
                BallotPaper(
                    id=new_id(), consultation_id=consultation, voter=f"{who:0>64}", votes=given, counted={}, groups={}
                )
            )
        for place in range(PLACES):
            unit.add(BallotOrigin(id=new_id(), consultation_id=consultation, bucket=f"{place}", newcomers=9))
    return consultation, statements


def people(reader: Reader, consultation: str) -> dict[str, int]:
    """Return who holds each ballot, by rank in the table."""
    rank = {participant(reader, consultation, f"{who:0>{LENGTH}}"): who for who in range(BY_THE_ACT)}
    papers = reader.all(select(BallotPaper).where(BallotPaper.consultation_id == consultation))
    return {one.id: rank[one.voter] if one.voter in rank else int(one.voter) for one in papers}


def test_planted_groups_are_those_that_a_closed_consultation_tells(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    label, votes = planted(GROUPS, seed=1)
    consultation, statements = voted(desk, journal, cast, clock, votes)
    with journal.reading(within(cast.officer.organisation)) as reader:
        label_of = {key: label[who] for key, who in people(reader, consultation).items()}
    last: list[Counting] = []

    def noted(reader: Reader, one: str, *, closing: bool) -> Counting:
        last.append(counting(reader, one, closing=closing))
        return last[0]

    monkeypatch.setattr(preparing, "counting", noted)
    desk.acts.run(cast.officer, CLOSED, consultation, Nothing())
    group_of = {key: one.groups[1] for key, one in last[0].ballots.items() if one.groups}
    assert len(group_of) > 0.9 * PEOPLE
    assert adjusted_rand_score([label_of[key] for key in group_of], list(group_of.values())) >= 0.95

    result = desk.consultations.reading.result(ANYONE, consultation)
    sizes = Counter(group_of.values())
    assert result.groups == tuple(sizes[rank] // 10 * 10 for rank in range(GROUPS))
    labels = [Counter(label_of[key] for key in group_of if group_of[key] == rank) for rank in range(GROUPS)]
    profile = [counted.most_common(1)[0][0] for counted in labels]
    told = [one for one in result.statements if one.groups]
    assert len(told) > STATEMENTS / 2
    for one in not_empty(told):
        agrees = statements.index(one.id) % GROUPS
        assert one.groups == tuple(LEANS[planted_one == agrees] for planted_one in profile)
    assert any("très stables" in sentence for sentence in result.summary)


def test_a_consultation_without_structure_says_so(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    consultation, _ = voted(desk, journal, cast, clock, noise(seed=0))
    desk.acts.run(cast.officer, CLOSED, consultation, Nothing())
    result = desk.consultations.reading.result(ANYONE, consultation)
    assert (result.groups, result.line.participants) == ((), PEOPLE)
    assert any(sentence.startswith("Pas de groupes nets") for sentence in result.summary)
