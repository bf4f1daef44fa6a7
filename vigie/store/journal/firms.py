"""What firms say of themselves, and their objections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import ID_LENGTH, Base, Dated, Identified, Instant, Open, Shared, personal


class Declaration(Base, Identified, Dated, Shared):
    """One thing a firm says of itself: which `field` of its dossier, its words, and who may read them.

    `field` and `visibility` are words of `vigie.domain.declarations`; `declared_as` is the role of who wrote it: the
    head speaks for the firm, an officer on its behalf.
    """

    __tablename__ = "declaration"
    siren: Mapped[str] = mapped_column(String(9), index=True)
    field: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = personal()
    declared_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    declared_as: Mapped[str] = mapped_column(String(20), default="")
    updated_at: Mapped[datetime] = mapped_column(Instant())


class Objection(Base, Identified, Open):
    """A firm that refuses to be shown: a keyed fingerprint of its SIREN, read with every answer.

    `proof` is `head` (somebody who speaks for the firm, at once) or `email` (once the link sent was used). It acts from
    `confirmed_at` to `withdrawn_at`; `reviewed_at` is when an officer looked at it, `abusive` what they found.
    `organisation_id` is the organisation that reviews it.
    """

    __tablename__ = "objection"
    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    proof: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant())
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    abusive: Mapped[bool] = mapped_column(Boolean, default=False)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
