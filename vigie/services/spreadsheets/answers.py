"""What imports answer: records without any row of the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.domain.spreadsheets import LineOutcome, Stage
from vigie.services.followup.answers import JsonAnswer
from vigie.services.spreadsheets.columns import ColumnGuess
from vigie.services.spreadsheets.grids import Offered
from vigie.services.spreadsheets.lines import LineInReview

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ImportLine(JsonAnswer):
    """An import in a list; its file name is gone once it was applied, abandoned or too old."""

    id: str
    file_name: str | None
    stage: str
    rows: int
    created_at: datetime
    applied_at: datetime | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReportLine(JsonAnswer):
    """What became of a line; `notes` are `{column, sentence}`."""

    line: int
    outcome: str
    dossier: str
    reason: str
    notes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportRecord(JsonAnswer):
    """An import, as far as it went; `remaining` is how many numbers are still to be looked for.

    `offered` are the other ways of reading the file, as long as it is kept whole; `job` is the long work that is done
    on it, while it is.
    """

    line: ImportLine
    notes: tuple[str, ...] = ()
    offered: Offered | None = None
    columns: tuple[ColumnGuess, ...] = ()
    prospecting: bool = False
    lines: tuple[LineInReview, ...] = ()
    remaining: int = 0
    job: str = ""
    report: tuple[ReportLine, ...] = ()

    @property
    def stage(self) -> Stage:
        """Where the import stands."""
        return Stage(self.line.stage)

    def as_dict(self) -> dict[str, Any]:
        """Return the record flat, as programs read it."""
        # Named: `super()` does not know this class once `slots` has made it again.
        told = JsonAnswer.as_dict(self)
        line: dict[str, Any] = told.pop("line")
        return line | told


def counted(outcomes: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many lines had each outcome."""
    counts = Counter(one["outcome"] for one in outcomes)
    return {outcome.value: counts[outcome.value] for outcome in LineOutcome}
