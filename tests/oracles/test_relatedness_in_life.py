"""Relatedness by hirings against what establishments became: changes of activity seen in the register."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from vigie.measures.concentration import Floats
from vigie.measures.ranking import paired_bootstrap, reciprocal_ranks
from vigie.measures.relatedness import by_shared_occupations, shared_occupations

REV2 = re.compile(r"\d\d\.\d\d[A-Z]")
FILES = {2017: "rome_naf_2017_complet", 2021: "rome_naf_2021"}


class Hirings:
    """Hirings by occupation and activity of one file."""

    def __init__(self, path: Path) -> None:
        rows = pq.read_table(path).to_pylist()
        self.activities = sorted({f"{row['naf_id'][:2]}.{row['naf_id'][2:]}" for row in rows})
        self.rank = {code: place for place, code in enumerate(self.activities)}
        occupations = {code: place for place, code in enumerate(sorted({row["rome_id"] for row in rows}))}
        self.counts = np.zeros((len(occupations), len(self.activities)))
        for row in rows:
            place = self.rank[f"{row['naf_id'][:2]}.{row['naf_id'][2:]}"]
            self.counts[occupations[row["rome_id"]], place] += row["hirings"]
        self.near = by_shared_occupations(self.counts)

    def neighbours(self, code: str, count: int) -> list[str]:
        order = np.argsort(-self.near[self.rank[code]], kind="stable")
        return [self.activities[one] for one in order if self.activities[one] not in (code, "78.20Z")][:count]


@pytest.fixture(scope="module")
def hirings(shared: Path) -> dict[int, Hirings]:
    folder = shared / "data" / "emploi"
    return {year: Hirings(folder / f"{name}.parquet") for year, name in FILES.items()}


@pytest.fixture(scope="module")
def periods(shared: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(
        shared / "data" / "sirene_rhone_histo" / "periodes_echantillon.parquet"
    ).to_pylist()
    return rows


def changes(periods: list[dict[str, Any]], known: dict[str, int]) -> list[tuple[str, str]]:
    """Return the changes of activity, NAF rev. 2 on both sides, between activities of which hirings are known."""
    histories: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in periods:
        histories[row["siret"]].append(row)
    found = []
    for history in histories.values():
        history.sort(key=lambda row: row["dateDebut"] or date.min)
        codes = [row["code_ape"] or "" for row in history]
        found += [(one, other) for one, other in pairwise(codes)
                  if one != other and REV2.fullmatch(one) and REV2.fullmatch(other)]  # fmt: skip
    return [(one, other) for one, other in found if one in known and other in known]


def ranked(told: Hirings, periods: list[dict[str, Any]]) -> tuple[Floats, Floats]:
    """Return the reciprocal ranks of the destinations by relatedness times size, and by size alone."""
    met = changes(periods, told.rank)
    start, end = [told.rank[one] for one, _ in met], [told.rank[other] for _, other in met]
    seen = Counter(row["code_ape"] for row in periods)
    sizes = np.array([seen[code] for code in told.activities], dtype=float)
    by_size = np.tile(sizes, (len(met), 1))
    return reciprocal_ranks(told.near[start] * sizes, end, start), reciprocal_ranks(by_size, end, start)


@pytest.mark.parametrize("year", FILES)
def test_what_an_establishment_becomes_is_near_what_it_was(
    year: int, hirings: dict[int, Hirings], periods: list[dict[str, Any]]
) -> None:
    told = hirings[year]
    assert len(changes(periods, told.rank)) == 1_388
    near, size = ranked(told, periods)
    gap = paired_bootstrap(near, size)
    assert gap.low is not None
    assert gap.low > 0.05
    assert size.mean() == pytest.approx(0.109, abs=5e-4)
    assert near.mean() == pytest.approx({2017: 0.204, 2021: 0.184}[year], abs=5e-4)
    assert (near >= 1 / 20).mean() > (size >= 1 / 20).mean() + 0.08


def test_neighbours_hold_from_one_year_to_another(hirings: dict[int, Hirings]) -> None:
    old, new = hirings[2017], hirings[2021]
    both = [code for code in old.activities if code in new.rank]
    kept = [len(set(old.neighbours(code, 10)) & set(new.neighbours(code, 10))) for code in not_empty(both)]
    assert np.mean(kept) == pytest.approx(7.2, abs=0.1)
    for code, near in (("10.71C", "10.71D"), ("62.01Z", "58.21Z"), ("25.62B", "25.62A"), ("30.30Z", "33.16Z")):
        assert near in old.neighbours(code, 5)
        assert near in new.neighbours(code, 5)


def test_a_pair_is_explained_by_its_occupations(hirings: dict[int, Hirings]) -> None:
    told = hirings[2017]
    one, other = told.rank["25.62B"], told.rank["25.73A"]
    parts = shared_occupations(told.counts, one, other)
    assert parts.sum() == pytest.approx(told.near[one, other], rel=1e-12)
    np.testing.assert_allclose(told.near.sum(axis=1), 1.0, rtol=1e-9)
    np.testing.assert_allclose(told.near, told.near.T, atol=1e-15)
