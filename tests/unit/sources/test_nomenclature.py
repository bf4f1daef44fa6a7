from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from vigie.domain.actors import Nomenclature
from vigie.errors import RequestFault
from vigie.sources import nomenclature as naf


def test_the_tree_is_whole():
    assert Counter(node.level for node in naf.tree().values()) == {1: 21, 2: 88, 3: 272, 4: 615, 5: 732}
    for node in not_empty(naf.tree().values()):
        assert (node.parent is None) == (node.level == 1)
        if node.parent is not None:
            assert naf.tree()[node.parent].level == node.level - 1


def test_labels_are_written_in_french_case_with_one_typography():
    assert naf.label("C") == "Industrie manufacturière"
    assert (
        naf.label("E") == "Production et distribution d’eau\u202f; assainissement, gestion des déchets et dépollution"
    )
    assert naf.label("25.62B") == "Mécanique industrielle"
    for node in not_empty(naf.tree().values()):
        assert not node.label.isupper(), node
        assert "  " not in node.label, node
        assert "'" not in node.label, node


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2562B", "25.62B"), ("25.62b", "25.62B"), (" 25 62B ", "25.62B"), ("2562", "25.62"), ("256", "25.6"),
        ("25", "25"), ("c", "C"), ("01.11Z", "01.11Z"),
    ],
)  # fmt: skip
def test_what_people_type_becomes_a_canonical_code(typed, code):
    assert naf.normalise(typed) == code


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("25.62C", "25.62A, 25.62B"),
        ("2599Z", "25.99A, 25.99B"),
        ("Z", "de A à U"),
        ("04", "n’existe pas"),
        ("111Z", "«\u00a00111Z\u00a0»"),
        ("1", "«\u00a001\u00a0»"),
        ("boulanger", "n’est pas un code NAF"),
        ("", "n’est pas un code NAF"),
        ("25.6B", "n’est pas un code NAF"),
    ],
)
def test_what_is_not_a_code_is_refused_with_what_exists(typed, says):
    with pytest.raises(RequestFault, match=says):
        naf.normalise(typed)


def test_a_code_knows_what_is_above_and_below_it():
    assert [node.code for node in naf.ancestors("25.62B")] == ["25.62", "25.6", "25", "C"]
    assert naf.subclasses("25.62") == ("25.62A", "25.62B")
    assert naf.subclasses("25.62B") == ("25.62B",)
    assert len(naf.subclasses("C")) > 200
    assert naf.ancestors("C") == ()


def test_a_code_of_naf_2025_has_no_label_rather_than_that_of_another_nomenclature():
    assert naf.label("25.62B", Nomenclature.NAF_2025.value) is None
    assert naf.label("00.00Z") is None
    assert naf.label(None) is None
    assert naf.activity("25").nomenclature is Nomenclature.NAF_REV2


def test_no_employee_none_at_year_end_and_not_published_are_three_things():
    assert naf.size_band("NN").low is None
    assert (naf.size_band("00").low, naf.size_band("00").high) == (0, 0)
    assert naf.size_band(None) is None
    assert naf.size_band("99") is None
    assert naf.size_band("NN").label != naf.size_band("00").label


def test_bands_follow_one_another_without_gap():
    ordered = [band for band in naf.SIZE_BANDS.values() if band.low]
    assert [band.code for band in ordered] == list(naf.SIZE_BANDS)[2:]
    for band, following in not_empty(pairwise(ordered)):
        assert band.high + 1 == following.low
    assert ordered[-1].high is None
    assert naf.size_band("42").label == "1\u202f000 à 1\u202f999 salariés"


def test_bands_are_understood_as_typed():
    assert (naf.size_codes("1"), naf.size_codes("nn"), naf.size_codes("53")) == ("01", "NN", "53")
    with pytest.raises(RequestFault, match="Tranches connues"):
        naf.size_codes("99")


def test_the_official_list_of_codes_is_the_same(shared):
    rows = pq.read_table(shared / "data/nomenclatures/naf_libelles.parquet").to_pylist()
    name = next(key for key in rows[0] if "code" in key.lower())
    official = {row[name] for row in rows if row[name]}
    subclasses = {code for code in official if len(code) == 6 and code[2] == "."}
    assert subclasses == {node.code for node in naf.tree().values() if node.level == 5}
