"""Indexes that count a list of dossiers and give its first page in order without reading the dossiers themselves."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put two indexes in the place of the one that left withdrawn dossiers to be looked at."""
    op.create_index("ix_dossier_state", "dossier", ["organisation_id", "deleted_at", "state", "created_at", "id"])
    op.create_index("ix_dossier_recent", "dossier", ["organisation_id", "deleted_at", "created_at", "id"])
    op.drop_index("ix_dossier_list", "dossier")


def downgrade() -> None:
    """Bring back the former index."""
    op.create_index("ix_dossier_list", "dossier", ["organisation_id", "state", "created_at"])
    op.drop_index("ix_dossier_recent", "dossier")
    op.drop_index("ix_dossier_state", "dossier")
