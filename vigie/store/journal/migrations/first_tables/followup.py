"""Tables of followup as the first version made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make_contact() -> None:
    """Make the table contact."""
    op.create_table(
        "contact",
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("function", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("informed_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_dossier_id"), "contact", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_contact_organisation_id"), "contact", ["organisation_id"], unique=False)


def make_contact_refusal() -> None:
    """Make the table contact_refusal."""
    op.create_table(
        "contact_refusal",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_refusal")),
    )
    op.create_index(op.f("ix_contact_refusal_fingerprint"), "contact_refusal", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_contact_refusal_organisation_id"), "contact_refusal", ["organisation_id"], unique=False)


def make_digest_refusal() -> None:
    """Make the table digest_refusal."""
    op.create_table(
        "digest_refusal",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_refusal")),
    )
    op.create_index(op.f("ix_digest_refusal_organisation_id"), "digest_refusal", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_digest_refusal_person_id"), "digest_refusal", ["person_id"], unique=False)


def make_dossier() -> None:
    """Make the table dossier."""
    op.create_table(
        "dossier",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("commune", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("prospecting", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.String(length=20), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    op.create_index(op.f("ix_dossier_organisation_id"), "dossier", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_dossier_owner_id"), "dossier", ["owner_id"], unique=False)
    op.create_index(op.f("ix_dossier_siren"), "dossier", ["siren"], unique=False)


def make_dossier_share() -> None:
    """Make the table dossier_share."""
    op.create_table(
        "dossier_share",
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_share")),
    )
    op.create_index(op.f("ix_dossier_share_dossier_id"), "dossier_share", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_dossier_share_organisation_id"), "dossier_share", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_dossier_share_person_id"), "dossier_share", ["person_id"], unique=False)


def make_dossier_tag() -> None:
    """Make the table dossier_tag."""
    op.create_table(
        "dossier_tag",
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_tag")),
    )
    op.create_index(op.f("ix_dossier_tag_dossier_id"), "dossier_tag", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_dossier_tag_organisation_id"), "dossier_tag", ["organisation_id"], unique=False)


def make_exchange() -> None:
    """Make the table exchange."""
    op.create_table(
        "exchange",
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("contact_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("author_id", sa.String(length=20), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
    )
    op.create_index(op.f("ix_exchange_dossier_id"), "exchange", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_exchange_organisation_id"), "exchange", ["organisation_id"], unique=False)


def make_import_batch() -> None:
    """Make the table import_batch."""
    op.create_table(
        "import_batch",
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("matching", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_organisation_id"), "import_batch", ["organisation_id"], unique=False)


def make_portfolio() -> None:
    """Make the table portfolio."""
    op.create_table(
        "portfolio",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("owner_id", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio")),
    )
    op.create_index(op.f("ix_portfolio_organisation_id"), "portfolio", ["organisation_id"], unique=False)


def make_portfolio_member() -> None:
    """Make the table portfolio_member."""
    op.create_table(
        "portfolio_member",
        sa.Column("portfolio_id", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_member")),
    )
    op.create_index(op.f("ix_portfolio_member_organisation_id"), "portfolio_member", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_portfolio_member_portfolio_id"), "portfolio_member", ["portfolio_id"], unique=False)


def make_reminder() -> None:
    """Make the table reminder."""
    op.create_table(
        "reminder",
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("introduction_id", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.String(length=20), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_dossier_id"), "reminder", ["dossier_id"], unique=False)
    op.create_index(op.f("ix_reminder_due_on"), "reminder", ["due_on"], unique=False)
    op.create_index(op.f("ix_reminder_introduction_id"), "reminder", ["introduction_id"], unique=False)
    op.create_index(op.f("ix_reminder_organisation_id"), "reminder", ["organisation_id"], unique=False)


MAKERS = (
    make_contact,
    make_contact_refusal,
    make_digest_refusal,
    make_dossier,
    make_dossier_share,
    make_dossier_tag,
    make_exchange,
    make_import_batch,
    make_portfolio,
    make_portfolio_member,
    make_reminder,
)
