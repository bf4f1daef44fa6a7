"""Introductions between two parties, their consents and outcomes; calls and their answers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import (
    ID_LENGTH,
    SERVED,
    Base,
    DataLife,
    Dated,
    Identified,
    Instant,
    Keyed,
    Private,
    Shared,
    Vouched,
    personal,
)


class Introduction(Base, Identified, Dated, Private):
    """Two parties that may gain from meeting; states and outcomes are words of `vigie.domain.introductions`.

    `amount` is in euros, `jobs` in persons, both as declared by the firms.
    """

    __tablename__ = "introduction"
    life = DataLife("introductions", ("introductions",))
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str | None] = personal()
    proposed_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    competitors: Mapped[bool] = mapped_column(Boolean, default=False)
    call_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    introduced_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    met_on: Mapped[date | None] = mapped_column(Date, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    outcome: Mapped[str] = mapped_column(String(30), default="")
    amount: Mapped[int | None] = mapped_column(Integer, default=None)
    jobs: Mapped[int | None] = mapped_column(Integer, default=None)
    why_not: Mapped[str] = mapped_column(String(30), default="")


class Side(Base, Identified, Dated, Private):
    """One of the two parties of an introduction (`position` a or b), how to reach it, and what it answered.

    `label` is what the other party reads; `asked` tells that this party asked for help itself; `invited_at` is when
    it was last written to for its answer, `reminders` how often it was reminded.
    """

    __tablename__ = "side"
    life = DataLife("introductions", ("introductions",), address="contact_email")
    __table_args__ = (UniqueConstraint("introduction_id", "position"),)
    introduction_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    position: Mapped[str] = mapped_column(String(1))
    siren: Mapped[str] = mapped_column(String(9), default="", index=True)
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    label: Mapped[str | None] = personal()
    contact_name: Mapped[str | None] = personal()
    contact_email: Mapped[str | None] = personal()
    asked: Mapped[bool] = mapped_column(Boolean, default=False)
    invited_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    consent: Mapped[str] = mapped_column(String(20), default="waiting")
    consented_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    satisfaction: Mapped[int | None] = mapped_column(Integer, default=None)
    comment: Mapped[str | None] = personal()
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class IntroductionRequest(Base, Identified, Dated, Private):
    """The head of a firm (`siren`) asks to be introduced to another; it waits for an officer, and reaches nobody else.

    States are words of `vigie.domain.introductions`; `answer` is why an officer declined, `introduction_id` what it
    became.
    """

    __tablename__ = "introduction_request"
    life = DataLife("introductions", ("introduction_requests", "withdrawn_requests"), person="person_id")
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    siren: Mapped[str] = mapped_column(String(9), index=True)
    sought_siren: Mapped[str] = mapped_column(String(9))
    call_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    reason: Mapped[str | None] = personal()
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    introduction_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    decided_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    answer: Mapped[str | None] = personal()
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class ConsentKey(Base, Identified, Keyed):
    """A link sent by e-mail, used once and for a time; `purpose` is what it lets its bearer do."""

    __tablename__ = "consent_key"
    life = DataLife(
        "introductions",
        ("links",),
        "liens de courriel périmés depuis 30 jours",
        {"expires_at": SERVED},
        holding=("side_id", "subject_id"),
    )
    evented = False
    side_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(Instant())
    expires_at: Mapped[datetime] = mapped_column(Instant())
    used_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Tie(Base, Identified, Dated, Private):
    """A relation that an introduction gave birth to, dated, between two firms."""

    __tablename__ = "tie"
    introduction_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    siren_a: Mapped[str] = mapped_column(String(9), index=True)
    siren_b: Mapped[str] = mapped_column(String(9), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    since: Mapped[date] = mapped_column(Date)


class Call(Base, Identified, Dated, Shared, Vouched):
    """A need, an offer or a call for co-innovation; `public_buyer` marks a sourcing by a public buyer.

    That of a firm is public once somebody vouches for its author.
    """

    __tablename__ = "call"
    life = DataLife("introductions", ("calls", "withdrawn_calls"), person="author_id", taken_as="call")
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None] = personal()
    text: Mapped[str | None] = personal()
    siren: Mapped[str] = mapped_column(String(9), default="", index=True)
    author_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    public_buyer: Mapped[bool] = mapped_column(Boolean, default=False)
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date, default=None)
    state: Mapped[str] = mapped_column(String(20), default="published")
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class CallCorrection(Base, Identified, Dated, Shared):
    """A correction of a published call, seen by whom the call is; `changed` names its columns, separated by spaces.

    The former `title` and `text` are kept for a sourcing only, where everybody may read them. `substantial` tells
    that those who answered were written to.
    """

    __tablename__ = "call_correction"
    life = DataLife("introductions", ("calls", "withdrawn_calls"), person="person_id")
    call_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    changed: Mapped[str] = mapped_column(String(60))
    substantial: Mapped[bool] = mapped_column(Boolean)
    kind: Mapped[str] = mapped_column(String(20))
    closes_on: Mapped[date | None] = mapped_column(Date, default=None)
    title: Mapped[str | None] = personal()
    text: Mapped[str | None] = personal()
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class CallAnswer(Base, Identified, Dated, Private):
    """What somebody answers to a call; seen by the call's author and the organisation.

    State: unconfirmed (an address without account that was not proved yet) or received.
    """

    __tablename__ = "call_answer"
    life = DataLife(
        "introductions", ("call_answers", "withdrawn_calls"), address="email", person="person_id", taken_as="answer"
    )
    call_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    siren: Mapped[str] = mapped_column(String(9), default="")
    name: Mapped[str | None] = personal()
    email: Mapped[str | None] = personal()
    body: Mapped[str | None] = personal()
    state: Mapped[str] = mapped_column(String(20), default="received")
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
