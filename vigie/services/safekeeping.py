"""Keep the journal safe: migrate it, back it up, restore it, check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.store.journal import backup, checking, migrating
from vigie.store.journal.failing import told_to_host

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.store.journal.backup import Copied
    from vigie.store.journal.checking import Verdict
    from vigie.store.journal.sql import SqlJournal

__all__ = ["Copied", "Migrated", "Safekeeping", "Verdict"]


@dataclass(frozen=True, slots=True)
class Migrated:
    """The versions of the tables before and after a migration; an empty version is no table at all."""

    before: str
    after: str

    def as_dict(self) -> dict[str, Any]:
        """Return the migration as the machine-readable answers print it."""
        return {"before": self.before, "after": self.after, "latest": migrating.latest()}


class Safekeeping:
    """What the host does to a journal as a whole; opened by its keeper, behind no wall.

    `place` is its file, empty on a server. Everything raises `JournalFailed` when the engine fails.
    """

    def __init__(self, journal: SqlJournal, place: str = "") -> None:
        self._journal, self._place = journal, place

    def migrate(self, to: str = "head") -> Migrated:
        """Bring the tables to a version; raises `JournalUnavailable` when it does not exist."""
        with told_to_host(self._place):
            before = migrating.version(self._journal.engine)
            return Migrated(before, migrating.migrate(self._journal.engine, to))

    def back_up(self, target: Path) -> Copied:
        """Write the journal at one instant in a file, while others write; raises `InputFault` when it exists."""
        with told_to_host(self._place):
            if migrating.version(self._journal.engine) == migrating.latest():
                self._journal.gather()
            return backup.back_up(self._journal.engine, target)

    def restore(self, source: Path) -> Copied:
        """Fill an empty journal; raises `JournalUnavailable` when it is not, `StructureFault` for a faulty file."""
        with told_to_host(self._place):
            return backup.restore(self._journal.engine, source)

    def check(self) -> Verdict:
        """Compare the present state with what the events tell; say what is damaged and what still reads."""
        with told_to_host(self._place):
            return checking.check(self._journal.engine)

    def scrub(self) -> None:
        """Overwrite what was erased in the files of the engine, as its owner may."""
        self._journal.scrub()

    def close(self) -> None:
        """Release the journal."""
        self._journal.close()
