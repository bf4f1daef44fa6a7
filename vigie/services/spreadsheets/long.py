"""Imports of more lines than one transaction takes: matched, reviewed and applied by a job, lot after lot.

What a lot found is kept with the mark of the lot; what it wrote in dossiers is in the transaction of its mark. Taken up
after a kill, the work goes on after the last lot: no line is done twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.spreadsheets import ColumnMeaning, LineDecision, LineOutcome, Match, Stage
from vigie.errors import Conflict
from vigie.services.capabilities import Capability
from vigie.services.job_kinds import LOT, JobKind
from vigie.services.spreadsheets import doubles, numbers, reading
from vigie.services.spreadsheets.applying import ApplyingRules, apply_lines, line_of
from vigie.services.spreadsheets.lines import LineInReview, read_lines
from vigie.store.journal.followup import Dossier, ImportBatch

if TYPE_CHECKING:
    from vigie.services.jobs.running import Run
    from vigie.services.know import Know
    from vigie.services.suppression import Among
    from vigie.store.journal.jobs import JobLot
    from vigie.store.journal.port import Reader, Unit

Knowing = Callable[[], AbstractContextManager["Know | None"]]
SHORT = 0.08
"""Seconds that a lot writes before it leaves the turn to others: they then wait for it less than one is aware of."""
SLICE = 20
"""Lines that are looked for before those who read get the processor back."""
TO_SHOW = (Match.EXACT, Match.CANDIDATES, Match.NONE, Match.REPAIRED)
"""How a number was found that the officer is shown before doubles are looked for."""
_STOPPED = "import arrêté avant cette ligne"
_OPENED = "un dossier sur cette entreprise a été ouvert pendant l’import"
_LOST = "le dossier à compléter a été retiré pendant l’import"


def _back_to(stage: Stage) -> Callable[[Unit, str, Sequence[JobLot]], None]:
    def stopped(unit: Unit, batch: str, _: Sequence[JobLot]) -> None:
        row = unit.get(ImportBatch, batch)
        if Stage(row.state).at_work:
            row.state = stage.value

    return stopped


def _stop_applying(unit: Unit, batch: str, lots: Sequence[JobLot]) -> None:
    """Leave what was written with its report; an import of which nothing was written waits for another look."""
    row = unit.get(ImportBatch, batch)
    if not lots:
        row.state = Stage.READY.value
        return
    done = outcomes_of(lots)
    left = [line for line in lines_of(json.loads(row.content or "{}")) if line.line > done[-1]["line"]]
    report = [*done, *(_left(line, _STOPPED) for line in left)]
    row.report, row.state, row.applied_at = {"lines": report}, Stage.APPLIED.value, unit.now
    unit.erase(row)


_AFTER, _COUNTED = "/bureau/imports/{subject}/suite", ("ligne", "lignes")
MATCH = JobKind("import-match", "Lecture d’un tableur et recherche des SIRET", _COUNTED, _AFTER, _back_to(Stage.READ))
REVIEW = JobKind("import-review", "Recherche des doublons d’un tableur", _COUNTED, _AFTER, _back_to(Stage.NUMBERS))
APPLY = JobKind("import-apply", "Application d’un tableur", _COUNTED, _AFTER, _stop_applying)
JOBS = {Stage.MATCHING: MATCH, Stage.REVIEWING: REVIEW, Stage.APPLYING: APPLY}
CAPABILITY = Capability("Tableurs", jobs=(MATCH, REVIEW, APPLY))


def lines_of(content: Mapping[str, Any]) -> list[LineInReview]:
    """Return the lines that an import keeps."""
    return [LineInReview(**one) for one in content.get("lines", [])]


def outcomes_of(lots: Sequence[JobLot]) -> list[dict[str, Any]]:
    """Return what became of the lines of lots, in their order."""
    return [outcome for lot in lots for outcome in json.loads(lot.content or "[]")]


def refuse_new(lines: Sequence[LineInReview], known: doubles.KnownDossiers) -> None:
    """Refuse to create what has become a double since the review, or to complete what is gone."""
    late = [line for line in lines if not line.left_out and _is_late(line, known)]
    if late:
        named = ", ".join(str(line.line) for line in late[:5])
        raise Conflict(
            f"Des dossiers ont changé depuis votre vérification (lignes {named}) : vérifiez de nouveau les doublons."
        )


def _is_late(line: LineInReview, known: doubles.KnownDossiers) -> bool:
    if line.decision == LineDecision.MERGE:
        return line.target[:1] != "#" and line.target not in known.title
    creates = line.decision == LineDecision.CREATE and bool(line.siren) and not line.doubles
    return creates and bool(known.same(line.siren, [("siren", line.siren)]))


class LongImports:
    """The work of the three jobs; `knowing` lends the directory in service, one lot at a time."""

    def __init__(self, objecting: Among, fingerprint: Callable[[str], str], knowing: Knowing) -> None:
        self._objecting, self._fingerprint, self._knowing = objecting, fingerprint, knowing

    def match(self, run: Run) -> None:
        """Read the lines and look for their numbers; without any to show, look for doubles at once."""
        with run.journal.reading(run.scope) as reader:
            row = reader.get(ImportBatch, run.subject)
            content: dict[str, Any] = json.loads(row.content or "{}")
            sheet = reading.of_json(content["sheet"])
            kept = {int(place): ColumnMeaning(word) for place, word in row.matching["columns"].items()}
            lines = read_lines(sheet, kept, reader.today)
        content.pop("raw", None)
        self._in_lots(run, lines, 0, lambda some, know: numbers.search_numbers(some, know, float("inf")))
        if any(line.match in TO_SHOW and not line.left_out for line in lines):
            self._end(run, content, lines, Stage.NUMBERS)
        else:
            self._review(run, content, lines, len(lines))

    def review(self, run: Run) -> None:
        """Complete the lines from the directory, and find what they may be the same as."""
        _, content, lines = self._read(run)
        self._review(run, content, lines, 0)

    def apply(self, run: Run) -> None:
        """Write the lines in dossiers; raises `Conflict` when one was opened since the review and none is written."""
        prospecting, _, lines = self._read(run)
        lots = run.lots()
        if prospecting:
            numbers.refuse_objecting(lines, self._objecting)
        if not lots:
            with run.journal.reading(run.scope) as reader:
                refuse_new(lines, doubles.existing(reader))
        outcomes = outcomes_of(lots)
        made = {one["line"]: one["dossier"] for one in outcomes if one["dossier"]}
        means = ApplyingRules(prospecting, self._fingerprint, SHORT)
        while len(outcomes) < len(lines):
            start = len(outcomes)
            some = lines[start : start + LOT]
            with run.writing() as unit:
                _leave_late(unit, some, made)
                applied = apply_lines(unit, some, run.subject, means, made)
                upto = start + len(applied.outcomes)
                run.keep(unit, (start, upto), json.dumps(applied.outcomes), upto, len(lines))
            outcomes += applied.outcomes
            made |= {one["line"]: one["dossier"] for one in applied.outcomes if one["dossier"]}
        with run.writing() as unit:
            unit.act("import.finished", run.subject)
            row = unit.get(ImportBatch, run.subject)
            row.report, row.state, row.applied_at = {"lines": outcomes}, Stage.APPLIED.value, unit.now
            unit.erase(row)
            run.end(unit)

    @staticmethod
    def _read(run: Run) -> tuple[bool, dict[str, Any], list[LineInReview]]:
        with run.journal.reading(run.scope) as reader:
            row = reader.get(ImportBatch, run.subject)
            content: dict[str, Any] = json.loads(row.content or "{}")
            return bool(row.matching.get("prospecting")), content, lines_of(content)

    def _review(self, run: Run, content: dict[str, Any], lines: list[LineInReview], first: int) -> None:
        with run.journal.reading(run.scope) as reader:
            prospecting = bool(reader.get(ImportBatch, run.subject).matching.get("prospecting"))

        def complete(some: Sequence[LineInReview], know: Know | None) -> None:
            numbers.complete(some, know)
            if prospecting:
                numbers.refuse_objecting(some, self._objecting)
                numbers.refuse_masked(some, know)

        self._in_lots(run, lines, first, complete)
        with run.journal.reading(run.scope) as reader:
            doubles.review(lines, doubles.existing(reader))
        self._end(run, content, lines, Stage.DOUBLES if any(line.doubles for line in lines) else Stage.READY)

    def _in_lots(
        self,
        run: Run,
        lines: list[LineInReview],
        first: int,
        work: Callable[[Sequence[LineInReview], Know | None], Any],
    ) -> None:
        """Do some work on each lot of lines that has no mark yet; marks are counted from `first`."""
        marked = {lot.start: lot for lot in run.lots()}
        total = first + len(lines)
        for start in range(0, len(lines), LOT):
            lot, some = marked.get(first + start), lines[start : start + LOT]
            if lot is not None:
                lines[start : start + LOT] = [LineInReview(**one) for one in json.loads(lot.content or "[]")]
                continue
            for at in range(0, len(some), SLICE):
                with run.sparing(), self._knowing() as know:
                    work(some[at : at + SLICE], know)
            given = json.dumps([line.as_json() for line in some])
            upto = first + start + len(some)
            with run.writing() as unit:
                run.keep(unit, (first + start, upto), given, upto, total)

    @staticmethod
    def _end(run: Run, content: dict[str, Any], lines: Sequence[LineInReview], stage: Stage) -> None:
        content["lines"] = [line.as_json() for line in lines]
        given = json.dumps(content)
        with run.writing() as unit:
            unit.act("import.searched", run.subject)
            row = unit.get(ImportBatch, run.subject)
            row.state, row.content = stage.value, given
            run.end(unit)


def _leave_late(reader: Reader, lines: Sequence[LineInReview], made: Mapping[int, str]) -> None:
    """Leave aside the lines whose firm got a dossier from somebody else meanwhile, or whose dossier went away."""
    sirens = {line.siren for line in lines if line.siren and line.decision == LineDecision.CREATE and not line.doubles}
    targets = {line.target for line in lines if line.decision == LineDecision.MERGE and line.target[:1] != "#"}
    live = (Dossier.deleted_at.is_(None), Dossier.erased_at.is_(None))
    opened = reader.rows(select(Dossier.siren, Dossier.id).where(Dossier.siren.in_(sirens), *live))
    taken = {siren for siren, dossier in opened if dossier not in set(made.values())}
    gone = targets - set(reader.all(select(Dossier.id).where(Dossier.id.in_(targets), *live)))
    coming = {line.line for line in lines}
    for line in lines:
        if line.siren in taken and line.decision == LineDecision.CREATE and not line.doubles:
            line.left_out = line.left_out or _OPENED
        elif line.target in gone or (line_of(line.target) and line_of(line.target) not in coming | set(made)):
            line.left_out = line.left_out or _LOST
        if line.left_out:
            coming.discard(line.line)


def _left(line: LineInReview, reason: str) -> dict[str, Any]:
    return {"line": line.line, "dossier": "", "notes": [], "reason": reason, "outcome": LineOutcome.LEFT_OUT.value}
