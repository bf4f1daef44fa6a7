"""Workbooks (XLSX, XLS, ODS) read in a process of their own, whose memory and time are bounded.

A workbook can be made to ask for any amount of memory: a cell in the last corner of a sheet is enough. The reading
process may fall; the one that serves does not. Run as `python -m`, it reads the workbook on its standard input and
writes `{"sheets": […], "sheet": name, "rows": [[cell]], "merged": […]}` as JSON, or `{"fault": word}`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from vigie.services.spreadsheets.workbook_parts import parts_of

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
