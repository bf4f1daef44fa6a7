"""What firms say of themselves, and their objections."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column

from vigie.store.journal.base import (
    ID_LENGTH,
    SERVED,
    Base,
    DataLife,
    Dated,
    Identified,
    Instant,
    Open,
    Shared,
    Vouched,
    personal,
)


class Declaration(Base, Identified, Dated, Shared, Vouched):
    """One thing a firm says of itself: which `field` of its dossier, its words, and who may read them.

    `field` and `visibility` are words of `vigie.domain.declarations`; `declared_as` is the role of who wrote it: the
    head speaks for the firm, an officer on its behalf. What a head says is public once somebody vouches for them:
    `vouched_as` is the proof, `vouched_by` the organisation. State: published, or moderated. A flow of matter
    also has its `way`, `matter` (a waste code or a substance), yearly `band` and `season`, words of
    `vigie.domain.matter`, erased with the sentence that tells them; so are the `topic` and `answer` of a closed answer
    on its situation, words of `vigie.domain.situation`.
    """

    __tablename__ = "declaration"
    life = DataLife(
        "introductions",
        ("declarations",),
        "déclarations retirées depuis 30 jours",
        {"deleted_at": SERVED},
        person="declared_by",
    )
    siren: Mapped[str] = mapped_column(String(9), index=True)
    field: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = personal()
    way: Mapped[str | None] = personal()
    matter: Mapped[str | None] = personal()
    band: Mapped[str | None] = personal()
    season: Mapped[str | None] = personal()
    topic: Mapped[str | None] = personal()
    answer: Mapped[str | None] = personal()
    declared_by: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    declared_as: Mapped[str] = mapped_column(String(20), default="")
    updated_at: Mapped[datetime] = mapped_column(Instant())
    state: Mapped[str] = mapped_column(String(20), default="published")


class Objection(Base, Identified, Open):
    """A firm that refuses to be shown: a keyed fingerprint of its SIREN, read with every answer.

    `proof` is `head` (somebody who speaks for the firm, at once) or `email` (once the link sent was used). It acts from
    `confirmed_at` to `withdrawn_at`; `reviewed_at` is when an officer looked at it, `abusive` what they found.
    `organisation_id` is the organisation that reviews it. `person_id` is the head who made it; `maker_key` a keyed hash
    of the address that confirmed it, kept as long as it is in force: only they take it back, or the host.
    """

    __tablename__ = "objection"
    life = DataLife("attestations", person="person_id")
    organisation_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    proof: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant())
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    maker_key: Mapped[str | None] = personal()
    abusive: Mapped[bool] = mapped_column(Boolean, default=False)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant(), default=None)
