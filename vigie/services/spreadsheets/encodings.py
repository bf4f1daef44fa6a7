"""Text files of tables: their encoding, separator and cells.

Windows-1252, MacRoman and CP850 give a letter to nearly any byte, so that reading never fails; what tells them apart is
that « SociŽtŽ » is not French. Bytes that cannot be read stay in the text as lone surrogates (U+DC80 to U+DCFF), one
each, until `mended` puts the cell that holds them right.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from vigie.services.spreadsheets.grids import BYTE, QUOTES, Row

UTF8, UTF16_LE, UTF16_BE = "utf-8", "utf-16-le", "utf-16-be"
_SINGLE = ("cp1252", "mac_roman", "cp858", "iso8859_15")
_DOUBLED = {"utf-8+cp1252": "cp1252", "utf-8+mac_roman": "mac_roman", "utf-8+cp858": "cp858"}
LABELS = {
    UTF8: "UTF-8",
    UTF16_LE: "UTF-16",
    UTF16_BE: "UTF-16 (gros-boutiste)",
    "cp1252": "Windows-1252",
    "mac_roman": "MacRoman (anciens Mac)",
    "cp858": "CP850 (DOS)",
    "iso8859_15": "ISO 8859-15",
    "utf-8+cp1252": "UTF-8 encodé deux fois",
    "utf-8+mac_roman": "UTF-8 relu en MacRoman",
    "utf-8+cp858": "UTF-8 relu en CP850",
}
"""French name of each encoding that can be chosen, by its word."""
_SAMPLE = 200_000
_LOST = re.compile(r"[\udc80-\udcff\ufffd\x80-\x9f]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def ranked(data: bytes) -> tuple[str, ...]:
    """Return the words of the encodings in which a file can be read, the likeliest first."""
    wide = _wide(data)
    if wide:
        return wide
    sample = _sample(data)
    if not sample:
        return (UTF8,)
    words = (UTF8, *_DOUBLED, *_SINGLE)
    # Sorting is stable: between readings that are as likely, the most usual encoding comes first.
    return tuple(sorted(words, key=lambda word: -_likelihood(decoded(sample, word))))


def decoded(data: bytes, word: str) -> str:
    """Return the text of a file in an encoding; what cannot be read in it is a lone surrogate, or U+FFFD in UTF-16."""
    if word in (UTF16_LE, UTF16_BE):
        return data.decode(word, "replace").removeprefix("\ufeff")
    if word in _SINGLE:
        return data.decode("latin-1").translate(_tables()[word])
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return _halved(text, _DOUBLED[word]) if word in _DOUBLED else text


def mended(cell: str) -> tuple[str, bool]:
    """Return a cell whose lost bytes are read as best they can, and whether there were any."""
    if not _LOST.search(cell):
        return cell, False
    tables = _tables()
    read = [
        _LOST.sub(lambda lost, word=word: _byte_read(lost[0], tables[word]), cell)  # type: ignore[misc]
        for word in _SINGLE
    ]
    return max(read, key=_likelihood), True


def _byte_read(lost: str, table: dict[int, str]) -> str:
    code = ord(lost)
    sign = table.get(code - 0xDC00, chr(code - 0xDC00)) if 0xDC80 <= code <= 0xDCFF else "\ufffd"
    return "\ufffd" if 0x80 <= ord(sign) <= 0x9F else sign


def _wide(data: bytes) -> tuple[str, ...]:
    """Return the encodings of two bytes a sign that a mark or its zeros reveal."""
    if data.startswith(b"\xff\xfe"):
        return (UTF16_LE, UTF16_BE)
    if data.startswith(b"\xfe\xff"):
        return (UTF16_BE, UTF16_LE)
    start = data[:4000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if not max(even, odd) or max(even, odd) * 4 < len(start) // 2 or min(even, odd) * 4 > max(even, odd):
        return ()
    return (UTF16_LE, UTF16_BE) if odd > even else (UTF16_BE, UTF16_LE)


def _sample(data: bytes) -> bytes:
    """Return the first lines that hold more than ASCII."""
    kept, length = [], 0
    for line in re.split(rb"[\r\n]+", data.removeprefix(b"\xef\xbb\xbf")):
        if not line.isascii():
            kept.append(line)
            length += len(line)
            if length > _SAMPLE:
                break
    return b"\n".join(kept)


def _tables() -> dict[str, dict[int, str]]:
    if not _READ:
        for word in _SINGLE:
            for code in range(0x80, 0x100):
                sign = bytes([code]).decode(word, "ignore") or chr(code)
                _READ.setdefault(word, {})[code] = sign
                _WRITTEN.setdefault(word, {})[sign] = code
    return _READ


_READ: dict[str, dict[int, str]] = {}
_WRITTEN: dict[str, dict[str, int]] = {}
"""For each encoding of one byte a sign: its signs by byte, its bytes by sign; a byte without a sign is itself."""


def _halved(text: str, word: str) -> str:
    """Return a text whose UTF-8 had been read in another encoding and written again: « Ã© » is « é »."""
    _tables()
    written = _WRITTEN[word]

    def again(run: re.Match[str]) -> str:
        try:
            return bytes(written[sign] for sign in run[0]).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            return run[0]

    return _FOREIGN.sub(again, text)


def _likelihood(text: str) -> float:
    """Return how much the signs beyond ASCII look like those of a French text: about 1 a letter that fits, -1 else."""
    padded = f" {text} "
    return sum(_weight(padded[at - 1], padded[at], padded[at + 1]) for at in _foreign(padded))


def _foreign(text: str) -> Iterable[int]:
    return (at for run in _FOREIGN.finditer(text) for at in range(run.start(), run.end()))


def _weight(before: str, sign: str, after: str) -> float:
    if sign in _BETWEEN_WORDS:
        return -1.0 if before.isalpha() and after.isalpha() else _BETWEEN_WORDS[sign]
    if sign in "’ʼ":
        return 0.8 if before.isalpha() and after.isalpha() else -0.2
    weight = _LETTERS.get(sign.lower(), -1.0)
    if weight < 0:
        return weight
    if sign.isupper():
        # « MÇtallerie »: no capital stands in a word in small letters.
        wrong = before.islower() or (before.isalpha() and after.islower())
    else:
        wrong = after.isupper() or (before.isupper() and after.isupper())
    return -1.0 if wrong or not _fits(before.lower(), sign.lower(), after.lower()) else weight


def _fits(before: str, letter: str, after: str) -> bool:  # noqa: PLR0911 - one rule a letter
    """Tell whether a letter stands where French has it."""
    match letter:
        case "à":
            return not after.isalpha()
        case "ù":
            return before == "o" and not after.isalpha()
        case "ç":
            return after in "aoueâôèé"
        case "ë" | "ï":
            return before in "aeiouéy"
        case "œ":
            return after in "uincdst" or before.isalpha()
        case "â":
            return before not in "aou" and after.isalpha()
        case "ê" | "î" | "ô" | "û":
            return after.isalpha() or letter in "îû"
        case _:
            return before.isalpha() or after.isalpha() or letter == "é"


_LETTERS = {
    "é": 1.0, "è": 0.9, "à": 0.9, "ç": 0.9, "ê": 0.8, "ô": 0.8, "œ": 0.8, "ù": 0.7, "â": 0.7, "î": 0.7, "û": 0.7,
    "ë": 0.6, "ï": 0.6, "ü": 0.3, "ö": 0.2, "ä": 0.2, "æ": 0.2, "ñ": 0.2, "ÿ": 0.1, "í": 0.1, "ó": 0.1, "á": 0.1,
    "ú": 0.1,
}  # fmt: skip
"""How much a letter outside ASCII makes French likely, from the commonest to the rarest."""
_BETWEEN_WORDS = dict.fromkeys("«»“”…–—•·°€™®©½¼²³×±§", 0.3) | {"\u00a0": 0.2, "\u202f": 0.2, "\u2011": 0.1}
"""Signs are seen in French texts, less often than its letters."""


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
