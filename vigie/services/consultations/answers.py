"""What consultations answer: records without any row of the journal, and without any vote but one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vigie.services.followup.answers import JsonAnswer


@dataclass(frozen=True, slots=True)
class ConsultationLine(JsonAnswer):
    """A consultation, as lists and its first screen tell it; `participants` is what was published, 0 before."""

    id: str
    question: str
    context: str
    organisation: str
    territory: str
    territory_name: str
    college: str
    rules: str
    becomes: str
    becomes_on: date
    opens_on: date
    closes_on: date
    state: str
    statements: int
    participants: int
    counted_on: date | None
    open: bool


@dataclass(frozen=True, slots=True)
class StatementTold(JsonAnswer):
    """A sentence to vote, or an idea with what became of it."""

    id: str
    text: str
    state: str
    rule: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HallTold(JsonAnswer):
    """A code for people gathered behind one address."""

    code: str
    expires_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class PreparedConsultation(JsonAnswer):
    """A consultation as the officers of its organisation read it: statements of every state, codes of halls."""

    line: ConsultationLine
    shares_with: str
    statements: tuple[StatementTold, ...]
    waiting: tuple[StatementTold, ...]
    halls: tuple[HallTold, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpinionTold(JsonAnswer):
    """What was published of a statement: voters by tens, a word, rounded shares from forty voters on; by group too.

    `voters` is 0 while fewer than ten people voted on it; `mine` is the reader's own vote, from their own device.
    """

    id: str
    text: str
    voters: int
    word: str
    agree: str
    disagree: str
    groups: tuple[str, ...]
    elsewhere: str = ""
    mine: str = ""


@dataclass(frozen=True, slots=True)
class ResultTold(JsonAnswer):
    """What was published of a consultation: a summary first, then statements, groups and where a participant stands.

    `groups` says by tens how many people each group holds; empty without clear groups. `mine` is the group, by rank,
    whose published opinions are nearest to the reader's own votes, `None` for a reader without votes.
    """

    line: ConsultationLine
    summary: tuple[str, ...]
    statements: tuple[OpinionTold, ...]
    groups: tuple[int, ...]
    holds: tuple[str, ...]
    bridges: tuple[str, ...]
    divides: tuple[str, ...]
    mine: int | None
    my_votes: int
    my_sentence: str


@dataclass(frozen=True, slots=True)
class VotingPaper(JsonAnswer):
    """What a participant votes next, and how far they are; `statement` is `None` once all are voted."""

    line: ConsultationLine
    statement: StatementTold | None
    voted: int
    total: int


@dataclass(frozen=True, slots=True)
class OwnVote(JsonAnswer):
    """One's own vote on a statement, empty when there is none."""

    statement: StatementTold
    vote: str


@dataclass(frozen=True, slots=True)
class VoteTaken(JsonAnswer):
    """The secret of the participant, to be sent with the next vote; `new` when it was just made."""

    secret: str
    new: bool


@dataclass(frozen=True, slots=True)
class IdeaTold(JsonAnswer):
    """An idea as whoever proposed it follows it."""

    consultation: str
    question: str
    organisation: str
    statement: StatementTold
    reason: str
    may_withdraw: bool
