"""The directory as people ask it: loose codes, former communes, faults in French, firms, sources with every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from tests.directories import from_rows
from vigie.errors import NotFound, RequestFault
from vigie.services.know import Know, NothingAsked, SearchRequest
from vigie.services.know_answers import SearchAnswer, activity_key
from vigie.services.loaded import Loaded
from vigie.sources import cog
from vigie.store import tables
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

HERBIERS, METZ, PARIS_3 = "85109", "57463", "75103"
FIRM, SHOP, MASKED, METZ_SHOP = "73282932000074", "73282932000082", "35600000000048", "55210055400013"
ROWS: list[dict[str, Any]] = [
    {
        "siret": FIRM, "name": "TOLERIE IMAGINAIRE DU BOCAGE", "naf": "25.11Z", "size_band": "12", "size_year": 2024,
        "employer": "O", "commune": HERBIERS, "commune_label": "LES HERBIERS", "postal_code": "85500",
        "address": "4 RUE DES SAULES", "longitude": -1.01, "latitude": 46.87, "created": date(1999, 4, 1),
        "craft_code": "2511ZA",
    },
    {
        "siret": SHOP, "name": "TOLERIE IMAGINAIRE DU BOCAGE", "naf": "46.72Z", "commune": HERBIERS,
        "head_office": False, "state": "F", "closed": date(2020, 1, 1),
    },
    {"siret": MASKED, "diffusion": "P", "masked": True, "naf": "10.71C", "commune": HERBIERS, "size_band": "NN"},
    {"siret": METZ_SHOP, "name": "EPICERIE IMAGINAIRE", "naf": "47.11B", "commune": METZ, "size_band": "00"},
]  # fmt: skip
UNIT = {
    "siren": FIRM[:9], "diffusion": "O", "masked": False, "state": "A", "name": "TOLERIE IMAGINAIRE DU BOCAGE",
    "created": date(1999, 4, 1), "naf": "25.11Z", "naf_nomenclature": "NAFRev2", "size_band": "12", "size_year": 2024,
}  # fmt: skip


@pytest.fixture(scope="module")
def know(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Know]:
    folder = tmp_path_factory.mktemp("know")
    warehouse = _warehouse(folder / "warehouse.duckdb")
    loaded = Loaded(
        "gen-test", True, "2026-10-02T08:00:00", {"sirene_etablissement": "2026-10-01", "sirene_unite_legale": None}
    )
    yield Know(from_rows(ROWS, folder / "index"), warehouse, loaded)
    warehouse.close()


def _warehouse(path: Path) -> DuckWarehouse:
    contents: dict[str, Any] = {
        "legal_unit": [UNIT],
        "france_count": [{"naf": "25.11Z", "naf_nomenclature": "NAFRev2", "establishments": 3}],
        "membership": cog.memberships([cog.latest_vintage()]).select(list(tables.MEMBERSHIP.schema)),
        "former_commune": cog.former_communes().select(["former", "commune"]),
        "territory": [],
    }
    builder = DuckBuilder(path, threads=1, memory_mib=512, scratch=path.parent / "scratch")
    for table in tables.ALL:
        rows = contents.get(table.name, [])
        schema = ibis.schema(table.schema).to_pyarrow()
        complete = [{name: row.get(name) for name in table.schema} for row in rows] if isinstance(rows, list) else []
        content = pa.Table.from_pylist(complete, schema=schema) if isinstance(rows, list) else rows
        builder.save(table, ibis.memtable(content), "test")
    builder.close()
    return DuckWarehouse(path, threads=1, memory_mib=512)


def found(know: Know, **asked: Any) -> list[str]:
    return [entry.siret for entry in know.search(SearchRequest(**asked)).results]


def test_an_answer_says_what_it_rests_on(know: Know) -> None:
    answer = know.search(SearchRequest(text="tolerie les herbiers"))
    assert (answer.total, answer.total_pages, answer.approximate, answer.simulated) == (1, 1, False, True)
    assert answer.place == "Les Herbiers"
    assert [source.id for source in answer.sources] == ["sirene_etablissement", "sirene_unite_legale"]
    assert answer.sources[0].vintage == "2026-10-01"


def test_codes_are_put_in_words(know: Know) -> None:
    (entry,) = know.search(SearchRequest(text=FIRM)).results
    assert entry.commune_name == "Les Herbiers"
    assert entry.naf_label == "Fabrication de structures métalliques et de parties de structures"
    assert entry.size_label == "20 à 49 salariés"
    assert entry.craft is True
    shop = know.establishment(SHOP)
    assert (shop.craft, shop.size_label, shop.closed) == (False, None, date(2020, 1, 1))


def test_answers_are_json_with_the_keys_of_the_contract(know: Know) -> None:
    content = json.loads(json.dumps(know.search(SearchRequest(text=FIRM)).as_dict(), allow_nan=False))
    assert {"total", "page", "per_page", "total_pages", "approximate", "simulated", "sources", "results"} <= set(
        content
    )
    entry = content["results"][0]
    wanted = (
        "siret siren name masked state naf naf_nomenclature naf_label naf25 size_band size_label size_year employer "
        "commune commune_name postal_code address head_office craft created closed longitude latitude distance_km"
    )
    assert set(wanted.split()) <= set(entry)
    assert entry["created"] == "1999-04-01"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"naf": ("2511z",)}, [FIRM]),
        ({"naf": ("c",)}, [FIRM, MASKED]),
        ({"naf": ("25.1", "47")}, [FIRM, METZ_SHOP]),
        ({"naf": ("NAFRev2:10.71C",)}, [MASKED]),
        ({"naf": ("NAF 2025:10.71",)}, []),
        ({"size": ("nn",)}, [MASKED]),
        ({"size": ("0",)}, [METZ_SHOP]),
        ({"size": ("inconnue",), "state": None}, [SHOP]),
        ({"within": ("85109",)}, [FIRM, MASKED]),
        ({"within": ("dep:85", "region:44")}, [FIRM, METZ_SHOP, MASKED]),
        ({"within": ("248500621",), "head_office": True}, [FIRM, MASKED]),
        ({"within": ("FR",), "craft": True}, [FIRM]),
        ({"within": ("perimetre:85109,57463",), "employer": True}, [FIRM]),
        ({"near": (46.87, -1.0), "radius_km": 5.0}, [FIRM]),
        ({"state": "F"}, [SHOP]),
        ({"created_to": date(2000, 1, 1)}, [FIRM]),
    ],
)
def test_filters_as_people_write_them(asked: dict[str, Any], expected: list[str], know: Know) -> None:
    assert sorted(found(know, **asked)) == sorted(expected)


def test_a_former_commune_is_that_of_today_and_it_is_said(know: Know) -> None:
    former = next(row for row in cog.former_communes().to_pylist() if row["commune"] == HERBIERS)["former"]
    answer = know.search(SearchRequest(within=(former,)))
    assert {entry.siret for entry in answer.results} == {FIRM, MASKED}
    assert former in answer.notes[0]
    assert "Les Herbiers" in answer.notes[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"naf": ("99.99X",)}, "n’existe pas"),
        ({"naf": ("boulangerie",)}, "n’est pas un code NAF"),
        ({"naf": ("NACE:25",)}, "nomenclature"),
        ({"naf": ("NAF2025:C",)}, "NAF2025"),
        ({"size": ("77",)}, "tranche"),
        ({"within": ("atlantide",)}, "n’est pas un code de territoire"),
        ({"within": ("pays:85",)}, "genre de territoire"),
        ({"page": 0}, "pages"),
        ({"per_page": 101}, "100"),
        ({"sort": "color"}, "ordre"),
        ({"state": "X"}, "état"),
        ({"radius_km": 5.0}, "point"),
        ({"sort": "distance"}, "point"),
        ({"near": (91.0, 0.0)}, "latitude"),
        ({"near": (float("nan"), 0.0)}, "latitude"),
        ({"near": (46.0, 1.0), "radius_km": 0.0}, "rayon"),
        ({"near": (46.0, 1.0), "radius_km": 501.0}, "rayon"),
        ({"created_from": date(2020, 1, 2), "created_to": date(2020, 1, 1)}, "date"),
        ({"page": 5001, "per_page": 20}, "hors d’atteinte"),
    ],
)
def test_what_cannot_be_understood_is_said_in_french(asked: dict[str, Any], said: str, know: Know) -> None:
    with pytest.raises(RequestFault) as caught:
        know.search(SearchRequest(**asked))
    assert said.lower() in str(caught.value).lower()


def test_a_territory_that_does_not_exist_is_not_found(know: Know) -> None:
    with pytest.raises(NotFound):
        know.search(SearchRequest(within=("99999",)))
    with pytest.raises(NotFound):
        know.search(SearchRequest(within=("ze:5201",)))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2562b", "NAFRev2:25.62B"), ("C", "NAFRev2:C"), ("nafrev2:25.6", "NAFRev2:25.6"),
        ("NAF2025:2511Y", "NAF2025:25.11Y"), ("naf rév. 2:25", None),
        ("NAF 1993:28.5D", "NAF1993:28.5D"), ("NAFRev1:281A", "NAFRev1:28.1A"),
    ],
)  # fmt: skip
def test_activities_carry_their_nomenclature(text: str, key: str | None) -> None:
    if key is None:
        with pytest.raises(RequestFault):
            activity_key(text)
    else:
        assert activity_key(text) == key


def test_a_bare_code_speaks_the_principal_nomenclature() -> None:
    assert activity_key("25.11Y", "NAF2025") == "NAF2025:25.11Y"
    assert activity_key("NAFRev2:25.11Z", "NAF2025") == "NAFRev2:25.11Z"


def test_one_establishment(know: Know) -> None:
    entry = know.establishment("732 829 320 00074")
    assert (entry.name, entry.siren, entry.simulated) == ("TOLERIE IMAGINAIRE DU BOCAGE", "732829320", True)
    assert entry.sources
    masked = know.establishment(MASKED)
    assert (masked.name, masked.address, masked.masked, masked.latitude) == (None, None, True, None)
    with pytest.raises(NotFound):
        know.establishment("99999999999999")
    with pytest.raises(RequestFault):
        know.establishment("732829320")


def test_one_firm_and_its_establishments(know: Know) -> None:
    for number in ("732829320", "732 829 320", SHOP):
        firm = know.firm(number)
        assert (firm.siren, firm.unit.name, firm.unit.naf_label is not None) == ("732829320", UNIT["name"], True)
        assert [entry.siret for entry in firm.establishments] == [FIRM, SHOP]
        assert (firm.total, firm.total_pages, firm.simulated) == (2, 1, True)
    assert know.firm("732829320", page=2).establishments == ()
    assert json.dumps(know.firm("732829320").as_dict(), allow_nan=False)
    with pytest.raises(NotFound):
        know.firm("999999999")
    with pytest.raises(RequestFault):
        know.firm("bocage")
    with pytest.raises(RequestFault):
        know.firm("732829320", page=0)


def test_names_are_completed_and_masked_ones_never(know: Know) -> None:
    assert [one.siret for one in know.suggest("tolerie imag")] == [FIRM]
    assert know.suggest("tolerie imag")[0].commune_name == "Les Herbiers"
    assert {one.siret for one in know.suggest("imaginai")} == {FIRM, METZ_SHOP}
    assert know.suggest("") == ()


@pytest.mark.parametrize("text", ["🍕", "&", "« — »", "\u200b", "…", " % _ ' "])
def test_a_text_of_signs_alone_asks_nothing(know: Know, text: str) -> None:
    with pytest.raises(NothingAsked, match="ni lettre ni chiffre"):
        know.search(SearchRequest(text=text))


def test_a_firm_is_read_by_its_vat_number(know: Know) -> None:
    assert know.firm("FR 44 732 829 320").siren == FIRM[:9]
    assert found(know, text="FR 44 732 829 320") == [FIRM]


def meant(answer: SearchAnswer) -> set[tuple[str, str]]:
    return {(part.kind, part.label) for part in answer.understood}


def test_a_text_too_long_is_read_as_far_as_it_goes_and_that_is_said(know: Know) -> None:
    answer = know.search(SearchRequest(text="a" * 201))
    assert any("201" in note and "200 premiers" in note for note in answer.notes)


@pytest.mark.parametrize("radius", [0.0, -1.0, 500.5])
def test_a_radius_is_more_than_nothing_and_bounded(know: Know, radius: float) -> None:
    with pytest.raises(RequestFault, match="plus grand que 0 et ne dépasse pas 500"):
        know.search(SearchRequest(near=(46.8, -1.0), radius_km=radius))


def test_a_former_name_in_a_search_leads_to_the_commune_of_today_and_says_so(know: Know) -> None:
    """None of these places has an establishment here: each is told all the same, and what replaced it."""
    answer = know.search(SearchRequest(text="boulangerie olonne sur mer"))
    assert ("elsewhere", "Les Sables-d'Olonne (85)") in meant(answer)
    assert answer.notes == (
        "«\u00a0Olonne-sur-Mer\u00a0» est un ancien nom\u00a0: la recherche porte sur Les Sables-d'Olonne.",
    )
    unknown = know.search(SearchRequest(text="boulangerie machin sur mer"))
    assert unknown.place is None and {"machin", "mer"} <= {word for kind, word in meant(unknown) if kind == "unknown"}
    district = know.search(SearchRequest(text="tissage lyon 4eme"))
    assert ("elsewhere", "Lyon 4e Arrondissement (69)") in meant(district)
    by_code = know.search(SearchRequest(text="boulangerie 85166"))
    assert "est un ancien code" in by_code.notes[0] and "Les Sables-d'Olonne" in by_code.notes[0]
    assert know.search(SearchRequest(text="tolerie les herbiers")).place == "Les Herbiers"
    assert found(know, text="tolerie 85109") == [FIRM]
    within = know.search(SearchRequest(within=("Olonne-sur-Mer",)))
    assert within.notes[0].startswith("La commune Olonne-sur-Mer n’existe plus")
