"""What every finding of a portrait shares: its territory, its card, its sources, real or imaginary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vigie.domain.finding import Finding, Value
from vigie.domain.finding_table import Unknown
from vigie.domain.french import percent
from vigie.services.figures.reach import ENOUGH
from vigie.services.indicator_cards import indicator_cards
from vigie.services.loaded import STOCK
from vigie.services.portrait.reach import FEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vigie.domain.finding_table import FindingTable
    from vigie.services.loaded import Loaded
    from vigie.services.places import Perimeter

NOTHING = Unknown.NOTHING.label


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

    @property
    def refused(self) -> bool:
        """Tell whether so little is loaded that nothing is said of the whole; jobs known everywhere are enough."""
        if self.jobs_reach is not None and self.jobs_reach >= ENOUGH:
            return False
        return any(share is not None and share < FEW for share in (self.reach, self.jobs_reach))

    def told(
        self,
        tables: Sequence[FindingTable],
        note: str | None = None,
        *,
        breakdown: Iterable[Finding] = (),
        series: bool = False,
    ) -> Finding:
        """Write the finding that tables of one territory hold, the present one last.

        `note` stands beside a value that is known; one that is not says why. `series` tells the former ones too.
        """
        present = tables[-1]
        why = present.why[0]
        said = note if why is None else why.label
        if self.partial and STOCK in present.sources and why is not Unknown.NOTHING:
            said = f"{partial_note(self.reach or 0.0)} {said or ''}".strip()
        values = [(table.vintage, table.value_at(0)) for table in tables] if series and present.vintage else []
        return self._written(
            present.indicator, present.value_at(0), present.sources,
            interval=present.interval_at(0), coverage=present.coverage_at(0), note=said,
            breakdown=tuple(breakdown),
            series=tuple((year, None if value is None else float(value)) for year, value in values),
        )  # fmt: skip

    def _written(self, indicator: str, value: Value, sources: tuple[str, ...], **more: Any) -> Finding:
        card = indicator_cards()[indicator]
        return Finding(
            id=indicator,
            label=card.label,
            value=value,
            unit=card.unit,
            sources=self.loaded.cite(*sources),
            territory=self.perimeter.territory.key,
            simulated=self.loaded.simulated and bool(set(sources) - {"decoupage_administratif"}),
            **more,
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
