"""What every source shares: a recognised file, a prepared table, and finding files among paths."""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import ibis

from vigie.errors import StructureFault
from vigie.sources.archives import open_bytes
from vigie.sources.cells import code
from vigie.sources.headers import Recognised, recognise, refuse_duplicates
from vigie.sources.parts import format_of, parts_of, suits, unclear
from vigie.sources.published_json import json_columns
from vigie.sources.sheets import parquet_columns
from vigie.sources.workbooks import header_of, numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import ibis.expr.types as ir

    from vigie.sources.cards_reader import Card
    from vigie.sources.parts import Format, Part

UNDOCUMENTED = "undocumented_nomenclature"  # column of an accepted table: a value that its producer documents nowhere
RECORD = "record"  # column of a numbered raw table: 1 for the first record after the header

_LONGEST_HEADER = 1 << 20
_DELIMITERS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", "|": "barre verticale"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file recognised by its header.

    `source` is the source it feeds, `member` the file read within a zip, `sheet` that of a workbook, `columns` the
    header as published, and
    `reads` says where each column that the source wants is found: name in Vigie → name in the file.
    """

    source: str
    path: Path
    format: Format
    member: str | None
    columns: tuple[str, ...]
    delimiter: str
    name: str
    card: str = ""
    reads: Mapping[str, str] = field(default_factory=dict, hash=False)
    sheet: str | None = None


class PreparedTable(NamedTuple):
    """A source's table, and the rows left out of it.

    `accepted` has the columns of the table it feeds, and `UNDOCUMENTED` where a value of the file is to be told: it is
    counted as the table is written, and not kept. `faults` has `column`, `code` (see `sources.faults`) and
    `value`, one row per row left out, and `record` when the raw table is numbered.
    """

    accepted: ir.Table
    faults: ir.Table


def discover(paths: Sequence[Path], cards: Sequence[Card]) -> tuple[SourceFile, ...]:
    """Recognise the files among paths; a folder gives the files it holds, not those of its own folders.

    Raises `StructureFault` for a file that cannot be read or recognised, and for one table handed in twice.
    """
    found: list[SourceFile] = []
    for path in paths:
        inside = list(_recognised(path, cards))
        if not inside:
            raise _nothing(path)
        found += inside
    _refuse_twins(found)
    return tuple(found)


def complete(raw: ir.Table, columns: Iterable[str]) -> ir.Table:
    """Add, as null text, the columns that the file does not have."""
    absent = {name: ibis.null("string") for name in columns if name not in raw.columns}
    return raw.mutate(**absent) if absent else raw


def cleaned(raw: ir.Table, columns: tuple[str, ...]) -> ir.Table:
    """Keep the columns that a source reads, null where empty, withheld or absent; and the record number, if any."""
    names = (RECORD, *columns) if RECORD in raw.columns else columns
    table = complete(raw, columns).select(*names)
    return table.mutate(**{name: code(table[name]) for name in columns})


def _recognised(path: Path, cards: Sequence[Card]) -> Iterator[SourceFile]:
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            if inner.is_file() and not inner.name.startswith(".") and format_of(inner):
                file = read_header(inner, cards, folder=True)
                if file is not None:
                    yield file
        return
    if not path.is_file():
        raise StructureFault("ce fichier n’existe pas.", file=path.name, remedy="Vérifiez le chemin donné.")
    file = read_header(path, cards)
    if file is not None:
        yield file


def read_header(path: Path, cards: Sequence[Card], *, folder: bool = False) -> SourceFile | None:
    """Recognise one file by its header; `None` for an official file that is not used, found in a folder.

    A workbook in a folder that no card describes is not used either.
    """
    kind = format_of(path)
    if kind is None:
        raise StructureFault(
            "ce format n’est pas lu.",
            file=path.name,
            remedy="Donnez un fichier .zip, .csv, .csv.gz, .parquet ou .xlsx.",
        )
    if path.stat().st_size == 0:
        raise _empty(path)
    parts = parts_of(path, kind)
    if len(parts) > 1 or parts[0].sheet is not None:
        found = _among_parts(path, parts, cards)
        if found is None and not (folder and kind == "xlsx"):
            raise unclear(path, parts)
        return found
    if kind == "json" and folder and not _json_of_a_card(path, cards):
        return None  # folders hold JSON of all kinds, which nobody meant as a source
    columns, delimiter = _header(path, parts[0], cards)
    refuse_duplicates(columns, path.name)
    answer = recognise(columns, path.name, cards)
    if not isinstance(answer, Recognised):
        if folder:
            return None
        raise StructureFault(f"c’est {answer.title}.", file=path.name, line=1, remedy=answer.remedy)
    if kind not in ("parquet", "json"):
        _check_delimiter(path, answer.card, delimiter)
    return _found(path, parts[0], answer, columns, delimiter)


def _header(path: Path, part: Part, cards: Sequence[Card]) -> tuple[tuple[str, ...], str]:
    """Return the columns of a table that is alone in its file, and the sign between them."""
    if part.format == "parquet":
        return parquet_columns(path), ","
    return (json_columns(path), ",") if part.format == "json" else _csv_columns(path, part.member, cards)


def _json_of_a_card(path: Path, cards: Sequence[Card]) -> bool:
    with suppress(StructureFault):
        return isinstance(recognise(json_columns(path), path.name, cards), Recognised)
    return False


def _found(path: Path, part: Part, answer: Recognised, columns: tuple[str, ...], delimiter: str) -> SourceFile:
    card = answer.card
    return SourceFile(
        card.source, path, part.format, part.member, columns, delimiter, path.name, card.id, answer.reads, part.sheet
    )


def _among_parts(path: Path, parts: Sequence[Part], cards: Sequence[Card]) -> SourceFile | None:
    """Recognise the one table of a file of several: cards that say which, by a pattern, are tried on it."""
    found: list[SourceFile] = []
    for part in parts:
        for card in cards:
            if not card.columns or not suits(card, part, alone=False):
                continue
            columns, delimiter = _part_columns(path, part, card)
            with suppress(StructureFault):
                answer = recognise(columns, path.name, [card])
                if isinstance(answer, Recognised):
                    found.append(_found(path, part, answer, columns, delimiter))
    if len({(file.card, file.member, file.sheet) for file in found}) > 1:
        raise unclear(
            path, [part for part in parts if (part.member, part.sheet) in {(f.member, f.sheet) for f in found}]
        )
    return found[0] if found else None


def _part_columns(path: Path, part: Part, card: Card) -> tuple[tuple[str, ...], str]:
    if part.sheet is None:
        return _csv_columns(path, part.member, [replace(card, names=("*",))])
    told = header_of(path, part.member, part.sheet, card)
    return (told[1] if told else ()), ","


def _csv_columns(path: Path, member: str | None, cards: Iterable[Card]) -> tuple[tuple[str, ...], str]:
    """Read the header: the first line, in UTF-8, unless a card that names this file says otherwise in its layout."""
    named = (card.layout for card in cards if any(fnmatch(path.name, pattern) for pattern in card.names))
    layout = next((layout for layout in named if {"encoding", "skip_lines", "header"} & set(layout)), {})
    with open_bytes(path, member) as stream:
        for _ in range(int(layout.get("skip_lines", 0))):
            stream.readline(_LONGEST_HEADER)
        line = stream.readline(_LONGEST_HEADER)
    if not line.strip():
        raise _empty(path)
    text = _decoded(path, line, str(layout.get("encoding", "utf-8")))
    delimiter = max(_DELIMITERS, key=text.count)
    row = next(csv.reader([text], delimiter=delimiter), [])
    if layout.get("header") == "none":
        return numbered(len(row)), delimiter
    return tuple(cell.strip() for cell in row), delimiter


def _decoded(path: Path, line: bytes, encoding: str) -> str:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in line:
        raise _encoding(path, "il est en UTF-16, ou ce n’est pas du texte.")
    try:
        return line.decode("utf-8-sig" if encoding == "utf-8" else encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _encoding(path, f"octet 0x{line[error.start]:02x} illisible à la position {error.start + 1}.") from error


def _encoding(path: Path, what: str) -> StructureFault:
    return StructureFault(
        f"ce fichier n’est pas en UTF-8 : {what}",
        file=path.name,
        line=1,
        remedy="Donnez le fichier « _utf8 » publié par le producteur, ou enregistrez-le en UTF-8.",
    )


def _empty(path: Path) -> StructureFault:
    return StructureFault("ce fichier est vide.", file=path.name, line=1, remedy="Téléchargez-le de nouveau.")


def _check_delimiter(path: Path, card: Card, delimiter: str) -> None:
    if delimiter not in card.delimiters:
        wanted = " ou ".join(f"{_DELIMITERS.get(d, d)} (« {d} »)" for d in card.delimiters)
        raise StructureFault(
            f"ses colonnes sont séparées par {_DELIMITERS[delimiter]} ; cette source est publiée avec {wanted}.",
            file=path.name,
            line=1,
            remedy="Un tableur l’a peut-être réenregistré : donnez le fichier tel qu’il est publié.",
        )


def _nothing(path: Path) -> StructureFault:
    inner = sorted(folder.name for folder in path.iterdir() if folder.is_dir())
    beside = f" ; il contient des dossiers ({', '.join(inner[:5])})" if inner else ""
    return StructureFault(
        f"aucun fichier à lire (.zip, .csv, .csv.gz, .parquet ou .xlsx){beside}.",
        file=path.name,
        remedy="Donnez l’un de ces dossiers." if inner else "Donnez le dossier où sont les fichiers téléchargés.",
    )


def _refuse_twins(files: Sequence[SourceFile]) -> None:
    seen: dict[str, SourceFile] = {}
    for file in files:
        other = seen.setdefault(file.source, file)
        if other is not file:
            raise StructureFault(
                f"ce fichier et « {other.name} » contiennent la même table.",
                file=file.name,
                remedy="Gardez un seul des deux fichiers, ou donnez celui à lire au lieu du dossier.",
            )
