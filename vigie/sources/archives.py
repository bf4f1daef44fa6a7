"""Opening what was handed in: plain, gzip or zip, without trusting it; every failure is said with a remedy."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, cast

from vigie.errors import StructureFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# INSEE's zips shrink about 5 times, a file of empty columns about 30 times; a bomb, 1 000 times.
MAX_RATIO = 100
MAX_BYTES = 200 * 1024**3
_SMALL = 16 * 1024**2  # below this size, no ratio can do harm

DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)
"""What Python raises on an archive that is cut, damaged, encrypted, or packed in a way it does not know.

A packing that it does not know is a `RuntimeError`, bytes that are no text a `ValueError`, a broken gzip an `OSError`.
"""


def table_members(path: Path) -> tuple[str, ...]:
    """Return the CSV of a zip or, when it has none, its workbooks (xlsx).

    Raises `StructureFault` when the zip is truncated, encrypted or a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except DAMAGED as error:
        raise _broken_zip(path) from error
    found = [m for m in infos if _is_table(m.filename, ".csv")] or [m for m in infos if _is_table(m.filename, ".xlsx")]
    for member in found:
        _refuse_unsafe(path, member)
    return tuple(sorted(member.filename for member in found))


def csv_member(path: Path) -> str:
    """Return the name of the only CSV of a zip.

    Raises `StructureFault` when the zip is truncated, encrypted, a bomb, or holds no CSV or several.
    """
    found = table_members(path)
    if not found:
        raise StructureFault(
            "cette archive ne contient aucun fichier CSV, ni classeur.",
            file=path.name,
            remedy="Donnez l’archive publiée par le producteur, ou le fichier lui-même.",
        )
    return found[0]


def open_bytes(path: Path, member: str | None) -> IO[bytes]:
    """Open the content of a file as a stream: a zip or gzip is read as it is unpacked, never unpacked first.

    The stream raises `StructureFault` where the archive breaks off, or when it unpacks beyond reason.
    """
    if member is not None:
        try:
            archive = zipfile.ZipFile(path)
            return _guarded(path, archive.open(member), lambda: _broken_zip(path))
        except (*DAMAGED, KeyError) as error:
            raise _broken_zip(path) from error
    if path.suffix == ".gz":
        return _guarded(path, cast("IO[bytes]", gzip.open(path)), lambda: _broken_gzip(path))
    return path.open("rb")


def refuse_unsafe_workbook(path: Path, content: bytes) -> None:
    """Raise `StructureFault` when a workbook, which is a zip, would unpack beyond reason."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            _refuse_unsafe(path, member)


def _is_table(name: str, suffix: str) -> bool:
    base = name.rsplit("/", 1)[-1]
    return base.lower().endswith(suffix) and not base.startswith((".", "__MACOSX", "~$"))


def _refuse_unsafe(path: Path, member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise StructureFault(
            "cette archive est protégée par un mot de passe.",
            file=path.name,
            remedy="Donnez l’archive telle que le producteur la publie, sans mot de passe.",
        )
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > MAX_BYTES or (member.file_size > _SMALL and ratio > MAX_RATIO):
        raise _bomb(path)


class _Guarded(io.RawIOBase):
    """A stream that counts what it unpacks and turns a broken archive into a `StructureFault`."""

    def __init__(self, path: Path, inner: IO[bytes], broken: Callable[[], StructureFault]) -> None:
        self._path, self._inner, self._broken = path, inner, broken
        self._limit = max(_SMALL, min(MAX_BYTES, path.stat().st_size * MAX_RATIO))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except DAMAGED as error:
            raise self._broken() from error
        self._count += len(data)
        if self._count > self._limit:
            raise _bomb(self._path)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _guarded(path: Path, inner: IO[bytes], broken: Callable[[], StructureFault]) -> IO[bytes]:
    return io.BufferedReader(_Guarded(path, inner, broken), buffer_size=1 << 20)


def _bomb(path: Path) -> StructureFault:
    return StructureFault(
        f"cette archive se déplie plus de {MAX_RATIO} fois sa taille : elle n’a pas été ouverte plus avant.",
        file=path.name,
        remedy="Téléchargez-la de nouveau à l’adresse officielle.",
    )


def _broken_zip(path: Path) -> StructureFault:
    return StructureFault(
        "cette archive zip est tronquée ou abîmée.",
        file=path.name,
        remedy="Téléchargez-la de nouveau, puis comparez sa taille à celle que le producteur annonce.",
    )


def _broken_gzip(path: Path) -> StructureFault:
    return StructureFault(
        "ce fichier gzip est tronqué ou abîmé.",
        file=path.name,
        remedy="Téléchargez-le de nouveau, puis comparez sa taille à celle que le producteur annonce.",
    )
