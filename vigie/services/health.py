"""Whether an installation can serve: its data, its journal, the room it has left."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.errors import Conflict, DataOutdated, DataUnreadable
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal

KEPT_SECONDS = 5.0
"""How long an answer holds: whoever asks more often costs nothing more."""
JOURNAL_SECONDS = 2.0
"""How long the journal is waited for: one that is busy writing is not a dead one."""
DEAD_SECONDS = 60.0
"""How long a journal may be busy before it counts as dead."""
LEAST_ROOM_MIB = 32
"""Half of what loads and downloads leave (`vigie.sources.room.RESERVE`): below it somebody else fills the disk."""
_GRAVE = {
    "damaged": "Le journal est abîmé : une partie ne se lit plus.",
    "tables": "Il manque au journal une table ou une colonne.",
    "gone": "Le fichier du journal n’est plus là, ou un autre a pris sa place.",
    "full": "Le disque du journal est plein.",
}
"""Failures of the journal that trying again does not mend."""
_log = logging.getLogger("vigie.health")


@dataclass(frozen=True, slots=True)
class HealthState:
    """What was found: generation in service (empty for none), journal readable and writable, room left in MiB.

    `damaged` says that data which were loaded cannot be read, whether or not former ones answer instead; `failing`
    holds the kinds of failures of the journal in the last five minutes.
    """

    generation: str = ""
    damaged: bool = False
    outdated: bool = False
    simulated: bool = False
    readable: bool = False
    writable: bool = False
    room_mib: int = 0
    failing: frozenset[str] = frozenset()

    @property
    def faults(self) -> tuple[str, ...]:
        """Return a French sentence for each thing that is wrong; it names no place of the machine."""
        found = (
            ("Aucune donnée n’est chargée.", bool(self.generation) or self.damaged),
            ("Les données chargées ne se lisent plus.", bool(self.generation) or not self.damaged or self.outdated),
            (
                "Les données en place sont d’une version antérieure de Vigie : elles sont à charger de nouveau.",
                bool(self.generation) or not self.outdated,
            ),
            ("Le journal ne peut pas être lu.", self.readable),
            ("Le journal ne peut pas être écrit.", self.writable or not self.readable),
            ("Le disque est presque plein.", self.room_mib >= LEAST_ROOM_MIB),
            *((sentence, kind not in self.failing) for kind, sentence in _GRAVE.items()),
        )
        return tuple(sentence for sentence, well in found if not well)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a French sentence for each thing to repair that keeps nobody from being answered."""
        found = (
            ("Les dernières données chargées ne se lisent plus : les précédentes répondent.",
             self.damaged and bool(self.generation)),
            ("Le journal n’a pas répondu à toutes les demandes des cinq dernières minutes.",
             bool(self.failing - set(_GRAVE))),
        )  # fmt: skip
        return tuple(sentence for sentence, holds in found if holds)

    def as_dict(self) -> dict[str, Any]:
        """Return what the API tells of it."""
        return {
            "etat": " ".join((*self.faults, *self.warnings)) or "ok",
            "pret": not self.faults,
            "generation": self.generation or None,
            "simulated": self.simulated,
            "journal": {"lisible": self.readable, "modifiable": self.writable},
            "place_libre_mio": self.room_mib,
        }


class Health:
    """Looks at an installation, once in five seconds at most, in two seconds at most.

    `loaded` returns the generation in service, whether it is imaginary, and whether a damaged one should answer;
    `failing`, the kinds of recent failures of the journal.
    """

    def __init__(
        self,
        journal: Journal,
        data_dir: Path,
        loaded: Callable[[], tuple[str, bool, bool]],
        failing: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._journal, self._data_dir, self._loaded, self._failing = journal, data_dir, loaded, failing
        self._lock = threading.Lock()
        self._looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vigie-health")
        self._asked: Future[tuple[bool, bool]] | None = None
        self._asked_at = 0.0
        self._kept: tuple[float, HealthState] | None = None
        self._logged = ""

    def state(self) -> HealthState:
        """Return the state of the installation; what is wrong is logged when it changes, with its place."""
        with self._lock:
            now = time.monotonic()
            if self._kept is None or now - self._kept[0] > KEPT_SECONDS:
                self._kept = (now, self._look())
            return self._kept[1]

    def close(self) -> None:
        """Look no more."""
        self._looking.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> HealthState:
        state = HealthState(room_mib=self._room())
        try:
            generation, simulated, damaged = self._loaded()
            state = replace(state, generation=generation, simulated=simulated, damaged=damaged)
        except DataUnreadable as fault:
            state = replace(state, damaged=True, outdated=isinstance(fault, DataOutdated))
            self._log_once(f"data of {self._data_dir}: {fault.fault}")
        except Exception as fault:  # whatever it is, it is not ready: the service that reads data says more
            self._log_once(f"data of {self._data_dir}: {type(fault).__name__}")
        readable, writable = self._of_journal()
        if state.generation and readable and writable:
            self._logged = ""
        return replace(state, readable=readable, writable=writable, failing=self._failing())

    def _room(self) -> int:
        try:
            return shutil.disk_usage(self._data_dir).free // 2**20
        except OSError as fault:
            self._log_once(f"room of {self._data_dir}: {type(fault).__name__}")
            return 0

    def _of_journal(self) -> tuple[bool, bool]:
        """Return whether the journal reads and writes; one that has not answered yet is as it was last time."""
        if self._asked is None:
            self._asked, self._asked_at = self._looking.submit(self._try_journal), time.monotonic()
        try:
            answer = self._asked.result(JOURNAL_SECONDS)
        except TimeoutError:
            if time.monotonic() - self._asked_at > DEAD_SECONDS:
                self._log_once("journal does not answer")
                return False, False
            before = self._kept[1] if self._kept else HealthState(readable=True, writable=True)
            return before.readable, before.writable
        self._asked = None
        return answer

    def _try_journal(self) -> tuple[bool, bool]:
        try:
            with self._journal.reading(Scope()) as reader:
                reader.one(select(Organisation).limit(1))
        except Exception as fault:
            self._log_once(f"journal not readable: {type(fault).__name__}")
            return False, False
        try:
            with self._journal.writing(Scope()):
                pass
        except Conflict:
            return True, True  # somebody else writes
        except Exception as fault:
            self._log_once(f"journal not writable: {type(fault).__name__}")
            return True, False
        return True, True

    def _log_once(self, line: str) -> None:
        if line != self._logged:
            self._logged = line
            _log.warning("%s", line)
