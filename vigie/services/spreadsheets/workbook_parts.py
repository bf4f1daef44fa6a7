"""What a workbook hides and which of its cells have no result, read in its own XML: the reader of cells says neither.

Works inside the process whose memory and time are bounded; XLSX and ODS are read, other kinds say nothing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
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
