"""First tables: organisations, people, declarations, dossiers, introductions, calls, records."""

from __future__ import annotations

from alembic import op

from vigie.store.journal.migrations.first_tables import firms, followup, introductions, people, records
from vigie.store.journal.migrations.walls import make_role, on_postgres, only_add, raise_wall

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WALLS = {
    "open": ("organisation", "attempt", "objection"),
    "person": ("person",),
    "membership": ("membership",),
    "keyed": ("invitation", "sign_in", "api_token", "identity", "consent_key"),
    "shared": ("declaration", "call", "moderation"),
    "private": (
        "firm_link", "firm_domain", "dossier", "contact", "contact_refusal", "exchange", "reminder", "dossier_tag",
        "dossier_share", "portfolio", "portfolio_member", "digest_refusal", "import_batch", "introduction", "side",
        "tie", "call_answer", "event", "audit", "emergency_access", "letter",
    ),
}  # fmt: skip


def upgrade() -> None:
    """Make the tables, their walls and their guards."""
    for noun in (people, firms, followup, introductions, records):
        for make in noun.MAKERS:
            make()
    only_add(("event", "audit"))
    if on_postgres():
        make_role()
        for kind, tables in WALLS.items():
            for table in tables:
                raise_wall(table, kind)
        op.execute("GRANT SELECT ON alembic_version TO vigie_app")
        op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO vigie_app")


def downgrade() -> None:
    """Remove everything."""
    if on_postgres():
        for policy in ("seen", "changed"):
            op.execute(f"DROP POLICY {policy} ON person")
    for tables in WALLS.values():
        for table in tables:
            op.drop_table(table)
    if on_postgres():
        op.execute("DROP FUNCTION refuse_change()")
