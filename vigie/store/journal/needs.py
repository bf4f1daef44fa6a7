"""Needs that people state without an account, and who answers for which communes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, DataLife, Dated, Identified, Instant, Private, personal


class StatedNeed(Base, Identified, Dated, Private):
    """What somebody needs, said without an account to the organisation of the place.

    States and `readers` are words of `vigie.domain.needs`; nothing of it is told to anybody before its address is
    confirmed. `adviser_id` is the adviser it was said to, empty for nobody in particular. `dossier_id` and
    `reminder_id` are what it became, `call_id` the call that an officer made of it; `seen_at` is when an officer first
    read it. `proposal` and `result` are read by who asked.
    """

    __tablename__ = "stated_need"
    life = DataLife("needs", ("stated_needs",), address="email", person="owner_id")
    siren: Mapped[str] = mapped_column(String(9), default="", index=True)
    commune: Mapped[str] = mapped_column(String(5), default="")
    readers: Mapped[str] = mapped_column(String(20), default="contact")
    text: Mapped[str | None] = personal()
    name: Mapped[str | None] = personal()
    email: Mapped[str | None] = personal()
    phone: Mapped[str | None] = personal()
    state: Mapped[str] = mapped_column(String(20), default="unconfirmed", index=True)
    adviser_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    reminder_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    call_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    seen_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    proposed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    proposal: Mapped[str | None] = personal()
    closed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    result: Mapped[str | None] = personal()
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Answerer(Base, Identified, Dated, Private):
    """Who answers for some communes, and within how many working days; without a person, the organisation's desk.

    `communes` are codes separated by spaces, the whole territory when there is none; `days` is 0 when no delay is
    promised. The name and the telephone of a person are told outside only if they agreed (`public`).
    """

    __tablename__ = "answerer"
    life = DataLife("needs", person="person_id", taken_as="answerer", of_account=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    communes: Mapped[str] = mapped_column(String(4000), default="")
    days: Mapped[int] = mapped_column(Integer, default=0)
    phone: Mapped[str | None] = personal()
    public: Mapped[bool] = mapped_column(Boolean, default=False)
