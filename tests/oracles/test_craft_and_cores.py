"""Cohorts of creation of Lyon 4e: what Vigie counts, a direct count of its periods, what the stock alone would tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.refreshing import load, settings
from tests.small_stock import write_stock
from vigie import bootstrap
from vigie.domain.finding import Finding

LYON_4 = "69384"
COHORTS = ("2006-2010", "2011-2015", "2016-2020", "2021-2025")
OF_TODAY = re.compile(r"\d\d\.\d\d[A-Z]")

History = list[Mapping[str, Any]]


@pytest.fixture(scope="module")
def histories(shared: Path) -> Mapping[str, History]:
    """Periods of each establishment, the first one first."""
    found: dict[str, History] = defaultdict(list)
    for row in pq.read_table(shared / "data" / "sirene_rhone_histo" / "periodes_echantillon.parquet").to_pylist():
        found[row["siret"]].append(row)
    return {siret: sorted(rows, key=lambda row: row["dateDebut"] or date.min) for siret, rows in found.items()}


@pytest.fixture(scope="module")
def loaded(
    shared: Path, histories: Mapping[str, History], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Finding]:
    """Ask Vigie, with the history or with the stock alone, made of the last period of each."""
    folder = tmp_path_factory.mktemp("lyon")
    stock = write_stock(folder / "files", map(_row, histories.values()), _units(histories), kind="parquet")
    history = shared / "data" / "sirene_rhone_histo" / "periodes_echantillon.parquet"
    load(folder / "whole", stock, history)
    load(folder / "alone", stock)

    def asked(indicator: str, data: str = "whole") -> Finding:
        services = bootstrap.open_services(settings(folder / data))
        try:
            return services.observe.finding(LYON_4, indicator)
        finally:
            services.close()

    return asked


def _row(history: History) -> dict[str, str]:
    first, last = history[0], history[-1]
    code = last["code_ape"] or ""
    return {
        "siret": last["siret"], "siren": last["siret"][:9], "nic": last["siret"][9:],
        "statutDiffusionEtablissement": "O", "dateCreationEtablissement": _day(first["dateDebut"]),
        "dateDernierTraitementEtablissement": "2026-11-05T08:00:00", "etablissementSiege": "true",
        "libelleCommuneEtablissement": "LYON 4E", "codeCommuneEtablissement": LYON_4,
        "codePostalEtablissement": "69004",
        "dateDebut": _day(last["dateDebut"]), "etatAdministratifEtablissement": last["etat"],
        "activitePrincipaleEtablissement": code,
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2" if OF_TODAY.fullmatch(code) else "",
    }  # fmt: skip


def _units(histories: Mapping[str, History]) -> list[dict[str, str]]:
    return [
        {"siren": siren, "statutDiffusionUniteLegale": "O", "etatAdministratifUniteLegale": "A"}
        for siren in sorted({siret[:9] for siret in histories})
    ]


def _day(told: date | None) -> str:
    return "" if told is None else told.isoformat()


def _makes(code: str | None) -> bool:
    """Tell whether a code is of manufacturing: NAF rev. 2, or one of those before, publishing aside."""
    if not code:
        return False
    if OF_TODAY.fullmatch(code):
        return "10" <= code[:2] <= "33"
    return code[-1].isalpha() and "15" <= code[:2] <= "36" and not code.startswith("22.1")


def _cohort(day: date | None) -> str:
    if day is None or not 2006 <= day.year <= 2025:
        return ""
    first = day.year - (day.year - 2006) % 5
    return f"{first}-{first + 4}"


def direct(histories: Mapping[str, History]) -> Counter[str]:
    """Count creations of manufacturing by cohort: first day of the first period, first activity known."""
    return Counter(
        _cohort(rows[0]["dateDebut"])
        for rows in histories.values()
        if _makes(next((row["code_ape"] for row in rows if row["code_ape"]), None))
    )


def survivors(histories: Mapping[str, History]) -> Counter[str]:
    """Count those open today, by their activity of today: all that the stock tells of them."""
    return Counter(
        _cohort(rows[0]["dateDebut"])
        for rows in histories.values()
        if rows[-1]["etat"] == "A" and _makes(rows[-1]["code_ape"])
    )


def test_cohorts_are_those_of_a_direct_count_of_periods(
    histories: Mapping[str, History], loaded: Callable[..., Finding]
) -> None:
    counted = direct(histories)
    assert dict(loaded("makers_created").series) == {cohort[-4:]: counted[cohort] for cohort in COHORTS}
    assert [counted[cohort] for cohort in COHORTS] == [105, 150, 98, 123]


def test_the_stock_alone_tells_a_return_that_never_was(
    histories: Mapping[str, History], loaded: Callable[..., Finding]
) -> None:
    """Survivors rise four times from the first cohort to the last; creations rose by a fifth."""
    born, kept = direct(histories), survivors(histories)
    assert [kept[cohort] for cohort in COHORTS] == [20, 48, 33, 81]
    assert kept[COHORTS[-1]] / kept[COHORTS[0]] > 4
    assert born[COHORTS[-1]] / born[COHORTS[0]] < 1.25
    alone = loaded("makers_created", "alone")
    assert alone.value is None
    assert "oublierait ceux qui ont fermé" in str(alone.note)


def test_what_became_of_a_cohort_is_told_beside_it(loaded: Callable[..., Finding]) -> None:
    found = loaded("makers_created")
    parts = {part.key: part.value for part in found.breakdown}
    assert parts == {"fabrication": 123, "artisanat": 0, "ouverts": 78, "fermes": 45}
    core = loaded("core_makers_share")
    assert core.value is None
    assert "Tout le territoire est dans le cœur" in str(core.note)
