"""The Sirene stock as published, in its three layouts, to the columns of the warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import pytest

from tests import official_files as official
from tests.not_empty import not_empty
from tests.official_loading import Found, Loader, raw_table
from vigie.domain.actors import luhn
from vigie.errors import StructureFault
from vigie.sources import sirene
from vigie.sources.base import UNDOCUMENTED
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.sources.cog_lookup import code_book
from vigie.store.steps.reference import published_communes
from vigie.store.tables import ESTABLISHMENT, LEGAL_UNIT


def raw(header: tuple[str, ...], rows: list[official.Row]) -> ibis.Table:
    columns = {name: [row.get(name) for row in rows] for name in header}
    return ibis.memtable(columns, schema=dict.fromkeys(header, "string"))


@pytest.fixture(scope="module")
def engine() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


@dataclass
class Stock:
    """What a pair of files becomes."""

    units: Found
    unit_faults: Found
    establishments: Found
    faults: Found


@pytest.fixture(scope="module")
def loader() -> Loader:
    return Loader()


@pytest.fixture
def load(loader: Loader):
    def loaded(establishments: list[official.Row], units: list[official.Row]) -> Stock:
        return Stock(*loader.load_units(units), *loader.load_establishments(establishments))

    return loaded


LAYOUTS = [(official.UNIT_33, official.ESTABLISHMENT_53), (official.UNIT_35, official.ESTABLISHMENT_54)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_are_those_of_the_warehouse(layout):
    stored = ibis.table(LEGAL_UNIT.schema, name="legal_unit")
    units = sirene.legal_units(raw_table("u", layout[0])).accepted
    found = sirene.establishments(raw_table("e", layout[1]), stored, published_communes()).accepted
    told = {UNDOCUMENTED: "string"}
    assert {name: str(kind) for name, kind in units.schema().items()} == LEGAL_UNIT.schema | told
    assert {name: str(kind) for name, kind in found.schema().items()} == ESTABLISHMENT.schema | told


def test_a_company_and_its_establishment(load):
    row = official.establishment(
        1, enseigne2Etablissement="L’ATELIER", complementAdresseEtablissement="BATIMENT B",
        indiceRepetitionEtablissement="B", activitePrincipaleRegistreMetiersEtablissement="2562BZ",
    )  # fmt: skip
    stock = load([row], [official.unit(1, sigleUniteLegale="MI", denominationUsuelle1UniteLegale="MECA")])
    [unit], [found] = stock.units, stock.establishments
    assert unit["name"] == "MECANIQUE IMAGINAIRE 1"
    assert (unit["acronym"], unit["usual_name"], unit["natural_person"]) == ("MI", "MECA", False)
    assert unit["head_office"] == official.siret(1)
    assert unit["processed"] == date(2026, 9, 12)
    assert found["name"] == unit["name"]
    assert found["sign"] == "ENSEIGNE IMAGINAIRE 1 · L’ATELIER"
    assert found["address"] == "BATIMENT B, 12B RUE DU MOULIN"
    assert (found["usual_name"], found["acronym"]) == ("MECA", "MI")
    assert (found["naf"], found["naf_nomenclature"], found["naf25"]) == ("25.62B", "NAFRev2", "25.53B")
    assert (found["size_band"], found["size_year"], found["employer"]) == ("11", 2023, "O")
    assert (found["created"], found["closed"], found["head_office"]) == (date(2015, 3, 1), None, True)
    assert (found["diffusion"], found["masked"], found["craft_code"]) == ("O", False, "2562BZ")
    assert found["longitude"] == pytest.approx(-1.435, abs=0.01)
    assert found["latitude"] == pytest.approx(46.67, abs=0.01)


def test_a_diffusible_sole_trader_bears_usual_first_name_and_name(load):
    person = {"denominationUniteLegale": "", "categorieJuridiqueUniteLegale": "1000", "nomUniteLegale": "NAISSANCE"}
    first = {"prenomUsuelUniteLegale": "IRIS", "prenom1UniteLegale": "ALBA"}
    units = [
        official.unit(1, **person, **first),
        official.unit(2, **person, **first, nomUsageUniteLegale="USAGE"),
        official.unit(3, **person, prenom1UniteLegale="ALBA"),
        official.unit(4, **(person | {"nomUniteLegale": "[ND]"}), **first),
    ]
    stock = load([official.establishment(n) for n in range(1, 5)], units)
    assert [row["name"] for row in stock.units] == ["IRIS NAISSANCE", "IRIS USAGE", "ALBA NAISSANCE", None]
    assert all(row["natural_person"] for row in not_empty(stock.units))


def test_a_code_is_what_its_nomenclature_says_in_the_three_layouts(load):
    without = {"activitePrincipaleNAF25Etablissement": "", "activitePrincipaleNAF25UniteLegale": ""}
    before = load([official.establishment(1, **without)], [official.unit(1, **without)])
    for row in not_empty((*before.establishments, *before.units)):
        assert (row["naf"], row["naf_nomenclature"], row["naf25"]) == ("25.62B", "NAFRev2", None)
    after = without | {"activitePrincipaleEtablissement": "25.53B", "activitePrincipaleUniteLegale": "25.53B"}
    after |= {f"nomenclatureActivitePrincipale{kind}": "NAF2025" for kind in ("Etablissement", "UniteLegale")}
    stock = load([official.establishment(1, **after)], [official.unit(1, **after)])
    for row in not_empty((*stock.establishments, *stock.units)):
        assert (row["naf"], row["naf_nomenclature"], row["naf25"]) == ("25.53B", "NAF2025", "25.53B")


BEFORE = {"dateDebut": "2015-03-01"}
SINCE = {"dateDebut": "2027-01-01"}
SWITCHED_ON = {f"dateDernierTraitement{kind}": "2027-01-01T01:02:03" for kind in ("Etablissement", "UniteLegale")}
CLOSED = {"etatAdministratifEtablissement": "F", "etatAdministratifUniteLegale": "C"}


@pytest.mark.parametrize(
    ("declared", "code", "days", "expected"),
    [
        ("NAF25", "25.53B", BEFORE, "NAF2025"),
        ("NAF2025", "25.53B", BEFORE, "NAF2025"),
        ("NAFRev3", "25.53B", BEFORE, "NAF2025"),
        ("NAF rév. 3", "25.53B", BEFORE, "NAFRev2"),
        ("naf 2025", "25.53B", BEFORE, "NAF2025"),
        ("NAFRev.2", "25.62B", SINCE, "NAFRev2"),
        ("", "25.62B", BEFORE, "NAFRev2"),
        ("", "25.53B", SINCE, "NAF2025"),
        ("", "25.53B", BEFORE | SWITCHED_ON, "NAF2025"),
        ("", "25.62B", BEFORE | SWITCHED_ON | CLOSED, "NAFRev2"),
        ("", "25.62B", {"dateDebut": ""}, "NAFRev2"),
        ("QUOI", "25.62B", BEFORE, "NAFRev2"),
        ("QUOI", "25.53B", SINCE, "NAF2025"),
        ("QUOI", "80.1Z", BEFORE, "NAFRev1"),
        ("NAF25", "80.1Z", BEFORE, "NAFRev1"),
        ("NAF25", "54.05", BEFORE, "NAP"),
    ],
)
def test_an_undocumented_nomenclature_is_told_and_its_code_read_by_word_form_and_day(
    load, declared, code, days, expected
):
    row = days | {"activitePrincipaleNAF25Etablissement": "", "activitePrincipaleNAF25UniteLegale": ""}
    for kind in ("Etablissement", "UniteLegale"):
        row |= {f"nomenclatureActivitePrincipale{kind}": declared, f"activitePrincipale{kind}": code}
    stock = load([official.establishment(1, **row)], [official.unit(1, **row)])
    assert stock.faults == stock.unit_faults == []
    [unit], [found] = stock.units, stock.establishments
    for kept in (unit, found):
        assert (kept["naf"], kept["naf_nomenclature"]) == (code, expected)
        assert kept["naf25"] == (code if expected == "NAF2025" else None)
        assert kept[UNDOCUMENTED] == declared


def test_of_a_masked_row_days_tell_the_nomenclature_and_nothing_else(load):
    hidden = {"statutDiffusionEtablissement": "P", "statutDiffusionUniteLegale": "P"}
    word = {f"nomenclatureActivitePrincipale{kind}": "" for kind in ("Etablissement", "UniteLegale")}
    stock = load([official.establishment(1, **hidden, **word, **SINCE)], [official.unit(1, **hidden, **word, **SINCE)])
    [unit], [found] = stock.units, stock.establishments
    assert unit["masked"] and found["masked"]
    assert {unit["naf_nomenclature"], found["naf_nomenclature"]} == {"NAF2025"}
    closed = official.establishment(1, **hidden, **SINCE, etatAdministratifEtablissement="F")
    assert load([closed], [official.unit(1, **hidden)]).establishments[0]["closed"] is None


def test_a_documented_nomenclature_is_not_told(load):
    stock = load([official.establishment(1)], [official.unit(1)])
    assert [row[UNDOCUMENTED] for row in (*stock.units, *stock.establishments)] == [None, None]


def test_codes_of_older_nomenclatures_keep_theirs(load):
    codes = {"NAFRev1": "52.4A", "NAF1993": "80.1Z", "NAP": "54.05"}
    rows = [
        official.establishment(
            n, activitePrincipaleEtablissement=code, nomenclatureActivitePrincipaleEtablissement=scheme,
            activitePrincipaleNAF25Etablissement="",
        )
        for n, (scheme, code) in enumerate(codes.items(), start=1)
    ]  # fmt: skip
    stock = load(rows, [official.unit(n) for n in (1, 2, 3)])
    found = {row["naf_nomenclature"]: row["naf"] for row in stock.establishments}
    assert found == codes
    assert all(row["naf25"] is None for row in not_empty(stock.establishments))


def test_what_is_unknown_is_null_and_not_rejected(load):
    row = official.establishment(
        1, trancheEffectifsEtablissement="99", activitePrincipaleEtablissement="00.00Z",
        dateCreationEtablissement="1900-01-01", anneeEffectifsEtablissement="", etablissementSiege="",
        caractereEmployeurEtablissement="",
    )  # fmt: skip
    stock = load([row], [official.unit(1)])
    [found] = stock.establishments
    unknown = ("size_band", "naf", "naf_nomenclature", "created", "size_year", "head_office", "employer")
    assert [found[name] for name in unknown] == [None] * len(unknown)
    assert stock.faults == []


def test_no_employee_none_at_year_end_and_unknown_stay_three_things(load):
    rows = [official.establishment(n, trancheEffectifsEtablissement=band) for n, band in enumerate(("NN", "00", ""), 1)]
    stock = load(rows, [official.unit(n) for n in (1, 2, 3)])
    assert sorted(row["size_band"] or "-" for row in stock.establishments) == ["-", "00", "NN"]


def test_communes_former_abroad_overseas_and_withheld(load):
    places = {
        1: {"codeCommuneEtablissement": "85001"},  # merged since? stays or is translated, never refused
        2: {"codeCommuneEtablissement": "", "libelleCommuneEtrangerEtablissement": "LIEGE",
            "libelleCommuneEtablissement": "", "libellePaysEtrangerEtablissement": "BELGIQUE"},
        3: {"codeCommuneEtablissement": "98818"},
        4: {"codeCommuneEtablissement": "[ND]", "libelleCommuneEtablissement": "[ND]"},
        5: {"codeCommuneEtablissement": "75103"},
    }  # fmt: skip
    former = next(iter(code_book().former))
    places[1]["codeCommuneEtablissement"] = former
    stock = load([official.establishment(n, **change) for n, change in places.items()], [])
    found = {row["siret"]: row for row in stock.establishments}
    assert found[official.siret(1)]["commune"] == code_book().former[former] != former
    abroad = found[official.siret(2)]
    assert (abroad["commune"], abroad["commune_label"], abroad["country"]) == (None, "LIEGE", "BELGIQUE")
    assert abroad["longitude"] is None
    assert found[official.siret(3)]["commune"] == "98818"
    assert (found[official.siret(4)]["commune"], found[official.siret(4)]["commune_label"]) == (None, None)
    assert found[official.siret(5)]["commune"] == "75103"
    assert stock.faults == []


@pytest.mark.parametrize(
    ("card", "columns"),
    [("sirene_etablissement", sirene.ESTABLISHMENT_COLUMNS), ("sirene_unite_legale", sirene.UNIT_COLUMNS)],
)
def test_every_column_read_is_on_the_card_of_its_file(card, columns):
    (held,) = (one for one in read_cards(SHIPPED) if one.id == card)
    assert set(columns) <= {column.name for column in held.columns}


def test_business_mail_is_kept_of_open_establishments_only(load):
    mail = {
        "distributionSpecialeEtablissement": "BP 123", "codeCedexEtablissement": "85922",
        "libelleCedexEtablissement": "LA ROCHE-SUR-YON CEDEX 9",
    }  # fmt: skip
    rows = [official.establishment(1, **mail), official.establishment(2, statutDiffusionEtablissement="P", **mail)]
    shown, masked = load(rows, [official.unit(1), official.unit(2)]).establishments
    columns = ("distribution", "cedex_code", "cedex_label")
    assert [shown[name] for name in columns] == ["BP 123", "85922", "LA ROCHE-SUR-YON CEDEX 9"]
    assert [masked[name] for name in columns] == [None, None, None]


def test_a_closed_establishment_has_the_day_it_closed(load):
    stock = load(
        [official.establishment(1, etatAdministratifEtablissement="F", dateDebut="2025-06-30")], [official.unit(1)]
    )
    assert (stock.establishments[0]["state"], stock.establishments[0]["closed"]) == ("F", date(2025, 6, 30))


def test_without_the_file_of_legal_units_an_establishment_follows_its_own_status(load):
    stock = load([official.establishment(1), official.establishment(2, statutDiffusionEtablissement="P")], [])
    open_one, partial = stock.establishments
    assert (open_one["masked"], open_one["name"], open_one["natural_person"]) == (False, None, None)
    assert open_one["address"] is not None
    assert (partial["masked"], partial["address"]) == (True, None)


def test_la_poste_has_its_own_key(load):
    codes = [f"356000000{number:05d}" for number in (1, 10, 15, 20, 29)]
    assert [luhn(code) for code in codes] == [False] * 5
    assert [sum(map(int, code)) % 5 for code in codes] == [0, 0, 0, 1, 0]
    rows = [official.establishment(1, siret=code, siren=code[:9], nic=code[9:]) for code in codes]
    stock = load(rows, [])
    assert [row["siret"] for row in stock.establishments] == [*codes[:3], codes[4]]
    assert [(fault["record"], fault["code"]) for fault in stock.faults] == [(4, "siret_key")]


def test_the_first_of_two_rows_is_kept_when_records_are_numbered(load):
    rows = [official.establishment(1), official.establishment(1, codePostalEtablissement="85001")]
    stock = load(rows, [official.unit(1), official.unit(1)])
    assert [row["postal_code"] for row in stock.establishments] == ["85000"]
    assert [(f["record"], f["code"]) for f in stock.faults] == [(2, "siret_again")]
    assert [(f["record"], f["code"]) for f in stock.unit_faults] == [(2, "siren_again")]


def test_names_that_only_look_like_formulas_are_kept(load):
    names = [
        "+ DE SERVICES",
        "-40 DEGRES",
        "@HOME",
        "= ET DEMI",
        "=SUM(A1:A9)",
        "@SUM(A1)",
        "=1+1",
        "=cmd|' /C calc'!A0",
    ]
    rows = [official.establishment(n, enseigne1Etablissement=name) for n, name in enumerate(names, start=1)]
    stock = load(rows, [])
    assert sorted(str(row["sign"]) for row in stock.establishments) == sorted(names[:4])
    told = sorted((f["record"], f["code"], f["value"]) for f in stock.faults)
    assert told == [(n, "label", None) for n in (5, 6, 7, 8)]


@pytest.mark.parametrize(("rows", "marked", "simulated"), [(3, 3, True), (3, 0, False), (0, 0, False)])
def test_simulated_files_are_known_by_their_content(rows, marked, simulated):
    assert sirene.is_simulated("f.csv", rows, marked) is simulated


def test_a_mixture_of_simulated_and_real_rows_is_refused(engine):
    header = official.ESTABLISHMENT_54
    mixture = raw(
        header, [official.establishment(1), official.establishment(2, identifiantAdresseEtablissement="IMAGINAIRE")]
    )
    [counts] = engine.to_pyarrow(sirene.imaginary(mixture)).to_pylist()
    assert counts == {"rows": 2, "imaginary": 1}
    with pytest.raises(StructureFault, match=r"1 de ses 2 établissements sont imaginaires.*ne se mêlent pas"):
        sirene.is_simulated("melange.csv", **{"rows": counts["rows"], "imaginary_rows": counts["imaginary"]})
    without_the_column = raw(header[:20], [official.establishment(1)])
    assert engine.to_pyarrow(sirene.imaginary(without_the_column)).to_pylist() == [{"rows": 1, "imaginary": 0}]


def test_the_real_files_of_metz(shared: Path, engine: ibis.BaseBackend):
    folder = shared / "data" / "sirene_metz_officiel" / "parquet"
    units = sirene.legal_units(engine.read_parquet(folder / "StockUniteLegale_utf8.parquet"))
    stored = engine.create_table("metz_units", units.accepted, temp=True)
    found = sirene.establishments(
        engine.read_parquet(folder / "StockEtablissement_utf8.parquet"), stored, published_communes()
    )
    table = engine.create_table("metz", found.accepted, temp=True)
    hidden = table.filter(table.masked)
    counted = table.aggregate(
        rows=table.count(), masked=table.masked.sum(), placed=table.longitude.count(), communes=table.commune.count()
    )
    [counts] = engine.to_pyarrow(counted).to_pylist()
    assert engine.to_pyarrow(stored.count()).as_py() == 15_238
    assert (counts["rows"], counts["masked"], counts["communes"]) == (17_091, 498, 17_091)
    assert counts["placed"] > 16_000
    leaks = hidden.filter(
        hidden.name.notnull() | hidden.sign.notnull() | hidden.address.notnull() | hidden.longitude.notnull()
    )
    assert engine.to_pyarrow(leaks.count()).as_py() == 0
    assert engine.to_pyarrow(found.faults.count()).as_py() == 0
    assert engine.to_pyarrow(units.faults.count()).as_py() == 0
