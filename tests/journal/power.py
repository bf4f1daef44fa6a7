"""A disk that forgets: a SQLite VFS that notes every write and every flush, and replays them up to a power cut.

What was flushed before the cut is there. Of what was written since the last flush of its file, a disk may have kept
anything: `kept` decides, sector by sector. Names of files are taken as durable once the file exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512
Kept = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing asked of the disk: write, cut (to a size), sync or delete, on the file of a name."""

    verb: str
    file: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Everything asked of the disk, in order, after the files that it held before."""

    before: dict[str, bytes] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def after_cut(self, instant: int, kept: Kept) -> dict[str, bytes]:
        """Return the files as a power cut leaves them when only the first `instant` steps were asked."""
        lasting = {}
        for position, step in enumerate(self.steps[:instant]):
            if step.verb == "sync":
                lasting[step.file] = position
        files = {name: bytearray(content) for name, content in self.before.items()}
        for position, step in enumerate(self.steps[:instant]):
            flushed = position <= lasting.get(step.file, -1)
            _apply(files, step, (lambda: True) if flushed else kept)
        return {name: bytes(content) for name, content in files.items()}


def _apply(files: dict[str, bytearray], step: Step, kept: Kept) -> None:
    if step.verb == "delete":
        files.pop(step.file, None)
        return
    content = files.setdefault(step.file, bytearray())
    if step.verb == "cut" and kept():
        del content[step.offset :]
    if step.verb != "write":
        return
    for start in range(0, len(step.data), SECTOR):
        if kept():
            piece, place = step.data[start : start + SECTOR], step.offset + start
            content.extend(b"\0" * (place + len(piece) - len(content)))
            content[place : place + len(piece)] = piece


@contextmanager
def noting(name: str, before: dict[str, bytes]) -> Iterator[Disk]:
    """Register a VFS of that name and yield the disk that it writes on."""
    disk = Disk(before)
    vfs = _Vfs(name, disk)
    yield disk
    vfs.unregister()


class _Vfs(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802 - names are SQLite's
        """Open a file that notes."""
        return _File(name, flags, self._disk)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Note a removal."""
        self._disk.steps.append(Step("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: Any, disk: Disk) -> None:
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else "temporary"
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Note a write."""
        self._disk.steps.append(Step("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Note a cut."""
        self._disk.steps.append(Step("cut", self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Note a flush."""
        self._disk.steps.append(Step("sync", self._name))
        super().xSync(flags)
