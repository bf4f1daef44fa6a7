from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.not_empty import not_empty
from vigie.domain.territory import TerritoryKind
from vigie.errors import StructureFault
from vigie.sources import cog
from vigie.sources.base import discover
from vigie.sources.cards_reader import Card, ColumnRule, read_cards
from vigie.sources.uses_reader import read_uses

CARDS = {card.id: card for card in read_cards()}


def read_zoning(path, rules):
    """Read the one zoning of a file, with what is refused of the whole file."""
    found = read_uses(path, rules)
    [zoning] = found.zonings
    return replace(zoning, rejects=tuple(sorted(found.all_rejects, key=lambda reject: reject.line)))


def card(*columns, **layout):
    rules = tuple(ColumnRule(name, as_) for name, as_ in columns)
    return Card("essai", "Essai", "—", "—", "—", "—", kind="zonage", columns=rules, layout=layout)


def ze(**layout):
    return card(("CODGEO", "commune"), ("ZE", "zone"), ("LIB", "label"), zone_kind="ze", **layout)


def renamed(base, **names):
    return replace(base, columns=tuple(replace(rule, name=names.get(rule.as_, rule.name)) for rule in base.columns))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_is_read(tmp_path, delimiter):
    file = tmp_path / "z.csv"
    file.write_text(f"ZE{delimiter}CODGEO{delimiter}LIB\n5218{delimiter}85191{delimiter}La Roche\n", encoding="utf-8")
    zoning = read_zoning(file, ze())
    assert zoning.memberships.to_pylist() == [
        {"kind": "ze", "code": "5218", "vintage": cog.latest_vintage(), "commune": "85191"}
    ]
    assert zoning.territories.to_pylist()[0]["name"] == "La Roche"


def test_latin1_gzip_and_parquet_give_the_same_zones(tmp_path):
    text = "CODGEO;ZE;LIB\n85191;5218;Vendée\n"
    (tmp_path / "a.csv").write_text(text, encoding="latin-1")
    with gzip.open(tmp_path / "b.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write(text)
    pq.write_table(pa.table({"CODGEO": ["85191"], "ZE": ["5218"], "LIB": ["Vendée"]}), tmp_path / "c.parquet")
    read = [
        read_zoning(tmp_path / "a.csv", ze(encoding="latin-1")),
        read_zoning(tmp_path / "b.csv.gz", ze()),
        read_zoning(tmp_path / "c.parquet", ze()),
    ]
    assert all(zoning.territories.equals(read[0].territories) for zoning in not_empty(read))
    with pytest.raises(StructureFault, match="utf-8"):
        read_zoning(tmp_path / "a.csv", ze())


def test_former_communes_are_translated_and_counted(tmp_path):
    file = tmp_path / "z.csv"
    file.write_text("CODGEO,ZE,LIB\n85166,A,Zone A\n85060,A,Zone A\n85194,B,Zone B\n", encoding="utf-8")
    zoning = read_zoning(file, ze())
    assert zoning.redirected == 2
    assert zoning.undecided == ("85194",)
    assert zoning.memberships["code"].to_pylist() == ["B"], "the row that carries today's code decides"


def test_rows_at_fault_are_listed_with_line_column_and_reason(tmp_path):
    file = tmp_path / "z.csv"
    file.write_text("CODGEO,ZE,LIB\n1001,A,Zone\n99999,A,Zone\n,A,Zone\n01004,,\n01004,A\n", encoding="utf-8")
    zoning = read_zoning(file, ze())
    assert zoning.repaired == 1
    assert zoning.without_zone == 1
    assert [(reject.line, reject.column) for reject in zoning.rejects] == [(2, "CODGEO"), (3, "CODGEO"), (5, "")]
    assert "99999" in zoning.rejects[0].reason
    assert zoning.memberships["commune"].to_pylist() == ["01001"]


def test_programmes_list_members_by_code_in_parentheses(tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("id,nom,liste\np1,Essai,CC X (200071629); Yeu (85113); Beissat (212301907); ? (999999999)\n")
    rules = card(("id", "zone"), ("nom", "label"), ("liste", "places"), zone_kind="programme", overlapping=True)
    zoning = read_zoning(file, replace(rules, delimiters=(",",)))
    members = set(zoning.memberships["commune"].to_pylist())
    epci = {row["code"] for row in cog.communes().to_pylist() if row["epci"] == "200071629"}
    assert members == epci | {"85113", "23019"}
    assert [reject.column for reject in zoning.rejects] == ["liste"]
    assert zoning.kind is TerritoryKind.PROGRAMME


def test_structure_faults_name_the_file_and_the_remedy(tmp_path):
    file = tmp_path / "z.csv"
    file.write_text("CODGEO,AUTRE\n01001,A\n", encoding="utf-8")
    with pytest.raises(StructureFault, match="ZE"):
        read_zoning(file, ze())
    with pytest.raises(StructureFault, match="genre de zone"):
        read_zoning(file, card(("CODGEO", "commune"), zone_kind="canton"))
    file.write_text("", encoding="utf-8")
    with pytest.raises(StructureFault, match="vide"):
        read_zoning(file, ze())
    (tmp_path / "z.parquet").write_bytes(b"PAR1")
    with pytest.raises(StructureFault, match="Parquet"):
        read_zoning(tmp_path / "z.parquet", ze())


def test_the_official_employment_and_attraction_areas_cover_the_country(shared):
    file = shared / "data/zonages/communes_2025_libelles.parquet"
    zoning = read_zoning(file, renamed(CARDS["zonage_ze2020"], commune="DEPCOM", label="LIB_ZE2020"))
    assert (zoning.territories.num_rows, zoning.memberships.num_rows) == (306, 34875)
    assert (zoning.rejects, zoning.without_zone, zoning.undecided) == ((), 0, ())
    total = sum(zoning.territories["population"].to_pylist())
    assert total == next(r for r in cog.territories([2026]).to_pylist() if r["kind"] == "france")["population"]
    areas, poles = read_uses(file, renamed(CARDS["zonage_aav2020"], commune="DEPCOM", label="LIB_AAV2020")).zonings
    assert (poles.territories.num_rows, poles.memberships.num_rows) == (694, 1709)
    assert areas.territories.num_rows == 699  # the poles of five of them are abroad
    assert areas.without_zone > 8000
    assert areas.memberships.num_rows + areas.without_zone == 34875


def test_areas_published_for_older_communes_are_brought_to_those_of_today(shared):
    file = shared / "data/zonages/communes_2021.parquet"
    rules = card(("CODGEO", "commune"), ("ZE2020", "zone"), zone_kind="ze", vintage=2021)
    zoning = read_zoning(file, rules)
    assert zoning.rejects == ()
    assert zoning.redirected > 80
    assert max(Counter(zoning.memberships["commune"].to_pylist()).values()) == 1
    assert zoning.memberships.num_rows < 34965


def test_towns_of_tomorrow_in_the_published_layout(tmp_path):
    file = tmp_path / "liste-pvd-com2025-20260427.csv"
    file.write_text(
        "insee_com,lib_com,id_pvd,date_signature\n"
        "85109,Les Herbiers,pvd-52-85-1,12/03/2021\n"
        "85090,Sèvremont,pvd-52-85-1,2021-03-12\n"
        "1004,Ambérieu-en-Bugey,pvd-84-01-1,31/02/2021\n"
        "85060,Château-d’Olonne,pvd-52-85-2,\n"
        "99999,Nulle part,pvd-52-85-3,01/01/2021\n",
        "utf-8",
    )
    [found] = discover([file], list(CARDS.values()))
    assert (found.source, found.card) == ("zonage:zonage_petites_villes_de_demain", "zonage_petites_villes_de_demain")
    zoning = read_zoning(file, CARDS[found.card])
    assert {(row["code"], row["name"], row["detail"]) for row in zoning.territories.to_pylist()} == {
        ("pvd-52-85-1", "Les Herbiers, Sèvremont", "convention signée le 12/03/2021"),
        ("pvd-84-01-1", "Ambérieu-en-Bugey", None),
        ("pvd-52-85-2", "Château-d’Olonne", None),
    }
    assert set(zoning.memberships["commune"].to_pylist()) == {"85109", "85090", "01004", "85194"}
    assert [(reject.line, reject.column) for reject in zoning.rejects] == [(5, "insee_com")]
    [remark] = zoning.remarks
    assert (remark.column, "ligne 3" in remark.what) == ("date_signature", True)


def test_industry_territories_in_the_published_layout(tmp_path):
    file = tmp_path / "liste-ti-grpt2023-20240704.csv"
    file.write_text(
        "id_ti,lib_ti,siren_groupement,lib_groupement,nature_juridique\n"
        "ti-5201,Bocage,200071629,CC du Pays des Herbiers,CC\n"
        "ti-5201,Bocage,212301907,Beissat,COM\n"
        "ti-5202,Ailleurs,200071629,CC du Pays des Herbiers,CC\n"
        "ti-5202,Ailleurs,85191,La Roche-sur-Yon,COM\n"
        "ti-5202,Ailleurs,999999999,Inconnue,CC\n",
        "utf-8",
    )
    [found] = discover([file], list(CARDS.values()))
    assert (found.source, found.card) == ("zonage:zonage_territoires_industrie", "zonage_territoires_industrie")
    zoning = read_zoning(file, CARDS[found.card])
    epci = {row["code"] for row in cog.communes().to_pylist() if row["epci"] == "200071629"}
    assert len(epci) > 1
    members = zoning.memberships.to_pylist()
    assert {row["commune"] for row in members if row["code"] == "ti-5201"} == epci | {"23019"}
    assert {row["commune"] for row in members if row["code"] == "ti-5202"} == epci
    assert [(reject.line, reject.column) for reject in zoning.rejects] == [
        (4, "siren_groupement"), (5, "siren_groupement")
    ]  # fmt: skip


def test_programmes_as_published(shared):
    folder = shared / "data/levers/territories"
    industry = read_zoning(folder / "ti.csv", CARDS["zonage_territoires_industrie_liste"])
    assert industry.territories.num_rows == 183
    assert industry.rejects == ()
    assert 18_000 < industry.memberships.num_rows < 19_000
    towns = read_zoning(folder / "pvd.csv", CARDS["zonage_petites_villes_de_demain_liste"])
    assert (towns.territories.num_rows, towns.rejects) == (1645, ())
