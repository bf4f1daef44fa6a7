"""An indicator that an installation brings as a file is shown by every door: value, unit, vintage, source, coverage."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests import small_stock
from tests.doors.served import TestClient
from tests.refreshing import load, settings
from vigie.interfaces.cli.main import main
from vigie.interfaces.server import application

ROCHE, CHAILLE, ROCHE_AGGLO = "85191", "85031", "epci:248500589"
FILOSOFI = "CODGEO;NBMENFISC20;NBPERSMENFISC20;MED20;PIMP20;TP6020;PACT20;PPEN20;PPSOC20;D120;D920;RD20"
OWN = "logements_sociaux"
CARD = """
id: logements_sociaux
title: Logements sociaux
producer: Bailleurs d’essai
licence: Licence Ouverte 2.0
citation: Bailleurs d’essai, parc social 2024
rhythm: annuel
kind: indicateur
columns:
  - {name: code_commune, as: territory}
  - {name: logements, as: value}
layout: {territory_kind: commune, unit: logements, additive: true, secret: ["s"], vintage: "2024"}
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("indicators")
    numbers = range(1, 8)
    stock = small_stock.write_stock(
        work / "stock", map(small_stock.establishment, numbers), map(small_stock.unit, numbers)
    )
    cards = work / "data" / "cards"
    cards.mkdir(parents=True)
    (cards / f"{OWN}.yml").write_text(CARD, encoding="utf-8")
    own = work / "parc.csv"
    own.write_text(f"code_commune,logements\n{ROCHE},4200\n{CHAILLE},s\n", encoding="utf-8")
    median = work / "cc_filosofi_2020_COM.csv"
    median.write_text(f"{FILOSOFI}\n{ROCHE};20000;45000;21560;;;;;;;;\n", encoding="utf-8")
    report = load(work / "data", stock, own, median)
    assert report.rejected_total == 0
    return work / "data"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_portrait_page_shows_them_with_unit_vintage_and_source(data_dir: Path) -> None:
    with TestClient(application(settings(data_dir))) as client:
        answer = client.get(f"/territoire/commune/{ROCHE}/chiffres")
        assert answer.status_code == 200
        page = plain(answer.text)
        assert "Indicateurs publiés" in page
        assert "4 200 logements" in page and "Valeur de 2024, Bailleurs d’essai" in page
        assert "21 560 euros par an et par unité de consommation" in page and "(Filosofi)" in page
        assert 'href="/source/logements_sociaux"' in page
        finding = plain(client.get(f"/territoire/commune/{ROCHE}/constat/{OWN}").text)
        assert "Part connue" in finding and "100,0 %" in finding and "Bailleurs d’essai" in finding
        assert client.get(f"/indicateur/{OWN}").status_code == client.get(f"/source/{OWN}").status_code == 200


def test_a_sum_says_the_share_of_all_communes_that_is_known(data_dir: Path) -> None:
    with TestClient(application(settings(data_dir))) as client:
        portrait = client.get(f"/api/v1/territories/{ROCHE_AGGLO}/portrait").json()
        page = plain(client.get("/territoire/epci/248500589/chiffres").text)
    found = next(one for one in portrait["findings"] if one["id"] == OWN)
    assert (found["value"], found["unit"], found["coverage"]) == (4200, "logements", pytest.approx(1 / 13))
    assert found["sources"][0]["vintage"] == "2024"
    cited = [source["id"] for source in portrait["sources"]]
    assert OWN in cited
    assert len(cited) == len(set(cited))  # a file of which several indicators are read is cited once
    assert "part connue : 8 %" in page


def test_the_command_line_prints_them_with_their_sources(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["observe", "portrait", ROCHE, "--data-dir", str(data_dir)]) == 0
    said = plain(capsys.readouterr().out)
    assert "4 200 logements" in said and "Valeur de 2024" in said
    assert "Source : Logements sociaux, Bailleurs d’essai, données de 2024. Licence Ouverte 2.0." in said
    assert main(["observe", "portrait", ROCHE, "--data-dir", str(data_dir), "--json"]) == 0
    found = next(one for one in json.loads(capsys.readouterr().out) if one["id"] == OWN)
    assert (found["value"], found["unit"], found["coverage"]) == (4200, "logements", 1.0)
    assert found["sources"][0]["vintage"] == "2024" and found["simulated"] is False
