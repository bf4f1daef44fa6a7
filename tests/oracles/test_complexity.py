"""Complexity and relatedness against py-ecomplexity, EconGeo, the published fitness and reflections, read from files.

Values are compared through the functions and, where a command gives them, through what it prints.
"""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.measures.complexity import Complexity, complexity, outlook, presence, reflections
from vigie.measures.concentration import Floats, location_quotient
from vigie.measures.relatedness import RelatednessKind, density, related

EIGEN = 1e-9
# Twenty reflections subtract means that are nearly equal: what is left of them holds eight digits.
REFLECTED = 1e-7


class World:
    """The trade of countries by product, as a table with its codes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "world_trade_sitc4_1998_2000.csv.gz"
        with gzip.open(self.file, "rt", encoding="utf-8") as text:
            rows = list(csv.DictReader(text))
        self.countries = {code: rank for rank, code in enumerate(sorted({row["country"] for row in rows}))}
        self.products = {code: rank for rank, code in enumerate(sorted({row["product"] for row in rows}))}
        self.table = np.zeros((len(self.countries), len(self.products)))
        for row in rows:
            self.table[self.countries[row["country"]], self.products[row["product"]]] = float(row["value"])
        self.held = presence(self.table)

    def expected(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((self.folder / name).read_text(encoding="utf-8").splitlines()))

    def at(self, values: np.ndarray, rows: list[dict[str, str]]) -> list[Any]:
        return [values[self.countries[row["country"]], self.products[row["product"]]] for row in rows]


@pytest.fixture(scope="module")
def world(shared: Path) -> World:
    return World(shared / "oracles" / "1-complexity")


@pytest.fixture(scope="module")
def eigen(world: World) -> Complexity:
    return complexity(world.held)


@pytest.fixture(scope="module")
def near(world: World) -> Floats:
    return related(world.held)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["measure", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def column(rows: list[dict[str, str]], name: str) -> list[float]:
    return [float(row[name]) for row in rows]


def test_the_command_orders_countries_and_products(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "complexity", "--matrix", str(world.file))
    for side, file, key, names in (
        ("territories", "expected_country.csv", "country",
         {"diversity": "diversity", "eci": "eci_eig_ddof0", "fitness": "fitness_20"}),
        ("activities", "expected_product.csv", "product",
         {"ubiquity": "ubiquity", "pci": "pci_ecomplexity_harvardnorm", "fitness": "complexityQ_20"}),
    ):  # fmt: skip
        records = {record["id"]: record for record in found[side]}
        rows = world.expected(file)
        assert set(records) == {row[key] for row in rows}
        for ours, theirs in not_empty(names.items()):
            values = [records[row[key]][ours] for row in rows]
            exact = ours in ("diversity", "ubiquity")
            np.testing.assert_allclose(values, column(rows, theirs), rtol=0, atol=0 if exact else EIGEN)


def test_presences_and_quotients_are_those_of_the_reference(world: World) -> None:
    rows = world.expected("expected_rca_density_cog_sample.csv")
    assert [int(one) for one in world.at(world.held, rows)] == [int(row["mcp"]) for row in rows]
    quotients = world.at(location_quotient(world.table), rows)
    np.testing.assert_allclose(quotients, column(rows, "rca"), rtol=1e-12, atol=5e-15)


def test_proximity_of_products(world: World, near: Floats, capsys: pytest.CaptureFixture[str]) -> None:
    rows = world.expected("expected_proximity_sample.csv")
    pairs = [(row["product_i"], row["product_j"]) for row in rows]
    ours = [near[world.products[one], world.products[other]] for one, other in pairs]
    np.testing.assert_allclose(ours, column(rows, "proximity"), rtol=0, atol=5e-15)  # their 15 printed digits
    sums = world.expected("expected_product.csv")
    whole = [near[world.products[row["product"]]].sum() for row in sums]
    np.testing.assert_allclose(whole, column(sums, "proximity_rowsum"), rtol=1e-12)
    found = told(capsys, "relatedness", "--matrix", str(world.file))["pairs"]
    assert len(found) == len(world.products) * (len(world.products) - 1) // 2
    said = {frozenset((pair["a"], pair["b"])): pair["value"] for pair in found}
    other = [(pair, value) for pair, value in zip(pairs, ours, strict=True) if pair[0] != pair[1]]
    assert [said[frozenset(pair)] for pair, _ in other] == [value for _, value in other]


def test_density_keeps_the_activity_itself(world: World, near: Floats, capsys: pytest.CaptureFixture[str]) -> None:
    rows = world.expected("expected_rca_density_cog_sample.csv")
    ours = world.at(density(world.held, near), rows)
    np.testing.assert_allclose(ours, column(rows, "density"), rtol=1e-12, atol=5e-15)
    found = told(capsys, "relatedness", "--matrix", str(world.file), "--density")["density"]
    assert len(found) == world.table.size
    said = {(cell["territory"], cell["activity"]): cell["value"] for cell in found}
    assert [said[row["country"], row["product"]] for row in rows] == ours


def test_outlook_of_countries(world: World, eigen: Complexity, near: Floats) -> None:
    ahead = outlook(world.held, near, eigen)
    rows = world.expected("expected_country.csv")
    ours = [ahead.index[world.countries[row["country"]]] for row in rows]
    np.testing.assert_allclose(ours, column(rows, "coi_ecomplexity"), rtol=0, atol=EIGEN)
    rows = world.expected("expected_rca_density_cog_sample.csv")
    np.testing.assert_allclose(world.at(ahead.gain, rows), column(rows, "cog"), rtol=0, atol=EIGEN)


def test_reflections_are_compared_with_reflections(world: World, eigen: Complexity) -> None:
    # Of twenty passes the reference reads countries at step 18 and products at step 19.
    for side, steps, file, key, ranks, name in (
        (0, 18, "expected_country.csv", "country", world.countries, "eci_reflections20_datawheel_ddof1"),
        (1, 19, "expected_product.csv", "product", world.products, "pci_reflections20_datawheel"),
    ):
        values = reflections(world.held, steps)[side]
        reduced = (values - values.mean()) / values.std(ddof=1)
        rows = world.expected(file)
        ours = [reduced[ranks[row[key]]] for row in rows]
        np.testing.assert_allclose(ours, column(rows, name), rtol=0, atol=REFLECTED)
    places = reflections(world.held, 18)[0]
    assert np.corrcoef(places, eigen.eci)[0, 1] > 0.999


def test_sections_of_trade_are_read_too(shared: Path) -> None:
    path = shared / "oracles" / "1-complexity" / "world_countries_x_hs_section_2019_2021.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    countries, sections = (sorted({row[name] for row in rows}) for name in ("Country ID", "Section ID"))
    table = np.zeros((len(countries), len(sections)))
    for row in rows:
        table[countries.index(row["Country ID"]), sections.index(row["Section ID"])] += float(row["Trade Value"])
    found = complexity(presence(table))
    assert table.shape == (226, 21)
    assert np.isfinite(found.eci).all()
    assert np.isfinite(found.pci).all()


def test_other_relatednesses_and_density_of_the_laender(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared / "oracles" / "2-location"
    rows = list(csv.reader((folder / "laender_matrix.csv").read_text(encoding="utf-8").splitlines()))
    codes = rows[0][1:]
    long = tmp_path / "laender.csv"
    cells = [(row[0], code, value) for row in rows[1:] for code, value in zip(codes, row[1:], strict=True)]
    long.write_text("".join(",".join(cell) + "\n" for cell in [("land", "wz", "jobs"), *cells]), encoding="utf-8")
    held = presence([[float(value) for value in row[1:]] for row in rows[1:]])
    for kind, name in (("probability", "prob"), ("association", "association"), ("jaccard", "Jaccard")):
        expected = _square(folder / f"expected_econgeo_relatedness_{name}.csv")
        np.testing.assert_allclose(related(held, RelatednessKind(kind)), expected, rtol=1e-12, atol=5e-15)
        pairs = told(capsys, "relatedness", "--matrix", str(long), "--kind", kind)["pairs"]
        said = [expected[codes.index(pair["a"]), codes.index(pair["b"])] for pair in not_empty(pairs)]
        np.testing.assert_allclose([pair["value"] for pair in pairs], said, rtol=1e-12, atol=5e-15)
    counts = _square(folder / "expected_econgeo_cooccurrence.csv")
    together = held.astype(int).T @ held.astype(int)
    assert np.array_equal(together - np.diag(np.diag(together)), counts)
    # The published densities take a pair for related, or not, where probability reaches 1; hundredths, two decimals.
    tied = related(held, RelatednessKind.PROBABILITY) >= 1
    expected = _square(folder / "expected_econgeo_relatedness_density.csv")
    np.testing.assert_allclose(100 * density(held, tied, own=False), expected, rtol=0, atol=5.001e-3)


def test_complexity_of_the_laender_up_to_its_scale(shared: Path) -> None:
    folder = shared / "oracles" / "2-location"
    held = presence(_square(folder / "laender_matrix.csv"))
    expected = _square(folder / "expected_econgeo_complexity_regions.csv")
    for step in (1, 2):
        np.testing.assert_allclose(reflections(held, step)[0], expected[:, step - 1], rtol=1e-12)
    found = complexity(held)
    # EconGeo divides its vectors by their sum, and rounds the matrix that they come from to four decimals.
    for ours, theirs in ((found.eci, expected[:, 2]), (found.pci, _square(folder / "expected_econgeo_TCI.csv")[:, 0])):
        reduced = [(side - side.mean()) / side.std() for side in (ours, theirs)]
        sign = np.sign(reduced[0] @ reduced[1])
        np.testing.assert_allclose(reduced[0], sign * reduced[1], rtol=0, atol=2e-3)
    raw = found.eci + found.level
    np.testing.assert_allclose(np.abs(raw / raw.sum()), np.abs(expected[:, 2]), rtol=0, atol=2e-3)


def _square(path: Path) -> np.ndarray:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    return np.array([[float(value) for value in row[1:]] for row in rows[1:]])
