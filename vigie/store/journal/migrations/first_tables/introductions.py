"""Tables of introductions as the first version made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make_call() -> None:
    """Make the table call."""
    op.create_table(
        "call",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("author_id", sa.String(length=20), nullable=False),
        sa.Column("public_buyer", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    op.create_index(op.f("ix_call_organisation_id"), "call", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_call_siren"), "call", ["siren"], unique=False)


def make_call_answer() -> None:
    """Make the table call_answer."""
    op.create_table(
        "call_answer",
        sa.Column("call_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_answer")),
    )
    op.create_index(op.f("ix_call_answer_call_id"), "call_answer", ["call_id"], unique=False)
    op.create_index(op.f("ix_call_answer_organisation_id"), "call_answer", ["organisation_id"], unique=False)


def make_consent_key() -> None:
    """Make the table consent_key."""
    op.create_table(
        "consent_key",
        sa.Column("side_id", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_key")),
    )
    op.create_index(op.f("ix_consent_key_key_hash"), "consent_key", ["key_hash"], unique=True)
    op.create_index(op.f("ix_consent_key_organisation_id"), "consent_key", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_consent_key_side_id"), "consent_key", ["side_id"], unique=False)


def make_introduction() -> None:
    """Make the table introduction."""
    op.create_table(
        "introduction",
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=20), nullable=False),
        sa.Column("competitors", sa.Boolean(), nullable=False),
        sa.Column("call_id", sa.String(length=20), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("why_not", sa.String(length=30), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    op.create_index(op.f("ix_introduction_organisation_id"), "introduction", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_introduction_state"), "introduction", ["state"], unique=False)


def make_side() -> None:
    """Make the table side."""
    op.create_table(
        "side",
        sa.Column("introduction_id", sa.String(length=20), nullable=False),
        sa.Column("position", sa.String(length=1), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_side")),
        sa.UniqueConstraint("introduction_id", "position", name=op.f("uq_side_introduction_id_position")),
    )
    op.create_index(op.f("ix_side_introduction_id"), "side", ["introduction_id"], unique=False)
    op.create_index(op.f("ix_side_organisation_id"), "side", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_side_siren"), "side", ["siren"], unique=False)


def make_tie() -> None:
    """Make the table tie."""
    op.create_table(
        "tie",
        sa.Column("introduction_id", sa.String(length=20), nullable=False),
        sa.Column("siren_a", sa.String(length=9), nullable=False),
        sa.Column("siren_b", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    op.create_index(op.f("ix_tie_introduction_id"), "tie", ["introduction_id"], unique=False)
    op.create_index(op.f("ix_tie_organisation_id"), "tie", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_tie_siren_a"), "tie", ["siren_a"], unique=False)
    op.create_index(op.f("ix_tie_siren_b"), "tie", ["siren_b"], unique=False)


MAKERS = (make_call, make_call_answer, make_consent_key, make_introduction, make_side, make_tie)
