"""With whom a firm already worked: alike by page, file, API and command; who may not be named enters by no tie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.objecting import objecting
from tests.refreshing import load_underived, rows
from tests.small_stock import establishment, siren, siret_of, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings

HEADER = "uid,titulaire_id,titulaire_typeIdentifiant,dateNotification,typeGroupementOperateurs,donneesActuelles\n"
# 0 worked with 1 twice (once in three), 2 is discreet, 3 a person, 4 closed, 99 elsewhere; with 5 it is doubtful.
GROUPS = [(0, 1), (0, 1, 6), (0, 2), (0, 3), (0, 4), (0, 99)]


def contracts() -> str:
    lines = [
        f"m{rank},{siret_of(siren(number))},SIRET,2024-0{rank + 1}-02,Solidaire,true"
        for rank, group in enumerate(GROUPS)
        for number in group
    ]
    lines += [f"d1,{siret_of(siren(number))},SIRET,2024-09-02,,true" for number in (0, 5)]
    lines += ["m0,1234567890123,SIRET,2024-01-02,Solidaire,true"]
    return HEADER + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path]]:
    folder = tmp_path_factory.mktemp("ties")
    held = [establishment(number) for number in range(7)]
    units = [unit(number) for number in range(7)]
    held[2] |= {"statutDiffusionEtablissement": "P"}
    units[2] |= {"statutDiffusionUniteLegale": "P"}
    units[3] |= {"categorieJuridiqueUniteLegale": "1000"}
    units[4] |= {"etatAdministratifUniteLegale": "C"}
    stock = write_stock(folder / "stock", held, units, kind="csv")
    (folder / "decp.csv").write_text(contracts(), encoding="utf-8")
    load_underived(folder / "data", stock, folder / "decp.csv")
    kept = rows(folder / "data", "tie")
    assert kept
    hidden = {siren(2), siren(3)}
    assert not hidden & {str(row[side]) for row in kept for side in ("siren", "partner")}
    settings = Settings(data_dir=folder / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened, folder / "data"


def test_the_page_of_a_firm_tells_its_first_partners_and_that_of_a_territory_its_links(
    client: tuple[TestClient, Path],
) -> None:
    browser, _ = client
    page = browser.get(f"/entreprise/{siren(0)}").text
    assert "Avec qui elle a déjà travaillé" in page and f"/entreprise/{siren(1)}" in page
    assert f'/entreprise/{siren(0)}/liens-connus"' in page
    assert "Avec qui elle a déjà travaillé" not in browser.get(f"/entreprise/{siren(5)}").text
    told = browser.get("/territoire/departement/85/relations")
    assert told.status_code == 200 and "Qui travaille avec qui" in told.text
    answer = browser.get("/api/v1/territories/departement:85/links")
    assert answer.status_code == 200, answer.text
    assert siren(1) not in told.text + answer.text, "nobody is named"


def test_partners_are_told_the_strongest_first(
    client: tuple[TestClient, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data = client
    told = browser.get(f"/api/v1/firms/{siren(0)}/ties").json()
    assert [(row["siren"], row["times"], row["weight"]) for row in told["rows"]] == [
        (siren(1), 2, 1.0),  # twice a group of three: one of them of a holder whose number is wrong
        (siren(6), 1, 0.5),
    ]
    assert told["rows"][0]["last"] == "2024-02-02"
    page = browser.get(f"/entreprise/{siren(0)}/liens-connus")
    assert page.status_code == 200
    assert page.text.count("<tr>") == 3
    assert "marché public tenu ensemble" in page.text
    assert main(["know", "ties", siren(0), "--data-dir", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == told["rows"]


def test_doubtful_ties_are_shown_to_who_asks(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    told = browser.get(f"/api/v1/firms/{siren(0)}/ties?doubtful=true").json()
    assert {row["siren"]: row["certainty"] for row in told["rows"]}[siren(5)] == "douteux"


def test_who_asked_for_discretion_and_natural_persons_enter_by_no_tie(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    told = browser.get(f"/api/v1/firms/{siren(0)}/ties?doubtful=true").json()
    assert len(told["rows"]) == 3
    assert not {row["siren"] for row in told["rows"]} & {siren(2), siren(3), siren(4), siren(99)}


def test_an_objection_takes_a_firm_out_of_every_tie(
    client: tuple[TestClient, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = client
    objecting(monkeypatch, siren(1))
    told = browser.get(f"/api/v1/firms/{siren(0)}/ties").json()
    assert [row["siren"] for row in told["rows"]] == [siren(6)]
    assert siren(1) not in browser.get(f"/entreprise/{siren(0)}/liens-connus").text
    assert browser.get(f"/api/v1/firms/{siren(1)}/ties").status_code in {404, 410}


def test_a_firm_without_ties_and_one_that_is_not_loaded_say_so(client: tuple[TestClient, Path]) -> None:
    browser, _ = client
    assert "Aucun lien connu" in browser.get(f"/api/v1/firms/{siren(2)}/ties").json()["lead"]
    assert browser.get(f"/api/v1/firms/{siren(77)}/ties").status_code == 404


def test_faulty_holders_are_counted_by_the_refresh(client: tuple[TestClient, Path]) -> None:
    _, data = client
    described = json.loads(next(data.glob("generations/*/generation.json")).read_text())
    assert described["rejected_total"] >= 1
