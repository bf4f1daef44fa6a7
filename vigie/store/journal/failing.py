"""Faults of engines told in French, and readings begun again when an engine asks for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from vigie.errors import JournalFailed
from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import SqlUnit

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.base import Base
    from vigie.store.journal.port import Row

QUIET_SECONDS = 60.0
"""A kind of failure is logged once in this time, however many requests meet it."""
RECENT_SECONDS = 300.0
"""How long the state of the service tells a failure after the last one."""
RESTORE = (
    "mettez de côté le fichier du journal et ceux qui le suivent (« -wal », « -shm »), lancez « vigie journal restore "
    "SAUVEGARDE », puis redémarrez le service"
)
_CHECK = "« vigie journal check » dit ce qui se lit encore"
SENTENCES = {
    "damaged": f"Le journal est abîmé : rien n’y est changé. {_CHECK} ; pour le remettre, {RESTORE}.",
    "gone": "Le fichier du journal n’est plus là, ou un autre a pris sa place : rien n’est enregistré. Remettez-le, ou "
    "restaurez une sauvegarde (« vigie journal restore SAUVEGARDE »), puis redémarrez le service.",
    "tables": f"Il manque au journal une table ou une colonne : rien n’y est changé. {_CHECK} ; pour le remettre, "
    f"{RESTORE}.",
    "full": "Le disque du journal est plein : rien n’a été enregistré cette fois. Ce qui l’était se lit toujours. "
    "Il faut libérer de la place, puis recommencer.",
    "readonly": "Le journal ne s’ouvre qu’en lecture : rien n’a été enregistré. Rendez son fichier et son dossier "
    "modifiables par le service.",
    "unavailable": "Le journal ne répond pas comme il faut : réessayez dans un instant ; si cela dure, "
    "lancez « vigie journal check ».",
}
"""What is said of each kind; no place of the machine is named."""
_OF_SQLITE = (
    ("SQLITE_CORRUPT", "damaged"), ("SQLITE_NOTADB", "damaged"), ("SQLITE_IOERR_SHORT_READ", "damaged"),
    ("SQLITE_FULL", "full"), ("SQLITE_CANTOPEN", "gone"), ("SQLITE_READONLY_DBMOVED", "gone"),
    ("SQLITE_READONLY", "readonly"), ("SQLITE_BUSY", "busy"),
)  # fmt: skip
_OF_POSTGRES = {"XX001": "damaged", "XX002": "damaged", "53100": "full", "42P01": "tables", "42703": "tables",
                "25006": "readonly"}  # fmt: skip
_log = logging.getLogger("vigie.journal")


def kind_of(fault: DBAPIError) -> str:
    """Return the kind of a failure of an engine."""
    state = getattr(fault.orig, "sqlstate", None)
    if state is not None:
        return _OF_POSTGRES.get(str(state), "unavailable")
    name, said = str(getattr(fault.orig, "sqlite_errorname", "")), str(fault.orig)
    if said.startswith(("no such table", "no such column")) or "has no column named" in said:
        return "tables"
    return next((kind for start, kind in _OF_SQLITE if name.startswith(start)), "unavailable")


def cause_of(fault: DBAPIError) -> str:
    """Return what the log tells of a failure: what the engine calls it, never a value that somebody wrote."""
    code = getattr(fault.orig, "sqlstate", None) or getattr(fault.orig, "sqlite_errorname", None)
    told = "" if isinstance(fault, IntegrityError) else str(fault.orig).partition("\n")[0][:200]
    return " ".join(filter(None, (type(fault.orig).__name__, str(code or ""), told)))


def failed(kind: str, place: str = "") -> JournalFailed:
    """Return the error of a kind of failure; `place` is the file of the journal, named to its host only."""
    sentence = SENTENCES.get(kind, SENTENCES["unavailable"])
    return JournalFailed(kind, f"{sentence} Fichier : « {place} »." if place else sentence)


@contextmanager
def told_to_host(place: str) -> Iterator[None]:
    """Say in French, with the place of the journal, what the engine fails on; for commands of the host."""
    try:
        yield
    except DBAPIError as fault:
        raise failed(kind_of(fault), place) from fault
    except JournalFailed as fault:
        raise failed(fault.kind, place) from fault
    except SQLAlchemyError as fault:  # tables that cannot be made out
        raise failed("tables", place) from fault


class Failures:
    """The failures of a journal in this process: one line each minute and kind, whatever number of requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._logged: dict[str, tuple[float, int]] = {}
        self._last: dict[str, float] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what the engine fails on; raises `JournalFailed`."""
        try:
            yield
        except DBAPIError as fault:
            kind = kind_of(fault)
            self._note(kind, cause_of(fault))
            raise failed(kind) from fault
        except JournalFailed as fault:
            self._note(fault.kind, "the file of the journal was taken away" if fault.kind == "gone" else fault.kind)
            raise

    def waited(self, fault: DBAPIError) -> None:
        """Note that a writer waited for its turn in vain; two writers who merely met are no failure."""
        if kind_of(fault) == "busy":
            self._note("busy", cause_of(fault))

    def recent(self) -> frozenset[str]:
        """Return the kinds of failures of the last five minutes."""
        with self._lock:
            return frozenset(kind for kind, at in self._last.items() if self._clock() - at <= RECENT_SECONDS)

    def _note(self, kind: str, cause: str) -> None:
        with self._lock:
            now = self._last[kind] = self._clock()
            at, held = self._logged.get(kind, (float("-inf"), 0))
            if now - at < QUIET_SECONDS:
                self._logged[kind] = (at, held + 1)
                return
            self._logged[kind] = (now, 0)
        more = f" ({held} more since the last such line)" if held else ""
        _log.error("journal failed (%s): %s%s", kind, cause, more)


class SqlReading(SqlUnit):
    """Reads through a session, each row by its identifier once for each asker; see `port.Reader`.

    Lists name the same people and organisations on every line: `known` reads them together beforehand.
    """

    def __init__(self, *given: Any) -> None:
        self._read: dict[tuple[Scope, type[Base], str], Base | None] = {}
        super().__init__(*given)

    def known(self, table: type[Row], identifiers: Iterable[str]) -> Mapping[str, Row]:
        """Return rows by identifier, in one question; those behind the wall are absent."""
        wanted = [*identifiers]
        found = super().known(table, wanted)
        self._read |= {(self.scope, table, identifier): found.get(identifier) for identifier in wanted}
        return found

    def find(self, table: type[Row], identifier: str) -> Row | None:
        """Return a row by its identifier, withdrawn or not; `None` behind the wall."""
        place = (self.scope, table, identifier)
        if place not in self._read:
            self._read[place] = super().find(table, identifier)
        return cast("Row | None", self._read[place])

    def _zone(self, organisation: str) -> str:
        read = self._read.get((self.scope, Organisation, organisation))
        return read.zone if isinstance(read, Organisation) else super()._zone(organisation)
