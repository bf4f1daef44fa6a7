"""Files of the inventory of land, and what units keep of the file that brought them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from vigie.store.journal.migrations.walls import on_postgres, raise_wall

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of files, and add to units where they stand in one."""
    op.create_table(
        "land_file",
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("dialect", sa.JSON(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("organisation_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_land_file"),
    )
    op.create_index("ix_land_file_organisation_id", "land_file", ["organisation_id"], unique=False)
    if on_postgres():
        raise_wall("land_file", "private")
    for column in _of_unit():
        op.add_column("land_unit", column)
    op.create_index("ix_land_unit_file_id", "land_unit", ["file_id"], unique=False)


def _of_unit() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("file_id", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("rank", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reference", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
    )


def downgrade() -> None:
    """Forget files; units stay, without where they stood in one."""
    op.drop_index("ix_land_unit_file_id", table_name="land_unit")
    for column in reversed(_of_unit()):
        op.drop_column("land_unit", column.name)
    op.drop_table("land_file")
