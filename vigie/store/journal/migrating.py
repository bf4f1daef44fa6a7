"""Bring the tables of a journal to a version, and tell which version they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from vigie.errors import JournalUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent / "migrations"


def latest() -> str:
    """Return the version that this code works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def version(engine: Engine) -> str:
    """Return the version of a journal's tables, empty when it has none."""
    with engine.connect() as connection:
        return version_of(connection)


def version_of(connection: Connection) -> str:
    """Return the version of a journal's tables as one connection sees them."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(engine: Engine, to: str = "head") -> str:
    """Bring the tables to a version, upwards or downwards (`base` removes them), and return it.

    Each step is one transaction: interrupted, it is undone by the engine, and the next run resumes from there.
    """
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        if to not in {"head", "base", *known}:
            raise JournalUnavailable(
                f"La version « {to} » du journal n’existe pas. Versions connues : {', '.join(reversed(known))}."
            )
        here = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        down = to == "base" or (to in known and here in known and known.index(here) < known.index(to))
        (command.downgrade if down else command.upgrade)(config, to)
        connection.commit()
    return version(engine)


def require_latest(engine: Engine) -> None:
    """Raise `JournalUnavailable` when the tables are not those of this code."""
    found, wanted = version(engine), latest()
    if found != wanted:
        raise JournalUnavailable(
            f"Les tables du journal sont à la version « {found or 'aucune'} », "
            f"ce programme attend « {wanted} » : lancez « vigie journal migrate »."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
