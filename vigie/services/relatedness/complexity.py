"""Complexity of areas and activities, relatedness by co-location, density: all read off one matrix of jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from vigie.measures.complexity import complexity, fitness, presence
from vigie.measures.concentration import location_quotient
from vigie.measures.relatedness import cooccurrence, density, related
from vigie.services.relatedness.areas import AreaJobs, Why, area_jobs
from vigie.services.relatedness.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from vigie.store.derivation import BuildReader


class ComparedAreas:
    """The areas and activities that are compared among those counted, and their measures."""

    def __init__(self, counted: AreaJobs) -> None:
        self.counted = counted
        self.rows = np.array([why is None for why in counted.area_why])
        self.columns = np.array([why is None for why in counted.activity_why])
        self.table = counted.jobs[np.ix_(self.rows, self.columns)]
        self.held = presence(self.table)
        self.areas = [code for code, kept in zip(counted.areas, self.rows, strict=True) if kept]
        self.activities = [code for code, kept in zip(counted.activities, self.columns, strict=True) if kept]

    def spread(self, values: NDArray[Any], kept: NDArray[np.bool_]) -> list[Any]:
        """Return measures of what is compared at their place among all; `None` elsewhere and where undetermined."""
        told = iter([None if np.isnan(value) else value for value in values.tolist()])
        return [next(told) if one else None for one in kept]


def compared(tables: Mapping[str, ir.Table], reader: BuildReader) -> ComparedAreas | None:
    """Return what can be compared, `None` where nothing can."""
    counted = area_jobs(tables["jobs"], tables["membership"], reader)
    return None if counted is None else ComparedAreas(counted)


def colocation(one: ComparedAreas) -> list[dict[str, Any]]:
    """Return the nearest activities of each, by the areas where both are present."""
    together = cooccurrence(one.held)
    kind = one.counted.kind

    def evidence(here: int, there: int) -> str:
        return json.dumps({"areas": int(together[here, there]), "of": kind, "among": len(one.areas)})

    return nearest("colocation", "subclass", one.activities, related(one.held), evidence)


def activity_rows(one: ComparedAreas | None) -> pa.Table:
    """Return complexity by activity, in the shape of `activity_complexity`."""
    if one is None:
        return pa.table(
            {name: [] for name in ("naf", "area_kind", "year", "jobs", "ubiquity", "pci", "fitness", "why")}
        )
    counted, found, fit = one.counted, complexity(one.held), fitness(one.held)
    pci = one.spread(found.pci, one.columns)
    reasons = [_why(why, value) for why, value in zip(counted.activity_why, pci, strict=True)]
    size = len(counted.activities)
    return pa.table({
        "naf": list(counted.activities),
        "area_kind": [counted.kind] * size,
        "year": pa.array([counted.year] * size, pa.int16()),
        "jobs": counted.jobs.sum(axis=0).astype("int64"),
        "ubiquity": one.spread(one.held.sum(axis=0), one.columns),
        "pci": pci,
        "fitness": one.spread(fit.activities, one.columns),
        "why": pa.array(reasons, pa.string()),
    })  # fmt: skip


def area_rows(one: ComparedAreas | None) -> pa.Table:
    """Return complexity by area, in the shape of `area_complexity`."""
    names = ("kind", "code", "year", "jobs", "coverage", "diversity", "eci", "fitness", "why")
    if one is None:
        return pa.table({name: [] for name in names})
    counted, found, fit = one.counted, complexity(one.held), fitness(one.held)
    eci = one.spread(found.eci, one.rows)
    reasons = [_why(why, value) for why, value in zip(counted.area_why, eci, strict=True)]
    size = len(counted.areas)
    return pa.table({
        "kind": [counted.kind] * size,
        "code": list(counted.areas),
        "year": pa.array([counted.year] * size, pa.int16()),
        "jobs": counted.jobs.sum(axis=1).astype("int64"),
        "coverage": counted.coverage,
        "diversity": one.spread(one.held.sum(axis=1), one.rows),
        "eci": eci,
        "fitness": one.spread(fit.territories, one.rows),
        "why": pa.array(reasons, pa.string()),
    })  # fmt: skip


def reach_rows(one: ComparedAreas | None) -> pa.Table:
    """Return density around each activity in each area, in the shape of `reach`."""
    names = ("kind", "code", "naf", "quotient", "jobs", "density", "rank")
    if one is None:
        return pa.table({name: [] for name in names})
    around, quotient = density(one.held, related(one.held), own=False), location_quotient(one.table)
    order = np.argsort(np.where(one.held, -np.inf, np.nan_to_num(around, nan=-1.0)), axis=1, kind="stable")[:, ::-1]
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None, :], axis=1)
    size = one.table.size
    return pa.table({
        "kind": [one.counted.kind] * size,
        "code": np.repeat(np.array(one.areas), len(one.activities)),
        "naf": np.tile(np.array(one.activities), len(one.areas)),
        "quotient": quotient.ravel(),
        "jobs": one.table.ravel().astype("int64"),
        "density": pa.array(around.ravel(), from_pandas=True),
        "rank": pa.array(ranks.ravel().astype("int16"), mask=one.held.ravel()),
    })  # fmt: skip


def _why(left_out: Why | None, value: float | None) -> str | None:
    if left_out is not None:
        return left_out.value
    return Why.UNDETERMINED.value if value is None else None
