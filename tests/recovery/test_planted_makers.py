"""A return to the core that was planted is found again, cohort by cohort, whatever closed since."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.services import small_world
from tests.unit.services.small_world import HERBIERS, PAYS_DES_HERBIERS
from vigie.services.loaded import Loaded
from vigie.services.observe import Observe
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

RING = "85017"
PLANTED = {2010: 0.30, 2015: 0.35, 2020: 0.40, 2025: 0.50}
"""Share of the core in the creations of makers of each cohort, by its last year."""
SURVIVING = {"core": 0.25, "ring": 0.75}
BORN = 400
PLACE = f"epci:{PAYS_DES_HERBIERS}"


def history() -> dict[str, list[dict[str, Any]]]:
    """Return establishments and their periods: half of the others than makers are created in the core, always.

    Makers are furniture workshops for half, crafts of repair for the rest; each fifth became something else since.
    """
    establishments, periods = [], []
    number = 0
    draw = np.random.default_rng(20)
    for last, share in PLANTED.items():
        for rank in range(2 * BORN):
            number += 1
            maker = rank < BORN
            inside = (rank < share * BORN) if maker else rank % 2 == 0
            alive = draw.random() < SURVIVING["core" if inside else "ring"]
            naf = ("31.09B" if rank % 4 < 2 else "95.24Z") if maker else "62.01Z"
            born = datetime.date(last - int(draw.integers(5)), 6, 1)
            siret = f"9{number:013d}"
            changed = rank % 5 == 0
            establishments.append({
                "siret": siret, "siren": siret[:9], "diffusion": "O", "masked": False, "state": "A" if alive else "F",
                "created": born, "commune": HERBIERS if inside else RING, "naf": "62.01Z" if changed else naf,
                "naf_nomenclature": "NAFRev2", "craft_code": "9524ZZ" if naf == "95.24Z" else None,
            })  # fmt: skip
            then = born + datetime.timedelta(days=90)
            lived = [(born, then, naf), (then, None, "62.01Z")] if changed else [(born, None, naf)]
            periods += [
                {"siret": siret, "start": start, "end": end, "state": "A", "naf": code, "naf_nomenclature": "NAFRev2"}
                for start, end, code in lived
            ]
    return {"establishment": establishments, "establishment_period": periods}


POLE: dict[str, list[dict[str, Any]]] = {
    "membership": [{"kind": "pole", "code": "500", "vintage": 2026, "commune": HERBIERS}],
}


def observed(path: Path, rows: dict[str, list[dict[str, Any]]], **options: Any) -> tuple[DuckWarehouse, Observe]:
    warehouse, loaded = small_world.build(path / "warehouse.duckdb", more=rows, **options)
    vintage = {**loaded.vintage, "sirene_historique": "2026-10-01"}
    return warehouse, Observe(warehouse, Loaded("g", simulated=True, created="", vintage=vintage))


@pytest.fixture(scope="module", params=["pole", "densest"])
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("makers")
    if request.param == "pole":
        warehouse, observe = observed(path, history() | POLE)
    else:
        warehouse, observe = observed(path, history(), jobs=True, areas={HERBIERS: 88.0, RING: 22.0})
    yield request.param, warehouse, observe
    warehouse.close()


def test_the_planted_return_comes_back_exactly(planted: Any) -> None:
    rule, _, observe = planted
    found = observe.finding(PLACE, "core_makers_share")
    assert dict(found.series) == pytest.approx({str(last): share * 100 for last, share in PLANTED.items()})
    assert ("pôle d’une aire" if rule == "pole" else "les plus denses en emplois") in found.note
    beside = observe.finding(PLACE, "core_makers_quotient")
    assert dict(beside.series) == pytest.approx(
        {str(last): share / ((share + 0.5) / 2) for last, share in PLANTED.items()}
    )


def test_survivors_alone_would_hide_it(planted: Any) -> None:
    """The core keeps a quarter, the ring three: survivors tell half of the share that was created."""
    _, _, observe = planted
    note = observe.finding(PLACE, "core_makers_share").note
    told = float(note.split("on lirait ")[1].split("\u00a0%")[0].replace(",", "."))
    expected = 0.5 * SURVIVING["core"] / (0.5 * SURVIVING["core"] + 0.5 * SURVIVING["ring"]) * 100
    assert abs(told - expected) < 6
    assert told < PLANTED[2025] * 100 - 15


def test_the_table_of_figures_holds_the_same_for_every_level(planted: Any) -> None:
    _, warehouse, observe = planted
    rows = {
        (row["kind"], row["code"], row["indicator"], row["vintage"]): row["value"]
        for row in warehouse.rows(warehouse.table("figure"))
        if row["indicator"].endswith(("makers_share", "makers_quotient", "makers_created"))
    }
    for place in (PLACE, "departement:85", "region:52"):
        kind, code = place.split(":")
        for indicator in ("makers_created", "core_makers_share", "core_makers_quotient"):
            found = observe.finding(place, indicator)
            assert rows[kind, code, indicator, "2025"] == (None if found.value is None else pytest.approx(found.value))
    assert not [key for key in rows if key[0] == "commune" and key[2] != "makers_created"]


def test_few_creations_give_no_share_and_no_history_gives_nothing(tmp_path: Path) -> None:
    few = {name: rows[:30] for name, rows in history().items()}
    warehouse, observe = observed(tmp_path, few | POLE)
    assert observe.finding(PLACE, "makers_created").value == 0
    told = observe.finding(PLACE, "core_makers_share")
    assert told.value is None and "Trop peu de créations" in str(told.note)
    warehouse.close()
    (tmp_path / "b").mkdir()
    warehouse, observe = observed(tmp_path / "b", {"establishment": history()["establishment"]})
    told = observe.finding(PLACE, "makers_created")
    assert told.value is None and "oublierait ceux qui ont fermé" in str(told.note)
    assert observe.finding(HERBIERS, "core_makers_share").value is None
    warehouse.close()


def test_a_city_is_its_own_core_where_nothing_else_is_told(tmp_path: Path) -> None:
    warehouse, observe = observed(tmp_path, history())
    assert "Le cœur n’est pas connu" in str(observe.finding(PLACE, "core_makers_share").note)
    assert observe.finding(HERBIERS, "makers_created").value == 200
    warehouse.close()
