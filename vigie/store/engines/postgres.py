"""The journal in PostgreSQL: the application's role sees, by row-level security, the asker's organisation only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from vigie.domain.access import Scope
    from vigie.store.journal.spooling import Spool

APPLICATION_ROLE = "vigie_app"
_SETTLE = text(
    "SELECT set_config('vigie.organisation', :organisation, true), set_config('vigie.person', :person, true),"
    " set_config('vigie.key', :key, true), set_config('vigie.oversees', :oversees, true)"
)
_SNAPSHOT = text("SELECT pg_current_snapshot()::text")
_VACUUM = text("VACUUM")
_MEETINGS = {"40001", "40P01", "23505", "55P03"}


class PostgresParticular:
    """What is particular to PostgreSQL; `keeper` connects as the owner of the base, for migrations and backups."""

    one_writer = False
    spool: Spool | None = None

    def __init__(self, url: str, *, keeper: bool = False) -> None:
        self.engine: Engine = create_engine(address(url), pool_size=16, pool_pre_ping=True, hide_parameters=True)
        self._keeper = keeper
        if not keeper:
            event.listen(self.engine, "connect", _step_down)

    def settle(self, session: Session, scope: Scope) -> None:
        """Tell PostgreSQL who asks, until the end of the transaction."""
        asker = {"organisation": scope.organisation, "person": scope.person, "key": scope.key}
        session.execute(_SETTLE, asker | {"oversees": "yes" if scope.oversees else ""})

    def stamp(self) -> str:
        """Return the snapshot of transactions: it changes whenever one that wrote has ended."""
        with self.engine.connect() as connection:
            return str(connection.scalar(_SNAPSHOT))

    def scrub(self) -> None:
        """Remove former versions of rows, when asked by the owner; otherwise PostgreSQL does it in its own time."""
        if self._keeper:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(_VACUUM)

    def close(self) -> None:
        """Release the connections."""
        self.engine.dispose()

    def is_conflict(self, fault: DBAPIError) -> bool:
        """Tell whether two transactions met."""
        return isinstance(fault, IntegrityError) or getattr(fault.orig, "sqlstate", "") in _MEETINGS


def address(url: str) -> str:
    """Return a URL of PostgreSQL with its driver named."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def _step_down(connection: psycopg.Connection, _: object) -> None:
    """Take the application's role, which owns nothing and cannot pass the wall, whoever signed in."""
    before = connection.autocommit
    connection.autocommit = True
    connection.execute(f"SET ROLE {APPLICATION_ROLE}")
    connection.autocommit = before
