"""Tables of people as the first version made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def make_api_token() -> None:
    """Make the table api_token."""
    op.create_table(
        "api_token",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_key_hash"), "api_token", ["key_hash"], unique=True)
    op.create_index(op.f("ix_api_token_organisation_id"), "api_token", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)


def make_attempt() -> None:
    """Make the table attempt."""
    op.create_table(
        "attempt",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"], unique=False)
    op.create_index(op.f("ix_attempt_bucket"), "attempt", ["bucket"], unique=False)


def make_firm_domain() -> None:
    """Make the table firm_domain."""
    op.create_table(
        "firm_domain",
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_domain")),
    )
    op.create_index(op.f("ix_firm_domain_domain"), "firm_domain", ["domain"], unique=False)
    op.create_index(op.f("ix_firm_domain_organisation_id"), "firm_domain", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_firm_domain_siren"), "firm_domain", ["siren"], unique=False)


def make_firm_link() -> None:
    """Make the table firm_link."""
    op.create_table(
        "firm_link",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_link")),
    )
    op.create_index(op.f("ix_firm_link_organisation_id"), "firm_link", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_firm_link_person_id"), "firm_link", ["person_id"], unique=False)
    op.create_index(op.f("ix_firm_link_siren"), "firm_link", ["siren"], unique=False)


def make_identity() -> None:
    """Make the table identity."""
    op.create_table(
        "identity",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    op.create_index(op.f("ix_identity_key_hash"), "identity", ["key_hash"], unique=True)
    op.create_index(op.f("ix_identity_organisation_id"), "identity", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"], unique=False)


def make_invitation() -> None:
    """Make the table invitation."""
    op.create_table(
        "invitation",
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("dossier_id", sa.String(length=20), nullable=False),
        sa.Column("invited_by", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_key_hash"), "invitation", ["key_hash"], unique=True)
    op.create_index(op.f("ix_invitation_organisation_id"), "invitation", ["organisation_id"], unique=False)


def make_membership() -> None:
    """Make the table membership."""
    op.create_table(
        "membership",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(
        "uq_membership_live",
        "membership",
        ["organisation_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def make_organisation() -> None:
    """Make the table organisation."""
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("territory", sa.String(length=40), nullable=False),
        sa.Column("cog", sa.Integer(), nullable=True),
        sa.Column("legal_basis", sa.String(length=20), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.Column("retention_visa", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )


def make_person() -> None:
    """Make the table person."""
    op.create_table(
        "person",
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
    )


def make_sign_in() -> None:
    """Make the table sign_in."""
    op.create_table(
        "sign_in",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_key_hash"), "sign_in", ["key_hash"], unique=True)
    op.create_index(op.f("ix_sign_in_organisation_id"), "sign_in", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)


MAKERS = (
    make_api_token,
    make_attempt,
    make_firm_domain,
    make_firm_link,
    make_identity,
    make_invitation,
    make_membership,
    make_organisation,
    make_person,
    make_sign_in,
)
