"""A finding: one figure with all that is needed to trust it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from vigie.domain.provenance import Provenance

Value = int | float | str | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a figure and what they mean (`kind`: "confidence" at `level`, or "bounds" of partial knowledge).

    `None` on a side means that nothing bounds the figure there.
    """

    low: float | None
    high: float | None
    kind: str = "bounds"
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A figure, its unit, its uncertainty, the share of the base it rests on, its sources.

    `id` names the indicator (card in `measures/cards`); `value` is `None` when unknown, never zero, and then
    `note` says why, in French. `coverage` is the share (0 to 1) of the base that was known, `None` when the
    notion does not apply. `label`, `unit` and `note` are French. `breakdown` holds the parts of a figure, as
    findings of the same unit; `series` its values by vintage.
    """

    id: str
    label: str
    value: Value
    unit: str
    interval: Interval | None = None
    coverage: float | None = None
    sources: tuple[Provenance, ...] = ()
    territory: str | None = None
    note: str | None = None
    simulated: bool = False
    key: str | None = None
    breakdown: tuple[Finding, ...] = field(default=())
    series: tuple[tuple[str, float | None], ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as the machine-readable answers print it."""
        return asdict(self)
