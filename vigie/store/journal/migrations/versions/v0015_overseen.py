"""The host reads in one look the sign-ins, emergency accesses and provisional heads of every organisation."""

from __future__ import annotations

from alembic import op

from vigie.store.journal.migrations.walls import APPLICATION_ROLE, on_postgres

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_HEAD = "role = 'dirigeant' AND attested_as NOT IN ('letter', 'domain', 'host')"
_KINDS = "split_part(kind, '.', 1) IN ('emergency', 'session', 'sign_in')"
OVERSEEN = {
    "event": _KINDS,
    "audit": _KINDS,
    "membership": _HEAD,
    "person": f"EXISTS (SELECT 1 FROM membership m WHERE m.person_id = person.id AND m.{_HEAD})",
}


def upgrade() -> None:
    """Open these rows, and no other, to a transaction that oversees; SQLite has no wall of its own."""
    if not on_postgres():
        return
    for table, rows in OVERSEEN.items():
        op.execute(
            f'CREATE POLICY overseen ON "{table}" FOR SELECT TO {APPLICATION_ROLE}'
            f" USING (current_setting('vigie.oversees', true) = 'yes' AND {rows})"
        )


def downgrade() -> None:
    """Close them: the host reads one organisation after the other."""
    if not on_postgres():
        return
    for table in OVERSEEN:
        op.execute(f'DROP POLICY overseen ON "{table}"')
