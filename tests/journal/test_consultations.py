"""Consultations: prepared, opened, voted without account, counted when it may be, closed for good."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.journal.cast import Cast, Clock
from tests.journal.consulting import TEXTS, come, entry, opened, prepared, two_camps
from tests.not_empty import not_empty
from vigie.domain.access import ANYONE, Role, Scope
from vigie.domain.consultation import College, StatementDecision
from vigie.errors import Conflict, FieldFault, NotFound, TooManyAttempts
from vigie.services.acts import Nothing
from vigie.services.consultations.facilitating import DECIDED, HALL, DecisionOnIdea, HallEntry
from vigie.services.consultations.ideas import IdeaEntry
from vigie.services.consultations.preparing import CLOSED, EDITED, OPENED, PREPARED, SEEDED, Seeds
from vigie.services.desk import Desk
from vigie.store.journal.consultations import BallotPaper, Consultation, PublishedCount, Statement
from vigie.store.journal.records import Audit, JournalEvent
from vigie.store.journal.sql import SqlJournal

COMMAND = Scope(Role.SUPER_ADMIN, via="command")
IDEA = "Les friches doivent redevenir des prairies avant tout autre usage."


def test_nobody_else_reads_it_before_it_opens(desk: Desk, cast: Cast, clock: Clock) -> None:
    made = prepared(desk, cast, clock)
    assert desk.consultations.reading.published(ANYONE) == ()
    for scope in (ANYONE, cast.inhabitant, cast.officer_away):
        with pytest.raises(NotFound):
            desk.consultations.reading.one(scope, made.line.id)
        with pytest.raises(NotFound):
            desk.consultations.keeping.one(scope, made.line.id)
    opened_ = desk.acts.run(cast.officer, OPENED, made.line.id, Nothing())
    assert (opened_.line.open, opened_.line.statements) == (True, len(TEXTS))
    (line,) = desk.consultations.reading.published(ANYONE)
    assert (line.question, line.becomes, line.closes_on) == (
        "Que faire des ateliers de notre pays ?",
        "Le conseil en débat et répond à chaque proposition.",
        clock.today + timedelta(days=30),
    )
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, EDITED, made.line.id, entry(clock))


def test_what_cannot_be_asked_is_said_where_it_is(desk: Desk, cast: Cast, clock: Clock) -> None:
    ends_before = replace(entry(clock), closes_on=clock.today - timedelta(days=1))
    with pytest.raises(FieldFault, match="finirait"):
        desk.acts.run(cast.officer, PREPARED, "", ends_before)
    with pytest.raises(FieldFault, match="avant la fin"):
        desk.acts.run(cast.officer, PREPARED, "", replace(entry(clock), becomes_on=clock.today))
    made = desk.acts.run(cast.officer, PREPARED, "", entry(clock))
    with pytest.raises(FieldFault, match="Ligne 2"):
        desk.acts.run(cast.officer, SEEDED, made.line.id, Seeds(f"{TEXTS[0]}\nMme Essai doit partir d’ici."))
    with pytest.raises(Conflict, match="propositions au moins"):
        desk.acts.run(cast.officer, OPENED, made.line.id, Nothing())


def test_a_vote_is_found_again_by_its_device_alone(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    voting = desk.consultations.voting
    first = voting.paper(consultation, "")
    assert first.statement is not None
    taken = voting.vote(consultation, "", first.statement.id, "agree", "192.0.2.1")
    again = voting.vote(consultation, taken.secret, first.statement.id, "disagree", "192.0.2.1")
    assert (taken.new, again.new, again.secret) == (True, False, taken.secret)
    assert [one.vote for one in voting.mine(consultation, taken.secret) if one.vote] == ["disagree"]
    assert voting.paper(consultation, taken.secret).voted == 1
    voting.take_back(consultation, taken.secret, first.statement.id)
    assert voting.paper(consultation, taken.secret).voted == 0
    other, theirs = opened(desk, cast, clock)
    assert not voting.known(other, taken.secret), "two consultations never join"
    assert voting.vote(other, taken.secret, theirs[0], "agree", "192.0.2.1").new
    with journal.reading(cast.admin) as reader:
        voters = reader.all(select(BallotPaper.voter))
    assert len(set(voters)) == 2, "one secret, were it sent to both, is two people"
    with pytest.raises(FieldFault):
        voting.vote(consultation, taken.secret, theirs[0], "agree")
    with pytest.raises(FieldFault):
        voting.vote(consultation, taken.secret, statements[0], "maybe")
    with pytest.raises(NotFound):
        voting.take_back(consultation, "somebody else")


def test_a_vote_writes_neither_event_nor_access(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)

    def written() -> tuple[int, int]:
        journal.gather()
        with journal.reading(cast.admin) as reader:
            return reader.count(select(JournalEvent)), reader.count(select(Audit))

    before = written()
    secrets = come(desk, consultation, statements, 3, two_camps)
    desk.consultations.voting.take_back(consultation, secrets[0])
    assert written() == before
    with journal.reading(cast.admin) as reader:
        papers = reader.all(select(BallotPaper))
    assert len(papers) == 3
    assert {column.key for column in BallotPaper.__table__.columns} == {
        "id", "organisation_id", "consultation_id", "voter", "votes", "counted", "groups",
    }  # fmt: skip
    assert all(list(paper.votes) == sorted(paper.votes) for paper in not_empty(papers)), "nor the order of votes"


def test_ten_people_from_five_places_are_told_in_words(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    come(desk, consultation, statements, 9, two_camps)
    assert not desk.consultations.counting.count(cast.officer, consultation)
    assert "Rien n’est encore publié" in desk.consultations.reading.result(ANYONE, consultation).summary[0]
    come(desk, consultation, statements, 1, two_camps, start=9)
    assert desk.consultations.counting.count(cast.officer, consultation)
    told = {one.text: one for one in desk.consultations.reading.result(ANYONE, consultation).statements}
    assert (told[TEXTS[0]].word, told[TEXTS[0]].voters, told[TEXTS[0]].agree) == ("large accord", 10, "")
    assert told[TEXTS[1]].word == "partagé"
    come(desk, consultation, statements, 40, two_camps, start=10)
    assert not desk.consultations.counting.count(cast.officer, consultation), "once a day"
    clock.forward(days=1)
    assert desk.consultations.counting.count(cast.officer, consultation)
    told = {one.text: one for one in desk.consultations.reading.result(ANYONE, consultation).statements}
    assert (told[TEXTS[0]].agree, told[TEXTS[0]].voters) == ("plus de 90 %", 50)
    assert told[TEXTS[1]].agree == "50 %"


def test_planted_camps_are_told_as_groups_and_a_participant_learns_where_they_stand(
    desk: Desk, cast: Cast, clock: Clock
) -> None:
    consultation, statements = opened(desk, cast, clock)
    secrets = come(desk, consultation, statements, 60, two_camps)
    assert desk.consultations.counting.count(cast.officer, consultation)
    mine = {one.statement.id: one.vote for one in desk.consultations.voting.mine(consultation, secrets[0])}
    told = desk.consultations.reading.result(ANYONE, consultation, mine)
    assert told.groups == (30, 30)
    assert told.bridges == (TEXTS[0],)
    assert len(told.divides) == 3
    assert told.mine is not None and "pense le plus souvent comme vous" in told.my_sentence
    other = {one.statement.id: one.vote for one in desk.consultations.voting.mine(consultation, secrets[1])}
    assert {told.mine, desk.consultations.reading.result(ANYONE, consultation, other).mine} == {0, 1}
    assert any("groupes" in sentence for sentence in told.summary)


def test_one_place_alone_changes_nothing_published(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    secrets = come(desk, consultation, statements[:1], 10, two_camps, places=1)
    with pytest.raises(TooManyAttempts, match="code de salle"):
        come(desk, consultation, statements[:1], 1, two_camps, places=1)
    for rank in range(200):
        desk.consultations.voting.vote(consultation, secrets[rank % 10], statements[0], "disagree", "192.0.2.1")
    clock.forward(days=2)
    assert not desk.consultations.counting.count(cast.officer, consultation)
    desk.acts.run(cast.officer, CLOSED, consultation, Nothing())
    assert desk.consultations.reading.result(ANYONE, consultation).line.participants == 0


def test_a_hall_of_two_hundred_behind_one_address_votes(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    made = desk.acts.run(cast.officer, HALL, consultation, HallEntry(200, 3))
    (hall,) = made.halls
    voting = desk.consultations.voting
    for rank in range(200):
        said = "agree" if rank % 4 else "disagree"
        # Spoken codes are typed in capitals, with a hyphen: they are the same.
        typed = f"{hall.code[:4].upper()}-{hall.code[4:]}" if rank % 2 else hall.code
        voting.vote(consultation, "", statements[0], said, "192.0.2.1", typed)
    with pytest.raises(FieldFault, match="places"):
        voting.vote(consultation, "", statements[0], "agree", "192.0.2.1", hall.code)
    assert desk.consultations.counting.count(cast.officer, consultation)
    (told,) = [one for one in desk.consultations.reading.result(ANYONE, consultation).statements if one.voters]
    assert (told.voters, told.agree, told.word) == (200, "75 %", "large accord")


def test_an_idea_is_received_decided_and_taken_back(desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock) -> None:
    consultation, _ = opened(desk, cast, clock)
    ideas = desk.consultations.ideas
    token, told = ideas.propose(ANYONE, consultation, IdeaEntry(IDEA), "192.0.2.1")
    assert (told.statement.state, told.may_withdraw) == ("waiting", True)
    (waiting,) = desk.consultations.keeping.one(cast.officer, consultation).waiting
    with pytest.raises(FieldFault, match="raison"):
        desk.acts.run(cast.officer, DECIDED, waiting.id, DecisionOnIdea(StatementDecision.REFUSE))
    desk.acts.run(cast.officer, DECIDED, waiting.id, DecisionOnIdea(StatementDecision.KEEP))
    assert ideas.look(token).statement.state == "kept"
    assert desk.consultations.reading.one(ANYONE, consultation).statements == len(TEXTS) + 1
    with pytest.raises(FieldFault, match="déjà"):
        ideas.propose(ANYONE, consultation, IdeaEntry(IDEA.upper()), "192.0.2.2")
    assert ideas.take_back(token).statement.state == "erased"
    assert desk.consultations.reading.one(ANYONE, consultation).statements == len(TEXTS)
    with journal.reading(cast.admin) as reader:
        row = reader.get(Statement, waiting.id)
        assert (row.text, row.author_id) == (None, "")
        assert IDEA not in str([event.rows for event in reader.all(select(JournalEvent))])


def test_a_refusal_is_read_by_its_author_and_in_the_public_log(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, _ = opened(desk, cast, clock)
    token, told = desk.consultations.ideas.propose(cast.inhabitant, consultation, IdeaEntry(IDEA))
    refused = DecisionOnIdea(StatementDecision.REFUSE, "repeated")
    desk.acts.run(cast.officer, DECIDED, told.statement.id, refused)
    assert "Redite" in desk.consultations.ideas.look(token).reason
    (decision,) = desk.records.moderating.decisions(ANYONE).decisions
    assert (decision.thing, decision.rule) == ("statement", "repeated")
    with pytest.raises(Conflict):
        desk.acts.run(cast.officer, DECIDED, told.statement.id, refused)


def test_moderation_hides_a_statement_and_can_restore_it(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    assert TEXTS[0] in [one.text for one in desk.records.moderating.published(cast.admin)]
    desk.records.moderating.decide(cast.admin, "statement", statements[0], "hide", "insult")
    assert desk.consultations.reading.one(ANYONE, consultation).statements == len(TEXTS) - 1
    desk.records.moderating.decide(cast.admin, "statement", statements[0], "restore", "mistake")
    assert desk.consultations.reading.one(ANYONE, consultation).statements == len(TEXTS)


def test_the_round_counts_what_may_be_and_closes_what_is_past(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    consultation, statements = opened(desk, cast, clock)
    secrets = come(desk, consultation, statements, 12, two_camps)
    assert desk.consultations.counting.run_due() == {"counted": 1, "closed": 0}
    assert desk.consultations.counting.run_due() == {"counted": 0, "closed": 0}
    clock.forward(days=31)
    with pytest.raises(Conflict):
        desk.consultations.voting.vote(consultation, secrets[0], statements[0], "agree")
    assert desk.consultations.counting.run_due() == {"counted": 0, "closed": 1}
    told = desk.consultations.reading.result(ANYONE, consultation)
    assert (told.line.state, told.line.open, told.line.participants) == ("closed", False, 10)
    assert not desk.consultations.voting.known(consultation, secrets[0])
    with journal.reading(cast.officer) as reader:
        row = reader.get(Consultation, consultation)
        assert (row.state, row.visibility) == ("closed", "public")
        assert reader.count(select(PublishedCount)) == 1, "nothing more could be told"


def test_colleges_share_statements_and_are_compared(desk: Desk, cast: Cast, clock: Clock) -> None:
    consultation, statements = opened(desk, cast, clock)
    second = desk.acts.run(cast.officer, PREPARED, "", entry(clock, college=College.FIRMS, shares_with=consultation))
    made = desk.acts.run(cast.officer, OPENED, second.line.id, Nothing())
    theirs = {one.text: one.id for one in made.statements}
    come(desk, consultation, statements, 10, lambda rank, at: "agree")
    come(desk, second.line.id, [theirs[text] for text in TEXTS], 10, lambda rank, at: "disagree")
    assert desk.consultations.counting.run_due()["counted"] == 2
    told = desk.consultations.reading.result(ANYONE, consultation).statements
    assert {(one.word, one.elsewhere) for one in told} == {("large accord", "large désaccord")}


def test_an_idea_of_an_account_is_taken_away_and_goes_with_it_votes_are_in_neither(
    desk: Desk, journal: SqlJournal, cast: Cast, clock: Clock
) -> None:
    consultation, statements = opened(desk, cast, clock)
    mine = replace(cast.inhabitant, via="session")
    token, told = desk.consultations.ideas.propose(mine, consultation, IdeaEntry(IDEA))
    desk.consultations.voting.vote(consultation, "", statements[0], "agree")
    desk.acts.run(cast.officer, DECIDED, told.statement.id, DecisionOnIdea(StatementDecision.KEEP))
    with zipfile.ZipFile(io.BytesIO(desk.retention.mine.take(mine).content)) as archive:
        assert IDEA in archive.read("json/statement.json").decode()
        assert not [name for name in archive.namelist() if "ballot" in name or "vote" in name]
        assert "Vos votes n’y sont pas" in archive.read("LISEZMOI.txt").decode()
    desk.retention.erasing.me(mine)
    assert desk.consultations.reading.one(ANYONE, consultation).statements == len(TEXTS)
    assert desk.consultations.ideas.look(token).statement.state == "erased"
    with journal.reading(cast.admin) as reader:
        row = reader.get(Statement, told.statement.id)
        assert (row.text, row.author_id) == (None, "")
