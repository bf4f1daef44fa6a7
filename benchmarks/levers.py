"""Schemes answered at once beside a plain loop over their conditions; flows of matter.

`python -m benchmarks.levers` answers 500 imaginary firms among 5 000 imaginary schemes both ways, whose answers must be
equal, then solves 500 givers × 500 takers, and keeps `results/levers.json`.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import time
from typing import Any

import numpy as np

from benchmarks.machine import describe
from benchmarks.run import RESULTS
from vigie.domain.levers import HEADCOUNT, YEARS, Applicant, Condition, Scheme, Topic, traits
from vigie.measures.eligibility import answers, tabled, together
from vigie.measures.symbiosis import cheapest

SCHEMES, FIRMS, PLACES = 5_000, 500, 500
SEED = 1


def main() -> None:
    """Measure, print and keep."""
    draw = random.Random(SEED)  # noqa: S311 - imaginary schemes
    schemes = [made(draw, rank) for rank in range(SCHEMES)]
    firms = [firm(draw) for _ in range(FIRMS)]
    found = {"machine": describe(), "schemes": SCHEMES, "firms": FIRMS} | eligibility(schemes, firms) | flow()
    found["peak_memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "levers.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1, ensure_ascii=False))


def made(draw: random.Random, rank: int) -> Scheme:
    """Return a scheme with a few conditions, drawn among the places, sections and sizes that real ones ask for."""
    conditions = [
        Condition(
            Topic.ACTIVITY, "", allowed=traits("naf", draw.sample("ABCDEFGHIJKLMNOPQRSTU", draw.choice((1, 3, 21))))
        )
    ]
    if draw.random() < 0.5:
        conditions.append(
            Condition(Topic.PLACE, "", allowed=traits("region", draw.sample(range(18), draw.choice((1, 2, 12)))))
        )
    conditions.append(Condition(Topic.SIZE, "", amount=HEADCOUNT, most=draw.choice((9, 49, 249, 499, 4999))))
    conditions.append(Condition(Topic.AGE, "", amount=YEARS, least=draw.choice((1, 2, 3))))
    conditions += [Condition(Topic.OTHER, "Ne pas avoir commencé"), Condition(Topic.OTHER, f"Condition {rank % 400}")]
    return Scheme(str(rank), "", tuple(conditions))


def firm(draw: random.Random) -> Applicant:
    """Return a firm of which all is known, its size as a band."""
    low = draw.choice((0, 3, 6, 10, 20, 50, 100))
    return Applicant(
        traits("naf", draw.choice("ABCDEFGHIJKLMNOPQRSTU")) | traits("region", [draw.randrange(18)]),
        frozenset({"naf", "region"}),
        {HEADCOUNT: (low, 2 * low + 2), YEARS: (draw.randrange(30),) * 2},
    )


def eligibility(schemes: list[Scheme], firms: list[Applicant]) -> dict[str, Any]:
    """Time both ways, one firm after the other; raises `AssertionError` when an answer differs."""
    table = tabled(schemes)
    ours, theirs = [], []
    for one in firms:
        began = time.process_time()
        told = answers(table, one)
        middle = time.process_time()
        plain = [together(scheme.conditions, one) for scheme in schemes]
        theirs.append(time.process_time() - middle)
        ours.append(middle - began)
        assert told.tolist() == plain  # noqa: S101 - a quick wrong answer would be measured otherwise
    return {
        "one_firm_p95_ms": round(statistics.quantiles(ours, n=20)[-1] * 1000, 2),
        "all_firms_seconds": round(sum(ours), 2),
        "plain_loop_seconds": round(sum(theirs), 2),
        "times_quicker": round(sum(theirs) / sum(ours), 1),
    }


def flow() -> dict[str, Any]:
    """Time a flow of 500 givers and 500 takers, a tenth of whose pairs is feasible."""
    draw = np.random.default_rng(SEED)
    costs, feasible = draw.uniform(-40, 10, (PLACES, PLACES)), draw.random((PLACES, PLACES)) < 1 / 10
    cheapest([1], [1], [[-1]], [[True]])  # the library is imported once
    began = time.process_time()
    found = cheapest(draw.uniform(1, 100, PLACES), draw.uniform(1, 100, PLACES), costs, feasible)
    return {"flow_seconds": round(time.process_time() - began, 2), "flow_moved": round(found.total, 1)}


if __name__ == "__main__":
    main()
