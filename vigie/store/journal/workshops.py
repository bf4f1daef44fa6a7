"""Foresight workshops and what they speak of; what a room said of it lies in ballots, and only its counts stay.

A paper of a workshop is a `BallotPaper` whose `votes` hold a mark by cell, under the key of the workshop.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import (
    ID_LENGTH,
    SERVED,
    Base,
    DataLife,
    Dated,
    Identified,
    Instant,
    Shared,
    personal,
)


class Workshop(Base, Identified, Dated, Shared):
    """A question of foresight worked on by a room; everybody reads it once it is open.

    States are words of `vigie.domain.workshop`. `round` is the Delphi round that is answered; `told` holds, once it is
    closed, how many people took part and the counts of each cell.
    """

    __tablename__ = "workshop"
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(String(300))
    territory: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    agenda: Mapped[str] = mapped_column(Text, default="")
    vision_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    round: Mapped[int] = mapped_column(Integer, default=1)
    opened_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class WorkshopItem(Base, Identified, Dated, Shared):
    """A factor, an actor, an objective or a question; `indicator` is what measures it, where something does.

    `within` is the item that it belongs to, where it belongs to one. What the room proposed has no author: the device
    that sent it is not kept.
    """

    __tablename__ = "workshop_item"
    life = DataLife(
        "workshops",
        ("workshop_items",),
        "propositions d’atelier non retenues depuis 30 jours",
        {"refused_at": SERVED, "deleted_at": SERVED},
    )
    workshop_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = personal()
    indicator: Mapped[str] = mapped_column(String(80), default="")
    within: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    from_room: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="kept")
    refused_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    erased_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
