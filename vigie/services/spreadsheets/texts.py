"""A text file cut into cells: its separator found, quotes that are astray borne, lost bytes put in their cell only."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from vigie.services.spreadsheets.encodings import LABELS, decoded, mended, ranked
from vigie.services.spreadsheets.grids import BYTE, QUOTES, Row

SEPARATORS = {";": "le point-virgule", "\t": "la tabulation", ",": "la virgule", "|": "la barre verticale"}
"""Signs that may part cells, and their French names."""
_LOOKED_AT = 30
_SHOWN, _LONGEST_SHOWN, _MOST_OFFERED = 3, 60, 5
_DECLARED = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)
_ENDS = re.compile(r"\r\n|\r|\n")


class Unclosed(ValueError):
    """A quote is never closed, from a `line` on."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(str(line))


def separator_of(text: str) -> str:
    """Return the separator that a first line declares (`sep=;`), else the one that cuts lines the most alike."""
    declared = _DECLARED.match(text)
    if declared:
        return declared[1]
    first = [line for line in _ENDS.split(text[: 200 * _LOOKED_AT])[:_LOOKED_AT] if line.strip()]
    sample = "\n".join(first)

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample), delimiter=separator)]
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) if usual > 1 else 0, usual)

    return max(SEPARATORS, key=regularity)


def rows_of(text: str, separator: str, most: int) -> Iterator[Row]:
    """Yield the rows of a text, `most` at most; raises `Unclosed`.

    A quote inside a quoted cell is borne when the line can be cut without it, and marked.
    """
    lines = list(io.StringIO(text, newline=""))
    at, given = 0, 0
    if _DECLARED.match(text):
        at = 1
    while at < len(lines) and given < most:
        reader = csv.reader(iter(lines[at:]), delimiter=separator, strict=True)
        start = at
        try:
            for cells in reader:
                yield _row(at + 1, cells)
                given += 1
                at = start + reader.line_num
                if given >= most:
                    return
            return
        except csv.Error:
            cut = _cut(lines[at], separator)
            if cut is None:
                raise Unclosed(at + 1) from None
            yield _row(at + 1, *cut)
            given, at = given + 1, at + 1


def _row(line: int, cells: list[str], marks: tuple[tuple[int, str], ...] = ()) -> Row:
    read = [mended(cell) for cell in cells]
    odd = tuple((place, BYTE) for place, (_, lost) in enumerate(read) if lost)
    return Row(line, tuple(text for text, _ in read), (*marks, *odd))


def _cut(line: str, separator: str) -> tuple[list[str], tuple[tuple[int, str], ...]] | None:
    """Cut a line whose quotes are astray: a cell ends where its quote is followed by the separator or by the end."""
    rest, cells, marks = line.rstrip("\r\n"), list[str](), list[tuple[int, str]]()
    while True:
        if rest.startswith('"'):
            closing = re.compile(f'"(?={re.escape(separator)}|$)').search(rest, 1)
            if closing is None:
                return None
            cell, rest = rest[1 : closing.start()], rest[closing.end() :]
            bare = cell.replace('""', "")
            if '"' in bare:
                marks.append((len(cells), QUOTES))
            cells.append(cell.replace('""', '"'))
        else:
            cell, _, _ = rest.partition(separator)
            cells.append(cell)
            rest = rest[len(cell) :]
        if not rest:
            return cells, tuple(marks)
        rest = rest[1:]


def encodings_offered(data: bytes) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return (word, French name, three cells as they would read), the likeliest encoding first, each reading once."""
    offered: list[tuple[str, str, tuple[str, ...]]] = []
    for word in ranked(data):
        text = decoded(data, word)
        shown = tuple(_shown(text, separator_of(text)))
        if shown not in {examples for _, _, examples in offered} and len(offered) < _MOST_OFFERED:
            offered.append((word, LABELS[word], shown))
    return tuple(offered)


def _shown(text: str, separator: str) -> Iterator[str]:
    """Yield the first cells that hold more than ASCII."""
    given: set[str] = set()
    for line in _ENDS.split(text):
        if line.isascii():
            continue
        for cell in line.split(separator):
            read = mended(cell.strip().strip('"'))[0][:_LONGEST_SHOWN]
            if not read.isascii() and read not in given and len(given) < _SHOWN:
                given.add(read)
                yield read
        if len(given) >= _SHOWN:
            return
