"""Long work: what was asked, how far it went, and what each lot gave; the lease of whoever does it stands apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, DataLife, Dated, Identified, Instant, Open, Private, personal


class JobTicket(Base, Identified, Open):
    """The place of a job in the line, which the worker reads for every organisation; `id` is that of the job.

    `held_by` is the worker that does it and `held_until` the end of its lease; `ended` once nothing is left to do.
    """

    __tablename__ = "job_ticket"
    evented = False
    asked_from: Mapped[str] = mapped_column(String(ID_LENGTH))
    asked_at: Mapped[datetime] = mapped_column(Instant(), index=True)
    held_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    held_until: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    ended: Mapped[bool] = mapped_column(Boolean, default=False, index=True)


class Job(Base, Identified, Dated, Private):
    """One long piece of work, for the person who asked.

    State: waiting, running, done, failed or cancelled. `tries` counts the times it was taken since it last moved on;
    `params` is what was asked, `fault` the sentence on why it failed, `file_name` the file it made, kept until
    `expires_at`.
    """

    __tablename__ = "job"
    life = DataLife("letters", ("jobs",), person="person_id")
    evented = False
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    role: Mapped[str] = mapped_column(String(20))
    via: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    params: Mapped[str | None] = personal()
    fault: Mapped[str | None] = personal()
    file_name: Mapped[str] = mapped_column(String(40), default="")
    expires_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class JobLot(Base, Identified, Private):
    """What the lot of a job gave, written in the transaction of its work: from line `start` to the one before `upto`.

    The pair of job and start is unique: no line is done twice, whoever takes the job over.
    """

    __tablename__ = "job_lot"
    life = DataLife("letters", ("jobs",))
    __table_args__ = (UniqueConstraint("job_id", "start"),)
    evented = False
    job_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    start: Mapped[int] = mapped_column(Integer)
    upto: Mapped[int] = mapped_column(Integer)
    content: Mapped[str | None] = personal()
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
