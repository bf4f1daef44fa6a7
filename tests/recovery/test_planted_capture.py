"""Head offices elsewhere, largest sites, imports: what is planted comes back, within what is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.unit.services import small_world
from tests.unit.services.small_world import HERBIERS, NANTES, PAYS_DES_HERBIERS
from vigie.domain.finding import Finding
from vigie.measures.capture import import_content
from vigie.services.loaded import FLOWS, Loaded
from vigie.services.observe import Observe
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

OTHER, AWAY = "85017", "35238"
PLACE = f"epci:{PAYS_DES_HERBIERS}"
# commune, where the head office is (a commune, "" for one that is not loaded, None where it is not known), band, sites
LED = [
    (HERBIERS, HERBIERS, "11", 40),
    (HERBIERS, OTHER, "11", 20),
    (HERBIERS, NANTES, "12", 25),
    (HERBIERS, "", "21", 15),
    (HERBIERS, None, "11", 10),
    (OTHER, OTHER, "01", 30),
    (OTHER, NANTES, "03", 10),
]


def led() -> dict[str, list[dict[str, Any]]]:
    """Return the employers of `LED`, their units and the head offices of those that are led from elsewhere."""
    establishments: list[dict[str, Any]] = []
    units = []
    shown = {"diffusion": "O", "masked": False, "state": "A", "employer": "O", "naf": "25.62B"}
    number = 0
    for commune, seat, band, count in LED:
        for _ in range(count):
            number += 1
            siren = f"7{number:08d}"
            own = seat == commune
            siret, head = f"{siren}00011", f"{siren}00011" if own else f"{siren}00029"
            establishments.append({
                **shown, "siret": siret, "siren": siren, "commune": commune, "size_band": band, "head_office": own,
            })  # fmt: skip
            if seat and not own:  # its head office employs nobody, and counts in no share
                establishments.append({
                    **shown, "siret": head, "siren": siren, "commune": seat, "size_band": "NN", "employer": "N",
                    "head_office": True,
                })  # fmt: skip
            units.append({
                "siren": siren, "diffusion": "O", "masked": False, "state": "A",
                "head_office": None if seat is None else head,
            })  # fmt: skip
    return {"establishment": establishments, "legal_unit": units}


def exchanges() -> dict[str, list[dict[str, Any]]]:
    """Two sectors: furniture buys half abroad, programming nothing; what furniture buys at home is of programming."""
    flows = [
        ("domestic", "prog", "meub", 50.0), ("imported", "meub", "meub", 50.0), ("domestic", "prog", "prog", 20.0),
        ("output", "meub", "TOTAL", 200.0), ("output", "prog", "TOTAL", 100.0),
    ]  # fmt: skip
    shared = {"naf_level": "deux", "unit": "millions", "vintage": 2011}
    return {
        "input_output": [
            {"flow": flow, "supplier": supplier, "user": user, "value": value, **shared}
            for flow, supplier, user, value in flows
        ],
        "sector_division": [
            {"naf_level": "deux", "sector": sector, "label": label, "division": division}
            for sector, label, division in (("meub", "Meubles", "31"), ("prog", "Informatique", "62"))
        ],
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckWarehouse, Observe]]:
    path = tmp_path_factory.mktemp("capture") / "warehouse.duckdb"
    warehouse, loaded = small_world.build(path, jobs=True, more=led() | exchanges())
    vintage = {**loaded.vintage, "urssaf_emploi": "2024", FLOWS: "2011"}
    yield warehouse, Observe(warehouse, Loaded("g", simulated=True, created="", vintage=vintage))
    warehouse.close()


def bounds(found: Finding) -> tuple[float, float]:
    assert found.interval is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    return found.interval.low, found.interval.high


def test_what_is_led_from_elsewhere_comes_back_with_what_is_not_known(world: Any) -> None:
    """In the commune, the neighbour is elsewhere; in the intercommunality that holds both, it is not."""
    of_commune = world[1].finding(HERBIERS, "outside_head_share")
    assert of_commune.value == pytest.approx(60)
    assert of_commune.coverage == pytest.approx(100 / 112)
    whole = world[1].finding(PLACE, "outside_head_share")
    known = 40 + 20 + 25 + 15 + 30 + 10
    unknown = 10 + 2  # and the two of the small world, of no unit
    assert whole.value == pytest.approx(50 / known * 100)
    assert bounds(whole) == pytest.approx((50 / (known + unknown) * 100, (50 + unknown) / (known + unknown) * 100))
    assert "Indice, non une mesure" in str(whole.note)
    country = world[1].finding("FR", "outside_head_share")
    assert country.value is None and "Rien n’est ailleurs" in str(country.note)


def test_jobs_led_from_elsewhere_are_bounded_by_bands(world: Any) -> None:
    found = world[1].finding(PLACE, "outside_head_jobs")
    low = 25 * 20 + 15 * 50 + 10 * 6, 60 * 10 + 30 * 1
    high = 25 * 49 + 15 * 99 + 10 * 9, 60 * 19 + 30 * 2
    middle = (low[0] + high[0]) / 2, (low[1] + high[1]) / 2
    assert found.value == pytest.approx(middle[0] / sum(middle) * 100)
    assert bounds(found) == pytest.approx((low[0] / (low[0] + high[1]) * 100, high[0] / (high[0] + low[1]) * 100))


def test_the_ten_largest_are_bounded_by_bands(world: Any) -> None:
    """Of the small world: 12 sites of 20 to 49, 8 of 10 to 19, 10 of 1 or 2."""
    found = world[1].finding(HERBIERS, "largest_sites_share")
    ten, rest = (200, 490), (2 * 20 + 8 * 10 + 10, 2 * 49 + 8 * 19 + 20)
    assert found.value == pytest.approx(sum(ten) / (sum(ten) + sum(rest)) * 100)
    assert bounds(found) == pytest.approx((200 / (200 + rest[1]) * 100, 490 / (490 + rest[0]) * 100))
    assert world[1].finding(OTHER, "largest_sites_share").value is None


def test_imports_are_those_of_the_sectors_that_work_here(world: Any) -> None:
    """1 000 jobs of furniture of 1 080, and no known one of programming: half of the purchases, .5 + chain above."""
    found = world[1].finding(HERBIERS, "import_content")
    assert found.value == pytest.approx(50.0)
    assert "2011" in str(found.note)
    assert bounds(found)[0] == pytest.approx(50.0)
    nantes = world[1].finding(NANTES, "import_content")
    bought = 80 / 1080 * 100, 20.0  # furniture, programming (all its jobs are there)
    assert nantes.value == pytest.approx(bought[0] * 0.5 / sum(bought) * 100)
    assert {part.label for part in nantes.breakdown} == {"Meubles", "Informatique"}


def test_the_table_of_figures_holds_the_same(world: Any) -> None:
    warehouse, observe = world
    rows = {(row["indicator"], row["kind"], row["code"]): row for row in warehouse.rows(warehouse.table("figure"))}
    for indicator in (
        "outside_head_share",
        "outside_head_jobs",
        "largest_sites_share",
        "capture_share",
        "import_content",
    ):
        for place in (f"commune:{HERBIERS}", PLACE, "departement:85", "region:52"):
            kind, code = place.split(":")
            found, row = observe.finding(place, indicator), rows[indicator, kind, code]
            assert row["value"] == (None if found.value is None else pytest.approx(found.value)), (indicator, place)
            if found.interval is not None:
                assert (row["low"], row["high"]) == pytest.approx(bounds(found)), (indicator, place)


def test_without_units_or_table_nothing_is_made_up(tmp_path: Path) -> None:
    warehouse, loaded = small_world.build(tmp_path / "warehouse.duckdb")
    observe = Observe(warehouse, loaded)
    assert observe.finding(HERBIERS, "outside_head_share").value is None
    assert "où est le siège" in str(observe.finding(HERBIERS, "outside_head_share").note)
    assert "Aucun tableau des échanges" in str(observe.finding(HERBIERS, "import_content").note)
    warehouse.close()


def test_imports_of_france_are_those_of_a_direct_sum(shared: Path) -> None:
    """WIOD 2011: what all sectors buy abroad at once, then all that their suppliers buy, round after round."""
    rows = pq.read_table(shared / "data" / "io" / "wiod_france_1995_2011.parquet").to_pylist()
    names = [f"c{number}" for number in range(1, 36)]
    tables = {"domestique": np.zeros((35, 35)), "importe": np.zeros((35, 35))}
    output = np.zeros(35)
    for row in rows:
        if row["annee"] == 2011 and row["flux"] in tables:
            tables[row["flux"]][names.index(row["de"]), names.index(row["vers"])] = row["musd"]
        elif row["annee"] == 2011 and row["flux"] == "production":
            output[names.index(row["de"])] = row["musd"]
    found = import_content(tables["domestique"], tables["importe"], output)
    bought = (tables["domestique"] + tables["importe"]).sum(axis=0)
    kept = bought > 0
    direct = tables["importe"].sum() / bought.sum()
    assert np.nansum(found.direct * bought) / bought.sum() == pytest.approx(direct)
    demand, imports = tables["domestique"].sum(axis=1), tables["importe"].sum()
    share = np.divide(1.0, output, out=np.zeros(35), where=output > 0)
    for _ in range(200):
        imports += (tables["importe"].sum(axis=0) * share * demand).sum()
        demand = (tables["domestique"] * share) @ demand
    assert np.nansum((found.whole * bought)[kept]) == pytest.approx(imports, rel=1e-9)
    assert 0.1 < direct < imports / bought.sum() < 0.5
