"""The inventory of land that an organisation keeps: units and premises, with who owns and who occupies them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import SERVED, Base, DataLife, Dated, Identified, Private, personal


class LandUnit(Base, Identified, Dated, Private):
    """A land unit or premises (code de l’urbanisme, article L318-8-2): where, how large, vacant or not, how it is let.

    `kind`, `occupation` and `tenure` are words of `vigie.domain.land`; `zone` is the name of the business zone, `area`
    in square metres. `seen_on` is the day of the survey. Owner, their address and occupants are read by officers alone.
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
