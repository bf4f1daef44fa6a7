"""Workbooks (XLSX, XLS, ODS) read in a process of their own, and what they hide, read in their own XML.

Works inside the process whose memory and time are bounded; XLSX and ODS are read, other kinds say nothing.

A workbook can be made to ask for any amount of memory: a cell in the last corner of a sheet is enough. The reading
process may fall; the one that serves does not. Run as `python -m`, it reads the workbook on its standard input and
writes `{"sheets": […], "sheet": name, "rows": [[cell]], "merged": […]}` as JSON, or `{"fault": word}`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree import ElementTree

_MOST_SAID = 10_000
_MOST_PLACES = 200


def parts_of(data: bytes, position: int, name: str) -> dict[str, Any]:
    """Return `{"hidden_lines", "hidden_places", "failed"}` of a sheet, counted from 0; nothing where none can be read.

    `failed` are the (line, place) of cells whose formula gives an error (#N/A, #REF!) or was never computed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                with archive.open("content.xml") as file:
                    return {"failed": list(_failed_of_ods(file, name))[:_MOST_SAID]}
            with archive.open(_member(archive, position)) as file:
                return _parts_of_xlsx(file)
    except (KeyError, ValueError, StopIteration, zipfile.BadZipFile, ElementTree.ParseError):
        return {}


def _parts_of_xlsx(file: IO[bytes]) -> dict[str, Any]:
    lines: list[int] = []
    places: list[int] = []
    failed: list[tuple[int, int]] = []
    for _, element in ElementTree.iterparse(file):  # noqa: S314 - in a process whose memory and time are bounded
        tag = element.tag.rpartition("}")[2]
        if element.get("hidden") in ("1", "true") and tag == "row":
            lines.append(int(element.get("r", "0")) - 1)
        elif element.get("hidden") in ("1", "true") and tag == "col":
            places += range(int(element.get("min", "1")) - 1, int(element.get("max", "0")))
        if tag == "c" and _has_no_result(element) and len(failed) < _MOST_SAID:
            failed.append(_spot(element.get("r", "A1")))
        if tag == "row":
            element.clear()
    return {"hidden_lines": lines, "hidden_places": [one for one in places if one < _MOST_PLACES], "failed": failed}


def _has_no_result(cell: ElementTree.Element) -> bool:
    """Tell an error from a result; a formula whose result is an empty text (`t="str"`) has one."""
    kind = cell.get("t", "n")
    if kind == "e":
        return True
    parts = {child.tag.rpartition("}")[2]: child.text for child in cell}
    return "f" in parts and kind != "str" and not parts.get("v")


def _spot(reference: str) -> tuple[int, int]:
    """Return the (line, place) that a reference such as `AB12` names, counted from 0."""
    letters = "".join(sign for sign in reference if sign.isalpha())
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, place - 1


def _failed_of_ods(file: IO[bytes], name: str) -> Iterator[tuple[int, int]]:
    line, reading = 0, False
    for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314 - see above
        tag = element.tag.rpartition("}")[2]
        if tag == "table" and element.tag.endswith(":table:1.0}table"):
            reading, line = event == "start" and _of(element, "name") == name, 0
        if event == "start" or tag != "table-row":
            continue
        if reading:
            yield from ((line, place) for place in _failed_places(element))
            line += int(_of(element, "number-rows-repeated") or 1)
        element.clear()


def _failed_places(row: ElementTree.Element) -> Iterator[int]:
    place = 0
    for cell in row:
        wide = int(_of(cell, "number-columns-repeated") or 1)
        error = any(key.endswith("}value-type") and value == "error" for key, value in cell.items())
        if error or (_of(cell, "formula") and not _of(cell, "value-type")):
            yield from range(place, place + min(wide, _MOST_SAID))
        place += wide


def _of(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _member(archive: zipfile.ZipFile, position: int) -> str:
    """Return the file of a sheet, by its position in the workbook; raises `KeyError` where there is none."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - see above
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    sheets = [one for one in book.iter() if one.tag.rpartition("}")[2] == "sheet"]
    target = next(value for name, value in sheets[position].items() if name.endswith("}id"))
    paths = {one.get("Id"): one.get("Target", "") for one in links}
    return f"xl/{paths[target].removeprefix('/xl/').removeprefix('./')}"


_MEMORY_BYTES = 1_500 * 1024 * 1024
_SECONDS = 60
MOST_ROWS, MOST_COLUMNS = 20_000, 200
MARGIN = 1_000
"""Rows above the header and blank ones that are borne beside the others."""
_MOST_CELLS = 12_000_000


def read_apart(data: bytes, wanted: str = "") -> dict[str, Any]:
    """Return what the reading process says of a workbook; `{"fault": "broken"}` when it fell.

    `wanted` is the name of a sheet; without it, the first visible one that holds anything is read.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", __name__, wanted], input=data, capture_output=True, timeout=2 * _SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"fault": "too_long"}
    if done.returncode != 0:
        # Killed by a signal: it asked for more memory than it was given.
        return {"fault": "too_large" if done.returncode < 0 else "broken"}
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def read(data: bytes, wanted: str = "") -> dict[str, Any]:
    """Return one sheet, cells as text, formulas as their last value; the names of all, and what the workbook hides."""
    import python_calamine as calamine  # noqa: PLC0415 - only the reading process needs it

    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            names = list(book.sheet_names)
            hidden = {one.name for one in book.sheets_metadata if one.visible is not calamine.SheetVisibleEnum.Visible}
            ordered = [wanted] if wanted in names else sorted(names, key=lambda name: name in hidden)
            for name in ordered:
                found = _sheet(book.get_sheet_by_name(name))
                if found is not None:
                    parts = parts_of(data, names.index(name), name) if "fault" not in found else {}
                    return {"sheets": names, "hidden_sheets": sorted(hidden), "sheet": name, **found, **parts}
            return {"fault": "empty"}
    except calamine.PasswordError:
        return {"fault": "password"}
    except calamine.CalamineError:
        return {"fault": "broken"}


def _sheet(sheet: Any) -> dict[str, Any] | None:
    """Return the rows of a sheet and its merged cells; `None` when it holds nothing."""
    if sheet.end is None:
        return None
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows * columns > _MOST_CELLS:
        return {"fault": "too_large"}
    if rows > MOST_ROWS + MARGIN:
        return {"fault": "too_many"}
    cells = [[text_of(cell) for cell in row[: MOST_COLUMNS + 1]] for row in sheet.to_python(skip_empty_area=False)]
    if not any(any(row) for row in cells):
        return None
    merged = getattr(sheet, "merged_cell_ranges", None) or []
    return {"rows": cells, "merged": [[*start, *end] for start, end in merged]}


def text_of(cell: object) -> str:
    """Return a cell as a person reads it: dates in ISO form, whole numbers without decimals."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell)


def _bound() -> None:
    try:
        import resource  # noqa: PLC0415 - absent on some systems, where only time is bounded
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bound()
    try:
        answer = read(sys.stdin.buffer.read(), *sys.argv[1:2])
    except MemoryError:
        answer = {"fault": "too_large"}
    sys.stdout.write(json.dumps(answer))
