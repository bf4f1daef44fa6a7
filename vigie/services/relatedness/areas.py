"""The areas that complexity compares, and their jobs by tradable activity: one matrix for the whole country."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.territory import TerritoryKind
from vigie.sources import nomenclature

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from numpy.typing import NDArray

    from vigie.store.derivation import BuildReader

SET_APART = "78.20Z"
"""Temporary work: it is counted where the agency is, and hires for every activity; it is near everything."""
LOCAL_DIVISIONS = frozenset(
    ("36", "37", "38", "39", "41", "42", "43", "45", "47", "53", "56", "65", "66", "68", "75", "84", "85", "86", "87",
     "88", "90", "91", "92", "93", "94", "95", "96", "97", "98", "99")
)  # fmt: skip
"""Divisions that mostly serve those who live in the place: their presence follows the inhabitants, not know-how."""
FEWEST_AREAS = 20
"""Below, the eigenvector orders the accidents of a few areas rather than what activities ask for."""
FEWEST_AREA_JOBS = 2_000
"""Tradable jobs below which an area's quotients are made by one or two establishments."""
FEWEST_EPCI_JOBS = 20_000
"""Jobs of all activities from which an EPCI stands for an employment area, where these are not loaded."""
FEWEST_ACTIVITY_JOBS = 500
"""Jobs of the whole country below which an activity is present wherever one establishment is."""
_LEVELS = (TerritoryKind.ZE, TerritoryKind.EPCI, TerritoryKind.DEPARTEMENT)


class Why(StrEnum):
    """Why an area or an activity is not measured."""

    FEW_JOBS = "few_jobs"
    FEW_AREAS = "few_areas"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class AreaJobs:
    """Jobs by area (rows) and tradable activity (columns), all areas of one kind; `coverage` by area, 0 to 1."""

    kind: str
    year: int
    areas: tuple[str, ...]
    activities: tuple[str, ...]
    jobs: NDArray[np.float64]
    coverage: NDArray[np.float64]

    @property
    def area_why(self) -> list[Why | None]:
        """Return why each area is left out, `None` for those that are compared."""
        return [Why.FEW_JOBS if total < FEWEST_AREA_JOBS else None for total in self.jobs.sum(axis=1)]

    @property
    def activity_why(self) -> list[Why | None]:
        """Return why each activity is left out, `None` for those that are compared."""
        return [Why.FEW_JOBS if total < FEWEST_ACTIVITY_JOBS else None for total in self.jobs.sum(axis=0)]


def tradable(naf: str) -> bool:
    """Tell whether an activity can serve elsewhere than where it is; temporary work is set apart."""
    return naf[:2] not in LOCAL_DIVISIONS and naf != SET_APART


def area_jobs(jobs: ir.Table, membership: ir.Table, reader: BuildReader) -> AreaJobs | None:
    """Return the jobs of the employment areas, else of the EPCI of 20 000 jobs, else of the départements.

    `None` where no kind gives enough areas: jobs were not loaded, or for one territory alone. Jobs that are not
    published count for nothing, and lower the coverage.
    """
    last = jobs.filter(jobs.naf_nomenclature == "NAFRev2")
    last = last.filter(last.year == last.year.max())
    for kind in _LEVELS:
        found = _counted(last, membership, kind.value, reader)
        made = _matrix(kind.value, found)
        if made is not None:
            return made
    return None


def _counted(jobs: ir.Table, membership: ir.Table, kind: str, reader: BuildReader) -> pa.Table:
    import ibis  # noqa: PLC0415 - thresholds are read by every server, and Ibis takes its time

    members = membership.filter(membership.kind == kind)
    members = members.filter(members.vintage == members.vintage.max()).select("code", "commune").distinct()
    placed = jobs.inner_join(members, "commune")
    return reader.arrow(
        placed.group_by("code", "naf", "year").agg(
            # The engine sums whole numbers into a wider type that Ibis takes for int64: a cast to it would be left out.
            jobs=ibis.coalesce(placed.jobs.cast("float64").sum(), 0.0),
            cells=placed.count(),
            told=placed.count(where=placed.jobs.notnull()),
        )
    )


def _matrix(kind: str, found: pa.Table) -> AreaJobs | None:
    rows: list[dict[str, Any]] = found.to_pylist()
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["code"]] = totals.get(row["code"], 0.0) + row["jobs"]
    floor = FEWEST_EPCI_JOBS if kind == TerritoryKind.EPCI.value else 1
    areas = tuple(sorted(code for code, total in totals.items() if total >= floor))
    kept = [row for row in rows if totals[row["code"]] >= floor and tradable(row["naf"])]
    if len(areas) < FEWEST_AREAS or not kept:
        return None
    activities = tuple(sorted({row["naf"] for row in kept}))
    place, column = ({code: rank for rank, code in enumerate(side)} for side in (areas, activities))
    table, cells, told = np.zeros((len(areas), len(activities))), np.zeros(len(areas)), np.zeros(len(areas))
    for row in kept:
        at = place[row["code"]]
        table[at, column[row["naf"]]] = row["jobs"]
        cells[at] += row["cells"]
        told[at] += row["told"]
    coverage = np.divide(told, cells, out=np.zeros_like(told), where=cells > 0)
    return AreaJobs(kind, int(kept[0]["year"]), areas, activities, table, coverage)


def all_tradable() -> tuple[str, ...]:
    """Return every tradable subclass of NAF rev. 2."""
    return tuple(code for code, node in nomenclature.tree().items() if node.level == 5 and tradable(code))
