"""The records that are only ever added to: events, audit, moderation; and the letters that leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, DataLife, Identified, Instant, Open, Private, Shared, personal

_Sequence = BigInteger().with_variant(Integer, "sqlite")
KEPT_SENT, KEPT_UNSENT = timedelta(days=30), timedelta(days=90)
"""A month answers « did you receive it? »; a letter that never left is kept a quarter, for who asks why."""


class JournalEvent(Base, Private):
    """One thing done: by whom, in what role, when, on what; `rows` holds what it set, erasable values left out.

    `rows` is a list of `{"table", "id", "set": {column: value}, "personal": [column]}`: the current state of every
    column that is not personal can be derived again from the events. `request_content` is a keyed hash of the act and
    content that `request_key` stands for.
    """

    __tablename__ = "event"
    life = DataLife("accounts", person="person_id", taken_as="event")
    __table_args__ = (
        Index(
            "uq_event_request", "organisation_id", "person_id", "request_key", unique=True,
            sqlite_where=text("request_key <> ''"), postgresql_where=text("request_key <> ''"),
        ),
        Index("ix_event_subject", "subject"),
        Index("ix_event_list", "organisation_id", "seq"),
    )  # fmt: skip
    evented = False
    seq: Mapped[int] = mapped_column(_Sequence, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant(), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    role: Mapped[str] = mapped_column(String(20))
    via: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    request_key: Mapped[str] = mapped_column(String(64), default="")
    request_content: Mapped[str] = mapped_column(String(64), default="")
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


OVERSEEN = ("emergency", "session", "sign_in")
"""First words of the kinds that the host reads in every organisation, in the present and in the accesses."""


class Audit(Base, Private):
    """One access worth remembering: a contact record read, an export, a sign-in, an emergency access.

    `detail` is a path of Vigie, never a text that somebody wrote.
    """

    __tablename__ = "audit"
    life = DataLife("accounts", person="person_id")
    __table_args__ = (Index("ix_audit_list", "organisation_id", "seq"),)
    evented = False
    seq: Mapped[int] = mapped_column(_Sequence, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Instant(), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    role: Mapped[str] = mapped_column(String(20))
    via: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    siren: Mapped[str] = mapped_column(String(9), default="")
    detail: Mapped[str] = mapped_column(String(200), default="")


class ScheduledRound(Base, Identified, Open):
    """Something that the server does at its hours for the whole installation; `id` is its word.

    `held_until` is the lease of the process that does it; `said` counts what was done last, `fault` names what failed.
    """

    __tablename__ = "round"
    evented = False
    due_at: Mapped[datetime] = mapped_column(Instant())
    held_until: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fault: Mapped[str] = mapped_column(String(80), default="")


class AccessSpool(Base, Identified, Open):
    """How far the accesses that waited in a file beside the journal were moved into the audit; `id` names the file."""

    __tablename__ = "access_spool"
    evented = False
    mark: Mapped[int] = mapped_column(_Sequence, default=0)


class Seal(Base, Identified, Open):
    """What recognises the secret that keys the journal: `value` is its fingerprint, which tells nothing of it."""

    __tablename__ = "seal"
    evented = False
    value: Mapped[str] = mapped_column(String(64))


class Moderation(Base, Identified, Shared):
    """A decision on something published: which rule, what was decided; everybody may read it, without the author."""

    __tablename__ = "moderation"
    life = DataLife("accounts", person="moderator_id")
    at: Mapped[datetime] = mapped_column(Instant(), index=True)
    moderator_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    thing: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    decision: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(40))
    state_before: Mapped[str] = mapped_column(String(20), default="")


class EmergencyAccess(Base, Identified, Private):
    """A super-admin's access to an organisation: its reason, its bounds.

    Written twice: the host's row has a `target_id`, that of the organisation opened a `host_id`; `twin_id` is the
    other one.
    """

    __tablename__ = "emergency_access"
    life = DataLife(
        "accounts",
        ("emergency_accesses",),
        "motifs d’accès d’urgence, au terme de leur durée",
        {"ends_at": None},
        person="person_id",
    )
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    target_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    host_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    twin_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    reason: Mapped[str | None] = personal()
    created_at: Mapped[datetime] = mapped_column(Instant())
    ends_at: Mapped[datetime] = mapped_column(Instant())
    ended_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Letter(Base, Identified, Private):
    """An e-mail to send or sent; without SMTP it stays here, where the organisation can read it.

    State: waiting, sent or failed. `once` keeps the same letter from being written twice; `due_at` is when to try
    again, `failing_since` the first time it could not leave, `tries` how often a server took or refused it for good;
    `fault` is why it failed: refused, or late after five days. A `reserved` letter carries a secret of an account.
    """

    __tablename__ = "letter"
    life = DataLife(
        "letters",
        ("letters",),
        "courriels partis depuis 30 jours, ou restés 90 jours",
        {"sent_at": KEPT_SENT, "created_at": KEPT_UNSENT},
        address="recipient",
    )
    __table_args__ = (
        Index(
            "uq_letter_once", "organisation_id", "once", unique=True,
            sqlite_where=text("once <> ''"), postgresql_where=text("once <> ''"),
        ),
    )  # fmt: skip
    evented = False
    recipient: Mapped[str | None] = personal()
    subject: Mapped[str | None] = personal()
    body: Mapped[str | None] = personal()
    about: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    once: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(Instant(), index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    failing_since: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    fault: Mapped[str] = mapped_column(String(20), default="")
    reserved: Mapped[bool] = mapped_column(Boolean, default=False)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
