from __future__ import annotations

from collections import Counter

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.sources import cog
from vigie.sources.cog_lookup import code_book, parse, resolve


def rows(table, **equal):
    return [row for row in table.to_pylist() if all(row[key] == value for key, value in equal.items())]


def test_each_vintage_has_the_official_number_of_communes():
    official = {2019: 34970, 2020: 34968, 2021: 34965, 2022: 34955, 2023: 34945, 2024: 34935, 2025: 34875}
    assert cog.vintages() == (*official, 2026)
    for year, expected in not_empty(official.items()):
        table = cog.communes(year)
        assert table.filter(pc.is_valid(table["region"])).num_rows == expected


def test_a_commune_without_epci_is_a_normal_case():
    alone = [row for row in cog.communes().to_pylist() if row["region"] and row["epci"] is None]
    assert {row["code"] for row in alone} == {"22016", "29083", "29155", "85113"}
    yeu = next(row for row in alone if row["code"] == "85113")
    assert (yeu["department"], yeu["region"], yeu["postal_codes"]) == ("85", "52", ["85350"])
    assert yeu["population"] > 4000


def test_an_unknown_population_is_null_and_never_zero():
    for year in not_empty(cog.vintages()):
        populations = cog.communes(year)["population"].to_pylist()
        zeros = [p for p in populations if p == 0]
        assert len(zeros) <= 6, "only the villages destroyed in 1916 have no inhabitant"
    assert cog.communes(2020)["population"].null_count == cog.communes(2020).num_rows


def test_a_commune_created_after_the_census_geography_has_no_population_of_its_former_centre():
    in_2019 = rows(cog.communes(2019), code="85194")[0]
    in_2021 = rows(cog.communes(2021), code="85194")[0]
    assert in_2019["name"] == "Les Sables-d'Olonne"
    assert in_2019["population"] is None
    assert (in_2021["population"], in_2021["population_year"]) == (45030, 2019)
    assert rows(cog.communes(2023), code="85289")[0]["population"] == 2170


def test_territories_are_unique_and_named_in_every_vintage():
    table = cog.territories()
    keys = Counter(zip(*(table[c].to_pylist() for c in ("kind", "code", "vintage")), strict=True))
    assert max(keys.values()) == 1
    assert table["name"].null_count == 0
    france = rows(table, kind="france", vintage=2026)[0]
    assert 68_000_000 < france["population"] < 69_000_000


def test_the_population_of_a_group_is_the_sum_of_its_communes():
    communes = rows(cog.communes(), epci="200071629")
    assert len(communes) > 5
    group = rows(cog.territories([2026]), kind="epci", code="200071629")[0]
    assert group["population"] == sum(row["population"] for row in communes)
    assert group["detail"] == "CC"


def test_arrondissements_belong_to_their_city_and_to_all_it_belongs_to():
    members = cog.memberships([2026])
    of = {(row["kind"], row["code"]) for row in rows(members, commune="75103")}
    assert of == {
        ("commune", "75103"), ("commune", "75056"), ("epci", "200054781"), ("departement", "75"), ("region", "11"),
    }  # fmt: skip
    paris = {row["commune"] for row in rows(members, kind="departement", code="75")}
    assert paris == {"75056"} | {f"75{n}" for n in range(101, 121)}


def test_former_codes_lead_to_a_commune_of_today():
    former = cog.former_communes().to_pylist()
    today = set(cog.communes()["code"].to_pylist())
    assert len(former) > 4000
    assert {row["commune"] for row in former} <= today
    assert not {row["former"] for row in former} & today
    dated = {row["former"]: row["vintage"] for row in former}
    assert (dated["85166"], dated["20004"], dated["27058"]) == (2019, 1976, 2023)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("85", "departement", "85"),
        ("2a", "departement", "2A"),
        ("974", "departement", "974"),
        ("region:52", "region", "52"),
        ("Région:11", "region", "11"),
        ("11", "departement", "11"),
        ("departement:84", "departement", "84"),
        (" 85191 ", "commune", "85191"),
        ("2A004", "commune", "2A004"),
        ("13201", "commune", "13201"),
        ("200071629", "epci", "200071629"),
        ("200057867", "ept", "200057867"),
        ("FR", "france", "FR"),
        ("france:FR", "france", "FR"),
    ],
)
def test_codes_are_understood(text, kind, code):
    territory = resolve(text)
    assert (territory.kind.value, territory.code) == (kind, code)
    assert territory.redirected_from is None
    assert territory.vintage == 2026


def test_former_and_delegated_codes_redirect_and_say_so():
    assert (resolve("85166").code, resolve("85166").redirected_from) == ("85194", "85166")
    assert resolve("commune:20004").code == "2A004"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1001", "zéro de tête"),
        ("Vendée", "n’est pas un code"),
        ("pays:85", "genre de territoire"),
        ("region:", "manque le code"),
        ("", "n’est pas un code"),
    ],
)
def test_what_is_not_a_code_is_refused_with_a_remedy(text, says):
    with pytest.raises(RequestFault, match=says):
        resolve(text)


def test_what_does_not_exist_is_not_found_and_what_ceased_says_until_when():
    with pytest.raises(NotFound, match="Aucun territoire"):
        resolve("85999")
    gone = rows(cog.territories([2019]), kind="epci")
    today = {key[1] for key in code_book().territories if key[0] == "epci"}
    code = next(row["code"] for row in gone if row["code"] not in today)
    with pytest.raises(NotFound, match="n’existe plus"):
        resolve(code)


def test_kinds_of_zonings_are_parsed_though_only_the_warehouse_knows_them():
    assert parse("ze:5218") == (TerritoryKind.ZE, "5218")
    with pytest.raises(NotFound):
        resolve("ze:5218")


def test_every_code_of_old_official_files_has_a_commune_of_today(shared):
    book = code_book()
    for year in (2013, 2015, 2018, 2019, 2021):
        codes = pq.read_table(shared / "data/zonages" / f"communes_{year}.parquet", columns=["CODGEO"])["CODGEO"]
        assert [code for code in codes.to_pylist() if book.today(code) is None] == []


def test_the_whole_country_is_the_one_of_the_code_book() -> None:
    row = code_book().territories["france", "FR"]
    found = resolve("FR")
    assert (found.name, found.vintage, found.population) == (row["name"], row["vintage"], row["population"])
