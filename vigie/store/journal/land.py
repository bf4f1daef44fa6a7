"""The inventory of land that an organisation keeps: units and premises, who owns and occupies them, files of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import SERVED, Base, DataLife, Dated, Identified, Private, Shared, personal


class LandUnit(Base, Identified, Dated, Private):
    """A land unit or premises (code de l’urbanisme, article L318-8-2): where, how large, vacant or not, how it is let.

    `kind`, `occupation` and `tenure` are words of `vigie.domain.land`; `zone` is the name of the business zone, `area`
    in square metres. `seen_on` is the day of the survey. Owner, their address and occupants are read by officers alone.

    One that a file brought bears the `reference` it has there, and stands at a `rank` of its lines; `held` are the
    cells of owners and contacts as the file writes them (JSON, by column), which the file itself does not keep.
    """

    __tablename__ = "land_unit"
    life = DataLife(
        "land", ("land_units",), "terrains et locaux retirés depuis 30 jours", {"deleted_at": SERVED},
        address="owner_email",
    )  # fmt: skip
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    zone: Mapped[str] = mapped_column(String(200), default="")
    commune: Mapped[str] = mapped_column(String(5))
    area: Mapped[int | None] = mapped_column(Integer, default=None)
    occupation: Mapped[str] = mapped_column(String(20))
    tenure: Mapped[str] = mapped_column(String(20), default="")
    seen_on: Mapped[date | None] = mapped_column(Date, default=None)
    owner: Mapped[str | None] = personal()
    owner_email: Mapped[str | None] = personal()
    occupants: Mapped[str | None] = personal()
    file_id: Mapped[str] = mapped_column(String(20), default="", index=True)
    rank: Mapped[int] = mapped_column(Integer, default=0)
    reference: Mapped[str] = mapped_column(String(100), default="")
    longitude: Mapped[float | None] = mapped_column(Float, default=None)
    latitude: Mapped[float | None] = mapped_column(Float, default=None)
    held: Mapped[str | None] = personal()


class LandFile(Base, Identified, Dated, Private):
    """A file of the inventory in a national layout, kept so that it can be given back as it was published.

    `layout` is its identifier among `vigie.sources.land_layouts`, `dialect` how the file is written, `head` its titles.
    `count` is how many lines it had, `known` how many took the place of one brought before.
    `lines` are its cells as they are written (JSON), those of owners and contacts left empty: each is `held` by its
    unit. They enter no event, being too long for one.
    """

    __tablename__ = "land_file"
    life = DataLife(
        "land", ("land_files",), "fichiers de terrains retirés depuis 30 jours", {"deleted_at": SERVED}
    )  # fmt: skip
    layout: Mapped[str] = mapped_column(String(20))
    dialect: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    head: Mapped[list[str]] = mapped_column(JSON, default=list)
    count: Mapped[int] = mapped_column(Integer, default=0)
    known: Mapped[int] = mapped_column(Integer, default=0)
    lines: Mapped[str | None] = personal()


class LandOffer(Base, Identified, Dated, Shared):
    """What its organisation shows to everybody of a unit of its inventory: never who owns it, nor who is there.

    A copy, kept in step with the unit `unit_id`; `by` is the name of the organisation.
    """

    __tablename__ = "land_offer"
    unit_id: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    commune: Mapped[str] = mapped_column(String(5))
    area: Mapped[int | None] = mapped_column(Integer, default=None)
    occupation: Mapped[str] = mapped_column(String(20))
    tenure: Mapped[str] = mapped_column(String(20), default="")
    longitude: Mapped[float | None] = mapped_column(Float, default=None)
    latitude: Mapped[float | None] = mapped_column(Float, default=None)
