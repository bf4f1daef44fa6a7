"""Voting: with or without an account, by a secret that the participant's own device keeps.

Nothing here knows who is signed in. No act is announced: a vote writes neither event nor audit row, and its row holds
neither moment nor place. What limits a place is written in transactions of its own, before, so that nothing in the base
joins a place and a ballot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, ANYONE
from vigie.domain.ballots import NEWCOMERS_AN_ORIGIN
from vigie.domain.consultation import VOTES, StatementState, in_order
from vigie.errors import Conflict, FieldFault, NotFound, TooManyAttempts
from vigie.services.accounts.rate_limits import Limit, RateLimiter, origin_of
from vigie.services.consultations.answers import OwnVote, VoteTaken, VotingPaper
from vigie.services.consultations.papers import HALL_TRIES, keyed, known_paper, locked_paper, paper_of, use_hall
from vigie.services.consultations.reading import (
    as_anyone,
    is_open,
    kept,
    last_count,
    lines,
    public,
    seen_by_tens,
    statement_told,
)
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import BallotOrigin, Consultation, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.access import Scope
    from vigie.store.journal.consultations import BallotPaper
    from vigie.store.journal.port import Journal, Reader, Unit

    _Held = Callable[[Unit, str, str], BallotPaper | None]

NEWCOMERS = Limit("participant", NEWCOMERS_AN_ORIGIN, timedelta(days=1))
"""Ten a day: what the rules of ballots say of one place."""
_CLOSED = "Cette consultation n’est pas ouverte : aucun vote n’est pris."
_LENGTH = len(Keys.new_token())


class Voting:
    """Takes votes, and tells a participant their own."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys
        self._limits = RateLimiter(journal, keys)

    def paper(self, consultation: str, secret: str, wanted: str = "") -> VotingPaper:
        """Return the next statement to vote, or the one that is `wanted`; no secret is a participant to come."""
        with self._within(consultation) as (reader, row):
            votes = self._votes(reader, row.id, secret)
            statements = {one.id: one for one in kept(reader, row.id)}
            order = in_order(statements, seen_by_tens(last_count(reader, row.id)), secret or "anybody")
            left = [one for one in order if one not in votes]
            chosen = wanted if wanted in statements else next(iter(left), "")
            told = statement_told(statements[chosen]) if chosen else None
            voted = sum(one in votes for one in statements)
            return VotingPaper(lines(reader, [row])[0], told, voted, len(statements))

    def mine(self, consultation: str, secret: str) -> tuple[OwnVote, ...]:
        """Return a participant's own votes; raises `NotFound` for a secret that is nobody's here."""
        with self._within(consultation) as (reader, row):
            paper = paper_of(reader, row.id, secret)
            votes = dict(paper.votes) if paper else {}
            words = {vote.value: vote.word for vote in VOTES.values()}
            return tuple(
                OwnVote(statement_told(one), words.get(votes.get(one.id, 9), "")) for one in kept(reader, row.id)
            )

    def known(self, consultation: str, secret: str) -> bool:
        """Tell whether a secret is that of a participant."""
        with self._within(consultation) as (reader, row):
            return paper_of(reader, row.id, secret) is not None

    def vote(
        self, consultation: str, secret: str, statement: str, vote: str, whence: str = "", hall: str = ""
    ) -> VoteTaken:
        """Take a vote, durable on return; the last one on a statement counts. A new participant gets a secret.

        `whence` is the network address, of which keyed hashes are counted; `hall` the code of a facilitator. Raises
        `FieldFault` for another word or a statement that is not voted, `Conflict` when votes are no longer taken,
        `TooManyAttempts` when too many participants came from this place today.
        """
        if vote not in VOTES:
            raise FieldFault("vote", f"Choisissez parmi : {', '.join(VOTES)}.")
        said = (statement, VOTES[vote].value)
        if secret and self._cast(consultation, secret, said, known_paper):
            return VoteTaken(secret, new=False)
        with self._within(consultation) as (reader, row):
            _require_open(reader, row)
            scope, place = as_anyone(row), f"{row.id}\n{origin_of(whence) if whence else ''}"
        # One that a page gave beforehand is kept: two presses on the first vote are one participant.
        secret = secret if len(secret) == _LENGTH else self._keys.new_token()
        self._come(scope, row.id, place, hall)
        self._cast(consultation, secret, said, locked_paper)
        return VoteTaken(secret, new=True)

    def _cast(self, consultation: str, secret: str, said: tuple[str, int], held: _Held) -> bool:
        """Write a vote on a paper, and tell whether there is one: a known participant costs one transaction."""
        with self._journal.writing(ANYONE) as unit:
            row = public(unit, consultation)
            unit.moving(as_anyone(row))
            _require_open(unit, row)
            statement, value = said
            one = unit.find(Statement, statement)
            if one is None or one.consultation_id != row.id or one.state != StatementState.KEPT.value:
                raise FieldFault("statement", "Cette proposition n’est pas, ou n’est plus, soumise au vote.")
            paper = held(unit, row.id, secret)
            if paper is not None:
                # Sorted: the order of a JSON object would tell the order of the votes.
                paper.votes = dict(sorted({**paper.votes, statement: value}.items()))
            return paper is not None

    def take_back(self, consultation: str, secret: str, statement: str = "") -> None:
        """Take back one's vote on a statement, or all of them; what was published changes at a later count.

        Raises `NotFound` for a secret that is nobody's, `Conflict` once it is closed.
        """
        with self._within(consultation) as (reader, row):
            _require_open(reader, row)
            if paper_of(reader, row.id, secret) is None:
                raise NotFound(ABSENT)
        with self._journal.writing(as_anyone(row)) as unit:
            paper = locked_paper(unit, row.id, secret)
            paper.votes = {key: vote for key, vote in paper.votes.items() if statement and key != statement}

    @contextmanager
    def _within(self, consultation: str) -> Iterator[tuple[Reader, Consultation]]:
        """Read as nobody in particular, within the organisation of a public consultation."""
        with self._journal.reading(ANYONE) as reader:
            row = public(reader, consultation)
            reader.moving(as_anyone(row))
            yield reader, row

    def _votes(self, reader: Reader, consultation: str, secret: str) -> dict[str, int]:
        paper = paper_of(reader, consultation, secret)
        return dict(paper.votes) if paper else {}

    def _come(self, scope: Scope, consultation: str, place: str, hall: str) -> None:
        """Let a new participant in, and note that one came from this place; each person of a hall is a place."""
        if not hall:
            try:
                self._limits.enter((NEWCOMERS, place))
            except TooManyAttempts as fault:
                raise TooManyAttempts(_TOO_MANY, fault.seconds) from None
        elif self._limits.is_full(HALL_TRIES, place):
            self._limits.enter((HALL_TRIES, place))  # says how long to wait
        try:
            with self._journal.writing(scope) as unit:
                if hall:
                    use_hall(unit, consultation, hall)
                _note_newcomer(unit, consultation, new_id() if hall else _bucket(unit, consultation, place))
        except FieldFault:
            # Codes that are none are counted, so that nobody finds one by trying.
            self._limits.enter((HALL_TRIES, place))
            raise


_TOO_MANY = (
    "Beaucoup de personnes ont déjà voté aujourd’hui depuis ce réseau. Si vous êtes réunis en un même lieu, demandez "
    "un code de salle à l’organisation ; sinon, votez demain ou depuis un autre réseau."
)


def _require_open(reader: Reader, row: Consultation) -> None:
    if not is_open(reader, row):
        raise Conflict(_CLOSED)


def _bucket(reader: Reader, consultation: str, place: str) -> str:
    return keyed(reader, consultation, "place", place)


def _note_newcomer(unit: Unit, consultation: str, bucket: str) -> None:
    """Count a newcomer of a place, in its own row, or in one that the last count emptied."""
    rows = unit.all(select(BallotOrigin).where(BallotOrigin.consultation_id == consultation).with_for_update())
    same = next((row for row in rows if row.bucket == bucket), None)
    same = same or next((row for row in rows if not row.newcomers), None)
    if same is None:
        same = unit.add(BallotOrigin(id=new_id(), consultation_id=consultation, newcomers=0))
    same.bucket, same.newcomers = bucket, same.newcomers + 1
