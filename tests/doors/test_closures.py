"""What closed in a territory, counted again from the files that were loaded."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from tests.doors.served import EPCI, Served
from vigie import bootstrap

SINCE = "2026-01-01"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    (path,) = folder.glob(f"{name}*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_closures_are_those_of_the_files(served: Served) -> None:
    month = max(path for path in served.files.iterdir() if path.is_dir() and path.name[:2] == "20")
    left = {
        link["siretEtablissementPredecesseur"]
        for link in rows(month, "StockEtablissementLiensSuccession")
        if link["continuiteEconomique"] != "false"
    }
    with bootstrap.open_services(served.settings) as services:
        inside = {commune.code for commune in services.observe.communes(EPCI)}
    closed = [
        one for one in rows(month, "StockEtablissement_")
        if one["etatAdministratifEtablissement"] == "F" and SINCE <= one["dateDebut"] < "3000"
        and one["siret"] not in left
        and one["codeCommuneEtablissement"] in inside
    ]  # fmt: skip
    expected = Counter(one["activitePrincipaleEtablissement"] for one in closed)
    employers = sum(one["caractereEmployeurEtablissement"] == "O" for one in closed)
    assert len(closed) > 10
    answer = served.client.get(f"/api/v1/territories/{EPCI}/closures?since={SINCE}").json()
    assert {row["naf"]: row["establishments"] for row in answer["rows"]} == dict(expected)
    assert sum(row["employers"] for row in answer["rows"]) == employers
    counts = [row["establishments"] for row in answer["rows"]]
    assert counts == sorted(counts, reverse=True)


def test_a_day_after_the_files_is_refused(served: Served) -> None:
    answer = served.client.get(f"/api/v1/territories/{EPCI}/closures?since=2100-01-01")
    assert answer.status_code == 400 and "s’arrêtent au" in answer.json()["erreur"]


def test_a_closure_leads_to_who_employs_these_trades_nearby(served: Served) -> None:
    page = served.client.get("/territoire/epci/248500621/evenements?type=fermeture").text
    addresses = sorted(set(re.findall(r"/entreprise/\d{9}/metiers-a-proximite\?siret=\d{14}", page)))
    assert {served.client.get(address).status_code for address in addresses[:3]} == {200}
    assert "metiers-a-proximite" not in served.client.get("/evenements?type=creation").text
