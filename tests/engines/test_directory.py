"""What a directory answers, whatever its engine: names, filters, distances, records, orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.directories import from_rows
from tests.not_empty import not_empty
from vigie.errors import NoData, RequestFault
from vigie.store.cells import distance_km
from vigie.store.directory import Directory, DirectoryQuery, Near, Sort
from vigie.store.engines.tantivy import TantivyDirectory
from vigie.store.engines.tantivy.build import read_ahead
from vigie.store.kept import SEPARATOR
from vigie.store.tables import ESTABLISHMENT

HERBIERS, METZ, PARIS_3 = "85109", "57463", "75103"


def place(commune: str, postal: str, latitude: float, longitude: float, address: str) -> dict[str, Any]:
    return {"commune": commune, "postal_code": postal, "latitude": latitude, "longitude": longitude, "address": address}


LES_HERBIERS = place(HERBIERS, "85500", 46.870, -1.010, "12 RUE DES FORGES")
EN_VILLE = place(METZ, "57000", 49.120, 6.176, "3 AVENUE DU GENERAL LECLERC")
MASKED = {"diffusion": "P", "masked": True, "commune": HERBIERS}

ROWS: Mapping[str, Mapping[str, Any]] = {
    "boiler": {**LES_HERBIERS, "name": "CHAUDRONNERIE DU LAC", "naf": "25.29Z", "size_band": "12", "employer": "O"},
    "boiler_far": {**EN_VILLE, "name": "CHAUDRONNERIE MESSINE", "naf": "25.29Z", "size_band": "21", "employer": "O"},
    "boiler_by_trade": {
        **LES_HERBIERS, "name": "MORVANEC INDUSTRIE", "naf": "25.11Z", "size_band": "41", "latitude": 46.871,
    },
    "boiler_closed": {**LES_HERBIERS, "name": "CHAUDRONNERIE ANCIENNE", "naf": "25.29Z", "state": "F"},
    "namesake": {**EN_VILLE, "name": "LES HERBIERS CHAUDRONNERIE", "naf": "46.69B"},
    "masked": {**MASKED, "naf": "25.29Z", "naf25": "25.29Y", "size_band": "01", "natural_person": True},
    "masked_company": {**MASKED, "name": "TUYAUTERIE DISCRETE", "naf": "33.20A"},
    "bakery": {
        **EN_VILLE, "name": "S.A.R.L. L'ÉPI D'OR", "sign": "LE FOURNIL · AUX TROIS PÉTRINS", "naf": "10.71C",
        "size_band": "00", "craft_code": "1071CA", "created": date(2001, 5, 6), "latitude": 49.130,
    },
    "bakery_second": {
        **EN_VILLE, "name": "S.A.R.L. L'ÉPI D'OR", "naf": "10.71C", "head_office": False, "size_band": "NN",
        "latitude": 49.140, "created": date(2020, 1, 1),
    },
    "rail": {**place(PARIS_3, "75003", 48.863, 2.361, "1 RUE DU TEMPLE"), "name": "S N C F RESEAU", "naf": "49.10Z"},
    "old": {**EN_VILLE, "name": "ZINGUERIE LORRAINE", "naf": "43.91B", "naf_nomenclature": "NAFRev1", "latitude": 49.2},
    "odd": {"name": 'ATELIER "LE \\ BIAIS"\t{x}', "commune": METZ, "employer": "N", "head_office": None},
}  # fmt: skip
SIRETS = {name: f"{100000000 + 7 * number:09}{number:05}" for number, name in enumerate(ROWS)}
SIRETS["bakery_second"] = SIRETS["bakery"][:9] + "00099"
BOILERS = {"boiler", "boiler_far", "boiler_by_trade"}
AT_HERBIERS = {"boiler", "boiler_by_trade", "masked", "masked_company"}
NAMES = {siret: name for name, siret in SIRETS.items()}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    rows = [{"siret": SIRETS[name], **row} for name, row in ROWS.items()]
    return from_rows(rows, tmp_path_factory.mktemp("directory") / "index")


def ask(directory: Directory, text: str = "", **asked: Any) -> list[str]:
    page = directory.search(DirectoryQuery(text=text, **asked))
    found = [NAMES[record["siret"]] for record in page.records]
    assert page.total == len(found) or page.total > asked.get("per_page", 20) or asked.get("page", 1) > 1
    return found


def test_a_trade_in_a_commune_finds_its_firms_there_first(directory: Directory) -> None:
    found = ask(directory, "chaudronnerie Les Herbiers")
    assert found[0] == "boiler"
    assert set(found) == {"boiler", "boiler_by_trade", "masked", "namesake", "masked_company"}
    assert directory.search(DirectoryQuery(text="chaudronnerie Les Herbiers")).place == "Les Herbiers"


@pytest.mark.parametrize(
    "text",
    [
        "sarl l'épi d'or", "SARL EPI OR", "s.a.r.l épi d’or", "épi-d'or", "or epi", "fournil", "le fournil metz",
        "trois petrins", "aux 3 pétrins fournil", "boulanger metz", "épis or", "boulangerie 57000",
    ],
)  # fmt: skip
def test_names_are_found_whatever_their_spelling(text: str, directory: Directory) -> None:
    assert ask(directory, text)[0] == "bakery"


def test_an_acronym_is_one_word_however_it_is_written(directory: Directory) -> None:
    for text in ("sncf", "S.N.C.F.", "s n c f reseau", "SNCF Réseau Paris"):
        assert ask(directory, text) == ["rail"]


def test_the_head_office_comes_first_among_equals(directory: Directory) -> None:
    assert ask(directory, "épi d'or") == ["bakery", "bakery_second"]


def test_a_street_is_searched_after_names(directory: Directory) -> None:
    assert set(ask(directory, "rue des forges")) == {"boiler", "boiler_by_trade"}
    assert ask(directory, "morvanec forges") == ["boiler_by_trade"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("chaudronerie messine", "boiler_far"), ("chaudronnerie mesisne", "boiler_far"),
        ("morvannek", "boiler_by_trade"),
        ("mrovanec industri", "boiler_by_trade"), ("zinguerie loraine", "old"), ("morva", "boiler_by_trade"),
        ("zingerrie lorain", "old"),
    ],
)  # fmt: skip
def test_two_typos_and_an_unfinished_word_are_forgiven(text: str, name: str, directory: Directory) -> None:
    assert ask(directory, text)[0] == name


def test_typos_are_forgiven_only_when_nothing_fits(directory: Directory) -> None:
    assert not directory.search(DirectoryQuery(text="chaudronnerie messine")).approximate
    assert directory.search(DirectoryQuery(text="chaudronnerie messsine")).approximate
    assert directory.search(DirectoryQuery(text="qwxzkv")).total == 0


def test_identifiers_are_exact_and_filters_still_apply(directory: Directory) -> None:
    siret = SIRETS["boiler"]
    spaced = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    for text in (siret, spaced, f"SIRET {siret}", siret[:9]):
        assert ask(directory, text) == ["boiler"]
    assert ask(directory, siret, territories=(f"commune:{METZ}",)) == []
    assert ask(directory, f"{siret} boulangerie") == []
    assert ask(directory, SIRETS["boiler_closed"]) == []
    assert ask(directory, SIRETS["boiler_closed"], state=None) == ["boiler_closed"]
    assert ask(directory, SIRETS["bakery"][:9]) == ["bakery", "bakery_second"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"activities": ("NAFRev2:C",)}, {*BOILERS, "masked", "masked_company", "bakery", "bakery_second"}),
        ({"activities": ("NAFRev2:25",)}, {*BOILERS, "masked"}),
        ({"activities": ("NAFRev2:25.2",)}, {"boiler", "boiler_far", "masked"}),
        ({"activities": ("NAFRev2:25.11", "NAFRev2:49.10Z")}, {"boiler_by_trade", "rail"}),
        ({"activities": ("NAF2025:25.29Y",)}, {"masked"}),
        ({"activities": ("NAFRev1:43.91B",)}, {"old"}),
        ({"activities": ("NAFRev2:43.91B",)}, set()),
        ({"sizes": ("NN",)}, {"bakery_second"}),
        ({"sizes": ("00", "01")}, {"bakery", "masked"}),
        ({"sizes": ("",)}, {"namesake", "masked_company", "rail", "old", "odd"}),
        ({"territories": (f"commune:{HERBIERS}",)}, AT_HERBIERS),
        ({"territories": ("departement:85", "departement:75")}, {*AT_HERBIERS, "rail"}),
        ({"territories": ("commune:75056",)}, {"rail"}),
        ({"territories": ("region:52",), "employer": True}, {"boiler"}),
        ({"territories": ("epci:248500621",), "sizes": ("41",)}, {"boiler_by_trade"}),
        ({"craft": True}, {"bakery"}),
        ({"head_office": False}, {"bakery_second"}),
        ({"employer": False}, {"odd"}),
        ({"created_from": date(2001, 5, 6), "created_to": date(2001, 5, 6)}, {"bakery"}),
        ({"created_from": date(2001, 5, 7)}, {"bakery_second"}),
        ({"created_to": date(2001, 5, 5)}, set()),
        ({"state": "F"}, {"boiler_closed"}),
        ({"state": None, "activities": ("NAFRev2:25.29Z",)}, {"boiler", "boiler_far", "masked", "boiler_closed"}),
        ({"territories": ("france:FR",), "craft": True}, {"bakery"}),
    ],
)  # fmt: skip
def test_filters(filters: dict[str, Any], names: set[str], directory: Directory) -> None:
    assert set(ask(directory, **filters)) == names


def test_a_radius_is_exact_and_leaves_out_partial_diffusion(directory: Directory) -> None:
    near = Near(46.870, -1.010)
    boiler_by_trade = distance_km(46.870, -1.010, 46.871, -1.010)
    assert set(ask(directory, near=Near(46.870, -1.010, boiler_by_trade + 0.001))) == {"boiler", "boiler_by_trade"}
    assert ask(directory, near=Near(46.870, -1.010, boiler_by_trade - 0.001)) == ["boiler"]
    everywhere = ask(directory, near=near, sort="distance", state=None)
    assert not {"masked", "masked_company", "odd"} & set(everywhere)
    assert len(everywhere) == 9


def test_the_nearest_come_first_with_their_distance(directory: Directory) -> None:
    page = directory.search(DirectoryQuery(near=Near(49.120, 6.176, 600), sort="distance"))
    distances = [record["distance_km"] for record in page.records]
    assert len(distances) > 1 and all(before <= after for before, after in pairwise(distances))
    for record in not_empty(page.records):
        assert record["distance_km"] == pytest.approx(
            distance_km(49.120, 6.176, record["latitude"], record["longitude"]), abs=0.001
        )
    second = directory.search(DirectoryQuery(near=Near(49.120, 6.176, 600), sort="distance", page=2, per_page=2))
    assert [record["siret"] for record in second.records] == [record["siret"] for record in page.records[2:4]]
    assert second.total == page.total


@pytest.mark.parametrize("state", ["A", "F", "N", None])
@pytest.mark.parametrize("radius", [0.2, 30.0, 500.0, 2000.0, None])
@pytest.mark.parametrize("sort", ["relevance", "distance", "name"])
def test_a_circle_holds_those_of_the_state_asked_for(
    directory: Directory, state: str | None, radius: float | None, sort: Sort
) -> None:
    """Whatever its size: cells of a state are looked up in small ones, the state itself in the others."""
    found = ask(directory, near=Near(46.870, -1.010, radius), state=state, sort=sort)
    located = {name: row for name, row in ROWS.items() if "latitude" in row and not row.get("masked")}
    expected = {
        name
        for name, row in located.items()
        if state in (None, row.get("state", "A"))
        and distance_km(46.870, -1.010, row["latitude"], row["longitude"]) <= (radius or 1e9)
    }
    assert set(found) == expected and len(found) == len(expected)
    without = frozenset({SIRETS["boiler"][:9], SIRETS["boiler_closed"][:9]})
    left = ask(directory, near=Near(46.870, -1.010, radius), state=state, sort=sort, without=without)
    assert set(left) == expected - {"boiler", "boiler_closed"}


def test_words_and_a_radius_hold_together(directory: Directory) -> None:
    assert set(ask(directory, "boulangerie", near=Near(49.120, 6.176, 5))) == {"bakery", "bakery_second"}
    assert ask(directory, "chaudronnerie", near=Near(46.870, -1.010, 5), sort="size") == ["boiler_by_trade", "boiler"]


def test_orders(directory: Directory) -> None:
    assert ask(directory, sort="size", per_page=3) == ["boiler_by_trade", "boiler_far", "boiler"]
    assert ask(directory, sort="created", per_page=2) == ["bakery_second", "bakery"]
    assert ask(directory, sort="name", per_page=3) == ["odd", "boiler", "boiler_far"]
    assert ask(directory, sort="name", territories=(f"commune:{HERBIERS}",))[-1] == "masked"


def test_pages_make_the_whole_list_once(directory: Directory) -> None:
    for sort in ("relevance", "size", "name", "created"):
        whole = ask(directory, per_page=20, sort=sort)
        paged = [name for page in range(1, 6) for name in ask(directory, per_page=3, page=page, sort=sort)]
        assert paged == whole
    assert ask(directory, page=50) == []


def test_pages_of_a_long_answer_hold_each_record_once_the_closest_first(tmp_path: Path) -> None:
    named = [{"name": f"GARAGE DUPONT {number}"} for number in range(35)]
    nearby = [{"name": f"ATELIER {number}", "address": f"{number} RUE DUPONT"} for number in range(115)]
    rows = [{"siret": f"{number:014}", "commune": METZ, **row} for number, row in enumerate(nearby + named, start=1)]
    directory = from_rows(rows, tmp_path / "index")

    def sirets(page: int, per_page: int) -> list[str]:
        found = directory.search(DirectoryQuery(text="dupont", page=page, per_page=per_page))
        assert (found.total, found.approximate) == (150, False)
        return [record["siret"] for record in found.records]

    paged = [siret for page in range(1, 9) for siret in sirets(page, 20)]
    assert paged == sirets(1, 150)
    assert sorted(paged) == [row["siret"] for row in rows]
    assert set(paged[:35]) == {row["siret"] for row in rows[115:]}


def test_a_very_common_word_is_optional_even_misspelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vigie.store.engines.tantivy.words.COMMON", 10)
    names = [f"IMAGINAIRE FONDERIE {number}" for number in range(20)] + ["FONDERIE DUPONT", "IMAGINAIRE DUPONT"]
    rows = [{"siret": f"{number:014}", "commune": METZ, "name": name} for number, name in enumerate(names, start=1)]
    directory = from_rows(rows, tmp_path / "index")
    for text, approximate in (("imaginaire dupont", False), ("imaginiare dupont", True)):
        page = directory.search(DirectoryQuery(text=text))
        assert [record["name"] for record in page.records] == ["IMAGINAIRE DUPONT", "FONDERIE DUPONT"]
        assert page.approximate is approximate


def test_a_page_out_of_reach_is_refused_in_words(directory: Directory) -> None:
    with pytest.raises(RequestFault, match="premiers résultats"):
        directory.search(DirectoryQuery(page=100_000, per_page=20))


def test_a_record_holds_every_column_as_it_was(directory: Directory) -> None:
    for name, row in ROWS.items():
        record = directory.record(SIRETS[name])
        assert record is not None
        assert set(record) == set(ESTABLISHMENT.schema)
        assert {key: record[key] for key in row} == dict(row)
        assert record["siren"] == SIRETS[name][:9]
        assert record["closed"] is None
    assert directory.record("99999999999999") is None


def test_the_mark_between_columns_may_stand_in_a_name(tmp_path: Path) -> None:
    odd = from_rows(
        [{"siret": SIRETS["odd"], "name": f"A{SEPARATOR}B{SEPARATOR}", "country": SEPARATOR}], tmp_path / "i"
    )
    record = odd.record(SIRETS["odd"])
    assert record is not None
    assert record["name"] == "A B "


def test_an_index_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    from_rows([{"siret": SIRETS["boiler"]}], tmp_path)
    (lexicon,) = tmp_path.glob("lexicon-*.json")
    lexicon.rename(tmp_path / "lexicon-0.json")
    with pytest.raises(NoData, match="relancez"):
        TantivyDirectory(tmp_path)


def test_siblings(directory: Directory) -> None:
    total, found = directory.siblings(SIRETS["bakery"][:9])
    assert total == 2
    assert [NAMES[record["siret"]] for record in found] == ["bakery", "bakery_second"]
    assert directory.siblings("999999999") == (0, ())


@pytest.mark.parametrize(
    ("typed", "name"),
    [("chaud", "boiler"), ("épi d'o", "bakery"), ("morv", "boiler_by_trade"), ("morvv", "boiler_by_trade")],
)
def test_names_are_completed_while_typing(typed: str, name: str, directory: Directory) -> None:
    found = [NAMES[record["siret"]] for record in directory.suggest(typed)]
    assert name in found
    assert "boiler_closed" not in found


def test_nothing_is_suggested_for_nothing(directory: Directory) -> None:
    assert directory.suggest("") == directory.suggest("c") == directory.suggest("«»") == ()


@pytest.mark.parametrize(
    "text", ['"', "\\", "(a AND b) OR *", "+ - ~ ^", "a" * 5000, "\x00", "ﷺ", "naf:25", "* " * 200, "[0 TO 9]"]
)
def test_no_text_breaks_the_search(text: str, directory: Directory) -> None:
    assert directory.search(DirectoryQuery(text=text)).total >= 0
    directory.suggest(text)


def test_a_masked_name_or_address_leads_nowhere(tmp_path: Path) -> None:
    """The index only sees the tables, where nothing masked is left; place and activity still answer."""
    shown = from_rows([{**MASKED, "siret": SIRETS["masked"], "naf": "25.29Z"}], tmp_path / "index")
    found = shown.search(DirectoryQuery(text="chaudronnerie les herbiers")).records
    assert [record["siret"] for record in found] == [SIRETS["masked"]]
    assert shown.search(DirectoryQuery(near=Near(46.87, -1.01, 500))).total == 0
    assert shown.search(DirectoryQuery(text="85500")).total == 0


def test_a_zoning_of_another_vintage_filters_too(tmp_path: Path) -> None:
    zone = {"kind": "ze", "code": "5209", "vintage": 2020, "commune": HERBIERS}
    older = {"kind": "ze", "code": "0000", "vintage": 2010, "commune": HERBIERS}
    found = from_rows([{**LES_HERBIERS, "siret": SIRETS["boiler"]}], tmp_path / "index", [zone, older])
    assert ask(found, territories=("ze:5209",)) == ["boiler"]
    assert ask(found, territories=("ze:0000",)) == []
    assert ask(found, territories=("departement:85",)) == ["boiler"]


def test_batches_are_read_ahead_in_their_order_and_a_fault_of_reading_is_told() -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        for rank in range(4):
            yield pa.record_batch({"document": [str(rank)]})
        raise RequestFault("plus rien")

    taken = []
    with pytest.raises(RequestFault):
        for batch in read_ahead(batches()):
            taken += batch.column("document").to_pylist()
    assert taken == ["0", "1", "2", "3"]
    assert list(read_ahead([])) == []
