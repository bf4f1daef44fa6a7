"""Partners proposed to a firm: the six kinds, their reasons, and who is never proposed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from tests.objecting import objecting
from tests.refreshing import load
from tests.small_stock import establishment, siren, siret_of, unit, write_stock
from vigie.domain.scores import Score
from vigie.domain.situation import FirmSaid
from vigie.interfaces.cli.main import main
from vigie.measures.cooperation.pairs import FEATURES
from vigie.measures.cooperation.pairs.pair import FirmSeen, Pair, PairFeature
from vigie.services.connect.kinds import KINDS

METALS = ("25.62A", "25.62B")
HIRED = ["rome_id,rome_label,naf_id,naf_label,hirings"]
# One trade for all; the others make each activity farther from machining (25.62B) than the one before it.
SPREAD = ("25.62B", "25.62A", "28.41Z", "32.50A", "31.09B", "22.29A", "27.12Z", "26.51B")
for place, naf in enumerate(SPREAD):
    code = naf.replace(".", "")
    HIRED.append(f"H2903,Usinage,{code},X,{900 - 90 * place}")
    HIRED.append(f"H{3000 + place},Métier {place},{code},X,{60 + 90 * place}")
FLOWS = ["annee,flux,de,vers,musd"]
for one, other, amount in (("c12", "c15", 900), ("c9", "c12", 700), ("c12", "c13", 100)):
    FLOWS.append(f"2011,domestique,{one},{other},{amount}")
for sector in ("c9", "c12", "c13", "c15"):
    FLOWS.append(f"2011,production,{sector},,2000")

# number → activity, and what else sets it apart; 0 seeks.
FIRMS: dict[int, dict[str, str]] = {
    0: {"activitePrincipaleEtablissement": "25.62B", "trancheEffectifsEtablissement": "12"},
    1: {"activitePrincipaleEtablissement": "25.62A"},
    2: {"activitePrincipaleEtablissement": "71.12B"},
    3: {"activitePrincipaleEtablissement": "22.29A"},
    4: {"activitePrincipaleEtablissement": "31.09B", "activitePrincipaleRegistreMetiersEtablissement": "3109BZ"},
    5: {"activitePrincipaleEtablissement": "29.32Z"},
    6: {"activitePrincipaleEtablissement": "20.59Z"},
    7: {"activitePrincipaleEtablissement": "25.62A", "statutDiffusionEtablissement": "P"},
    8: {"activitePrincipaleEtablissement": "25.62A"},
    9: {"activitePrincipaleEtablissement": "25.62A", "etatAdministratifEtablissement": "F", "dateDebut": "2026-06-01"},
    10: {"activitePrincipaleEtablissement": "01.11Z"},
}
CONTRACTS = "uid,titulaire_id,titulaire_typeIdentifiant,dateNotification,typeGroupementOperateurs,donneesActuelles\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("partners")
    place = {"coordonneeLambertAbscisseEtablissement": "361100", "coordonneeLambertOrdonneeEtablissement": "6627800"}
    employer = {"caractereEmployeurEtablissement": "O", "trancheEffectifsEtablissement": "11"}
    held = [establishment(number) | place | employer | told for number, told in FIRMS.items()]
    units = [unit(number) for number in FIRMS]
    units[8] |= {"categorieJuridiqueUniteLegale": "1000"}
    stock = write_stock(folder / "stock", held, units, kind="csv")
    (folder / "rome_naf_2021.csv").write_text("\n".join(HIRED), encoding="utf-8")
    (folder / "wiod_france.csv").write_text("\n".join(FLOWS), encoding="utf-8")
    lines = [f"m{place},{siret_of(siren(number))},SIRET,2025-02-03,Solidaire,true"
             for place, pair in enumerate([(0, 5), (1, 5)]) for number in pair]  # fmt: skip
    (folder / "decp.csv").write_text(CONTRACTS + "\n".join(lines), encoding="utf-8")
    files = [folder / name for name in ("rome_naf_2021.csv", "wiod_france.csv", "decp.csv")]
    load(folder / "data", stock, *files)
    return folder / "data"


def _asked(data: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(["connect", "partners", siret_of(siren(0)), "--data-dir", str(data), "--json", *more]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_each_kind_finds_whom_it_considers(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {
        "mutualisation": {1},
        "design-fabrication": {2},
        "artisanat-industrie": {4},
        "co-innovation": {5},
        "approvisionnement-local": {6},
    }
    for kind, numbers in not_empty(expected.items()):
        told = _asked(data, capsys, "--kind", kind)
        assert {one["siren"] for one in told["proposals"]} == {siren(number) for number in numbers}, kind
        assert {one["kind"] for one in not_empty(told["proposals"])} == {kind}
    crossed = {one["siren"] for one in _asked(data, capsys, "--kind", "hybridation")["proposals"]}
    assert siren(3) in crossed
    assert not crossed & {siren(1), siren(10)}
    assert set(KINDS) == {*expected, "hybridation"}


def test_each_proposal_says_why_how_sure_and_what_would_move_it(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys)
    assert len(told["proposals"]) >= 5
    for one in not_empty(told["proposals"]):
        assert one["sentence"].endswith("."), one
        assert one["confidence"] in ("forte", "moyenne", "faible")
        assert one["would_change"]
        features = one["score"]["features"]
        assert sum(feature["contribution"] for feature in not_empty(features)) == pytest.approx(one["score"]["total"])
        for feature in not_empty(features):
            assert feature["docstring"], feature["name"]
    assert len({one["siren"] for one in told["proposals"]}) == len(told["proposals"])
    assert any("énoncés, non appris" in note for note in told["notes"])
    by_siren = {one["siren"]: one for one in told["proposals"]}
    assert "Concurrents probables" in by_siren[siren(1)]["notice"]
    common = next(one for one in by_siren[siren(1)]["score"]["features"] if one["name"] == "common_partners")
    assert (common["value"], common["evidence"]) == (0.5, "1\u00a0partenaire connu en commun")


def test_who_may_not_be_proposed_is_not(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _asked(data, capsys)
    found = {one["siren"] for one in told["proposals"]}
    assert found
    assert not found & {siren(number) for number in (0, 7, 8, 9)}
    assert any("entreprises individuelles" in note for note in told["notes"])


def test_an_objection_empties_proposals_and_what_they_rest_on(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {one["siren"] for one in _asked(data, capsys)["proposals"]}
    objecting(monkeypatch, siren(2), siren(5))
    told = _asked(data, capsys)
    assert before - {one["siren"] for one in told["proposals"]} == {siren(2), siren(5)}
    first = next(one for one in told["proposals"] if one["siren"] == siren(1))
    assert [one["value"] for one in first["score"]["features"] if one["name"] == "common_partners"] in ([], [0.0])
    objecting(monkeypatch, siren(0))
    assert main(["connect", "partners", siret_of(siren(0)), "--data-dir", str(data)]) == 1
    assert "AIRE 0" not in capsys.readouterr().err


def test_an_objection_leaves_the_totals_of_a_territory(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, Any]:
        assert main(["connect", "territory", "85", "--data-dir", str(data), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    before = told()
    objecting(monkeypatch, siren(5))
    after = told()
    assert (before["employers"] - after["employers"], before["with_ties"], after["with_ties"]) == (1, 3, 0)


def test_a_site_that_nothing_is_proposed_to_says_why(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, words in ((7, "discrétion"), (9, "fermé"), (77, "Aucun établissement")):
        assert main(["connect", "partners", siret_of(siren(number)), "--data-dir", str(data)]) == 1
        assert words in capsys.readouterr().err
    assert main(["connect", "partners", siren(0), "--kind", "amitié", "--data-dir", str(data)]) == 1
    assert "hybridation" in capsys.readouterr().err


def test_the_list_is_cut_and_told_in_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_asked(data, capsys, "--top", "2")["proposals"]) == 2
    assert main(["connect", "partners", siren(0), "--data-dir", str(data)]) == 0
    assert "propositions" in capsys.readouterr().out


def test_the_links_of_a_territory_are_counted_and_nobody_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connect", "territory", "85", "--data-dir", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["with_ties"] == 3
    assert (told["inside"], told["outside"]) == (None, None)
    assert any("Réseau non observable" in note for note in told["notes"])
    assert not {siren(number) for number in FIRMS} & set(json.dumps(told).split('"'))
    assert main(["connect", "territory", "85", "--data-dir", str(data)]) == 0
    assert "lien connu" in capsys.readouterr().out
    assert main(["connect", "territory", "99999", "--data-dir", str(data)]) == 1
    assert "99999" in capsys.readouterr().err


def test_trades_that_could_meet_are_told_unless_a_tie_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = {"caractereEmployeurEtablissement": "O", "trancheEffectifsEtablissement": "11"}
    trades = ("25.62B", "32.50A", "31.09B")
    held = [establishment(n, activitePrincipaleEtablissement=trades[n % 3]) | shared for n in range(9)]
    stock = write_stock(tmp_path / "stock", held, [unit(n) for n in range(9)], kind="csv")
    (tmp_path / "rome_naf_2021.csv").write_text("\n".join(HIRED), encoding="utf-8")
    lines = [f"m,{siret_of(siren(n))},SIRET,2025-02-03,Solidaire,true" for n in (0, 1)]
    (tmp_path / "decp.csv").write_text(CONTRACTS + "\n".join(lines), encoding="utf-8")
    load(tmp_path / "data", stock, tmp_path / "rome_naf_2021.csv", tmp_path / "decp.csv")
    assert main(["connect", "territory", "85", "--data-dir", str(tmp_path / "data"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    pairs = {(one["one"], one["other"]) for one in told["bridges"]}
    assert pairs == {("25.62B", "31.09B"), ("31.09B", "32.50A")}  # 25.62B and 32.50A have a tie
    assert {one["one_employers"] for one in not_empty(told["bridges"])} == {3}


def test_every_feature_of_a_pair_says_what_it_is_and_stays_between_zero_and_one() -> None:
    lacks = FirmSaid({"design": "missing", "maturity_machines": "0"}, {"fraisage": "fraisage"})
    holds = FirmSaid({"design": "held", "maturity_machines": "3"}, able=frozenset({"fraisage", "usinage"}))
    own = FirmSeen("25.62B", 12.0, "85191", frozenset({"a"}), frozenset({"p"}), 1, lacks)
    other = FirmSeen("25.62A", 900.0, "85191", frozenset({"a"}), frozenset({"p"}), 5_000, holds)
    near = Pair(own, other, 0.0, 1.0, "x", 1.0, "y")
    blank = Pair(FirmSeen("25.62B"), FirmSeen("25.62A"), None)
    for name, feature in not_empty(FEATURES.items()):
        assert feature.name == name
        assert len(feature.docstring.split()) >= 6, name
        value = feature.measure(near)[0]
        assert value is not None
        assert 0 <= value <= 1, name
        assert feature.measure(blank) == (None, ""), name
    assert Score(tuple(one.of(blank, 1.0) for one in FEATURES.values())).total == 0
    mute = PairFeature("mute", "muette", lambda pair: (pair.flow, ""))
    with pytest.raises(ValueError, match="mute"):
        _ = mute.docstring


def test_distance_counts_less_for_the_larger() -> None:
    small, large = (Pair(FirmSeen("x", size), FirmSeen("y"), 20.0) for size in (3.0, 300.0))
    value = FEATURES["distance"].measure
    assert (value(small)[0] or 0) < (value(large)[0] or 0)


def test_every_kind_weighs_features_that_exist() -> None:
    for kind in not_empty(KINDS.values()):
        assert set(kind.weights) <= set(FEATURES)
        assert kind.weights["hub"] < 0
        assert kind.why


def test_learning_tells_on_what_and_that_the_stated_weights_stay(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two public ties without anybody as tied around teach nothing; nothing is adopted without an organisation."""
    assert main(["connect", "learn", "--data-dir", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["outcomes"], told["learned"], told["enough"]) == (0, False, False)
    assert (told["ties"], told["left_out"]) == (0, {"personne d’aussi lié autour": 2})
    assert told["least"] == {"outcomes": 50, "firms": 30}
    assert {one["name"] for one in told["reasons"]} == set(FEATURES) - {"hub"}
    assert main(["connect", "learn", "--data-dir", str(data), "--in", "85"]) == 0
    said = capsys.readouterr().out
    assert "Rien d’appris" in said
    assert "il en faut 50 de 30 entreprises." in said
    assert main(["connect", "learn", "--data-dir", str(data), "--adopt"]) == 2
    assert "--org" in capsys.readouterr().err
