"""Location coefficients against REAT, EconGeo, inequality and the published Ellison-Glaeser example."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.measures.agglomeration import ellison_glaeser
from vigie.measures.concentration import (
    gini,
    hachman,
    herfindahl,
    krugman,
    location_quotient,
    locational_gini,
    specialisation,
)
from vigie.measures.dynamics import shift_share
from vigie.measures.variety import entropy, theil, variety

CLOSED_FORM = 1e-12
# The files print 15 significant digits, whose rounding a value near 1e-1 feels first.
PRINTED = 5e-15


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Path:
    return shared / "oracles" / "2-location"


def table(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    return [row[0] for row in rows[1:]], rows[0][1:], np.array([[float(v) for v in row[1:]] for row in rows[1:]])


@pytest.fixture(scope="module")
def laender(oracle: Path) -> np.ndarray:
    return table(oracle / "laender_matrix.csv")[2]


def goettingen(oracle: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    rows = list(csv.DictReader((oracle / "goettingen_brd_emp_2008_2017.csv").read_text(encoding="utf-8").splitlines()))
    here, nation = (np.array([float(row[f"{name}2017"]) for row in rows]) for name in ("Goettingen", "BRD"))
    return here, nation, [row["WZ2008_Code"] for row in rows]


def close(ours: object, theirs: object) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=CLOSED_FORM, atol=PRINTED)


def test_location_quotients_of_the_laender(oracle: Path, laender: np.ndarray) -> None:
    close(location_quotient(laender), table(oracle / "expected_econgeo_LQ.csv")[2])


def test_indices_of_the_laender(oracle: Path, laender: np.ndarray) -> None:
    _, names, expected = table(oracle / "expected_econgeo_regions.csv")
    column = dict(zip(names, expected.T, strict=True))
    close(krugman(laender), column["krugman"])
    close(specialisation(laender), column["spec_coeff"])
    close(hachman(laender), column["hachman"])
    close(herfindahl(laender), column["hhi"])
    np.testing.assert_allclose([entropy(row) for row in laender], column["entropy_bits"], atol=5.001e-4, rtol=0)


def test_the_command_gives_the_indices_of_the_laender(
    oracle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lands, codes, values = table(oracle / "laender_matrix.csv")
    path = tmp_path / "laender.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as text:
        csv.writer(text).writerows(
            [
                ("land", "wz", "jobs"),
                *((land, code, values[at, to]) for at, land in enumerate(lands) for to, code in enumerate(codes)),
            ]
        )
    assert main(["measure", "location", "--matrix", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    _, names, expected = table(oracle / "expected_econgeo_regions.csv")
    said = {record["id"]: record for record in found["territories"]}
    for name, values in not_empty(zip(names, expected.T, strict=True)):
        ours = [said[land]["specialisation" if name == "spec_coeff" else name] for land in lands]
        if name == "entropy_bits":
            np.testing.assert_allclose(ours, values, atol=5.001e-4, rtol=0)
        else:
            close(ours, values)
    gini_of = {record["id"]: record["gini"] for record in found["activities"]}
    close([gini_of[code] for code in codes], table(oracle / "expected_econgeo_locational_gini.csv")[2][:, 0])
    quotient = {(cell["territory"], cell["activity"]): cell["value"] for cell in found["lq"]}
    ours = [[quotient[land, code] for code in codes] for land in lands]
    close(ours, table(oracle / "expected_econgeo_LQ.csv")[2])


def test_locational_gini_of_activities(oracle: Path, laender: np.ndarray) -> None:
    close(locational_gini(laender), table(oracle / "expected_econgeo_locational_gini.csv")[2][:, 0])


def test_one_region_against_a_nation_that_contains_it(oracle: Path) -> None:
    here, nation, codes = goettingen(oracle)
    names, _, expected = table(oracle / "expected_lq_goettingen2017.csv")
    assert [*codes[:1], *names] == ["A-R", *codes[1:]]
    # The published quotients divide by the total A-R, a little more than the activities shown: the rest is one more.
    whole = [np.append(jobs[1:], jobs[0] - jobs[1:].sum()) for jobs in (here, nation)]
    close(location_quotient(*whole)[:-1], expected[:, 0])
    here, nation = here[1:], nation[1:]
    scalar = dict(csv.reader((oracle / "expected_reat_scalars.csv").read_text(encoding="utf-8").splitlines()))
    close(krugman(here, nation), float(scalar["goettingen2017_krugman.spec"]))
    close(krugman(here, nation) / 2, float(scalar["goettingen2017_hoover_vs_brd"]))
    close(herfindahl(here), float(scalar["goettingen2017_herf"]))
    close(gini(here), float(scalar["goettingen2017_gini"]))
    close(gini(location_quotient(here, nation)), float(scalar["goettingen2017_gini.spec"]))


def test_shift_share_of_farhauer_and_kroell(oracle: Path) -> None:
    nation = ([400, 150, 150, 400], [440, 210, 135, 480])
    regions = {"A": ([90, 20, 10, 60], [100, 40, 10, 55]), "B": ([60, 30, 30, 40], [85, 55, 40, 35])}
    for region, (before, after) in not_empty(regions.items()):
        path = oracle / f"expected_shift_FK_region{region}.csv"
        expected = {row[""]: float(row["Components"]) for row in csv.DictReader(path.read_text().splitlines())}
        split = shift_share(before, after, *nation)
        assert expected["Growth (t1-t)"] == sum(after) - sum(before)
        # REAT adds shares before multiplying: its own rounding error is about 3e-14.
        np.testing.assert_allclose(split.national.sum(), expected["National share"], rtol=CLOSED_FORM)
        np.testing.assert_allclose(split.structural.sum(), expected["Industrial mix"], rtol=CLOSED_FORM, atol=1e-13)
        np.testing.assert_allclose(split.local.sum(), expected["Regional share"], rtol=CLOSED_FORM, atol=1e-13)
        np.testing.assert_allclose(split.total, np.subtract(after, before), rtol=CLOSED_FORM, atol=PRINTED)


def test_the_command_splits_a_change(oracle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "jobs.csv"
    rows = {"NAT": ([400, 150, 150, 400], [440, 210, 135, 480]), "A": ([90, 20, 10, 60], [100, 40, 10, 55])}
    lines = [f"{code};{rank};{before};{after}" for code, sides in rows.items()
             for rank, (before, after) in enumerate(zip(*sides, strict=True))]  # fmt: skip
    path.write_text("region;branche;t;t1\n" + "\n".join(lines), encoding="utf-8")
    command = ["measure", "shiftshare", "--table", str(path), "--territory", "A", "--reference", "NAT", "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    expected = dict(csv.reader((oracle / "expected_shift_FK_regionA.csv").read_text(encoding="utf-8").splitlines()))
    names = {"total": "Growth (t1-t)", "national": "National share", "structural": "Industrial mix",
             "local": "Regional share"}  # fmt: skip
    ours = [found[name] for name in names]
    # REAT adds shares before multiplying: its own rounding error is about 3e-14.
    np.testing.assert_allclose(ours, [float(expected[name]) for name in names.values()], rtol=CLOSED_FORM, atol=1e-13)


def test_theil_and_variety(oracle: Path) -> None:
    expected = json.loads((oracle / "expected_spatial_theil_variety.json").read_text(encoding="utf-8"))
    published = expected["theil"]
    ours = theil(published["x"], list(published["groups"]))
    close([ours.total, ours.between, ours.within], [published["T"], published["between"], published["within"]])
    close(gini(published["x"]), published["gini"])
    constructed = expected["variety_constructed"]
    jobs = constructed["emp"]
    split = variety(list(jobs.values()), [code.split(".")[0] for code in jobs])
    close(
        [split.total, split.unrelated, split.related],
        [constructed["total_bits"], constructed["unrelated_bits"], constructed["related_bits"]],
    )
    close(split.total, entropy(list(jobs.values())))


def test_ellison_glaeser_of_farhauer_and_kroell() -> None:
    plants = [200, 650, 12000, 100, 50, 16000, 13000, 1500, 1500, 25000]
    found = ellison_glaeser(plants, [0] * 5 + [1] * 4 + [2], [500000, 400000, 100000])
    np.testing.assert_allclose(
        [found.gamma, found.raw, found.plants], [0.0599062841165389, 0.1681632653, 0.2446887755], rtol=1e-9
    )
    np.testing.assert_allclose(found.gamma, 0.0599062841165389, rtol=CLOSED_FORM)
