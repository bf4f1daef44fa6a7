"""How much room a load will take, told before it begins."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vigie.domain.territory import TerritoryKind
from vigie.sources import cog
from vigie.sources.archives import DAMAGED
from vigie.sources.room import MIB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.territory import Territory
    from vigie.sources.base import SourceFile

BASE = 30 * MIB
"""What the reference tables take with the log that they are written through (26 MiB measured)."""
SHARE = 0.45
"""Bytes of tables and index for a byte of text that is kept (0.41 measured, on 30,000 and 150,000 establishments)."""
UNPACKED = 5
"""How many times INSEE's compressed files unpack; a zip says it itself."""
ROW = 200
"""Bytes of text of a row of INSEE's files, for Parquet, whose own figures are of its encodings."""
FRANCE = 30_000 * MIB
"""Text of all the files of the whole country: the share of a territory in it bounds what is kept of them."""
_UNEVEN = 1.5
"""How far establishments may depart from the population."""


def room_needed(files: Sequence[SourceFile], territory: Territory | None) -> int:
    """Return the bytes that a load is likely to take on the disk, beside what is in service."""
    text = sum(map(_text, files))
    if territory is not None and territory.kind is not TerritoryKind.FRANCE:
        text = min(text, int(FRANCE * min(1.0, _weight(territory) * _UNEVEN)))
    return BASE + int(text * SHARE)


def _text(file: SourceFile) -> int:
    """Return the bytes of text of a file; its own size when it cannot be told, which a load will say better."""
    try:
        if file.format == "parquet":
            return int(pq.read_metadata(file.path).num_rows) * ROW
        if file.member is not None:
            with zipfile.ZipFile(file.path) as archive:
                return archive.getinfo(file.member).file_size
    except (*DAMAGED, KeyError, pa.ArrowException):
        return file.path.stat().st_size
    return file.path.stat().st_size * (UNPACKED if file.path.suffix == ".gz" else 1)


def _weight(territory: Territory) -> float:
    """Return the part of the country's population that lives in a territory; 1 when it is not known."""
    known = cog.territories([cog.latest_vintage()])
    whole = known.filter(pc.field("kind") == TerritoryKind.FRANCE.value)["population"].to_pylist()
    own = known.filter((pc.field("kind") == territory.kind.value) & (pc.field("code") == territory.code))
    lives = own["population"].to_pylist()
    return lives[0] / whole[0] if lives and lives[0] and whole and whole[0] else 1.0
