"""Opening the journal of an installation, on the engine that its address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.settings import Settings
    from vigie.store.journal.sql import Clock, Particular, SqlJournal

JOURNAL = "journal.db"


def open_journal(settings: Settings, *, keeper: bool = False, clock: Clock | None = None) -> SqlJournal:
    """Open the journal of the installation; `keeper` opens it as its owner, to migrate, back up or check.

    A SQLite file is made, and brought to the version of this program, when it does not exist yet. Raises
    `JournalUnavailable` when an existing journal is of another version, unless it is opened by its keeper.
    """
    from vigie.services import keys
    from vigie.store.engines.postgres import PostgresParticular
    from vigie.store.engines.sqlite import SqliteParticular
    from vigie.store.journal import migrating
    from vigie.store.journal.failing import told_to_host
    from vigie.store.journal.sql import SqlJournal, utc_now

    now, path = clock or utc_now, journal_file(settings)
    if path is None:
        fresh = False
        particular: Particular = PostgresParticular(settings.journal_url, keeper=keeper)
    else:
        if not keeper:
            keys.require_journal(settings, path)
        fresh = not path.exists() or not path.stat().st_size
        particular = SqliteParticular(path)
    journal = SqlJournal(particular, now)
    try:
        with told_to_host(str(path or "")):
            if fresh:
                migrating.migrate(journal.engine)
            if not keeper:
                migrating.require_latest(journal.engine)
    except BaseException:
        journal.close()
        raise
    return journal


def journal_file(settings: Settings) -> Path | None:
    """Return the file of the journal, `None` when it is kept by a server."""
    url = settings.journal_url
    if "://" in url and not url.startswith("sqlite:"):
        return None
    return Path(url.removeprefix("sqlite:///")) if url else settings.data_dir / JOURNAL


def require_existing(settings: Settings) -> None:
    """Raise `JournalUnavailable` where there is no journal to look at."""
    from vigie.errors import JournalUnavailable
    from vigie.services import keys

    path = journal_file(settings)
    keys.require_journal(settings, path)
    if path is not None and not (path.is_file() and path.stat().st_size):
        raise JournalUnavailable(
            f"Il n’y a pas de journal dans « {path} » : donnez un autre dossier avec --data-dir, ou restaurez une "
            "sauvegarde par « vigie journal restore FICHIER »."
        )


def start_anew(settings: Settings) -> None:
    """Let the installation begin again without the journal or the secret that it lost; see `sealing`."""
    from vigie.services import keys

    path = journal_file(settings)
    there = path is None or (path.is_file() and bool(path.stat().st_size))
    journal = open_journal(settings) if there else None
    keys.start_anew(settings, journal)
    if journal is not None:
        journal.close()


def existing_journal(settings: Settings) -> SqlJournal | None:
    """Open the journal, unless its file was never made; raises `JournalUnavailable` when it was, and is gone."""
    from vigie.services import keys

    path = journal_file(settings)
    keys.require_journal(settings, path)
    if path is not None and not path.exists():
        return None
    return open_journal(settings)
