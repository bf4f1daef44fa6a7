"""A vision, its priorities, its actions with what they used, its targets, and what it said at the end of each year."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, Dated, Identified, Instant, Shared


class Vision(Base, Identified, Dated, Shared):
    """What an organisation wants for its territory; everybody reads it once it is published, and after it was replaced.

    States are words of `vigie.domain.vision`. `values` is one sentence a line; `scenario` says the future that it chose
    among those that were looked at; `hypotheses` are those of that scenario in the workshop that told it, `signs` what
    the data in service say of its indicators (value and moment, by indicator); `replaces` the vision that it follows.
    """

    __tablename__ = "vision"
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    values: Mapped[str] = mapped_column(Text, default="")
    scenario: Mapped[str] = mapped_column(Text, default="")
    workshop_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    hypotheses: Mapped[list[str]] = mapped_column(JSON, default=list)
    signs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    territory: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    replaces: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    published_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class Priority(Base, Identified, Dated, Shared):
    """One thing that a vision puts first."""

    __tablename__ = "priority"
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")


class VisionAction(Base, Identified, Dated, Shared):
    """What is done for a priority: which service carries it, with whom, by when, with what.

    Services are named, not people. `said_on` is the day of the last act, `note` what was said then.
    """

    __tablename__ = "vision_action"
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    priority_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    title: Mapped[str] = mapped_column(String(200))
    carrier: Mapped[str] = mapped_column(String(200), default="")
    partners: Mapped[str] = mapped_column(String(400), default="")
    means: Mapped[str] = mapped_column(String(400), default="")
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    note: Mapped[str] = mapped_column(Text, default="")
    said_on: Mapped[date] = mapped_column(Date)


class ActionUse(Base, Identified, Dated, Shared):
    """What an action used or brought about, by the public page that shows it: `address` is a path of this site."""

    __tablename__ = "action_use"
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    action_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(200))


class VisionTarget(Base, Identified, Dated, Shared):
    """An indicator that tells whether a priority comes true: its value at the start, the value wanted and by when.

    `seen` is what the data in service say of it, read again when they are renewed; `None` as long as it is not known.
    """

    __tablename__ = "vision_target"
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    priority_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    indicator: Mapped[str] = mapped_column(String(60))
    territory: Mapped[str] = mapped_column(String(40))
    baseline: Mapped[float] = mapped_column(Float)
    baseline_on: Mapped[date] = mapped_column(Date)
    target: Mapped[float] = mapped_column(Float)
    due_on: Mapped[date] = mapped_column(Date)
    label: Mapped[str] = mapped_column(String(300), default="")
    unit: Mapped[str] = mapped_column(String(100), default="")
    seen: Mapped[float | None] = mapped_column(Float, default=None)
    seen_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)


class VisionYear(Base, Identified, Shared):
    """What a vision said at the end of a year, kept as it was then and never computed again."""

    __tablename__ = "vision_year"
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    year: Mapped[int] = mapped_column(Integer)
    kept_at: Mapped[datetime] = mapped_column(Instant())
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
