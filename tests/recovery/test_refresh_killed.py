"""A refresh killed at any stage: the former data answer, and the next run gives what an uninterrupted one gives.

VIGIE_KILLS sets the number of stages at which it is killed (3 by default), spread over all of those that a whole
refresh tells (`tests/recovery/staged_refresh.py`). No clock has a part in it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.legal_notices import notice, write_notices
from tests.not_empty import not_empty
from tests.published_values import write_card, write_values
from tests.refreshing import load, rows, settings
from tests.shares import share
from tests.small_stock import establishment, siren, siret, unit, write_stock
from vigie.bootstrap import open_services
from vigie.errors import NotFound
from vigie.store import generation
from vigie.store.derived_tables import LABORATORY
from vigie.store.tables import DERIVED

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("VIGIE_KILLS", "3"))
FIRMS = 400
NEW = FIRMS + 1  # a firm that only the new files have
SWITCHED = "current kept"
OLD_ANSWERS, NEW_ANSWERS = ("11", None), ("21", "11")


def run(data: Path, files: Path, until: str = "") -> tuple[list[str], dict[str, Any]]:
    """Refresh, killed at a stage if it is given; return the stages reached, and the report of a whole refresh."""
    command = [sys.executable, "-m", "tests.recovery.staged_refresh", str(data), str(files)]
    reached: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin and running.stdout
        for line in running.stdout:
            if line.startswith("{"):
                return reached, json.loads(line)
            reached.append(line.strip())
            if reached[-1] == until:
                running.kill()
                return reached, {}
            running.stdin.write("go\n")
            running.stdin.flush()
    raise AssertionError(f"the refresh ended after {reached[-1:]}, before {until or 'its report'}")


def answers(data: Path) -> tuple[str | None, str | None]:
    """Return the size bands that the data in service give for an old firm, and for the new one (`None`: unknown)."""
    with open_services(settings(data)) as services:
        known = services.know.establishment(siret(7)).size_band
        try:
            return known, services.know.establishment(siret(NEW)).size_band
        except NotFound:
            return known, None


def spread(stages: list[str], count: int) -> list[str]:
    """Return `count` stages in their order, from the first to the last before the switch, all names once."""
    named = list(dict.fromkeys(stages))
    before = named[: named.index(SWITCHED)]
    count = min(count, len(before))
    return [before[rank * (len(before) - 1) // max(1, count - 1)] for rank in range(count)]


@pytest.mark.slow
def test_a_killed_refresh_changes_nothing_and_resumes(tmp_path: Path) -> None:
    places, units = [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)]
    old = write_stock(tmp_path / "old", places, units, kind="zip")
    places[7]["trancheEffectifsEtablissement"] = "21"
    places.append(establishment(NEW))
    new = write_stock(tmp_path / "new", places, [*units, unit(NEW)], kind="zip")
    told = [notice(n, siren(n), "collective", nature="Ouverture de liquidation judiciaire") for n in range(1, 30)]
    write_notices(new / "bodacc.csv", told)
    base, whole, data = tmp_path / "base", tmp_path / "whole", tmp_path / "data"
    load(base, old)
    shutil.copytree(base, whole)
    shutil.copytree(base, data)
    stages, expected = run(whole, new)
    assert SWITCHED in stages and "index written" in stages

    chosen = spread(stages, KILLS)
    assert len(chosen) >= min(KILLS, 5)
    first_stages = set()
    for stage in not_empty(chosen):
        reached, _ = run(data, new, until=stage)
        first_stages.add(reached[0])
        assert answers(data) == OLD_ANSWERS, stage
        assert generation.current(data).name == generation.current(base).name  # type: ignore[union-attr]

    assert len(first_stages) > 1  # what was kept is not made again
    _, report = run(data, new)
    assert report == expected
    assert report["establishments"] == FIRMS + 1
    assert answers(data) == NEW_ANSWERS
    assert not list((data / "build").iterdir())
    for table, least in (("event", len(told)), ("notice", len(told))):
        made = rows(data, table)
        assert made == rows(whole, table)
        assert len(made) >= least


@pytest.mark.slow
def test_a_refresh_killed_once_it_has_switched_has_put_the_new_data_in_service(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(data, write_stock(tmp_path / "old", [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)]))
    places, units = [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)]
    places[7]["trancheEffectifsEtablissement"] = "21"
    new = write_stock(tmp_path / "new", [*places, establishment(NEW)], [*units, unit(NEW)])
    run(data, new, until=SWITCHED)
    assert answers(data) == NEW_ANSWERS
    named = generation.current(data)
    run(data, new)
    assert generation.current(data) == named
    assert answers(data) == NEW_ANSWERS


@pytest.mark.slow
def test_a_refresh_killed_within_its_derivations_ends_with_the_same_tables(tmp_path: Path) -> None:
    places, units = [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)]
    files = write_stock(tmp_path / "in", places, units)
    write_values(files)
    whole, data = tmp_path / "whole", tmp_path / "data"
    write_card(whole)
    write_card(data)
    stages, expected = run(whole, files)
    derived = [f"{table.name} {when}" for table in DERIVED for when in ("begun", "written", "kept")]
    assert derived == [stage for stage in stages if stage in derived]
    for stage in not_empty(share(derived, 4)):
        reached, _ = run(data, files, until=stage)
        assert "establishment begun" not in reached or stage == derived[0]
        assert generation.current(data) is None
    _, report = run(data, files)
    assert report == expected
    made = {table.name: derived_rows(data, table.name) for table in not_empty(DERIVED)}
    assert made == {name: derived_rows(whole, name) for name in made}
    assert all("lacking" in row["content"] or "effects" in row["content"] for row in not_empty(made["laboratory"]))
    assert made["figure"]  # what is derived from hirings has nothing to say of these files
    served = [generation.describe(generation.current(one)) for one in (data, whole)]  # type: ignore[arg-type]
    assert served[0]["derived"] == served[1]["derived"]


def derived_rows(data: Path, table: str) -> list[dict[str, object]]:
    """Return the rows of a derived table; the numbers of examinations to ten significant digits.

    Linear algebra sums in an order that follows where arrays lie in memory: its last digits differ from run to run.
    """
    found = rows(data, table)
    if table == LABORATORY.name:
        return [
            row | {"content": json.loads(str(row["content"]), parse_float=lambda text: f"{float(text):.10g}")}
            for row in found
        ]
    return found
