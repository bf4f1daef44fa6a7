"""What a territory is made of compared with a reference: specialisation, concentration, variety."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.finding import Finding
from vigie.measures.concentration import herfindahl, krugman, location_quotient
from vigie.measures.coverage import coverage
from vigie.measures.variety import variety
from vigie.services.loaded import JOBS, STOCK
from vigie.services.portrait.reading import PROPERTY_AND_HOLDINGS
from vigie.services.portrait.scene import Scene, part
from vigie.services.portrait.wording import NBSP, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.services.portrait.reading import Facts, JobCell

INDICATORS = ("specialisation", "krugman", "concentration_hhi", "variety")
FRANCE, LOADED = "la France", "l’ensemble des données chargées"
SMALLEST = {"jobs": 100, "employers": 30}
SMALLEST_DIVISION = {"jobs": 20, "employers": 5}
SPECIALISED, SMALLEST_SHARE = 1.5, 0.01


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


def structure_findings(scene: Scene, counted: Mix, labels: Mapping[str, str]) -> list[Finding]:
    """Return specialisation, Krugman's index, concentration and variety."""
    total = sum(counted.local.values())
    if total < SMALLEST[counted.kind]:
        note = (
            f"{counted.told} Avec moins de {SMALLEST[counted.kind]}, ces mesures ne diraient que la petite taille "
            f"du territoire (ici\u00a0: {number(total)})."
        )
        return _unknown(scene, INDICATORS, counted, note)
    return [
        *_compared(scene, counted, labels),
        _concentration(scene, counted),
        _variety(scene, counted),
    ]


def _compared(scene: Scene, counted: Mix, labels: Mapping[str, str]) -> list[Finding]:
    if sum(counted.reference.values()) <= sum(counted.local.values()):
        note = "Aucune donnée n’est chargée hors de ce territoire\u00a0: il n’y a pas de référence à quoi le comparer."
        return _unknown(scene, INDICATORS[:2], counted, note)
    codes, here, there = counted.divisions
    known = coverage(sum(here), sum(here) + counted.unknown)
    versus = f"{counted.told} Référence\u00a0: {counted.reference_name}."
    return [
        _specialisation(scene, counted, labels, versus),
        scene.finding(
            "krugman", float(krugman(here, there)), sources=counted.sources, coverage=known,
            note=f"{versus} {len(codes)} divisions d’activité.",
        ),
    ]  # fmt: skip


def _specialisation(scene: Scene, counted: Mix, labels: Mapping[str, str], versus: str) -> Finding:
    codes, here, there = counted.divisions
    total, quotients = sum(here), location_quotient(here, there)
    present = sorted(
        (
            (float(quotient), code, amount)
            for quotient, code, amount in zip(quotients, codes, here, strict=True)
            if amount
        ),
        reverse=True,
    )
    parts = [
        part(
            "specialisation", code, labels.get(code, code), quotient,
            note=f"{number(amount)} sur {number(total)} ici, soit {number(amount / total * 100, 1)}{NBSP}%.",
        )
        for quotient, code, amount in present
    ]  # fmt: skip
    strongest = next(iter(specialities(counted)), None)
    return scene.finding(
        "specialisation",
        None if strongest is None else strongest[1],
        sources=counted.sources,
        coverage=coverage(total, total + counted.unknown),
        note=versus if strongest is None else f"Activité la plus spécifique\u00a0: {labels[strongest[0]]}. {versus}",
        breakdown=parts,
    )


def specialities(counted: Mix) -> list[tuple[str, float]]:
    """Return the divisions big enough for their quotient to mean something, with it, most specific first.

    Big enough: 1 % of the territory, and at least 5 establishments or 20 jobs.
    """
    codes, here, there = counted.divisions
    least = max(SMALLEST_DIVISION[counted.kind], SMALLEST_SHARE * sum(here))
    quotients = location_quotient(here, there)
    kept = [(code, float(q)) for code, q, amount in zip(codes, quotients, here, strict=True) if amount >= least]
    return sorted(kept, key=lambda pair: (-pair[1], pair[0]))


def _concentration(scene: Scene, counted: Mix) -> Finding:
    here = counted.divisions[1]
    index = float(herfindahl(here))
    return scene.finding(
        "concentration_hhi",
        index,
        sources=counted.sources,
        coverage=coverage(sum(here), sum(here) + counted.unknown),
        note=f"{counted.told} Aussi concentré que {number(1 / index, 1)} divisions d’égale importance.",
    )


def _variety(scene: Scene, counted: Mix) -> Finding:
    codes = sorted(counted.local)
    split = variety([counted.local[code] for code in codes], [code[:2] for code in codes])
    total = sum(counted.local.values())
    return scene.finding(
        "variety",
        split.total,
        sources=counted.sources,
        coverage=coverage(total, total + counted.unknown),
        note=counted.told,
        breakdown=(
            part("variety", "non_liee", "Variété non liée (entre divisions)", split.unrelated),
            part("variety", "liee", "Variété liée (à l’intérieur des divisions)", split.related),
        ),
    )


def _unknown(scene: Scene, indicators: Iterable[str], counted: Mix, note: str) -> list[Finding]:
    return [scene.finding(name, None, sources=counted.sources, note=note) for name in indicators]


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
