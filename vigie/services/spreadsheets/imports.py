"""Imports: a spreadsheet brought in, columns matched, numbers found, doubles reviewed, then applied.

Up to 500 lines are worked on in the request and applied whole; more are left to jobs (see `long`).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.addresses import address_key
from vigie.domain.signs import entered
from vigie.domain.spreadsheets import LineDecision, Match, Stage
from vigie.errors import Conflict, FieldFaults, NotFound, RequestFault, VigieError
from vigie.services.job_kinds import LOT
from vigie.services.jobs.asking import ask, last_job
from vigie.services.spreadsheets import doubles, numbers, reading
from vigie.services.spreadsheets.answers import ImportLine, ImportRecord, ReportLine, counted
from vigie.services.spreadsheets.applying import ApplyingRules, apply_lines
from vigie.services.spreadsheets.columns import checked, propose
from vigie.services.spreadsheets.grids import ReadSheet, WayOfReading
from vigie.services.spreadsheets.lines import LineInReview, read_lines
from vigie.services.spreadsheets.long import JOBS, TO_SHOW, lines_of, refuse_new
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import ImportBatch
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.keys import Keys
    from vigie.services.know import Know
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal, Reader, Unit

REFUSAL = "refusal"
"""Kind of the fingerprint of an address whose erasure was asked for."""


class Imports:
    """The spreadsheets that officers bring in; only who brought one works on it, the organisation reads its report."""

    def __init__(self, journal: Journal, keys: Keys, objecting: Among) -> None:
        self._journal, self._keys, self._objecting = journal, keys, objecting

    def bring(self, scope: Scope, file_name: str, data: bytes) -> ImportRecord:
        """Read a file and keep its rows, erasable, until they are applied; raises `StructureFault`."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        name = entered(file_name).replace("\\", "/").rpartition("/")[2][:100] or "tableur"
        sheet = reading.read_sheet(data, name)
        content = {"sheet": reading.as_json(sheet), "lines": [], "by": scope.person, "raw": _packed(data)}
        batch = ImportBatch(
            id=new_id(), file_name=name, content=json.dumps(content), rows=len(sheet.rows), state=Stage.READ.value,
            matching=_proposed(sheet), report={},
        )  # fmt: skip
        try:
            with self._journal.writing(scope) as unit:
                unit.act("import.brought", batch.id)
                unit.add(batch)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return self.read(scope, batch.id)

    def listed(self, scope: Scope) -> tuple[ImportLine, ...]:
        """Return the imports of the organisation, the last first."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            live = select(ImportBatch).where(ImportBatch.deleted_at.is_(None))
            return tuple(
                map(_line, reader.all(live.order_by(ImportBatch.created_at.desc(), ImportBatch.id).limit(100)))
            )

    def read(self, scope: Scope, batch: str) -> ImportRecord:
        """Return an import with its lines; the access is traced."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            row = reader.get(ImportBatch, batch)
            record = replace(_record(row), job=last_job(reader, batch) if Stage(row.state).at_work else "")
        self._journal.trace(scope, "import.read", batch)
        return record

    def read_again(self, scope: Scope, batch: str, how: WayOfReading) -> ImportRecord:
        """Read the file in another way: encoding, sheet, line of the titles, what is hidden; raises `StructureFault`.

        Raises `Conflict` once the columns were confirmed: the file itself is not kept further.
        """

        def work(_: Reader, row: ImportBatch, content: dict[str, Any]) -> None:
            _expect(row, Stage.READ)
            if "raw" not in content:
                raise Conflict("Le fichier n’est plus gardé : apportez-le de nouveau pour le lire autrement.")
            sheet = reading.read_sheet(_unpacked(content["raw"]), row.file_name or "", how)
            content["sheet"], row.rows, row.matching = reading.as_json(sheet), len(sheet.rows), _proposed(sheet)

        return self._work(scope, batch, "import.read_again", work)

    def match(
        self, scope: Scope, batch: str, matching: Mapping[int, str], know: Know | None, *, prospecting: bool = False
    ) -> ImportRecord:
        """Say which column holds what, and look for the numbers that lack, for a few seconds.

        Raises `RequestFault` when two columns hold the same thing, or nothing tells who lines are about.
        """

        def work(reader: Reader, row: ImportBatch, content: dict[str, Any]) -> None:
            sheet = reading.of_json(content["sheet"])
            kept = checked(sheet, matching)
            row.matching = {
                "columns": {str(place): column.value for place, column in kept.items()}, "prospecting": prospecting
            }  # fmt: skip
            if row.rows > LOT:
                row.state = Stage.MATCHING.value
                return
            lines = read_lines(sheet, kept, reader.today)
            self._search(reader, row, lines, know)
            content["lines"] = [line.as_json() for line in lines]
            content.pop("raw", None)

        return self._work(scope, batch, "import.matched", work)

    def search_on(self, scope: Scope, batch: str, know: Know | None) -> ImportRecord:
        """Go on looking for numbers, for a few seconds; does nothing once all were looked for."""

        def work(reader: Reader, row: ImportBatch, content: dict[str, Any]) -> None:
            lines = lines_of(content)
            if row.state == Stage.SEARCHING:
                self._search(reader, row, lines, know)
            content["lines"] = [line.as_json() for line in lines]

        return self._work(scope, batch, "import.searched", work)

    def choose_numbers(
        self, scope: Scope, batch: str, chosen: Mapping[int, str], know: Know | None, *, last: bool = True
    ) -> ImportRecord:
        """Give lines the number chosen or typed for them; with the `last` ones, doubles are looked for.

        Raises `FieldFaults` when numbers typed are none, by line (`ligne-12`).
        """

        def work(reader: Reader, row: ImportBatch, content: dict[str, Any]) -> None:
            lines = lines_of(content)
            _expect(row, Stage.NUMBERS, Stage.DOUBLES, Stage.READY)
            faults = {
                f"ligne-{line.line}": fault
                for line in lines
                if line.line in chosen and line.match != Match.GIVEN
                if (fault := numbers.choose(line, chosen[line.line]))
            }
            if faults:
                raise FieldFaults(faults)
            if last and row.rows > LOT:
                row.state = Stage.REVIEWING.value
            elif last:
                self._review(reader, row, lines, know)
            content["lines"] = [line.as_json() for line in lines]

        return self._work(scope, batch, "import.numbered", work)

    def decide(
        self, scope: Scope, batch: str, decided: Mapping[int, str], everywhere: str = "", *, last: bool = True
    ) -> ImportRecord:
        """Say what becomes of lines: `create`, `leave`, or `merge:` and a dossier or a line (`merge:#12`).

        `everywhere` is one decision for all doubles: create, leave, or merge (into the surest). Raises `RequestFault`
        for a decision that is not one of those offered.
        """

        def work(_: Reader, row: ImportBatch, content: dict[str, Any]) -> None:
            lines = lines_of(content)
            _expect(row, Stage.DOUBLES, Stage.READY)
            for line in lines:
                if line.doubles and everywhere:
                    _decide(
                        line, f"merge:{doubles.target_of(line.doubles[0])}" if everywhere == "merge" else everywhere
                    )
                elif line.line in decided:
                    _decide(line, decided[line.line])
            _untangle(lines)
            if last:
                row.state = Stage.READY.value
            content["lines"] = [line.as_json() for line in lines]

        return self._work(scope, batch, "import.decided", work)

    def apply(self, scope: Scope, batch: str) -> ImportRecord:
        """Write everything in one transaction, then erase the rows that waited; a second time changes nothing.

        More lines than a lot are left to a job. Raises `Conflict` when a dossier on one of the firms was opened since
        the review.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with self._journal.reading(scope) as reader:
            there = reader.get(ImportBatch, batch)
            long = there.rows > LOT and Stage(there.state) is Stage.READY
        if long:
            return self._work(scope, batch, "import.applied", _to_apply)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("import.applied", batch)
                row, content = self._own(unit, batch)
                if row.state != Stage.APPLIED:
                    _expect(row, Stage.READY)
                    self._apply(unit, row, lines_of(content))
        except AlreadyDone:
            pass
        return self.read(scope, batch)

    def abandon(self, scope: Scope, batch: str) -> ImportRecord:
        """Erase the rows of an import without applying it; raises `Conflict` when it was applied."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("import.abandoned", batch)
                row, _ = self._own(unit, batch)
                _expect(row, *_GOING)
                row.state = Stage.ABANDONED.value
                unit.erase(row)
        except AlreadyDone:
            pass
        return self.read(scope, batch)

    def _work(
        self, scope: Scope, batch: str, kind: str, work: Callable[[Reader, ImportBatch, dict[str, Any]], None]
    ) -> ImportRecord:
        """Work on a copy of an import, which may take seconds, then write it: nobody else's writes wait meanwhile.

        Raises `Conflict` when the import moved on in between.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        refusal: VigieError | None = None
        with self._journal.reading(scope) as reader:
            copy, content = self._own(reader, batch)
            before = copy.state, copy.content
            try:
                _expect(copy, *_GOING)
                work(reader, copy, content)
            except VigieError as fault:
                refusal = fault
        try:
            with self._journal.writing(scope) as unit:
                unit.act(kind, batch)  # what was sent twice is answered as the first time, refused or not
                if refusal is not None:
                    raise refusal
                row = unit.get(ImportBatch, batch)
                if (row.state, row.content) != before:
                    raise Conflict("Cet import a avancé pendant ce temps, dans un autre onglet : reprenez-le d’ici.")
                row.state, row.matching, row.content = copy.state, copy.matching, json.dumps(content)
                row.rows = copy.rows
                if kind_of_work := JOBS.get(Stage(row.state)):
                    ask(unit, kind_of_work, batch, row.rows)
        except AlreadyDone:
            pass
        return self.read(scope, batch)

    @staticmethod
    def _own(reader: Reader, batch: str) -> tuple[ImportBatch, dict[str, Any]]:
        """Return an import and its rows, none once they were erased; raises `NotFound` for somebody else's."""
        row = reader.get(ImportBatch, batch)
        content: dict[str, Any] = json.loads(row.content or "{}")
        if content.get("by", "") not in ("", reader.scope.person):
            raise NotFound("Cet import est celui d’une autre personne : elle seule peut le poursuivre.")
        return row, content

    def _search(self, reader: Reader, row: ImportBatch, lines: Sequence[LineInReview], know: Know | None) -> None:
        if numbers.search_numbers(lines, know):
            row.state = Stage.SEARCHING.value
        elif any(line.match in TO_SHOW and not line.left_out for line in lines):
            row.state = Stage.NUMBERS.value
        else:
            self._review(reader, row, lines, know)

    def _review(self, reader: Reader, row: ImportBatch, lines: Sequence[LineInReview], know: Know | None) -> None:
        numbers.complete(lines, know)
        if row.matching.get("prospecting"):
            numbers.refuse_objecting(lines, self._objecting)
            numbers.refuse_masked(lines, know)
        doubles.review(lines, doubles.existing(reader))
        row.state = (Stage.DOUBLES if any(line.doubles for line in lines) else Stage.READY).value

    def _apply(self, unit: Unit, row: ImportBatch, lines: Sequence[LineInReview]) -> None:
        if row.matching.get("prospecting"):
            numbers.refuse_objecting(lines, self._objecting)
        refuse_new(lines, doubles.existing(unit))
        applied = apply_lines(
            unit, lines, row.id, ApplyingRules(bool(row.matching.get("prospecting")), self.fingerprint)
        )
        unit.act("import.finished", row.id)
        row.report = {"lines": applied.outcomes}
        row.state, row.applied_at = Stage.APPLIED.value, unit.now
        unit.erase(row)

    def fingerprint(self, email: str) -> str:
        """Return by what an address whose erasure was asked for is recognised."""
        return self._keys.fingerprint(REFUSAL, address_key(email))


def _proposed(sheet: ReadSheet) -> dict[str, Any]:
    return {"columns": {str(one.place): one.column for one in propose(sheet) if one.column}}


def _packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


def _unpacked(kept: str) -> bytes:
    return zlib.decompress(base64.b64decode(kept))


_GOING = (Stage.READ, Stage.SEARCHING, Stage.NUMBERS, Stage.DOUBLES, Stage.READY)


def _to_apply(_: Reader, row: ImportBatch, __: dict[str, Any]) -> None:
    _expect(row, Stage.READY)
    row.state = Stage.APPLYING.value


def _expect(row: ImportBatch, *stages: Stage) -> None:
    if row.state not in stages:
        raise Conflict(f"Cet import en est à une autre étape ({Stage(row.state).label}) : reprenez-le où il en est.")


def _decide(line: LineInReview, decision: str) -> None:
    word, _, target = decision.partition(":")
    offered = {doubles.target_of(one) for one in line.doubles}
    if (
        word not in set(LineDecision)
        or (word == LineDecision.MERGE) != bool(target)
        or (target and target not in offered)
    ):
        raise RequestFault(f"Ligne {line.line} : cette décision n’est pas de celles qui sont proposées.")
    line.decision, line.target = word, target


def _untangle(lines: Sequence[LineInReview]) -> None:
    """Create what would complete a line that is itself left aside: it has no dossier to complete."""
    gone = {f"#{line.line}" for line in lines if line.left_out or line.decision == LineDecision.LEAVE}
    for line in lines:
        if line.target in gone:
            line.decision, line.target = LineDecision.CREATE.value, ""


def _line(row: ImportBatch) -> ImportLine:
    return ImportLine(
        id=row.id,
        file_name=row.file_name,
        stage=row.state,
        rows=row.rows,
        created_at=row.created_at,
        applied_at=row.applied_at,
        counts=counted(row.report.get("lines", [])) if row.report else {},
    )


def _record(row: ImportBatch) -> ImportRecord:
    content = json.loads(row.content) if row.content else {}
    report = tuple(
        ReportLine(one["line"], one["outcome"], one["dossier"], one["reason"], tuple(one["notes"]))
        for one in row.report.get("lines", [])
    )
    if not content:
        return ImportRecord(_line(row), report=report)
    sheet = reading.of_json(content["sheet"])
    chosen = row.matching.get("columns", {})
    columns = tuple(replace(one, column=chosen.get(str(one.place), "")) for one in propose(sheet))
    lines = tuple(lines_of(content))
    return ImportRecord(
        line=_line(row),
        notes=sheet.notes,
        offered=sheet.offered if "raw" in content else None,
        columns=columns,
        prospecting=bool(row.matching.get("prospecting")),
        lines=lines,
        remaining=sum(line.match == Match.TO_SEARCH and not line.left_out for line in lines),
        report=report,
    )
