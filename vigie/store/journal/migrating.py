"""Bring the tables of a journal to a version, and tell which version they are."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from vigie.errors import JournalUnavailable
from vigie.store.journal.failing import failed
from vigie.store.journal.models import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HERE = Path(__file__).parent / "migrations"
NO_VERSION = (
    "Les tables de ce fichier ne disent pas leur version : ce n’est pas un journal de Vigie, ou il est abîmé ; "
    "rien n’y est changé. Remettez le bon fichier ou, sur un dossier sans journal, une sauvegarde par "
    "« vigie journal restore SAUVEGARDE »."
)


def latest() -> str:
    """Return the version that this code works with."""
    return known_versions()[0]


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
        known = known_versions()
        if to not in {"head", "base", *known}:
            raise JournalUnavailable(
                f"La version « {to} » du journal n’existe pas. Versions connues : {', '.join(reversed(known))}."
            )
        here = version_of(connection)
        refuse_unknown(here)
        if not here:
            _refuse_foreign(connection)
        connection.rollback()
        down = to == "base" or (to in known and here in known and known.index(here) < known.index(to))
        (command.downgrade if down else command.upgrade)(config, to)
        connection.commit()
    return version(engine)


def require_latest(engine: Engine) -> None:
    """Raise `JournalUnavailable` when the tables are not those of this code."""
    found, wanted = version(engine), latest()
    refuse_unknown(found)
    if not found:
        with engine.connect() as connection:
            _refuse_foreign(connection)
    if found != wanted:
        raise JournalUnavailable(
            f"Les tables du journal sont à la version « {found or 'aucune'} », "
            f"ce programme attend « {wanted} » : lancez « vigie journal migrate »."
        )
    with engine.connect() as connection:
        if missing_tables(connection):
            raise failed("tables")


@cache
def known_versions() -> tuple[str, ...]:
    """Return the versions that this code knows, the latest first; its files are read once by a process."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def refuse_unknown(found: str) -> None:
    """Raise `JournalUnavailable` when tables are of a version that this code does not know."""
    if found and found not in known_versions():
        raise JournalUnavailable(
            f"Les tables du journal sont à la version « {found} », que ce programme ne connaît pas : elles viennent "
            "d’une version plus récente de Vigie, rien n’y est changé. Installez cette version, ou restaurez ailleurs "
            "une sauvegarde faite par celle-ci."
        )


def _refuse_foreign(connection: Connection) -> None:
    """Raise `JournalUnavailable` for a file that holds tables of something else; a server's base may hold some."""
    if connection.dialect.name == "sqlite" and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        raise JournalUnavailable(NO_VERSION)


def missing_tables(connection: Connection) -> list[str]:
    """Return the tables of this code that a journal at its version does not have."""
    return sorted(set(Base.metadata.tables) - set(inspect(connection).get_table_names()))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
