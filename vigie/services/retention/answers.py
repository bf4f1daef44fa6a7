"""What retention answers: what was erased, what was kept and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vigie.services.followup.answers import JsonAnswer

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
