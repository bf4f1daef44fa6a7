"""Tables of firms as the first version made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make_declaration() -> None:
    """Make the table declaration."""
    op.create_table(
        "declaration",
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("declared_by", sa.String(length=20), nullable=False),
        sa.Column("declared_as", sa.String(length=20), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_organisation_id"), "declaration", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_declaration_siren"), "declaration", ["siren"], unique=False)


def make_objection() -> None:
    """Make the table objection."""
    op.create_table(
        "objection",
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abusive", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_fingerprint"), "objection", ["fingerprint"], unique=False)


MAKERS = (make_declaration, make_objection)
