"""Where a table stands in what was handed in: the file itself, a member of an archive, a sheet of a workbook.

A card names the member (`layout.member`) and the sheet (`layout.sheet`) by a pattern, where a file has several.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from vigie.errors import StructureFault
from vigie.sources.archives import csv_member, table_members
from vigie.sources.workbooks import sheet_names

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.sources.cards_reader import Card

Format = Literal["csv", "csv.gz", "zip", "parquet", "xlsx", "json"]


class Part(NamedTuple):
    """A table within a file: the member of an archive, the sheet of a workbook, where there is one."""

    format: Format
    member: str | None = None
    sheet: str | None = None


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name announces, `None` when it is none of those read."""
    name = path.name.lower()
    return next((f for f in get_args(Format) if name.endswith(f".{f}")), None)


def parts_of(path: Path, kind: Format) -> tuple[Part, ...]:
    """Return the tables of a file. Raises `StructureFault` when an archive or a workbook cannot be opened."""
    if kind == "xlsx":
        return tuple(Part(kind, None, sheet) for sheet in sheet_names(path, None))
    if kind != "zip":
        return (Part(kind),)
    found: list[Part] = []
    for member in table_members(path):
        if member.lower().endswith(".xlsx"):
            found += [Part(kind, member, sheet) for sheet in sheet_names(path, member)]
        else:
            found.append(Part(kind, member))
    return tuple(found) or (Part(kind, csv_member(path)),)


def suits(card: Card, part: Part, *, alone: bool) -> bool:
    """Tell whether a card may describe a part: a CSV that is alone in its file needs no pattern, a sheet needs one."""
    member, sheet = card.layout.get("member"), card.layout.get("sheet")
    if part.sheet is not None and (sheet is None or not fnmatch(part.sheet, str(sheet))):
        return False
    if part.member is None or (member is None and (alone or part.sheet is not None)):
        return True
    return alone or (member is not None and fnmatch(part.member.rsplit("/", 1)[-1], str(member)))


def part_for(path: Path, card: Card) -> Part:
    """Return the one part of a file that a card describes. Raises `StructureFault` when there is none, or several."""
    kind = format_of(path)
    if kind is None or kind in ("csv", "csv.gz", "parquet", "json"):
        return Part(kind or "csv")
    found = parts_of(path, kind)
    chosen = [part for part in found if suits(card, part, alone=len(found) == 1)]
    if len(chosen) != 1:
        raise unclear(path, chosen or found)
    return chosen[0]


def unclear(path: Path, parts: tuple[Part, ...] | list[Part]) -> StructureFault:
    """Return that nothing says which table of a file is to be read."""
    if all(part.sheet is None for part in parts):
        names = ", ".join(sorted(str(part.member) for part in parts)[:5])
        return StructureFault(
            f"cette archive contient {len(parts)} fichiers CSV ({names})\u00a0: lequel lire n’est pas dit.",
            file=path.name,
            remedy="Sortez-en le fichier voulu et donnez-le seul à « vigie refresh », ou dites-le dans sa carte (clé "
            "layout.member).",
        )
    names = ", ".join(str(part.sheet or part.member) for part in parts[:5])
    return StructureFault(
        f"ce classeur contient des feuilles ({names}) dont aucune n’est celle d’une carte, ou plusieurs le sont.",
        file=path.name,
        remedy="Enregistrez la feuille voulue en CSV à partir de sa ligne d’en-tête, ou dites-la dans sa carte (clé "
        "layout.sheet).",
    )
