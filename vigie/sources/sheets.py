"""Rows of a published sheet (CSV, zipped or not, Parquet, workbook), as text, named and read as its card says."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.errors import StructureFault
from vigie.sources.archives import open_bytes
from vigie.sources.headers import Recognised, recognise, refuse_duplicates
from vigie.sources.parts import part_for
from vigie.sources.workbooks import header_of, numbered, sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vigie.sources.cards_reader import Card

Cells = dict[str, str | None]


def records(path: Path, card: Card) -> Iterator[tuple[int, Cells | None]]:
    """Yield (record number from 1, cells by the card's own names); `None` for a row with too many or too few cells.

    The card's layout may give `encoding` (utf-8 by default), `skip_lines` above the header, « header: none », `escape`
    (the sign before a quote within quotes), `member` of an archive and `sheet` of a workbook. Empty cells are `None`,
    spaces around are dropped. Raises `StructureFault` when the file or its header is at fault.
    """
    part = part_for(path, card)
    if part.format == "parquet":
        yield from _parquet(path, card)
    elif part.sheet is not None:
        yield from _workbook(path, part.member, part.sheet, card)
    else:
        yield from _csv(path, part.member, card)


def parquet_columns(path: Path) -> tuple[str, ...]:
    """Return the columns of a Parquet file. Raises `StructureFault` when it is none."""
    return tuple(_opened(path).schema_arrow.names)


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise StructureFault(
            "ce fichier n’est pas du Parquet, ou il est tronqué.", file=path.name,
            remedy="Téléchargez-le de nouveau, puis comparez sa taille à celle que le producteur annonce.",
        ) from error  # fmt: skip


def _parquet(path: Path, card: Card) -> Iterator[tuple[int, Cells | None]]:
    table = _opened(path)
    reads = _reads(table.schema_arrow.names, path, card)
    number = 0
    for batch in table.iter_batches(columns=list(dict.fromkeys(reads.values()))):
        columns = [batch.column(column).to_pylist() for column in reads.values()]
        for row in zip(*columns, strict=True):
            number += 1
            yield number, dict(zip(reads, map(_text, row), strict=True))


def _workbook(path: Path, member: str | None, sheet: str, card: Card) -> Iterator[tuple[int, Cells | None]]:
    found = header_of(path, member, sheet, card)
    if found is None:
        raise StructureFault(
            f"la feuille «\u00a0{sheet}\u00a0» n’a pas l’en-tête que la carte «\u00a0{card.id}\u00a0» annonce.",
            file=path.name, remedy="Donnez le classeur tel qu’il est publié, ou corrigez les colonnes dans la carte.",
        )  # fmt: skip
    above, header = found
    reads = _reads(list(header), path, card)
    places = {name: header.index(column) for name, column in reads.items()}
    for number, row in enumerate(islice(sheet_rows(path, member, sheet), above, None), start=1):
        if any(row):
            yield number, {name: row[place] or None for name, place in places.items()}


def _csv(path: Path, member: str | None, card: Card) -> Iterator[tuple[int, Cells | None]]:
    encoding = str(card.layout.get("encoding", "utf-8"))
    with open_bytes(path, member) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="")
        try:
            for _ in range(int(card.layout.get("skip_lines", 0))):
                text.readline()
            yield from _rows(text, path, card)
        except UnicodeDecodeError as error:
            raise StructureFault(
                f"ce fichier n’est pas en {encoding}.", file=path.name,
                remedy="Enregistrez-le dans cet encodage, ou dites le bon dans sa carte (clé layout.encoding).",
            ) from error  # fmt: skip


def _rows(text: io.TextIOWrapper, path: Path, card: Card) -> Iterator[tuple[int, Cells | None]]:
    line = text.readline()
    if not line.strip():
        raise StructureFault("ce fichier est vide.", file=path.name, line=1, remedy="Téléchargez-le de nouveau.")
    delimiter, escape = max(card.delimiters, key=line.count), card.layout.get("escape")
    first = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
    unnamed = card.layout.get("header") == "none"
    header = list(numbered(len(first))) if unnamed else first
    reads = _reads(header, path, card)
    places = {name: header.index(column) for name, column in reads.items()}
    rest = csv.reader(chain([line] if unnamed else [], text), delimiter=delimiter, escapechar=escape)
    for number, row in enumerate(rest, start=1):
        if row:
            whole = len(row) == len(header)
            yield number, {name: _text(row[place]) for name, place in places.items()} if whole else None


def _reads(columns: list[str], path: Path, card: Card) -> dict[str, str]:
    refuse_duplicates(columns, path.name)
    if card.spelling == "exact":
        _refuse_incomplete(columns, path, card)
    answer = recognise(columns, path.name, [card])
    if not isinstance(answer, Recognised):
        raise StructureFault(f"c’est {answer.title}.", file=path.name, line=1, remedy=answer.remedy)
    return answer.reads


def _refuse_incomplete(columns: list[str], path: Path, card: Card) -> None:
    wanted = [rule.name for rule in card.columns if rule.required and rule.pattern is None]
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise StructureFault(
            f"il manque à l’en-tête {'les colonnes' if len(missing) > 1 else 'la colonne'} {', '.join(missing)}, "
            f"que la carte « {card.id} » annonce.", file=path.name, line=1, column=missing[0],
            remedy="Donnez le fichier tel qu’il est publié, ou corrigez le nom des colonnes dans la carte.",
        )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None else str(value).strip() or None
