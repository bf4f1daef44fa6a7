"""What every finding of a portrait shares: its territory, its card, its sources, real or imaginary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.finding import Finding, Interval, Value
from vigie.domain.french import percent
from vigie.services.indicator_cards import indicator_cards
from vigie.services.loaded import STOCK
from vigie.services.portrait.reach import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter

NOTHING = "Aucun établissement n’est chargé pour ce territoire."


@dataclass(frozen=True, slots=True)
class Scene:
    """A perimeter and what is loaded.

    `reach` is the share of its population where establishments are loaded, `jobs_reach` where jobs are.
    """

    perimeter: Perimeter
    loaded: Loaded
    reach: float | None = None
    jobs_reach: float | None = None

    @property
    def partial(self) -> bool:
        """Tell whether establishments are loaded for a part of the territory only."""
        return self.reach is not None and self.reach < ENOUGH

    @property
    def partial_jobs(self) -> bool:
        """Tell whether jobs are loaded for a part of the territory only."""
        return self.jobs_reach is not None and self.jobs_reach < ENOUGH

    def finding(  # noqa: PLR0913 — one argument for each thing that a finding must tell
        self,
        indicator: str,
        value: Value,
        *,
        sources: tuple[str, ...],
        coverage: float | None = None,
        note: str | None = None,
        interval: Interval | None = None,
        breakdown: Iterable[Finding] = (),
        series: Iterable[tuple[str, float | None]] = (),
    ) -> Finding:
        """Write a finding: label and unit come from its card, sources from what is loaded."""
        card = indicator_cards()[indicator]
        if self.partial and STOCK in sources:
            coverage = (1.0 if coverage is None else coverage) * (self.reach or 0.0)
            note = f"{partial_note(self.reach or 0.0)} {note or ''}".strip() if self.reach else NOTHING
        return Finding(
            id=indicator,
            label=card.label,
            value=value,
            unit=card.unit,
            interval=interval,
            coverage=coverage,
            sources=self.loaded.cite(*sources),
            territory=self.perimeter.territory.key,
            note=note,
            simulated=self.loaded.simulated and bool(set(sources) - {"decoupage_administratif"}),
            breakdown=tuple(breakdown),
            series=tuple(series),
        )


def partial_note(reach: float) -> str:
    """Say that a load covers a part of a territory only."""
    if not reach:
        return NOTHING
    return f"Les établissements chargés ne couvrent que {percent(reach, 0)} de la population du territoire."


def part(whole: str, key: str, label: str, value: Value, **more: object) -> Finding:
    """Write one part of a finding: same indicator and unit; its sources are those of the whole."""
    unit = more.pop("unit", None) or indicator_cards()[whole].unit
    return Finding(id=whole, key=key, label=label, value=value, unit=unit, **more)  # type: ignore[arg-type]
