"""Long work: jobs, the lots they are cut into, and their place in the line."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = {"job": "private", "job_lot": "private", "job_ticket": "open"}


def upgrade() -> None:
    """Make the three tables."""
    _make_jobs()
    op.create_table(
        "job_lot",
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_lot"),
        sa.UniqueConstraint("job_id", "start", name="uq_job_lot_job_id_start"),
    )
    op.create_index("ix_job_lot_organisation_id", "job_lot", ["organisation_id"], unique=False)
    op.create_table(
        "job_ticket",
        sa.Column("asked_from", sa.String(length=20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("held_by", sa.String(length=20), nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_ticket"),
    )
    for column in ("asked_at", "ended"):
        op.create_index(f"ix_job_ticket_{column}", "job_ticket", [column], unique=False)
    if on_postgres():
        for table, wall in TABLES.items():
            raise_wall(table, wall)


def _make_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("person_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("params", sa.Text(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("file_name", sa.String(length=40), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    for column in ("organisation_id", "person_id", "subject"):
        op.create_index(f"ix_job_{column}", "job", [column], unique=False)


def downgrade() -> None:
    """Forget jobs; an import at work goes back to the step before it, what it wrote already stays."""
    op.execute(
        "UPDATE import_batch SET state = CASE state WHEN 'matching' THEN 'read' WHEN 'reviewing' THEN 'numbers'"
        " ELSE 'ready' END WHERE state IN ('matching', 'reviewing', 'applying')"
    )
    for table in ("job_ticket", "job_lot", "job"):
        op.drop_table(table)
