from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from vigie.errors import StructureFault
from vigie.sources.cards_reader import Card, ColumnRule, read_cards
from vigie.sources.uses_reader import read_uses

CARDS = {card.id: card for card in read_cards()}


def card(*columns, **layout):
    rules = tuple(ColumnRule(name, as_) for name, as_ in columns or (("CODGEO", "territory"), ("V", "value")))
    layout = {"vintage": "2018", "decimal": ",", "secret": ["s"], "missing": ["N/A"]} | layout
    return Card("essai", "Essai", "—", "—", "—", "—", kind="indicateur", columns=rules, layout=layout)


def read(tmp_path, text, rules=None):
    file = tmp_path / "i.csv"
    file.write_text(text, encoding="utf-8")
    found = read_uses(file, rules or card())
    return replace(found.values, rejects=tuple(sorted(found.all_rejects, key=lambda reject: reject.line)))


def test_known_secret_and_missing_stay_three_things(tmp_path):
    answer = read(tmp_path, "CODGEO;V\n01001;12,5\n01002;s\n01004;N/A\n01005;\n01006;0\n")
    rows = {row["code"]: (row["status"], row["value"]) for row in answer.values.to_pylist()}
    assert rows == {
        "01001": ("known", 12.5), "01002": ("secret", None), "01004": ("missing", None),
        "01005": ("missing", None), "01006": ("known", 0.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [("1 234,5", 1234.5), ("1\u202f234", 1234.0), ("1\u00a0234,0", 1234.0), ("-3,2", -3.2), ("1,5E3", 1500.0)],
)
def test_french_numbers_are_read(tmp_path, written, value):
    assert read(tmp_path, f"CODGEO;V\n01001;{written}\n").values["value"].to_pylist() == [value]


def test_lost_zeros_are_repaired_and_said(tmp_path):
    answer = read(tmp_path, "CODGEO;V\n1001;1\n01002;2\n")
    assert answer.repaired == 1
    assert answer.values["code"].to_pylist() == ["01001", "01002"]


def test_rows_at_fault_are_listed_with_line_column_and_reason(tmp_path):
    text = "CODGEO;V\n01001;abc\n01001;1.5\n99999;1\n01002;1\n01002;2\n;3\n01004\n"
    answer = read(tmp_path, text)
    assert [(reject.line, reject.column) for reject in answer.rejects] == [
        (1, "V"), (2, "V"), (3, "CODGEO"), (5, "CODGEO"), (6, "CODGEO"), (7, ""),
    ]  # fmt: skip
    assert "virgule" in answer.rejects[1].reason
    assert "déjà une valeur" in answer.rejects[3].reason
    assert answer.values.num_rows == 1


@pytest.mark.parametrize(
    ("additive", "last", "status", "value"),
    [
        (True, "3", "known", 6.0), (True, "s", "secret", None), (True, "N/A", "missing", None),
        (False, "3", "missing", None),
    ],
)  # fmt: skip
def test_communes_since_merged_are_summed_only_when_that_means_something(tmp_path, additive, last, status, value):
    answer = read(tmp_path, f"CODGEO;V\n85194;1\n85166;2\n85060;{last}\n", card(additive=additive))
    assert [(r["code"], r["status"], r["value"]) for r in answer.values.to_pylist()] == [("85194", status, value)]
    assert answer.redirected == 2
    assert answer.merged == (() if additive else ("85194",))


def test_the_year_may_be_a_column(tmp_path):
    rules = card(("CODGEO", "territory"), ("V", "value"), ("an", "vintage"))
    answer = read(tmp_path, "CODGEO;V;an\n01001;1;1968\n01001;2;1975\n", rules)
    assert answer.values["vintage"].to_pylist() == ["1968", "1975"]


@pytest.mark.parametrize(
    ("layout", "says"),
    [({"decimal": ";"}, "décimal"), ({"territory_kind": "canton"}, "genre"), ({"vintage": ""}, None)],
)
def test_a_card_that_says_nonsense_is_refused(tmp_path, layout, says):
    if says is None:
        answer = read(tmp_path, "CODGEO;V\n01001;1\n", card(**layout))
        assert "date de la valeur" in answer.rejects[0].reason
        return
    with pytest.raises(StructureFault, match=says):
        read(tmp_path, "CODGEO;V\n01001;1\n", card(**layout))


def test_median_income_as_published(shared):
    answer = read_uses(shared / "data/obs_territoires/filosofi_2020_communes.parquet", CARDS["filosofi_2020"]).values
    assert answer.rejects == ()
    statuses = Counter(answer.values["status"].to_pylist())
    assert statuses["secret"] > 1000
    medians = [r["value"] for r in answer.values.to_pylist() if r["indicator"] == "niveau_vie_median" and r["value"]]
    assert min(medians) > 10_000
    assert answer.redirected > 50


def test_industry_share_by_epci_as_published(shared):
    answer = read_uses(shared / "data/obs_territoires/portrait_epci_2016.parquet", CARDS["portrait_epci"]).values
    assert (answer.values.num_rows, len(answer.rejects)) == (1250 * 11, 9)
    assert answer.rejects and all("aucun millésime" in reject.reason for reject in answer.rejects), (
        "EPCI merged before 2019"
    )
    assert set(answer.values["kind"].to_pylist()) == {"epci"}


def test_french_decimals_as_published(shared):
    rules = card(("CODGEO", "territory"), ("ID_1", "value"), missing=["N/A", "NA", "null"])
    answer = read_uses(shared / "data/obs_territoires/communes_id1_id9_2018.parquet", rules).values
    known = {row["code"]: row["value"] for row in answer.values.to_pylist()}
    assert known["01001"] == pytest.approx(49.5626822157434)
    assert answer.redirected > 300
    assert answer.rejects == ()


def test_populations_since_1968_follow_the_communes_of_today(shared):
    answer = read_uses(
        shared / "data/population/communes_1968_2024.parquet", CARDS["population_recensement_series"]
    ).values
    assert answer.rejects == ()
    sums = {(row["code"], row["vintage"]): row["value"] for row in answer.values.to_pylist() if row["code"] == "85194"}
    assert sums["85194", "1968"] == pytest.approx(26_000, rel=0.4)
    assert sums["85194", "2018"] > 40_000
