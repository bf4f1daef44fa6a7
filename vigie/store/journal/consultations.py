"""Consultations, their statements, their ballots and what was published of them.

Opinions are the most sensitive thing that is held here. A ballot holds neither person, nor role, nor place, nor moment;
no event, audit row or request key is written for a vote, and rows lie in the order of random keys, not of arrival.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import (
    ID_LENGTH,
    SERVED,
    Base,
    DataLife,
    Dated,
    Identified,
    Instant,
    Private,
    Shared,
    personal,
)


class Consultation(Base, Identified, Dated, Shared):
    """A question put to people; everybody reads it once it is open (`visibility` is then « public »).

    States and colleges are words of `vigie.domain.consultation`. `becomes` says what becomes of the result, by
    `becomes_on`; `shares_with` is the consultation of another college that has the same statements.
    """

    __tablename__ = "consultation"
    question: Mapped[str] = mapped_column(String(300))
    context: Mapped[str] = mapped_column(Text, default="")
    territory: Mapped[str] = mapped_column(String(40))
    college: Mapped[str] = mapped_column(String(20))
    rules: Mapped[str] = mapped_column(Text, default="")
    becomes: Mapped[str] = mapped_column(Text)
    becomes_on: Mapped[date] = mapped_column(Date)
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    shares_with: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    opened_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Statement(Base, Identified, Dated, Shared):
    """A sentence to vote; everybody reads it once it is kept.

    `author_id` is the account of whoever proposed it, when there is one; nothing joins it to a ballot.
    """

    __tablename__ = "statement"
    life = DataLife(
        "consultations",
        ("statements",),
        "propositions non retenues depuis 30 jours",
        {"refused_at": SERVED, "deleted_at": SERVED},
        person="author_id",
        taken_as="statement",
    )
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    text: Mapped[str | None] = personal()
    seed: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
    author_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    rule: Mapped[str] = mapped_column(String(40), default="")
    kept_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    refused_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class BallotKey(Base, Identified, Private):
    """The key under which the participants of one consultation, or workshop, are hashed; emptied when it closes."""

    __tablename__ = "ballot_key"
    evented, taken_away = False, False
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), unique=True)
    key: Mapped[str] = mapped_column(String(64), default="")


class BallotPaper(Base, Identified, Private):
    """What one participant says of a consultation or a workshop, and what was counted of it; emptied when it closes.

    `voter` is the hash of the secret of a device; a random word once it is closed. `votes` holds a vote by statement,
    `counted` and `groups` what `vigie.domain.ballots` notes of each count. Without rowid in SQLite: pages follow the
    random key, and nothing numbers arrivals.
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("consultation_id", "voter"), {"sqlite_with_rowid": False})
    evented, taken_away = False, False
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    voter: Mapped[str] = mapped_column(String(64))
    votes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    groups: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class BallotOrigin(Base, Identified, Private):
    """How many participants came from one place since the last count; `bucket` is a hash under the key of the
    consultation. Emptied at each count: it says whether a crowd came, and keeps nothing of it."""

    __tablename__ = "ballot_origin"
    __table_args__ = ({"sqlite_with_rowid": False},)
    evented, taken_away = False, False
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    bucket: Mapped[str] = mapped_column(String(64), default="")
    newcomers: Mapped[int] = mapped_column(Integer, default=0)


class HallCode(Base, Identified, Private):
    """A code that a facilitator opens for people gathered behind one address; `left` is how many may still come in."""

    __tablename__ = "hall_code"
    evented, taken_away = False, False
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    code: Mapped[str] = mapped_column(String(20), default="")
    expires_at: Mapped[datetime] = mapped_column(Instant())
    left: Mapped[int] = mapped_column(Integer, default=0)


class PublishedCount(Base, Identified, Shared):
    """What was published of a consultation at a count: participants, words and rounded shares, groups; never a vote."""

    __tablename__ = "published_count"
    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    number: Mapped[int] = mapped_column(Integer)
    on: Mapped[date] = mapped_column(Date)
    participants: Mapped[int] = mapped_column(Integer)
    closing: Mapped[bool] = mapped_column(Boolean, default=False)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
