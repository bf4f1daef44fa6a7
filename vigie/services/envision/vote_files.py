"""Votes handed in as a file: participant, statement, vote, time; what is wrong is said with line and column."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pyarrow as pa
from pyarrow import csv

from vigie.errors import RequestFault, StructureFault
from vigie.measures.opinion.plane import UNSEEN
from vigie.services.matrices import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

COLUMNS = {
    "participant": ("participant", "participant_id", "voter-id", "pid"),
    "statement": ("statement", "statement_id", "comment-id", "tid"),
    "vote": ("vote",),
    "time": ("time", "timestamp", "modified"),
}
"""Titles under which each column is found, those of the open conversations included."""
MOST_CELLS = 100_000_000
"""Participants times statements held at once: one byte each."""
_CODES = {"1": 1, "-1": -1, "0": 0, "+1": 1, "1.0": 1, "-1.0": -1, "0.0": 0}
_CORRECT = "Corrigez le fichier, puis recommencez."


@dataclass(frozen=True, slots=True)
class VoteTable:
    """Votes by participant (rows) and statement (columns), both sorted by code: 1 agree, -1 disagree, 0 pass."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    votes: NDArray[np.int8]


def read_votes(path: Path, agree: int = 1) -> VoteTable:
    """Read a CSV or JSON (plain or gzip) of votes; the later of two votes of one participant on one statement counts.

    `agree` is the code of an agreement, 1 or -1. Raises `RequestFault` for another, `StructureFault` when the file is
    at fault: other codes, two votes at the same time, a single participant, nothing but passes.
    """
    if agree not in (1, -1):
        raise RequestFault(f"« {agree} » n’est pas un code d’accord : écrivez 1 ou -1.")
    sheet = _VoteSheet(path, text_of(path))
    (who, people), (what, subjects) = (_side(sheet, name) for name in ("participant", "statement"))
    cast = _codes(sheet) * agree
    if len(people) * len(subjects) > MOST_CELLS:
        sheet.fault("il y a trop de participants et de propositions pour les compter d’un coup.", "Coupez le fichier.")
    kept = _latest(sheet, who * len(subjects) + what, cast)
    votes = np.full((len(people), len(subjects)), UNSEEN, dtype=np.int8)
    votes[who[kept], what[kept]] = cast[kept]
    if len(people) < 2:
        sheet.fault(f"un seul participant, « {people[0]} » : il n’y a personne à qui le comparer.",
                    "Ajoutez les votes des autres.", name="participant")  # fmt: skip
    if not cast.any():
        sheet.fault("tous les votes passent (0) : rien ne distingue les participants.",
                    "Vérifiez que vous avez choisi la bonne colonne.", name="vote")  # fmt: skip
    return VoteTable(tuple(people), tuple(subjects), votes)


class _VoteSheet:
    """The file as columns are read from it, and as faults name it."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.file, self.data = path.name, data
        self.rows = json_rows(self.file, data) if data.lstrip()[:1] == b"[" else None
        self.titles = list(self.rows[0]) if self.rows is not None else self._header()
        self.names = {name: self._title(name) for name in COLUMNS}
        for name in ("participant", "statement", "vote"):
            if self.names[name] is None:
                self.fault(f"il manque la colonne « {name} ».",
                           "Donnez quatre colonnes : participant, statement, vote, time.", row=-1)  # fmt: skip

    def column(self, name: str) -> Any:
        """Return a column as codes of a dictionary of texts."""
        title = self.names[name]
        assert title is not None  # noqa: S101 - asked only of columns that are there
        if self.rows is not None:
            texts = ["" if row.get(title) is None else str(row[title]) for row in self.rows]
            return pa.array(texts, pa.string()).dictionary_encode()
        kind = pa.dictionary(pa.int32(), pa.string())
        options = csv.ConvertOptions(column_types={title: kind}, include_columns=[title], strings_can_be_null=False)
        try:
            table = csv.read_csv(BytesIO(self.data), parse_options=csv.ParseOptions(delimiter=self.separator),
                                 convert_options=options)  # fmt: skip
        except pa.ArrowInvalid:
            self.fault("cette ligne n’a pas le nombre de cases des titres, ou un guillemet n’y est pas refermé.",
                       row=self._uneven())  # fmt: skip
        if not table.num_rows:
            self.fault("il n’y a aucun vote sous les titres.", "Vérifiez que vous avez choisi le bon fichier.", row=-1)
        found: Any = table.column(0).combine_chunks()
        return found.chunk(0).unify_dictionaries() if isinstance(found, pa.ChunkedArray) else found

    def fault(self, what: str, remedy: str = _CORRECT, *, row: int | None = None, name: str | None = None) -> NoReturn:
        """Raise the fault of a row (from 0 under the titles; -1 is the titles) and a column."""
        line = None if row is None else self._line_of(row)
        column = None if name is None else self.names[name]
        raise StructureFault(what, file=self.file, remedy=remedy, line=line, column=column)

    def _line_of(self, row: int) -> int:
        """Return the line of a row in the file, from 1, empty lines counted; that of JSON is its rank."""
        if self.rows is not None:
            return max(row, 0) + 1
        filled = (number for number, line in enumerate(self.data.splitlines(), start=1) if line)
        return next((number for rank, number in enumerate(filled) if rank == row + 1), 1)

    def _uneven(self) -> int:
        """Return the first row that has another width than the titles; 0 when only a quotation mark is at fault."""
        lines = [line for line in self.data.splitlines() if line]
        wide = (line.count(self.separator.encode()) + 1 for line in lines[1:])
        return next((rank for rank, width in enumerate(wide) if width != len(self.titles)), 0)

    def _header(self) -> list[str]:
        first = self.data.splitlines()[0].decode("utf-8", "replace")
        self.separator = max(",;\t|", key=first.count)
        return [title.strip().strip('"') for title in first.split(self.separator)]

    def _title(self, name: str) -> str | None:
        return next((title for title in self.titles if title.lower() in COLUMNS[name]), None)


def json_rows(file: str, data: bytes) -> list[dict[str, Any]]:
    """Return the records of a JSON list; raises `StructureFault` when it is none."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise StructureFault("ce fichier JSON ne se lit pas.", file=file, remedy=_CORRECT, line=line) from error
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise StructureFault("une liste de lignes est attendue.", file=file, remedy=_CORRECT)
    return rows


def _side(sheet: _VoteSheet, name: str) -> tuple[NDArray[np.int64], list[str]]:
    """Return the rank of each cell among the codes of its column, and these codes, sorted (numbers as numbers)."""
    cells = sheet.column(name)
    words = [str(word).strip() for word in cells.dictionary.to_pylist()]
    indices = cells.indices.to_numpy(zero_copy_only=False)
    if "" in words:
        sheet.fault("cette case est vide.", row=int(np.argmax(indices == words.index(""))), name=name)
    distinct = sorted(set(words), key=lambda word: (0, int(word), word) if word.isdecimal() else (1, 0, word))
    ranks = {word: rank for rank, word in enumerate(distinct)}
    return np.array([ranks[word] for word in words], dtype=np.int64)[indices], distinct


def _codes(sheet: _VoteSheet) -> NDArray[np.int8]:
    cells = sheet.column("vote")
    words = [str(word).strip() for word in cells.dictionary.to_pylist()]
    indices = cells.indices.to_numpy(zero_copy_only=False)
    for rank, word in enumerate(words):
        if word not in _CODES:
            sheet.fault(f"« {word[:40]} » n’est pas un vote : 1, -1 (accord, désaccord) et 0 (passe) sont attendus.",
                        row=int(np.argmax(indices == rank)), name="vote")  # fmt: skip
    found: NDArray[np.int8] = np.array([_CODES[word] for word in words], dtype=np.int8)[indices]
    return found


def _latest(sheet: _VoteSheet, pairs: NDArray[np.int64], cast: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the rows that count: the latest of each pair; raises where time does not say which one it is."""
    order = np.argsort(pairs, kind="stable")
    ordered = pairs[order]
    if not (ordered[1:] == ordered[:-1]).any():
        return order
    if sheet.names["time"] is None:
        row = int(order[1:][ordered[1:] == ordered[:-1]].min())
        sheet.fault("ce participant a déjà voté sur cette proposition, et rien ne dit quel vote est le dernier.",
                    "Gardez un vote, ou ajoutez la colonne « time ».", row=row, name="statement")  # fmt: skip
    times = _times(sheet)
    order = np.lexsort((times, pairs))
    ordered, moments = pairs[order], times[order]
    last = np.append(ordered[1:] != ordered[:-1], True)
    tied = (~last[:-1]) & (moments[1:] == moments[:-1]) & (cast[order][1:] != cast[order][:-1])
    if (tied & last[1:]).any():
        row = int(order[1:][tied & last[1:]].min())
        sheet.fault("deux votes différents du même participant sur cette proposition portent la même heure.",
                    "Gardez celui qui compte.", row=row, name="time")  # fmt: skip
    kept: NDArray[np.int64] = order[last]
    return kept


def _times(sheet: _VoteSheet) -> NDArray[np.float64]:
    """Return times as numbers that sort as they do: figures, or dates written ISO 8601."""
    cells = sheet.column("time")
    words = [str(word).strip() for word in cells.dictionary.to_pylist()]
    indices = cells.indices.to_numpy(zero_copy_only=False)
    try:
        values = np.array([float(word) for word in words])
    except ValueError:
        values = np.empty(len(words))
        for rank, word in enumerate(words):
            try:
                values[rank] = np.datetime64(word.removesuffix("Z")).astype("datetime64[us]").astype(np.int64)
            except ValueError:
                sheet.fault(f"« {word[:40]} » n’est pas une heure.", "Écrivez-la comme 2026-11-28T17:10:00.",
                            row=int(np.argmax(indices == rank)), name="time")  # fmt: skip
    found: NDArray[np.float64] = values[indices]
    return found
