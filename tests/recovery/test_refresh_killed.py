"""A refresh killed at any instant: the former data answer, and the next run gives what an uninterrupted one gives.

VIGIE_KILLS sets the number of kills (10 by default), VIGIE_SEED their instants (at random by default; the report of
the test tells it).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.refreshing import load, settings
from tests.small_stock import establishment, siret, unit, write_stock
from vigie.bootstrap import open_services
from vigie.errors import NotFound
from vigie.store import generation

KILLS = int(os.environ.get("VIGIE_KILLS", "10"))
SEED = int(os.environ.get("VIGIE_SEED", str(time.time_ns())))
FIRMS = 4000
NEW = FIRMS + 1  # a firm that only the new files have


def start(data: Path, files: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vigie", "refresh", "--sirene", str(files), "--data-dir", str(data), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(data: Path, files: Path) -> tuple[dict[str, object], float]:
    begun = time.monotonic()
    running = start(data, files)
    out, complaint = running.communicate(timeout=300)
    assert running.returncode == 0, complaint
    return json.loads(out), time.monotonic() - begun


def answers(data: Path) -> tuple[str | None, str | None]:
    """Return the size bands that the data in service give for an old firm, and for the new one (`None`: unknown)."""
    with open_services(settings(data)) as services:
        known = services.know.establishment(siret(7)).size_band
        try:
            return known, services.know.establishment(siret(NEW)).size_band
        except NotFound:
            return known, None


@pytest.mark.slow
@pytest.mark.parametrize("seed", [SEED], ids=["instants"])
def test_a_killed_refresh_changes_nothing_and_resumes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 — instants, not secrets
    places, units = [establishment(n) for n in range(FIRMS)], [unit(n) for n in range(FIRMS)]
    old = write_stock(tmp_path / "old", places, units, kind="zip")
    places[7]["trancheEffectifsEtablissement"] = "21"
    places.append(establishment(NEW))
    new = write_stock(tmp_path / "new", places, [*units, unit(NEW)], kind="zip")

    base, whole = tmp_path / "base", tmp_path / "whole"
    load(base, old)
    shutil.copytree(base, whole)
    expected, seconds = finish(whole, new)

    data, before = tmp_path / "data", generation.current(base)
    shutil.copytree(base, data)
    killed = 0
    instants = [seconds * (0.15 + 0.9 * (rank + chance.random()) / KILLS) for rank in range(KILLS)]
    chance.shuffle(instants)
    for instant in instants:
        begun, running = time.monotonic(), start(data, new)
        assert answers(data) == ("11", None)  # while it runs
        try:
            running.communicate(timeout=max(0.0, instant - (time.monotonic() - begun)))
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            killed += 1
            now = generation.current(data)
            assert now is not None
            if before is not None and now.name == before.name:
                assert answers(data) == ("11", None)
                continue
        # it ended, or died after the switch: all of the new data answer, and the next one starts again
        assert answers(data) == ("21", "11")
        shutil.rmtree(data)
        shutil.copytree(base, data)
    assert killed >= KILLS // 2
    report, _ = finish(data, new)
    assert report["fingerprint"] == expected["fingerprint"]
    assert report["establishments"] == FIRMS + 1
    assert answers(data) == ("21", "11")
    assert not list((data / "build").iterdir())
