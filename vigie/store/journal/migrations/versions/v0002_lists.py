"""Indexes for the lists of the desk: dossiers by state, reminders by day, events and audit in their order."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_dossier_list", "dossier", ["organisation_id", "state", "created_at"]),
    ("ix_reminder_list", "reminder", ["organisation_id", "due_on"]),
    ("ix_event_list", "event", ["organisation_id", "seq"]),
    ("ix_audit_list", "audit", ["organisation_id", "seq"]),
)


def upgrade() -> None:
    """Make the indexes."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Remove them."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
