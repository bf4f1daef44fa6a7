"""The activities of a territory beside those of a reference, counted the same way."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.measures.concentration import location_quotient
from vigie.services.loaded import JOBS, STOCK
from vigie.services.portrait.reading import PROPERTY_AND_HOLDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.services.portrait.reading import Facts, JobCell

FRANCE, LOADED = "la France", "l’ensemble des données chargées"
SMALLEST = {"jobs": 100, "employers": 30}
"""Below, one firm that comes or leaves changes every quotient: nothing is said of the structure."""
SMALLEST_DIVISION = {"jobs": 20, "employers": 5}
"""Below, a division is a firm or two, which a specialisation would name."""
SPECIALISED, SMALLEST_SHARE = 1.5, 0.01
"""Half as much again as the reference, the usual threshold of a location quotient, in one job of a hundred at
least."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Amounts by activity (finest code) in a territory and in its reference, counted the same way.

    `kind` is "jobs" or "employers"; `unknown` is the amount here whose activity is not known; `told` says in
    French what is counted, `reference_name` against what.
    """

    kind: str
    local: Mapping[str, float]
    reference: Mapping[str, float]
    unknown: float
    told: str
    reference_name: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources of the amounts."""
        return (JOBS,) if self.kind == "jobs" else (STOCK,)

    @property
    def divisions(self) -> tuple[list[str], list[float], list[float]]:
        """Codes of the reference's divisions, amounts here, amounts in the reference."""
        here, there = _by_division(self.local), _by_division(self.reference)
        codes = sorted(there)
        return codes, [here[code] for code in codes], [there[code] for code in codes]


def mix(facts: Facts, national: Facts, reference_name: str) -> Mix:
    """Count activities in jobs where they are loaded, else in employers without property companies and holdings."""
    if national.jobs:
        last = max(cell.year for cell in national.jobs)
        return Mix(
            "jobs", _jobs(facts.jobs, last), _jobs(national.jobs, last), 0.0,
            f"Compté en emplois salariés privés de {last}.", reference_name,
        )  # fmt: skip
    spoken = _main_nomenclature(national)
    local, unknown = _employers(facts, spoken)
    return Mix(
        "employers", local, _employers(national, spoken)[0], unknown,
        "Compté en établissements employeurs, sans les locations de biens propres (68.20) ni les holdings (64.20).",
        reference_name,
    )  # fmt: skip


def specialities(counted: Mix) -> list[tuple[str, float]]:
    """Return the divisions big enough for their quotient to mean something, with it, most specific first.

    Big enough: 1 % of the territory, and at least 5 establishments or 20 jobs.
    """
    codes, here, there = counted.divisions
    least = max(SMALLEST_DIVISION[counted.kind], SMALLEST_SHARE * sum(here))
    quotients = location_quotient(here, there)
    kept = [(code, float(q)) for code, q, amount in zip(codes, quotients, here, strict=True) if amount >= least]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _by_division(amounts: Mapping[str, float]) -> Mapping[str, float]:
    totals: defaultdict[str, float] = defaultdict(float)
    for code, amount in amounts.items():
        totals[code[:2]] += amount
    return totals


def _jobs(cells: Iterable[JobCell], year: int) -> dict[str, float]:
    return {cell.naf: float(cell.jobs) for cell in cells if cell.year == year and cell.jobs}


def _main_nomenclature(national: Facts) -> str | None:
    totals = national.count(lambda group: group.nomenclature)
    return totals.most_common(1)[0][0] if totals else None


def _employers(facts: Facts, spoken: str | None) -> tuple[dict[str, float], float]:
    """Count employers by code in one nomenclature; those without a code in it are unknown."""
    totals: Counter[str] = Counter()
    unknown = 0
    for group in facts.groups:
        if group.employer != "O" or (group.naf or "")[:5] in PROPERTY_AND_HOLDINGS:
            continue
        if group.naf is None or group.nomenclature != spoken:
            unknown += group.establishments
        else:
            totals[group.naf] += group.establishments
    return {code: float(count) for code, count in totals.items()}, float(unknown)
