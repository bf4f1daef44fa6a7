"""What Alembic runs: the versions, each in its own transaction, on the connection that `migrating` hands over."""

from __future__ import annotations

from alembic import context

from vigie.store.journal.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
