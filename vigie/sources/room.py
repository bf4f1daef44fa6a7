"""The room left on a disk: what is kept for the journal, what is too much, and a full disk said in one sentence."""

from __future__ import annotations

import errno
import math
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from vigie.domain.french import number
from vigie.errors import NoRoom

MIB = 1 << 20
RESERVE = 64 * MIB
"""Bytes that no load and no download takes: the journal, often on the same disk, goes on being written with them.

Twice what the service wants to be ready, so that a load that comes to it does not make it say that it is not. The
largest spreadsheet brought in (20 MB) writes less than that.
"""
LOOK_SECONDS = 0.1
"""Between two looks at the room left: a disk that takes 500 MiB in a second loses less than the reserve meanwhile."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAID = ("no space left", "os error 28", "disk is full", "disk quota exceeded", "max_temp_directory_size")
T = TypeVar("T")


def free(place: Path) -> int:
    """Return the bytes left where a path is, or will be."""
    there = next((one for one in (place, *place.absolute().parents) if one.is_dir()), Path("/"))
    return shutil.disk_usage(there).free


def size_of(folder: Path) -> int:
    """Return the bytes that a folder takes on its disk; 0 when it does not exist."""
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            with suppress(FileNotFoundError):
                total += (Path(place) / name).lstat().st_blocks * 512
    return total


def is_full(fault: BaseException | None) -> bool:
    """Tell whether a fault, or what it comes from, is that of a full disk, whatever engine met it."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        if isinstance(fault, OSError) and fault.errno in _FULL:
            return True
        if any(words in str(fault).casefold() for words in _SAID):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def require(place: Path, needed: int, what: str, already: int = 0) -> None:
    """Raise `NoRoom` when writing so many bytes would leave less than the reserve; `already` are given back first.

    `what` ends « Il faut environ 70 Mio pour … ».
    """
    left = free(place) + already
    short = needed + RESERVE - left
    if short > 0:
        raise NoRoom(
            f"Il faut environ {mib(needed)} pour {what} dans « {place} », et {mib(RESERVE)} y restent pour le "
            f"journal : il n’en reste que {mib(left)}. Rien n’a été écrit. Libérez environ {mib(short)}, ou choisissez "
            "un dossier sur un autre disque."
        )


@contextmanager
def writing(place: Path, kept: str = "Rien n’a été remplacé.") -> Iterator[None]:
    """Say in one sentence that the disk of a place is full; raises `NoRoom`."""
    try:
        yield
    except NoRoom:
        raise
    except Exception as fault:
        if not is_full(fault):
            raise
        raise NoRoom(
            f"Le disque de « {place} » est plein. {kept} Libérez de la place, ou choisissez un dossier sur un autre "
            "disque, puis recommencez."
        ) from fault


class RoomWatch:
    """What watches the room left while something is written; `short` once the reserve was reached."""

    def __init__(self, place: Path, interrupt: Callable[[], None]) -> None:
        self._place, self._interrupt = place, interrupt
        self.short = False

    def look(self) -> None:
        """Look at the room left; what is being written is interrupted when the reserve is reached, each time."""
        self.short = self.short or free(self._place) < RESERVE
        if self.short:
            self._interrupt()

    def check(self) -> None:
        """Raise `NoRoom` when the reserve was reached."""
        self.short = self.short or free(self._place) < RESERVE
        if self.short:
            raise NoRoom(
                f"Il ne reste plus que la place gardée pour le journal ({mib(RESERVE)}) sur le disque de "
                f"« {self._place} » : ce qui était préparé a été retiré, rien n’a été remplacé. Libérez de la place, "
                "ou choisissez un dossier sur un autre disque, puis recommencez."
            )

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """Hand things over one by one, as long as there is room."""
        for thing in things:
            self.check()
            yield thing


@contextmanager
def watched(place: Path, interrupt: Callable[[], None]) -> Iterator[RoomWatch]:
    """Watch the room left while something is written inside, from a thread of its own.

    `interrupt` is called from that thread once the reserve is reached; whatever fails then raises `NoRoom`.
    """
    watch, done = RoomWatch(place, interrupt), threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            watch.look()

    watcher = threading.Thread(target=look, name="room left", daemon=True)
    watcher.start()
    try:
        yield watch
    except Exception:
        if watch.short:
            watch.check()
        raise
    finally:
        done.set()
        watcher.join()


def mib(count: int) -> str:
    """Return a number of bytes as people read it, rounded up."""
    return f"{number(math.ceil(max(0, count) / MIB))} Mio"
