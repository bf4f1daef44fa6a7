"""Schemes behind each door: what is told of a firm, of a need, of a condition; catalogues brought and given back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import TestClient
from tests.not_empty import not_empty
from tests.refreshing import load_underived
from tests.small_stock import establishment, siren, siret, unit, write_stock
from tests.unit.sources.test_aids import PLAIN, WIDE, written
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.services.aids.catalogues import keep
from vigie.settings import Settings

DAY = "2026-03-01"
SCHEMES = [
    {"id": "fours", "titre": "Changer de four", "ciblage_naf": "25.6", "eligibilite": "",
     "eligibilite_effectif_maximal": "249", "date_cloture": "2026-03-20T12:00:00Z"},
    {"id": "toits", "titre": "Isoler un toit", "eligibilite": "• Être propriétaire ;"},
    {"id": "corse", "titre": "Isoler en Corse", "eligibilite_geographique": "REG-94"},
    {"id": "hier", "titre": "Déjà fermée", "date_cloture": "2025-06-01T12:00:00Z"},
    {"id": "demain", "titre": "Pas encore", "date_ouverture": "2026-09-01T12:00:00Z"},
]  # fmt: skip
PLAINLY = {"eligibilite": "Eligibilité en fonction du nombre de salariés: Toutes tailles", "titre": "Vélos d’atelier"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path, Path]]:
    folder = tmp_path_factory.mktemp("aids")
    units = [unit(n, categorieEntreprise="PME", trancheEffectifsUniteLegale="11") for n in range(4)]
    units[2] |= {"categorieJuridiqueUniteLegale": "1000", "prenom1UniteLegale": "", "denominationUniteLegale": ""}
    sites = [establishment(n) for n in range(4)]
    # The third bears the new nomenclature alone; what the others bear says what its code was.
    sites[3] |= {"activitePrincipaleEtablissement": "", "nomenclatureActivitePrincipaleEtablissement": ""}
    stock = write_stock(folder / "stock", sites, units, kind="csv")
    wide = written(folder, *(WIDE | one for one in SCHEMES)).rename(folder / "pro.csv")
    again = PLAIN | {"id": "encore", "titre": "Changer de  four", "eligibilite": ""}
    plain = written(folder, PLAIN | PLAINLY | {"id": "velos"}, again).rename(folder / "plain.csv")
    keep(plain, "aides_dispositif", folder / "data")
    load_underived(folder / "data", stock, wide)
    settings = Settings(data_dir=folder / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened, folder / "data", wide


def rows(browser: TestClient, address: str) -> dict[str, dict[str, Any]]:
    answer = browser.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    return {row["id"]: row for row in answer.json()["rows"]}


def test_a_firm_is_told_what_may_help_it_and_what_is_to_be_checked(client: tuple[TestClient, Path, Path]) -> None:
    found = rows(client[0], f"/firms/{siren(0)}/aids?on={DAY}")
    assert {one: row["fit"] for one, row in found.items()} == {
        "fours": "rien ne s’y oppose", "toits": "à vérifier", "velos": "à vérifier", "corse": "non",
    }  # fmt: skip
    assert next(iter(found)) == "fours" and list(found)[-1] == "corse"
    assert "Être propriétaire" in found["toits"]["missing"]
    # « Toutes tailles » is written of every scheme of such a file: it never makes anybody eligible.
    assert "Toutes tailles" in found["velos"]["missing"]
    assert found["fours"]["days"] == "jusqu’au 20/03/2026"
    answer = client[0].get(f"/api/v1/firms/{siret(0)}/aids?on={DAY}&received=120000").json()
    note = answer["note"].replace("\u00a0", " ").replace("\u202f", " ")
    assert "Vigie ne décide pas" in note and "il reste 180 000 € sur 300 000 €" in note
    assert "1 ferme dans les 30 jours" in answer["lead"]


def test_an_activity_of_the_new_nomenclature_is_read_through_the_bridge(client: tuple[TestClient, Path, Path]) -> None:
    assert rows(client[0], f"/firms/{siren(3)}/aids?on={DAY}")["fours"]["fit"] == "rien ne s’y oppose"


def test_a_scheme_of_two_catalogues_is_shown_once(client: tuple[TestClient, Path, Path]) -> None:
    found = client[0].get(f"/api/v1/schemes?on={DAY}").json()
    titles = [row["title"].split() for row in found["rows"]]
    assert titles.count(["Changer", "de", "four"]) == 1
    assert "une seule est montrée" in found["note"]


def test_days_open_closing_closed_and_to_come_are_told_apart(client: tuple[TestClient, Path, Path]) -> None:
    everything = rows(client[0], f"/schemes?on={DAY}&state=toutes")
    assert everything["hier"]["days"].startswith("fermée depuis le 01/06/2025")
    assert everything["demain"]["days"] == "ouvre le 01/09/2026"
    assert set(rows(client[0], f"/schemes?on={DAY}&state=bientot")) == {"fours"}
    assert "fours" in rows(client[0], "/schemes?on=2026-03-20")
    assert "fours" not in rows(client[0], "/schemes?on=2026-03-21")


def test_a_need_finds_the_schemes_that_speak_of_it(client: tuple[TestClient, Path, Path]) -> None:
    assert set(rows(client[0], f"/schemes?on={DAY}&need=isolation+des+toitures")) == {"toits", "corse"}
    assert next(iter(rows(client[0], f"/schemes?on={DAY}&need=isolation+des+toitures"))) == "toits"
    assert not rows(client[0], f"/schemes?on={DAY}&need=sous-marins")


def test_page_api_command_and_file_give_the_same_rows(
    client: tuple[TestClient, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data, _ = client
    found = list(rows(browser, f"/firms/{siren(0)}/aids?on={DAY}").values())
    page = browser.get(f"/entreprise/{siren(0)}/aides?au={DAY}")
    assert page.text.count("<tr>") == len(found) + 1
    assert f'href="/aide/fours?entreprise={siren(0)}"' in page.text and "Vigie ne décide pas" in page.text
    file = browser.get(f"/entreprise/{siren(0)}/aides.csv?au={DAY}")
    assert len(list(csv.reader(io.StringIO(file.text)))) == len(found) + 1
    assert main(["equip", "aids", siret(0), "--on", DAY, "--json", "--data-dir", str(data)]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == found
    assert main(["equip", "aids", "--need", "isoler", "--on", DAY, "--data-dir", str(data)]) == 0
    assert "Isoler un toit" in capsys.readouterr().out
    assert main(["equip", "aids", "--data-dir", str(data)]) == 1
    assert "Rien n’est demandé" in capsys.readouterr().err


def test_the_page_of_a_scheme_answers_each_condition(client: tuple[TestClient, Path, Path]) -> None:
    browser = client[0]
    page = browser.get("/aide/fours")
    assert page.status_code == 200 and "Réponse</th>" not in page.text and "Vigie ne décide pas" in page.text
    page = browser.get(f"/aide/fours?entreprise={siren(0)}")
    assert "Réponse</th>" in page.text and "oui" in page.text
    assert f'href="/besoin?siren={siren(0)}"' in page.text and f"&amp;entreprise={siren(0)}" in page.text
    wrong = browser.get("/aide/fours?entreprise=abc")
    assert wrong.status_code == 422 and "n’est ni un SIREN" in wrong.text
    assert browser.get("/aide/inconnue").status_code == 404
    found = browser.get(f"/api/v1/scheme-conditions?id=fours&firm={siren(0)}").json()["rows"]
    assert {row["answer"] for row in not_empty(found)} == {"oui"}


def test_the_firm_page_tells_the_first_schemes_and_the_menu_leads_to_them(
    client: tuple[TestClient, Path, Path],
) -> None:
    page = client[0].get(f"/entreprise/{siren(0)}").text
    assert "Aides ouvertes" in page and f"/aide/toits?entreprise={siret(0)}" in page
    assert f"/entreprise/{siren(0)}/aides" in page
    assert 'href="/aides"' in page


def test_a_sole_trader_is_never_taken_for_a_micro_entrepreneur(client: tuple[TestClient, Path, Path]) -> None:
    found = rows(client[0], f"/firms/{siren(2)}/aids?on={DAY}")
    assert found["toits"]["fit"] == "à vérifier"
    assert client[0].get(f"/api/v1/firms/{siren(9)}/aids").status_code == 404
    assert client[0].get("/api/v1/firms/abc/aids").status_code == 400


def test_a_catalogue_is_given_back_as_it_came(
    client: tuple[TestClient, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, data, wide = client
    out = tmp_path / "rendu.csv"
    words = ["equip", "aids-export", "--out", str(out), "--data-dir", str(data)]
    assert main(words) == 1
    assert "Plusieurs catalogues" in capsys.readouterr().err
    assert main([*words, "--source", "aides_professionnels"]) == 0
    assert out.read_bytes() == wide.read_bytes()


def test_a_catalogue_is_taken_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path, PLAIN).rename(tmp_path / "bon.csv")
    bad = written(tmp_path, PLAIN, PLAIN | {"id": "b", "cibles": "tous"}).rename(tmp_path / "mauvais.csv")
    data = tmp_path / "data"
    words = ["equip", "aids-import", "--data-dir", str(data)]
    assert main([*words, str(bad), "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["rejects"][0]["column"] == "cibles" and "rien n’a été gardé" in told.err
    assert not (data / "catalogues").exists()
    assert main([*words, str(good)]) == 0
    assert [path.name for path in (data / "catalogues" / "aides_dispositif").iterdir()] == ["bon.csv"]
    assert main([*words, str(tmp_path / "absent.csv")]) == 1
    assert "n’existe pas" in capsys.readouterr().err
