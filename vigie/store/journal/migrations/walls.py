"""Row-level security and append-only tables, as the versions write them."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

APPLICATION_ROLE = "vigie_app"
_ORGANISATION = "organisation_id = current_setting('vigie.organisation', true)"
_KEY = "current_setting('vigie.key', true)"
_PERSON = "current_setting('vigie.person', true)"
SEEN = {
    "private": _ORGANISATION,
    "shared": f"({_ORGANISATION} OR visibility = 'public')",
    "keyed": f"({_ORGANISATION} OR key_hash = {_KEY})",
    "membership": f"({_ORGANISATION} OR person_id = {_PERSON})",
    "person": f"(id = {_PERSON} OR email_key = {_KEY} OR EXISTS"
    f" (SELECT 1 FROM membership m WHERE m.person_id = person.id AND m.{_ORGANISATION}))",
    "open": "true",
}
"""What the application's role may see of a table, by the kind of its wall."""
_WRITTEN = {"person": "true", "open": "true"}
"""What it may write where that is not the organisation's own rows."""


def on_postgres() -> bool:
    """Tell whether the version runs on PostgreSQL."""
    return op.get_bind().dialect.name == "postgresql"


def make_role() -> None:
    """Make the application's role where it does not exist, and let the owner take it."""
    op.execute(f"DO $$ BEGIN CREATE ROLE {APPLICATION_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    op.execute(f"DO $$ BEGIN EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', current_user); END $$")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}")


def raise_wall(table: str, kind: str) -> None:
    """Force row-level security on a table: the application's role is walled, the owner keeps the base."""
    written = _WRITTEN.get(kind, _ORGANISATION)
    for statement in (
        f'GRANT SELECT, INSERT, UPDATE ON "{table}" TO {APPLICATION_ROLE}',
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY seen ON "{table}" FOR SELECT TO {APPLICATION_ROLE} USING ({SEEN[kind]})',
        f'CREATE POLICY added ON "{table}" FOR INSERT TO {APPLICATION_ROLE} WITH CHECK ({written})',
        f'CREATE POLICY changed ON "{table}" FOR UPDATE TO {APPLICATION_ROLE}'
        f" USING ({SEEN[kind] if kind == 'person' else written}) WITH CHECK ({written})",
        f"DO $$ BEGIN EXECUTE format('CREATE POLICY kept ON \"{table}\" TO %I USING (true) WITH CHECK (true)',"
        " current_user); END $$",
    ):
        op.execute(statement)


def only_add(tables: Sequence[str]) -> None:
    """Refuse, in the engine itself, that rows of these tables be changed or removed."""
    if on_postgres():
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'rows of this table are only added'; END $$"
        )
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuses_{verb.lower()}"
            if on_postgres():
                op.execute(
                    f'CREATE TRIGGER {name} BEFORE {verb} ON "{table}" FOR EACH STATEMENT'
                    " EXECUTE FUNCTION refuse_change()"
                )
            else:
                op.execute(
                    f'CREATE TRIGGER {name} BEFORE {verb} ON "{table}" BEGIN'
                    " SELECT RAISE(ABORT, 'rows of this table are only added'); END"
                )
