"""Who else works for a buyer one day: imaginary contracts, and files at fault."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.interfaces.cli.main import main
from vigie.measures.cooperation.contracts import LEARNED, STATED
from vigie.measures.cooperation.contracts.market import ContractFeature, Contracts, market, meetings

HEADER = "uid,acheteur_id,titulaire_id,dateNotification,acheteur_departement_code,codeCPV"


def _imaginary(days: int = 120, buyers: int = 12) -> list[str]:
    """Return contracts of 60 firms in 12 circles: a buyer takes several of its circle the same day."""
    chance = np.random.default_rng(5)
    lines = []
    for day in range(days):
        buyer = int(chance.integers(buyers))
        for firm in chance.choice(np.arange(buyer * 5, buyer * 5 + 5), size=3, replace=False):
            date = np.datetime64("2024-01-01") + day
            lines.append(f"m{day},{21000000000000 + buyer},{30000000000000 + firm * 100000:014d},{date},85,45210000")
    return lines


def _run(folder: Path, lines: list[str], *more: str, header: str = HEADER) -> int:
    path = folder / "marches.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return main(["connect", "evaluate", "--participations", str(path), "--protocol", "buyer-day", "--json", *more])


def test_the_order_is_learned_and_beats_chance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path, _imaginary()) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["since"] == "2024-02-29"
    assert told["model"]["weights"] == "learned"
    assert told["model"]["MRR"] > 2 * told["baselines"]["random"]["MRR"]
    assert {"random", "popularity", "shared_buyers"} == set(told["baselines"])
    for feature in not_empty(told["model"]["features"]):
        assert feature["weight"] >= 0
        assert feature["docstring"]


def test_where_too_little_came_the_stated_weights_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path, _imaginary(40, 3)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["model"]["weights"] == "stated"
    assert [one["weight"] for one in told["model"]["features"]] == list(STATED)
    assert "poids énoncés" in told["notes"][0]


def test_rows_at_fault_are_counted_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faulty = [
        "a,21000000000000,3000000000000,2024-03-01,85,",
        "b,21000000000000,BE0123456789,2024-03-01,85,",
        "c,2100,30000000000000,2024-03-01,85,",
        "d,21000000000000,30000000000000,0218-10-29,85,",
        "e,21000000000000,30000000000000,2024-03-01,,",
    ]
    assert _run(tmp_path, _imaginary() + faulty) == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {
        "acheteur sans SIRET": 1,
        "titulaire sans SIRET": 2,
        "date impossible": 1,
        "sans département d’acheteur": 1,
    }


def test_rows_that_were_replaced_since_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{line},true" for line in _imaginary()] + [f"{line},false" for line in _imaginary()[:7]]
    assert _run(tmp_path, lines, header=f"{HEADER},donneesActuelles") == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {"données remplacées depuis": 7}


@pytest.mark.parametrize(
    ("lines", "header", "more", "words"),
    [
        ([], HEADER, (), "aucune ligne sous l’en-tête"),
        (["a,b"], "uid,acheteur_id", (), "il manque les colonnes « titulaire_id »"),
        (["a,1,2,x,85,"], HEADER, (), "aucune ligne n’a d’acheteur"),
        (["a,21000000000000,30000000000000,2024-03-01,85,"], HEADER, (), "Aucun contrat avant"),
        (_imaginary(), HEADER, ("--since", "2031-01-01"), "rien à juger"),
    ],
)
def test_what_cannot_be_judged_is_one_french_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lines: list[str],
    header: str,
    more: tuple[str, ...],
    words: str,
) -> None:
    assert _run(tmp_path, lines, *more, header=header) == 1
    assert words in json.loads(capsys.readouterr().err)["erreur"].replace("\u00a0", " ").replace("\u202f", " ")


def test_features_of_contracts_are_those_counted_by_hand() -> None:
    past = Contracts(
        *(np.array(column) for column in ([0, 1, 1, 2], [0, 0, 1, 1], [1, 1, 2, 3], [4, 4, -1, 5], [0] * 4))
    )
    later = Contracts(*(np.array(column) for column in ([0, 2, 3], [1, 1, 1], [9, 9, 9], [4, 4, 4], [0] * 3)))
    known = market(past, 4)
    asked = meetings(known, later)
    assert asked.firm.tolist() == [0, 2]
    assert asked.candidates[0].tolist() == [False, True, True, False]
    assert asked.came.toarray()[0].tolist() == [0, 0, 1, 0]
    values = {feature.name: feature.measure(known, asked)[0].tolist() for feature in LEARNED}
    assert values["buyer_known"] == [0, 1, 1, 0]
    assert values["same_days"] == [1, 1, 0, 0]
    assert values["shared_trades"] == [1, 1, 0, 0]
    assert values["activity"] == [1, 2, 1, 0]
    assert values["shared_buyers"][1] == pytest.approx(1 / np.log(3))


def test_every_feature_of_contracts_says_in_french_what_it_is() -> None:
    for feature in not_empty(LEARNED):
        assert len(feature.docstring.split()) >= 6, feature.name
    mute = ContractFeature("mute", "muette", lambda known, asked: asked.candidates * 1.0)
    with pytest.raises(ValueError, match="mute"):
        _ = mute.docstring


def test_on_real_contracts_the_order_beats_the_buyers_in_common(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shared / "data" / "coop_decp_2024" / "marches_travaux_batiment.parquet"
    assert main(["connect", "evaluate", "--participations", str(path), "--protocol", "buyer-day", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["model"]["MRR"] >= 0.28
    assert told["model"]["Hits10"] >= 0.58
    assert told["model"]["interval"][0] > 0
    assert told["new_pairs"]["model"]["MRR"] > told["new_pairs"]["shared_buyers"]["MRR"]
