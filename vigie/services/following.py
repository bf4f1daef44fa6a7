"""Which generation answers: the one that the pointer names or, when it is damaged, the latest that can be read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from vigie.errors import DataUnreadable
from vigie.store import generation

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.store.generation import Signature

_log = logging.getLogger("vigie.data")


class Closable(Protocol):
    """What is opened on a generation."""

    def close(self) -> None:
        """Release the generation."""


Opened = TypeVar("Opened", bound=Closable)


@dataclass(frozen=True, slots=True)
class Damage:
    """A generation that cannot be read: why, and what its files were then, so that a repair is noticed."""

    refusal: DataUnreadable
    signature: Signature


class Shelf(Generic[Opened]):
    """The generations of a data directory, and how one is opened; remembers those that could not be."""

    def __init__(self, data_dir: Path, opening: Callable[[Path, str], Opened]) -> None:
        self._data_dir, self._opening = data_dir, opening
        self._damaged: dict[str, Damage] = {}

    def take(self) -> tuple[Path, Opened] | None:
        """Open the first generation that can be, `None` when nothing was ever loaded.

        `opening` receives the folder and, when another one should have answered, what is wrong with it. Raises
        `DataUnreadable` when there were some and none can be read.
        """
        refusals: list[DataUnreadable] = []
        pointed = generation.pointer(self._data_dir)
        self._forget_changed()
        for folder in generation.candidates(self._data_dir):
            if not refusals and folder.name != pointed:
                refusals.append(_of_pointer(pointed))
            refusal = self._known(folder) or generation.refusal_of(folder)
            if refusal is None:
                try:
                    return folder, self._opening(folder, refusals[0].fault if refusals else "")
                except DataUnreadable as refused:
                    refusal = refused
            self.distrust(folder, refusal)
            refusals.append(refusal)
        if pointed is None and not refusals:
            return None
        first = refusals[0] if refusals else _of_pointer(pointed)
        raise type(first)(first.fault)

    def distrust(self, folder: Path, refusal: DataUnreadable) -> None:
        """Leave a generation out until its files change."""
        known, damage = self._damaged.get(folder.name), Damage(refusal, generation.signature(folder))
        if known is None or (known.refusal.fault, known.signature) != (refusal.fault, damage.signature):
            _log.error("generation %s cannot be read: %s", folder.name, refusal.fault)
        self._damaged[folder.name] = damage

    def changed(self) -> bool:
        """Tell whether the files of a generation that could not be read are others now."""
        damaged = tuple(self._damaged.items())
        places = ((self._data_dir / generation.GENERATIONS / name, known) for name, known in damaged)
        return any(generation.signature(folder) != known.signature for folder, known in places)

    def _forget_changed(self) -> None:
        """Forget what was said of files that are others now, or gone: they are tried again where they are needed."""
        for name, known in tuple(self._damaged.items()):
            if generation.signature(self._data_dir / generation.GENERATIONS / name) != known.signature:
                self._damaged.pop(name, None)

    def _known(self, folder: Path) -> DataUnreadable | None:
        known = self._damaged.get(folder.name)
        return known.refusal if known else None


class GenerationWatcher(Generic[Opened]):
    """What is opened on the generation in service, following it when it changes, is damaged or is repaired.

    Another generation is opened apart, once, while the former one goes on answering: readers wait for an opening only
    when nothing else can answer them. What was opened on the former one is closed once the last answer that uses it is
    given.
    """

    def __init__(self, data_dir: Path, opening: Callable[[Path, str], Opened]) -> None:
        self._data_dir, self._shelf = data_dir, Shelf(data_dir, opening)
        self._lock = threading.Lock()
        self._held: _Held[Opened] | None = None
        self._opening: Future[_Held[Opened] | None] | None = None

    def name(self) -> str:
        """Return the name of the generation that answers, empty when there is none."""
        held = self._borrow()
        if held is None:
            return ""
        self._give_back(held)
        return held.folder.name if held.folder.name == held.pointed else f"{held.folder.name}, unpointed"

    @contextmanager
    def lend(self) -> Iterator[Opened | None]:
        """Lend what is opened on the generation in service, `None` when nothing was ever loaded.

        Raises `DataUnreadable` when no generation can be read, and when the one lent turns out to be damaged: the next
        one to ask is lent another.
        """
        held = self._borrow()
        if held is None:
            yield None
            return
        try:
            yield held.opened
        except DataUnreadable as fault:
            with self._lock:
                self._shelf.distrust(held.folder, fault)
                self._retire(held)
            raise
        finally:
            self._give_back(held)

    def settle(self) -> None:
        """Wait for the opening under way, if there is one."""
        with self._lock:
            opening = self._opening
        if opening is not None:
            wait([opening])

    def close(self) -> None:
        """Let go of the generation in service."""
        self.settle()
        with self._lock:
            if self._held is not None:
                self._retire(self._held)

    def _borrow(self) -> _Held[Opened] | None:
        """Count one more reader of what answers now, and have the generation in service opened when it is another."""
        while True:
            with self._lock:
                held = self._held
                whole = held is not None and held.unchanged()
                if held is None or not whole or self._outdated(held):
                    self._opening = self._opening or self._open_apart()
                if held is not None and whole:
                    held.readers += 1
                    return held
                opening = self._opening
            fresh = opening.result() if opening else None
            with self._lock:
                if fresh is None or not fresh.retired:
                    if fresh is not None:
                        fresh.readers += 1
                    return fresh

    def _give_back(self, held: _Held[Opened]) -> None:
        with self._lock:
            held.readers -= 1
            held.close_if_drained()

    def _outdated(self, held: _Held[Opened]) -> bool:
        return held.pointed != generation.pointer(self._data_dir) or self._shelf.changed()

    def _open_apart(self) -> Future[_Held[Opened] | None]:
        opening: Future[_Held[Opened] | None] = Future()
        threading.Thread(target=self._switch, args=(opening,), name="vigie-generation", daemon=True).start()
        return opening

    def _switch(self, opening: Future[_Held[Opened] | None]) -> None:
        """Open the generation in service and put it in the place of the former one; tell those who wait."""
        try:
            fresh = self._taken()
        except BaseException as refusal:
            with self._lock:
                self._opening = None
                if self._held is not None and isinstance(refusal, DataUnreadable):
                    self._retire(self._held)
                elif self._held is not None:
                    _log.exception("the generation in service cannot be opened; the former one answers")
            opening.set_exception(refusal)
            return
        with self._lock:
            self._opening = None
            if self._held is not None:
                self._retire(self._held)
            self._held = fresh
        opening.set_result(fresh)

    def _taken(self) -> _Held[Opened] | None:
        pointed = generation.pointer(self._data_dir)
        taken = self._shelf.take()
        return _Held(pointed, *taken, generation.signature(taken[0])) if taken else None

    def _retire(self, held: _Held[Opened]) -> None:
        if self._held is held:
            self._held = None
        held.retired = True
        held.close_if_drained()


@dataclass(slots=True)
class _Held(Generic[Opened]):
    """What is opened on a generation, what the pointer named then, and the number of answers being made from it."""

    pointed: str | None
    folder: Path
    opened: Opened
    signature: Signature
    readers: int = 0
    retired: bool = False

    def unchanged(self) -> bool:
        return self.signature == generation.signature(self.folder)

    def close_if_drained(self) -> None:
        if self.retired and self.readers == 0:
            self.opened.close()


def _of_pointer(pointed: str | None) -> DataUnreadable:
    if pointed:
        return DataUnreadable(f"{pointed} n’est plus là")
    what = "n’est plus là" if pointed is None else "ne se lit pas"
    return DataUnreadable(f"le fichier «\u00a0{generation.POINTER}\u00a0» {what}")
