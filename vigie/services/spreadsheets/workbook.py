"""Workbooks (XLSX, XLS, ODS) read in a process of their own, whose memory and time are bounded.

A workbook can be made to ask for any amount of memory: a cell in the last corner of a sheet is enough. The reading
process may fall; the one that serves does not. Run as `python -m`, it reads the workbook on its standard input and
writes `{"sheets": […], "sheet": name, "rows": [[cell]]}` as JSON, or `{"fault": word}`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

_MEMORY_BYTES = 1_500 * 1024 * 1024
_SECONDS = 60
MOST_ROWS, MOST_COLUMNS = 20_000, 200
MARGIN = 1_000
"""Rows above the header and blank ones that are borne beside the others."""
_MOST_CELLS = 12_000_000


def read_apart(data: bytes) -> dict[str, Any]:
    """Return what the reading process says of a workbook; `{"fault": "broken"}` when it fell."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", __name__], input=data, capture_output=True, timeout=2 * _SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"fault": "too_long"}
    if done.returncode != 0:
        # Killed by a signal: it asked for more memory than it was given.
        return {"fault": "too_large" if done.returncode < 0 else "broken"}
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def read(data: bytes) -> dict[str, Any]:
    """Return the first sheet that holds anything, cells as text; formulas are their last value."""
    import python_calamine as calamine  # noqa: PLC0415 - only the reading process needs it

    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            names = list(book.sheet_names)
            for name in names:
                sheet = book.get_sheet_by_name(name)
                if sheet.end is None:
                    continue
                rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
                if rows * columns > _MOST_CELLS:
                    return {"fault": "too_large"}
                if rows > MOST_ROWS + MARGIN:
                    return {"fault": "too_many"}
                kept = sheet.to_python(skip_empty_area=False)
                cells = [[text_of(cell) for cell in row[: MOST_COLUMNS + 1]] for row in kept]
                if any(any(row) for row in cells):
                    return {"sheets": names, "sheet": name, "rows": cells}
            return {"fault": "empty"}
    except calamine.PasswordError:
        return {"fault": "password"}
    except calamine.CalamineError:
        return {"fault": "broken"}


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
        answer = read(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"fault": "too_large"}
    sys.stdout.write(json.dumps(answer))
