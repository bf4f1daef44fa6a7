"""The purge: what is due by the rules of retention, and what it erases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.services.followup.answers import JsonAnswer
from vigie.services.keys import Keys
from vigie.services.retention.rules import RULES, DueRows, RetentionContext, RetentionRule
from vigie.store.journal.followup import Dossier
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import Organisation, SignIn
from vigie.store.journal.records import Letter
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.store.journal.base import Base
    from vigie.store.journal.port import Journal, Reader, Unit

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class KeptThing(JsonAnswer):
    """Something due that is kept, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class RuleReport(JsonAnswer):
    """What one rule did: things found due, rows erased, things kept (two hundred are named)."""

    rule: str
    label: str
    due: int
    erased: int
    kept: int
    kept_things: tuple[KeptThing, ...]


@dataclass(frozen=True, slots=True)
class OrganisationReport(JsonAnswer):
    """What a purge did in an organisation; `dry_run` tells that it only looked."""

    organisation: str
    name: str
    months: int
    visa: str
    at: datetime
    dry_run: bool
    rules: tuple[RuleReport, ...]

    @property
    def erased(self) -> int:
        """Rows erased in all."""
        return sum(rule.erased for rule in self.rules)

    @property
    def kept(self) -> int:
        """Things due that are kept in all."""
        return sum(rule.kept for rule in self.rules)


@dataclass(frozen=True, slots=True)
class PurgeReport(JsonAnswer):
    """What a purge did in every organisation."""

    dry_run: bool
    organisations: tuple[OrganisationReport, ...]
    erased: int
    kept: int


@dataclass(frozen=True, slots=True)
class Erased(JsonAnswer):
    """What a request for erasure did; `to_reread` counts exchanges whose text may still name the person."""

    id: str
    rows: int
    to_reread: int = 0


_ACT = 500


class Purging:
    """Looks at what is due, and erases it."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def preview(self, scope: Scope) -> OrganisationReport:
        """Return what a purge would do in the asker's organisation, without doing it."""
        scope.require(Thing.ACCOUNTS, Right.READ)
        with self._journal.reading(scope) as reader:
            return _looked(reader, scope.organisation)

    def run(self, scope: Scope) -> OrganisationReport:
        """Erase what is due in the asker's organisation, in one transaction."""
        scope.require(Thing.ACCOUNTS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("retention.run", scope.organisation)
                report = _purged(unit, scope.organisation)
                unit.trace("retention.run", scope.organisation)
        except AlreadyDone:
            return self.preview(scope)
        self._journal.scrub()
        return report

    def run_everywhere(self, *, dry_run: bool = False) -> PurgeReport:
        """Purge every organisation, and the letters of none; each in its own transaction. For the host's command."""
        with self._journal.reading(Scope()) as reader:
            organisations = ["", *sorted(reader.all(select(Organisation.id)))]
        reports = [self._one(organisation, dry_run=dry_run) for organisation in organisations]
        if not dry_run:
            self._journal.scrub()
        shown = tuple(one for one in reports if one.organisation or one.erased or one.kept)
        return PurgeReport(dry_run, shown, sum(one.erased for one in reports), sum(one.kept for one in reports))

    def _one(self, organisation: str, *, dry_run: bool) -> OrganisationReport:
        scope = Scope(role=Role.SUPER_ADMIN, organisation=organisation, via="command")
        if dry_run:
            with self._journal.reading(scope) as reader:
                return _looked(reader, organisation)
        with self._journal.writing(scope) as unit:
            return _purged(unit, organisation)


def _context(reader: Reader, organisation: str) -> RetentionContext:
    return RetentionContext(reader.find(Organisation, organisation) if organisation else None, reader.now)


def _looked(reader: Reader, organisation: str) -> OrganisationReport:
    context = replace(_context(reader, organisation), seen={})
    return _report(context, [_told(rule, rule.find(reader, context)) for rule in RULES], dry_run=True)


def _purged(unit: Unit, organisation: str) -> OrganisationReport:
    context = _context(unit, organisation)
    told = []
    for rule in RULES:
        found = rule.find(unit, context)
        told.append(_told(rule, found))
        for start in range(0, len(found.due), _ACT):
            unit.act(f"retention.{rule.word}", organisation)
            for row in found.due[start : start + _ACT]:
                _erase(unit, row)
        if found.withdrawn:
            unit.act(f"retention.{rule.word}", organisation)
            for row in found.withdrawn:
                unit.withdraw(row)
        unit.flush()
    return _report(context, told, dry_run=False)


def _erase(unit: Unit, row: Base) -> None:
    """Empty what is personal of a row; what has no personal column loses what it points to."""
    unit.erase(row)
    if isinstance(row, SignIn):
        row.person_id, row.key_hash = "", Keys.hash_token(Keys.new_token())
    elif isinstance(row, ConsentKey):
        row.side_id, row.subject_id, row.key_hash = "", "", Keys.hash_token(Keys.new_token())
    elif isinstance(row, Letter) and row.state == "waiting":
        row.state = "failed"
    elif isinstance(row, Dossier):
        row.waiting_since = None


def _told(rule: RetentionRule, found: DueRows) -> RuleReport:
    kept = tuple(KeptThing(identifier, reason) for identifier, reason in found.kept[:MOST_KEPT])
    return RuleReport(rule.word, rule.label, found.subjects, len(found.due), len(found.kept), kept)


def _report(context: RetentionContext, rules: list[RuleReport], *, dry_run: bool) -> OrganisationReport:
    one = context.organisation
    return OrganisationReport(
        organisation=one.id if one else "",
        name=one.name if one else "sans organisation",
        months=context.months,
        visa=one.retention_visa if one else "",
        at=context.now,
        dry_run=dry_run,
        rules=tuple(rules),
    )
