"""To whom proposals go: a planted hub fills the lists without its correction and not with it; groups are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.objecting import objecting
from tests.refreshing import load
from tests.small_stock import establishment, siren, siret_of, unit, write_stock
from vigie.interfaces.cli.main import main

SEEKERS, PARTNERS, HUBS = range(40), range(40, 80), range(80, 83)
CRAFTS, ALONE = range(100, 106), range(110, 114)
SMALL = "85111"
"""A commune of 1 502 inhabitants, where the crafts are."""
CONTRACTS = "uid,titulaire_id,titulaire_typeIdentifiant,dateNotification,typeGroupementOperateurs,donneesActuelles\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty firms a hundred metres apart, each with a partner of its own; three hubs aside work with all partners."""
    folder = tmp_path_factory.mktemp("exposure")
    here = {"codeCommuneEtablissement": "85109", "coordonneeLambertAbscisseEtablissement": "361100",
            "coordonneeLambertOrdonneeEtablissement": "6627800"}  # fmt: skip
    craft = {"activitePrincipaleRegistreMetiersEtablissement": "2562BZ", "codeCommuneEtablissement": SMALL}
    held = [establishment(number, **{**here, "coordonneeLambertAbscisseEtablissement": str(359_100 + 100 * number)})
            for number in SEEKERS]  # fmt: skip
    held += [establishment(number, **here) for number in ALONE]
    held += [establishment(number, **{**here, **craft}) for number in CRAFTS]
    # Partners employ nobody: they seek nothing and are proposed to nobody.
    held += [establishment(number, **here, caractereEmployeurEtablissement="N") for number in PARTNERS]
    aside = {"coordonneeLambertOrdonneeEtablissement": "6630300"}
    held += [establishment(number, **{**here, **aside}) for number in HUBS]
    units = [unit(number) for number in (*SEEKERS, *CRAFTS, *ALONE, *PARTNERS, *HUBS)]
    for one in units:
        if one["siren"] in {siren(number) for number in ALONE}:
            one["categorieJuridiqueUniteLegale"] = "1000"
    pairs = [*zip(SEEKERS, PARTNERS, strict=True), *((hub_, partner) for hub_ in HUBS for partner in PARTNERS)]
    lines = [f"m{place},{siret_of(siren(number))},SIRET,2025-02-03,Solidaire,true"
             for place, pair in enumerate(pairs) for number in pair]  # fmt: skip
    (folder / "decp.csv").write_text(CONTRACTS + "\n".join(lines), encoding="utf-8")
    load(folder / "data", write_stock(folder / "stock", held, units, kind="csv"), folder / "decp.csv")
    return folder / "data"


def _asked(data: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(["connect", "exposure", "85109", "--data-dir", str(data), "--json", "--top", "3", *more]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_hubs_fill_the_lists_without_their_correction_and_not_with_it(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _asked(data, capsys, "--seekers", "60")["rows"][0]
    assert first["firms"] == 3
    assert first["uncorrected"] > 70, "each of the forty is first proposed the three hubs"
    assert first["corrected"] < first["uncorrected"] - 20


def test_groups_are_told_beside_their_share_of_those_looked_at(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys)
    by_group = {row["group"].partition(",")[0]: row for row in told["rows"]}
    alone, crafts = by_group["entreprises individuelles"], by_group["artisans"]
    assert (alone["firms"], alone["corrected"], alone["uncorrected"]) == (len(ALONE), 0.0, 0.0)
    assert crafts["firms"] == len(CRAFTS) and crafts["looked_at"] > 0
    assert by_group["dans une commune rurale"]["firms"] == len(CRAFTS)
    assert "Personne n’est nommé" in told["note"]
    assert not any(siren(number) in json.dumps(told) for number in (*SEEKERS, *HUBS))


def test_who_objects_is_neither_looked_at_nor_counted(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _asked(data, capsys, "--seekers", "60")["rows"]
    objecting(monkeypatch, *(siren(number) for number in HUBS))
    after = _asked(data, capsys, "--seekers", "60")["rows"]
    assert after[0]["uncorrected"] < before[0]["uncorrected"] - 20


def test_too_few_firms_tell_no_share(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "exposure", SMALL, "--data-dir", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == [] and "trop peu" in told["lead"]
    assert main(["connect", "exposure", "99999", "--data-dir", str(data)]) == 1
    assert main(["connect", "exposure", "85109", "--seekers", "2", "--data-dir", str(data)]) != 0
