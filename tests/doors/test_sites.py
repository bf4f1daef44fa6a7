"""Sites behind each door: open inventories ranked for a need, from a commune or a firm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import TestClient
from tests.journal.cast import HERE, Cast, settled
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from tests.small_stock import establishment, siren, siret, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings

BROWNFIELDS = """site_id,site_nom,site_statut,comm_insee,unite_fonciere_surface,geompoint,proprio_nom
1,Halle des essais,friche sans projet,85191,12000,POINT (-1.42 46.68),SENTINELLE DUPRE
2,Gare perdue,friche reconvertie,85191,9000,POINT (-1.42 46.68),SENTINELLE DUPRE
3,Four sans mesure,friche sans projet,85191,,POINT (-1.40 46.67),SENTINELLE DUPRE
4,Nulle part,friche sans projet,85191,8000,,SENTINELLE DUPRE
"""
ZONES = """idza,nomza,code_insee,surfha,etape,geo_point_2d
ZA1,Zone des essais,85191,2.5,en cours,"[46.69, -1.41]"
"""

LAND_FILE = (
    "terr_id;site_id;terr_surf_brute;terr_identif_date;terr_actu_date;terr_maitrise_fonc;terr_stade_amngt;"
    "terr_stade_comm;terr_etat_occup;terr_usage;terr_geomsurf;terr_acquereur\n"
    "85191_TERRAIN-ECO_1;85191_SITE-ECO_1;1.2;2024-01-15;2025-01-15;commune;viabilisé et aménagé;en vente;vacant;"
    "bâti productif;POLYGON((365000 6630000, 365120 6630000, 365120 6630100, 365000 6630100, 365000 6630000));"
    "SENTINELLE DUPRE\n"
).encode()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path, Cast]]:
    folder = tmp_path_factory.mktemp("sites")
    place = {"coordonneeLambertAbscisseEtablissement": "364000", "coordonneeLambertOrdonneeEtablissement": "6629000"}
    stock = write_stock(folder / "stock", [establishment(0, **place)], [unit(0)])
    given = []
    for name, text in (("friches-standard.csv", BROWNFIELDS), ("zones_activites_rennes_2018.csv", ZONES)):
        given.append(folder / name)
        given[-1].write_text(text, encoding="utf-8")
    load_underived(folder / "data", stock, *given)
    settings = Settings(data_dir=folder / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    cast = settled(settings)
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened, folder / "data", cast


@pytest.fixture(scope="module")
def client(installed: tuple[TestClient, Path, Cast]) -> tuple[TestClient, Path]:
    return installed[:2]


def asked(browser: TestClient, query: str) -> dict[str, Any]:
    answer = browser.get(f"/api/v1/sites?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_need_ranks_sites_and_says_why(client: tuple[TestClient, Path]) -> None:
    found = asked(client[0], f"near={siret(0)}&least=10000&km=30")
    names = [row["name"] for row in found["rows"]]
    # Taken ones and too small ones are left out; an area that is not known excludes nothing.
    assert set(names) == {"Halle des essais", "Four sans mesure", "Zone des essais"}
    by_name = {row["name"]: row for row in found["rows"]}
    assert by_name["Zone des essais"]["area"] == 25_000 and by_name["Zone des essais"]["kind"] == "Zone d’activités"
    assert "surface" in by_name["Four sans mesure"]["unknown"]
    assert names.index("Halle des essais") < names.index("Zone des essais")
    assert "1\u00a0site sans position" in found["note"]
    assert "SENTINELLE" not in json.dumps(found)


def test_a_kind_and_neighbours_are_asked_for(client: tuple[TestClient, Path]) -> None:
    found = asked(client[0], f"near={siren(0)}&kind=zone_activites&neighbours=25")
    assert [row["name"] for row in found["rows"]] == ["Zone des essais"]
    assert "voisin" in found["rows"][0]["because"] or "voisins" not in found["rows"][0]["unknown"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("near=Nulle-Part-sur-Rien", "commune"),
        (f"near={siret(0)}&least=10&most=5", "échangez"),
        (f"near={siret(0)}&neighbours=licorne", "n’est pas une activité"),
        (f"near={siret(0)}&km=0", "1"),
        ("near=85191", "faute de contours"),
    ],
)
def test_what_cannot_be_looked_for_is_said(client: tuple[TestClient, Path], query: str, told: str) -> None:
    answer = client[0].get(f"/api/v1/sites?{query}")
    assert answer.status_code in (400, 422) and told in answer.text


def test_the_page_and_the_command_tell_the_same(
    client: tuple[TestClient, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data = client
    page = browser.get(f"/sites?pres={siret(0)}").text
    assert "Halle des essais" in page and "/besoin" in page
    assert "dites près d’où chercher" in browser.get("/sites").text
    assert 'href="/sites"' in browser.get("/besoin").text
    need = tmp_path / "besoin.json"
    need.write_text(json.dumps({"near": siret(0), "least": 10_000}), encoding="utf-8")
    assert main(["equip", "sites", "--need", str(need), "--data-dir", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in told["rows"]} >= {"Halle des essais", "Zone des essais"}


def test_units_of_an_inventory_stand_beside_open_ones_for_whom_may_read_them(
    installed: tuple[TestClient, Path, Cast], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data, cast = installed
    officer = {"Authorization": f"Bearer {cast.secrets['officer']}"}
    away = {"Authorization": f"Bearer {cast.secrets['officer_away']}"}
    brought = browser.post("/api/v1/desk/land/files?name=t.csv", content=LAND_FILE, headers=officer)
    assert brought.status_code == 201, brought.text
    (unit_id,) = [one["id"] for one in browser.get("/api/v1/desk/land", headers=officer).json()["land"]]
    where = f"near={siret(0)}&kind=terrain&tenure=vente&least=10000"

    def seen(headers: dict[str, str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = browser.get(f"/api/v1/sites?{where}", headers=headers).json()["rows"]
        return rows

    assert [(row["name"], row["whose"]) for row in seen(officer)] == [("85191_TERRAIN-ECO_1", "votre inventaire")]
    assert "à vendre" in seen(officer)[0]["because"]
    assert seen({}) == seen(away) == []
    for _ in range(2):
        assert browser.put(f"/api/v1/desk/land/{unit_id}/offer", headers=officer).status_code in (200, 204)
    for headers in not_empty([{}, away]):
        (row,) = seen(headers)
        assert row["whose"].startswith("publié par") and row["area"] == 12_000
        assert "SENTINELLE" not in json.dumps(row)
    assert "85191_TERRAIN-ECO_1" in browser.get(f"/sites?pres={siret(0)}").text
    assert "85191_TERRAIN-ECO_1" in browser.get(f"/sites.csv?pres={siret(0)}").text
    need = tmp_path / "besoin.json"
    need.write_text(json.dumps({"near": siret(0), "kind": "terrain"}), encoding="utf-8")
    assert main(["equip", "sites", "--need", str(need), "--data-dir", str(data), "--json"]) == 0
    assert "publié par" in capsys.readouterr().out
    said = {"title": "Terrain corrigé", "kind": "terrain", "commune": "85191", "occupation": "vacant", "area": 13_000}
    assert browser.put(f"/api/v1/desk/land/{unit_id}", headers=officer, json=said).status_code == 200
    assert [(row["name"], row["area"]) for row in seen({})] == [("Terrain corrigé", 13_000)]
    assert "à vendre" not in seen({})[0]["because"], "what is corrected is so at once for everybody"
    assert browser.delete(f"/api/v1/desk/land/{unit_id}/offer", headers=officer).status_code in (200, 204)
    assert "Terrain corrigé" not in browser.get(f"/sites?pres={siret(0)}").text
    own = ["equip", "sites", "--need", str(need), "--org", HERE, "--data-dir", str(data)]
    assert main(own) == 0 and "votre inventaire" in capsys.readouterr().out
