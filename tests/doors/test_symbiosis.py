"""Exchanges of matter behind each door: who could take or give, the best set of a territory, what lacks an actor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.doors.served import TestClient
from tests.journal.cast import Cast, settled
from tests.not_empty import not_empty
from tests.refreshing import load, rows
from tests.register_of_wastes import NAME, PLACE, declared, write_register
from tests.small_stock import establishment, siren, siret, unit, write_stock
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application
from vigie.settings import Settings

SAWMILL, PANELS, FAR_PANELS, FARM, DISCREET, LANDFILL, FURNITURE, CLOSED = range(8)
NAF = {SAWMILL: "16.10A", PANELS: "16.21Z", FAR_PANELS: "16.21Z", FARM: "01.50Z", DISCREET: "16.21Z",
       LANDFILL: "38.21Z", FURNITURE: "31.09B", CLOSED: "16.21Z"}  # fmt: skip
EAST = {FAR_PANELS: 20_000, FURNITURE: 4_000, PANELS: 2_000}
"""Metres east of the sawmill."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path, set[object]]]:
    folder = tmp_path_factory.mktemp("matter")
    sites, units = [], []
    for number, naf in NAF.items():
        place = {"coordonneeLambertAbscisseEtablissement": str(364_000 + EAST.get(number, 0)),
                 "coordonneeLambertOrdonneeEtablissement": "6629000"}  # fmt: skip
        sites.append(establishment(number, activitePrincipaleEtablissement=naf, **place))
        units.append(unit(number, activitePrincipaleUniteLegale=naf))
    units[FARM] |= {"categorieJuridiqueUniteLegale": "1000", "denominationUniteLegale": "", "nomUniteLegale": "DUPRE"}
    units[DISCREET] |= {"statutDiffusionUniteLegale": "P"}
    sites[CLOSED] |= {"etatAdministratifEtablissement": "F", "dateDebut": "2025-01-01"}
    stock = write_stock(folder / "stock", sites, units)
    register = write_register(
        folder / "2024.zip", {str(number): siret(number) for number in NAF},
        [declared(str(SAWMILL), "03 01 05", "100"), declared(str(SAWMILL), "03 01 05", "7000", year="2019"),
         declared(str(FARM), "02 01 06", "60"), declared(str(SAWMILL), "15 01 03", "8")],
        [declared(str(PANELS), "03 01 05", "60", "R3"), declared(str(FAR_PANELS), "03 01 05", "500", "R3"),
         declared(str(DISCREET), "03 01 05", "500", "R3"), declared(str(CLOSED), "03 01 05", "500", "R3"),
         declared(str(LANDFILL), "15 01 03", "900", "D5")],
    )  # fmt: skip
    exchanges = folder / "precedents.csv"
    exchanges.write_text(
        "id,case,nace_from,nace_to,ewc,final_use,status,ref\n"
        "1,Vallée,16,31,150103,Palettes,Réalisé,Étude de la vallée\n"
        "2,Vallée,16,31,030105,Panneaux,Réalisé,Étude de la vallée\n",
        encoding="utf-8",
    )
    load(folder / "data", stock, register, exchanges)
    kept = {row["siret"] for row in rows(folder / "data", "declared_waste")}
    settings = Settings(data_dir=folder / "data", contact="contact@example.org", publisher="Collectivité d’essai")
    with TestClient(application(settings), base_url="http://vigie.test", raise_server_exceptions=False) as opened:
        yield opened, folder / "data", kept


def asked(browser: TestClient, address: str) -> dict[str, Any]:
    answer = browser.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(data: Path, number: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what the firm itself is told, by the command of whoever runs the installation."""
    assert main(["equip", "symbiosis", number, "--json", "--data-dir", str(data)]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return found


def test_a_visitor_reads_the_names_that_a_register_publishes_and_counts_of_the_others(
    client: tuple[TestClient, Path, set[object]],
) -> None:
    found = asked(client[0], f"/firms/{siren(SAWMILL)}/symbiosis")
    assert [row["siret"] for row in found["rows"]] == [siret(PANELS), siret(FAR_PANELS)]
    assert "Moins de trois sites, d’après des précédents entre activités, ne sont nommés qu’à" in found["lead"]
    page = client[0].get(f"/entreprise/{siren(SAWMILL)}").text
    assert "Traitement déclaré en 2024" in page and "Étude de la vallée" not in page
    alone = asked(client[0], f"/firms/{siren(FURNITURE)}/symbiosis")
    assert alone["rows"] == [] and "Aucune piste à nommer ici." in alone["lead"]


def test_a_firm_is_told_who_could_take_what_it_declares(
    client: tuple[TestClient, Path, set[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(client[1], siren(SAWMILL), capsys)
    rows_told = [(row["siret"], row["way"], row["matter"][:8], row["distance"]) for row in found]
    # Declared treatments, the nearest first; then the activity that took it elsewhere. Disposal takes nothing.
    assert rows_told == [
        (siret(PANELS), "prendre", "03 01 05", 2.0), (siret(FAR_PANELS), "prendre", "03 01 05", 20.0),
        (siret(FURNITURE), "prendre", "03 01 05", 4.0), (siret(FURNITURE), "prendre", "15 01 03", 4.0),
    ]  # fmt: skip
    assert found[0]["because"] == "Traitement déclaré en 2024 (R3, valorisation)" and not found[0]["obstacles"]
    assert found[0]["quantity"].replace("\N{NARROW NO-BREAK SPACE}", " ") == "60 t en 2024"
    assert "Étude de la vallée" in found[2]["because"] and "statut" in found[2]["obstacles"].lower()


def test_who_treats_is_told_who_produces(
    client: tuple[TestClient, Path, set[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = told(client[1], siret(PANELS), capsys)
    assert (first["siret"], first["way"]) == (siret(SAWMILL), "donner") and "2024" in first["because"]
    # It declares no production: what its activity gave elsewhere stands in.
    assert (siret(FURNITURE), "prendre") in {(row["siret"], row["way"]) for row in others}


def test_a_firm_of_which_nothing_is_declared_is_told_by_its_activity(
    client: tuple[TestClient, Path, set[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(client[1], siren(FURNITURE), capsys)
    givers = {row["siret"] for row in found if row["way"] == "donner"}
    assert siret(SAWMILL) in givers and all("Précédent" in row["because"] for row in not_empty(found))


def test_nobody_discreet_closed_or_alone_is_named_and_nothing_else_of_the_file_is_kept(
    client: tuple[TestClient, Path, set[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    browser, data, kept = client
    assert kept == {siret(SAWMILL), siret(PANELS), siret(FAR_PANELS), siret(LANDFILL), siret(CLOSED)}
    for number in (DISCREET, FARM, CLOSED):
        assert asked(browser, f"/firms/{siren(number)}/symbiosis")["rows"] == []
        assert told(data, siren(number), capsys) == []
    pages = [browser.get(f"/entreprise/{siren(SAWMILL)}").text, browser.get(f"/entreprise/{siren(FARM)}").text]
    assert all(NAME not in page and PLACE not in page for page in not_empty(pages))
    files = [path for path in data.rglob("*") if path.is_file()]
    held = (NAME.encode(), PLACE.encode())
    assert not [path.name for path in not_empty(files) if any(one in path.read_bytes() for one in held)]


def test_a_territory_is_told_the_best_exchanges_and_what_lacks_an_actor(
    client: tuple[TestClient, Path, set[object]],
) -> None:
    best = asked(client[0], "/territories/commune:85191/matter-exchanges")
    told = [(row["giver_siret"], row["taker_siret"], row["amount"]) for row in best["rows"]]
    # The nearest takes all that it can, the other the rest: 60 × 2 km + 40 × 20 km.
    assert told == [
        (siret(SAWMILL), siret(PANELS), "60 t par an"), (siret(SAWMILL), siret(FAR_PANELS), "40 t par an"),
    ]  # fmt: skip
    moved = re.search(r"100 t par an, (\d+) tonnes-kilomètres", best["lead"])
    assert moved and int(moved[1]) == pytest.approx(60 * 2 + 40 * 20, rel=0.01)
    (gap,) = asked(client[0], "/territories/commune:85191/matter-loops")["rows"]
    assert gap["matter"].startswith("15 01 03") and gap["missing"] == "qui la prenne" and "(31)" in gap["activity"]


def test_the_list_of_wastes_is_searched_by_words_and_by_code(client: tuple[TestClient, Path, set[object]]) -> None:
    found = asked(client[0], "/wastes?text=bois verre")["rows"]
    assert [(row["code"], row["hazardous"]) for row in found][:1] == [("17 02 04*", "oui")]
    assert len(asked(client[0], "/wastes?text=17 02")["rows"]) == 4
    assert asked(client[0], "/wastes")["lead"] == "842\u00a0codes, dont 408\u00a0dangereux."
    assert "Aucun code" in asked(client[0], "/wastes?text=licorne")["lead"]


def test_pages_lead_to_them(client: tuple[TestClient, Path, set[object]]) -> None:
    browser = client[0]
    firm = browser.get(f"/entreprise/{siren(SAWMILL)}").text
    assert f"/entreprise/{siren(SAWMILL)}/echanges-de-matiere" in firm and "Traitement déclaré en 2024" in firm
    assert "/territoire/commune/85191/echanges-de-matiere" in browser.get("/territoire/commune/85191").text
    page = browser.get("/territoire/commune/85191/echanges-de-matiere").text
    assert "/territoire/commune/85191/boucles-a-fermer" in page and f"/entreprise/{siren(SAWMILL)}" in page


@pytest.fixture(scope="module")
def cast(client: tuple[TestClient, Path, set[object]]) -> Cast:
    """Return people of each role, in the journal of the same installation."""
    return settled(Settings(data_dir=client[1], contact="contact@example.org", publisher="Collectivité d’essai"))


def by(cast: Cast, who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {cast.secrets[who]}"} if who else {}


def test_whom_a_precedent_points_at_is_named_to_officers_and_counted_for_everybody_else(
    client: tuple[TestClient, Path, set[object]], cast: Cast
) -> None:
    browser, need = client[0], {"text": "Que faire de nos chutes de bois ?", "siren": siren(SAWMILL)}
    register = {siret(PANELS), siret(FAR_PANELS)}
    for who in ("officer", "admin"):
        rows_told = browser.get(f"/api/v1/desk/firms/{siren(SAWMILL)}/matter", headers=by(cast, who)).json()["rows"]
        assert {row["siret"] for row in rows_told} == register | {siret(FURNITURE)}
        told = browser.post("/api/v1/desk/needs/answers", json=need, headers=by(cast, who)).json()["exchanges"]
        assert {one["siret"] for one in told["sites"]} == register | {siret(FURNITURE)} and told["others"] == 0
    for who in ("", "elected", "analyst", "inhabitant", "head", "partner"):
        refused = browser.get(f"/api/v1/desk/firms/{siren(SAWMILL)}/matter", headers=by(cast, who))
        assert refused.status_code in (401, 403, 404), who
        told = browser.post("/api/v1/desk/needs/answers", json=need, headers=by(cast, who)).json()["exchanges"]
        assert {one["siret"] for one in told["sites"]} == register and told["others"] is None, who


def test_a_territory_is_told_by_the_command_too(
    client: tuple[TestClient, Path, set[object]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["equip", "symbiosis", "commune:85191", "--json", "--data-dir", str(client[1])]) == 0
    told = json.loads(capsys.readouterr().out)
    best = asked(client[0], "/territories/commune:85191/matter-exchanges")
    assert told["exchanges"]["rows"] == best["rows"] and len(told["loops"]["rows"]) == 1


def answered(browser: TestClient, text: str, number: str = "") -> Any:
    where = {"siren": number} if number else {"commune": "85191"}
    answer = browser.post("/api/v1/desk/needs/answers", json={"text": text, **where})
    assert answer.status_code == 200, answer.text
    return answer.json()["exchanges"]


def test_a_need_that_speaks_of_what_is_left_over_is_answered_by_exchanges(
    client: tuple[TestClient, Path, set[object]],
) -> None:
    found = answered(client[0], "Que faire de nos chutes de bois ?", siren(SAWMILL))
    # The register names its sites; whom a precedent alone points at is counted, three at least.
    assert {one["siret"] for one in found["sites"]} == {siret(PANELS), siret(FAR_PANELS)}
    assert (found["matter"], found["does"], found["others"]) == ("Bois", "prendre", None)
    (giver,) = answered(client[0], "Je cherche des palettes usagées ou des chutes de bois")["sites"]
    assert giver["siret"] == siret(SAWMILL) and "Production déclarée" in giver["because"]
    for elsewhere in ("Découper du bois à façon", "Un local avec eau et électricité", "Recruter un menuisier"):
        assert answered(client[0], elsewhere) is None
    none = answered(client[0], "Vapeur perdue")
    assert (none["matter"], none["sites"], none["others"]) == ("Chaleur", [], 0)
