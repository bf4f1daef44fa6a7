"""The officer's dossiers: who, what was said, what is to be done, in which portfolio."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Index, Integer, String
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
    personal,
    words,
)


class Dossier(Base, Identified, Dated, Private):
    """What the officer follows: a firm, a project holder, an outside prospect, premises or an owner.

    Kinds and states are words of `vigie.domain.followup`. `merged_into` is the dossier that took this one over.
    """

    __tablename__ = "dossier"
    life = DataLife("followup", ("prospecting_dossiers", "dossiers", "withdrawn_dossiers"), person="owner_id")
    __table_args__ = (
        Index("ix_dossier_state", "organisation_id", "deleted_at", "state", "created_at", "id"),
        Index("ix_dossier_recent", "organisation_id", "deleted_at", "created_at", "id"),
    )
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None] = personal()
    summary: Mapped[str | None] = personal()
    siren: Mapped[str] = mapped_column(String(9), default="", index=True)
    siret: Mapped[str] = mapped_column(String(14), default="")
    commune: Mapped[str] = mapped_column(String(5), default="")
    state: Mapped[str] = mapped_column(String(20), default="open")
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    source: Mapped[str] = words(100)
    prospecting: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    waiting_since: Mapped[date | None] = mapped_column(Date, default=None)
    last_contact_on: Mapped[date | None] = mapped_column(Date, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Contact(Base, Identified, Dated, Private):
    """A person met in a dossier; `informed_on` is the day they were told how their data are kept."""

    __tablename__ = "contact"
    life = DataLife(
        "followup",
        ("prospecting_dossiers", "prospecting_contacts", "dossiers", "withdrawn_dossiers"),
        address="email",
    )
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    name: Mapped[str | None] = personal()
    function: Mapped[str | None] = personal()
    email: Mapped[str | None] = personal()
    phone: Mapped[str | None] = personal()
    source: Mapped[str] = words(100)
    informed_on: Mapped[date | None] = mapped_column(Date, default=None)
    last_contact_on: Mapped[date | None] = mapped_column(Date, default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class ContactRefusal(Base, Identified, Dated, Private):
    """Somebody who asked to be erased: a keyed fingerprint of their address, so that no import brings them back."""

    __tablename__ = "contact_refusal"
    life = DataLife("prospecting")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)


class Exchange(Base, Identified, Dated, Private):
    """A visit, a call, a meeting, an e-mail or an internal note; an internal note never leaves the organisation.

    Kinds and directions are words of `vigie.domain.followup`.
    """

    __tablename__ = "exchange"
    life = DataLife("followup", ("prospecting_dossiers", "dossiers", "withdrawn_dossiers"), person="author_id")
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    contact_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    kind: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(10), default="together")
    happened_on: Mapped[date] = mapped_column(Date)
    body: Mapped[str | None] = personal()
    author_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Reminder(Base, Identified, Dated, Private):
    """Something to do on a day, about a dossier or an introduction."""

    __tablename__ = "reminder"
    life = DataLife("followup", ("prospecting_dossiers", "dossiers", "withdrawn_dossiers"), person="owner_id")
    __table_args__ = (Index("ix_reminder_list", "organisation_id", "due_on"),)
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    introduction_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="", index=True)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    reason: Mapped[str | None] = personal()
    result: Mapped[str | None] = personal()
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    done_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class DossierTag(Base, Identified, Dated, Private):
    """A word put on a dossier."""

    __tablename__ = "dossier_tag"
    life = DataLife("followup", ("prospecting_dossiers", "dossiers", "withdrawn_dossiers"))
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    label: Mapped[str] = words(60)


class DossierShare(Base, Identified, Dated, Private):
    """A dossier opened to an invited partner; notes stay inside."""

    __tablename__ = "dossier_share"
    life = DataLife("followup", ("prospecting_dossiers", "dossiers", "withdrawn_dossiers"), person="person_id")
    dossier_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)


class Portfolio(Base, Identified, Dated, Private):
    """Firms and territories that an officer watches together."""

    __tablename__ = "portfolio"
    life = DataLife("prospecting", person="owner_id")
    name: Mapped[str] = words(100)
    owner_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")


class PortfolioMember(Base, Identified, Dated, Private):
    """A firm (`siren`) or a territory (its key) in a portfolio."""

    __tablename__ = "portfolio_member"
    portfolio_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    siren: Mapped[str] = mapped_column(String(9), default="")
    territory: Mapped[str] = mapped_column(String(40), default="")


class DigestRefusal(Base, Identified, Dated, Private):
    """Somebody who does not want the weekly letter."""

    __tablename__ = "digest_refusal"
    life = DataLife("letters", person="person_id")
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)


class WatchThreshold(Base, Identified, Dated, Private):
    """What somebody watches of their territories: sites from a size, an activity, a circle around a commune."""

    __tablename__ = "watch_threshold"
    life = DataLife("letters", person="person_id")
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    least: Mapped[int] = mapped_column(Integer)
    naf: Mapped[str] = mapped_column(String(10), default="")
    commune: Mapped[str] = mapped_column(String(5), default="")
    kilometres: Mapped[int] = mapped_column(Integer)


class ImportBatch(Base, Identified, Dated, Private):
    """A spreadsheet brought in: its rows wait here, erasable, until they are matched, reviewed and applied."""

    __tablename__ = "import_batch"
    life = DataLife("letters", ("imports",), "tableurs apportés depuis 30 jours", {"created_at": SERVED})
    file_name: Mapped[str | None] = personal()
    content: Mapped[str | None] = personal()
    matching: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="read")
    rows: Mapped[int] = mapped_column(Integer, default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
