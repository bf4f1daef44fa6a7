"""Tables of records as the first version made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make_audit() -> None:
    """Make the table audit."""
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_organisation_id"), "audit", ["organisation_id"], unique=False)


def make_emergency_access() -> None:
    """Make the table emergency_access."""
    op.create_table(
        "emergency_access",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("target_id", sa.String(length=20), nullable=False),
        sa.Column("host_id", sa.String(length=20), nullable=False),
        sa.Column("twin_id", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index(op.f("ix_emergency_access_organisation_id"), "emergency_access", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_emergency_access_person_id"), "emergency_access", ["person_id"], unique=False)


def make_event() -> None:
    """Make the table event."""
    op.create_table(
        "event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("request_key", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_at"), "event", ["at"], unique=False)
    op.create_index(op.f("ix_event_organisation_id"), "event", ["organisation_id"], unique=False)
    op.create_index("ix_event_subject", "event", ["subject"], unique=False)
    op.create_index(
        "uq_event_request",
        "event",
        ["organisation_id", "person_id", "request_key"],
        unique=True,
        sqlite_where=sa.text("request_key <> ''"),
        postgresql_where=sa.text("request_key <> ''"),
    )


def make_letter() -> None:
    """Make the table letter."""
    op.create_table(
        "letter",
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("once", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    op.create_index(op.f("ix_letter_created_at"), "letter", ["created_at"], unique=False)
    op.create_index(op.f("ix_letter_organisation_id"), "letter", ["organisation_id"], unique=False)
    op.create_index(
        "uq_letter_once",
        "letter",
        ["organisation_id", "once"],
        unique=True,
        sqlite_where=sa.text("once <> ''"),
        postgresql_where=sa.text("once <> ''"),
    )


def make_moderation() -> None:
    """Make the table moderation."""
    op.create_table(
        "moderation",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("state_before", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation")),
    )
    op.create_index(op.f("ix_moderation_at"), "moderation", ["at"], unique=False)
    op.create_index(op.f("ix_moderation_organisation_id"), "moderation", ["organisation_id"], unique=False)


MAKERS = (make_audit, make_emergency_access, make_event, make_letter, make_moderation)
