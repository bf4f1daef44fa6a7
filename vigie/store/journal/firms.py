"""What firms say of themselves, and their objections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, Dated, Identified, Instant, Open, Shared, personal


class Declaration(Base, Identified, Dated, Shared):
    """One thing a firm says of itself: which `field` of its dossier, its words, and who may read them.

    `field` and `visibility` are words of `vigie.domain.declarations`.
    """

    __tablename__ = "declaration"
    siren: Mapped[str] = mapped_column(String(9), index=True)
    field: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = personal()
    declared_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    updated_at: Mapped[datetime] = mapped_column(Instant())


class Objection(Base, Identified, Open):
    """A firm that refuses to be shown: a keyed fingerprint of its SIREN, read with every answer.

    `state` is immediate for a proved head, `confirmed` by e-mail otherwise; `withdrawn_at` ends it.
    """

    __tablename__ = "objection"
    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    proof: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant())
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
