"""A table handed in to be measured: territory, activity, amounts by position; what is wrong is said, line and column.

Nothing is filtered, nothing is guessed: a pair written twice, an empty cell, a negative amount refuse the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from vigie.errors import StructureFault
from vigie.sources.archives import csv_member, open_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Column = Any
"""A column of text of Arrow, whose stubs ask for types that it does not know itself."""
SEPARATORS = (",", ";", "\t", "|")
MOST_CELLS = 60_000_000
"""Territories times activities that are held at once: all communes of France by all activities is 26 millions."""
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f"))
_CORRECT = "Corrigez le fichier, puis recommencez."
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"%PDF")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Amounts by territory (rows) and activity (columns), one layer for each column of amounts; both sides sorted.

    `values` has the shape (layers, territories, activities); a pair that the file does not hold is zero.
    """

    territories: tuple[str, ...]
    activities: tuple[str, ...]
    values: NDArray[np.float64]


def read_matrix(path: Path, amounts: Sequence[str] = ("valeur",), *, least: int = 2) -> Matrix:
    """Read a CSV (plain, gzip or zip) whose columns are, in this order, territory, activity and the amounts.

    Titles are free, and may be missing; the separator is found; decimal commas are read; `least` is how many
    territories there must be. Raises `StructureFault` with file, line, column and remedy.
    """
    data = text_of(path)
    width = 2 + len(amounts)
    table, titled = _cells(data, path.name, width, amounts)
    sheet = _Sheet(path.name, data, titled, tuple(_names(table, titled, amounts)))
    rows = table.slice(int(titled)).combine_chunks()
    if not rows.num_rows:
        sheet.fault("il n’y a aucune ligne sous les titres.", "Vérifiez que vous avez choisi le bon fichier.")
    sides = [_side(rows.column(place), sheet, place) for place in (0, 1)]
    layers = [_amounts(rows.column(place), sheet, place) for place in range(2, width)]
    _refuse_doubles(sides, sheet)
    return _pivoted(sides, layers, sheet, least)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The file as faults name it: its text, whether its first line holds titles, the names of its columns."""

    file: str
    data: bytes
    titled: bool
    names: tuple[str, ...]

    def fault(self, what: str, remedy: str = _CORRECT, *, row: int | None = None, place: int | None = None) -> NoReturn:
        """Raise the fault of a row (from 0, titles left out) and a column (from 0)."""
        line = None if row is None else self.line_of(row)
        raise StructureFault(
            what, file=self.file, remedy=remedy, line=line, column=None if place is None else self.names[place]
        )

    def line_of(self, row: int) -> int:
        """Return the line of a row in the file, from 1; empty lines count, and hold no row."""
        filled = (number for number, line in enumerate(self.data.splitlines(), start=1) if line)
        return next(number for rank, number in enumerate(filled) if rank == row + self.titled)


def text_of(path: Path) -> bytes:
    """Return the file as UTF-8, unpacked; a text that is not UTF-8 is read as Windows-1252."""
    member = csv_member(path) if path.suffix == ".zip" else None
    with open_bytes(path, member) as stream:
        data = stream.read().removeprefix(b"\xef\xbb\xbf")
    if data.startswith(_PACKED) or b"\x00" in data[:4096]:
        raise StructureFault("ce n’est pas un fichier texte.", file=path.name,
                             remedy="Enregistrez le tableau au format CSV, puis recommencez.")  # fmt: skip
    if not data.strip():
        raise StructureFault("ce fichier est vide.", file=path.name, remedy="Vérifiez que c’est le bon.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode("utf-8")
    return data


def _cells(data: bytes, file: str, width: int, amounts: Sequence[str]) -> tuple[pa.Table, bool]:
    """Return every cell as text and whether the first line holds titles; raises where a line has another width."""
    first = next(line for line in data.splitlines() if line)
    separator = max(SEPARATORS, key=lambda one: first.count(one.encode()))
    wrong: list[Any] = []

    def kept(row: Any) -> Literal["skip", "error"]:
        wrong.append(row)
        return "skip" if len(wrong) == 1 else "error"

    names = [str(place) for place in range(width)]
    order = f"territoire, activité, {', '.join(amounts)}"
    try:
        table = csv.read_csv(
            BytesIO(data),
            read_options=csv.ReadOptions(column_names=names, use_threads=False),
            parse_options=csv.ParseOptions(delimiter=separator, invalid_row_handler=kept),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            raise StructureFault(
                "cette ligne ne peut pas être lue : un guillemet n’est sans doute jamais refermé.", file=file,
                remedy=_CORRECT,
            ) from error  # fmt: skip
    if wrong:
        line = _Sheet(file, data, titled=False, names=()).line_of(wrong[0].number - 1)
        raise StructureFault(
            f"{wrong[0].actual_columns} cases là où il en faut {width} ({order}).", file=file, line=line,
            remedy="Gardez ces colonnes, dans cet ordre, et elles seules.",
        )  # fmt: skip
    titled = table.num_rows > 0 and any(_number(str(table.column(at)[0])) is None for at in range(2, width))
    return table, titled


def _names(table: pa.Table, titled: bool, amounts: Sequence[str]) -> list[str]:
    """Return the titles of the columns, or what they hold where they have none."""
    usual = ["territoire", "activité", *amounts]
    if not titled:
        return usual
    return [str(column[0]).strip() or name for column, name in zip(table.columns, usual, strict=True)]


def _side(column: Column, sheet: _Sheet, place: int) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rank of each cell among the codes of its column, and these codes, sorted."""
    codes = pc.utf8_trim_whitespace(column).combine_chunks().dictionary_encode()
    words = [str(code) for code in codes.dictionary.to_pylist()]
    order = sorted(range(len(words)), key=lambda rank: words[rank])
    ranks = np.empty(len(words), dtype=np.int64)
    ranks[order] = np.arange(len(words))
    found = ranks[codes.indices.to_numpy()]
    if words[order[0]] == "":
        what = "le code du territoire est vide." if place == 0 else "le code de l’activité est vide."
        sheet.fault(what, row=int(np.argmin(found)), place=place)
    return found, [words[rank] for rank in order]


def _amounts(column: Column, sheet: _Sheet, place: int) -> NDArray[np.float64]:
    """Return the amounts of a column; raises for the first that is empty, not a number, endless or negative."""
    cells = pc.utf8_trim_whitespace(column)
    try:
        found: NDArray[np.float64] = cells.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        texts = [str(cell) for cell in cells.to_pylist()]
        read = {text: _number(text) for text in set(texts)}
        found = np.array([read[text] for text in texts], dtype=np.float64)  # `None` becomes NaN
    bad = ~(np.isfinite(found) & (found >= 0))
    if bad.any():
        row = int(np.argmax(bad))
        _refuse_amount(str(cells[row]), found[row], sheet, row, place)
    return found


def _refuse_amount(written: str, read: float, sheet: _Sheet, row: int, place: int) -> NoReturn:
    if not written:
        what, remedy = "cette case est vide.", "Écrivez 0 si c’est ce qu’elle veut dire, ou retirez la ligne."
    elif read < 0 and np.isfinite(read):
        what, remedy = f"« {written[:40]} » est négatif.", "Un montant est positif ou nul : corrigez-le."
    else:
        what, remedy = f"« {written[:40]} » n’est pas un nombre.", "Corrigez-le, ou retirez la ligne."
    sheet.fault(what, remedy, row=row, place=place)


def _number(text: str) -> float | None:
    """Read a number as French and English write it; `None` when it is none."""
    try:
        return float(text.translate(_SPACES).replace(",", ".").replace("_", "?"))
    except ValueError:
        return None


def _refuse_doubles(sides: list[tuple[NDArray[np.int64], list[str]]], sheet: _Sheet) -> None:
    (territories, names), (activities, words) = sides
    pairs = territories * len(words) + activities
    order = np.argsort(pairs, kind="stable")
    again = order[1:][pairs[order][1:] == pairs[order][:-1]]
    if not again.size:
        return
    row = int(again.min())
    first = int(np.argmax(pairs == pairs[row]))
    sheet.fault(
        f"le territoire « {names[territories[row]]} » et l’activité « {words[activities[row]]} » sont déjà à la ligne "
        f"{sheet.line_of(first)}.",
        "Gardez une seule ligne par couple, additionnez au besoin.",
        row=row,
        place=1,
    )


def _pivoted(
    sides: list[tuple[NDArray[np.int64], list[str]]], layers: list[NDArray[np.float64]], sheet: _Sheet, least: int
) -> Matrix:
    (territories, names), (activities, words) = sides
    if len(names) < least:
        sheet.fault(f"un seul territoire, « {names[0]} » : il n’y a rien à quoi le comparer.",
                    "Ajoutez les autres territoires.", place=0)  # fmt: skip
    if len(words) < least:
        sheet.fault(f"une seule activité, « {words[0]} » : il n’y a rien à quoi la comparer.",
                    "Ajoutez les autres activités.", place=1)  # fmt: skip
    if len(names) * len(words) > MOST_CELLS:
        sheet.fault("ce tableau a trop de territoires et d’activités pour être mesuré d’un coup.",
                    "Mesurez à un niveau plus large (EPCI, zone d’emploi), ou coupez-le.")  # fmt: skip
    values = np.zeros((len(layers), len(names), len(words)))
    for layer, amounts in zip(values, layers, strict=True):
        layer[territories, activities] = amounts
    if not values[0].any():
        sheet.fault("toutes les valeurs sont nulles.", "Vérifiez que vous avez choisi la bonne colonne.", place=2)
    return Matrix(tuple(names), tuple(words), values)
