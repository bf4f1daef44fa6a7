"""`vigie measure eligibility`, `routing`, `site-uses`, `symbiosis`, `flows` on imaginary files, sound and at fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.interfaces.cli.main import main
from vigie.measures.siting import USES

SCHEME = {"id": "toitures", "titre": "Toitures de la vallée", "naf_sections": ["C"], "regions": ["Bretagne"],
          "effectif_max": "249", "validite_debut": "01/01/2026", "validite_fin": "31/12/2026"}  # fmt: skip
PROFILE = {"profil": {"region": "Bretagne", "codeNAF1": "C", "structure_size": "PE"}, "date": "2026-03-01"}
CASE = {"filtres": [{"portee": "expert", "effectif_max": 50}], "entreprise": {"code_effectif": "12"}}
SCORES = dict.fromkeys(USES, 1)
WEIGHTS = {"poids": {"bruit": 30}, "matrice_enums": {"bruit": {"fort": SCORES | {"residentiel": -1}}},
           "matrice_seuils": {}}  # fmt: skip
FLOWS = {"supply": [2, 1], "demand": [2], "unit_cost": [[3], [1]], "disposal_cost_avoided_per_t": 2}
PRECEDENTS = "id,case,nace_from,nace_to,ewc\n1,a,2410,2351,100210\n2,b,1711,0111,030310*\n3,b,2410,2351,100202\n"


def kept(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["measure", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_schemes_are_answered_by_profile_and_told_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loan = {"id": "prêt", "titre": "Prêt du port", "nature": "prêt", "objectifs": ["water"]}
    schemes = kept(tmp_path, "aides.json", [loan, SCHEME | {"nature": "étude"}, SCHEME | {"id": "", "effectif_max": 9}])
    dry = {"profil": {"water_reduction_objective": "non"}, "date": "2027-03-01"}
    profiles = kept(tmp_path, "profils.json", [PROFILE, dry])
    words = ("eligibility", "--programs", schemes, "--profiles", profiles)
    assert told(capsys, *words) == ["EEN", "NXX"]
    assert told(capsys, *words, "--order")[0] == {"statuses": "EEN", "kept": ["toitures", "prêt"]}
    assert main(["measure", *map(str, words)]) == 0
    assert "À demander" in capsys.readouterr().out


def test_cases_sites_and_flows_are_answered_in_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    silent = CASE | {"entreprise": {}}
    cases = kept(tmp_path, "cas.json", {"cas_filtres": [CASE, silent]})
    assert told(capsys, "routing", "--cases", cases) == [
        {"filtered": True, "unfiltered": True}, {"filtered": False, "unfiltered": True},
    ]  # fmt: skip
    sites, weights = kept(tmp_path, "sites.json", [{"bruit": "fort"}]), kept(tmp_path, "grille.json", WEIGHTS)
    (site,) = told(capsys, "site-uses", "--sites", sites, "--weights", weights)
    assert site["fiabilite"] == 10 and site["resultats"][-1] == ["residentiel", 0.0, "Faible", 0, 30.0]
    found = told(capsys, "flows", "--instance", kept(tmp_path, "flux.json", FLOWS))
    assert found["least_cost"] == {"objective": -1.0, "moved": 1.0, "flows": [{"from": 1, "to": 0, "amount": 1.0}]}
    assert (found["most_moved"]["objective"], found["most_moved"]["cost"]) == (2.0, 4.0)


def test_a_query_is_answered_from_the_other_case_studies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    precedents = kept(tmp_path, "echanges.csv", PRECEDENTS)
    queries = kept(tmp_path, "flux.csv", "nace_from;ewc;case\n2410;100210;\n2410;10 02 10;b\n")
    first, second = told(capsys, "symbiosis", "--precedents", precedents, "--queries", queries)
    assert first["receivers"][0]["division"] == "23" and first["receivers"][0]["precedents"] == ["1", "3"]
    assert second["receivers"][0]["precedents"] == ["1"]
    found = told(capsys, "symbiosis", "--precedents", precedents)
    assert found["vigie"]["n"] == 3 and found["vigie"]["hits1"] > 0
    assert main(["measure", "symbiosis", "--precedents", str(precedents), "--queries", str(queries)]) == 0
    assert "Précédents" in capsys.readouterr().out


FAULTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "not json": ("eligibility", {"programs": "[{", "profiles": [PROFILE]}, "ligne 1"),
    "no list": ("eligibility", {"programs": "3", "profiles": [PROFILE]}, "une liste est attendue"),
    "empty": ("eligibility", {"programs": [], "profiles": [PROFILE]}, "la liste est vide"),
    "two of one id": ("eligibility", {"programs": [SCHEME, SCHEME], "profiles": [PROFILE]}, "est déjà le numéro"),
    "ends first": ("eligibility", {"programs": [SCHEME | {"validite_fin": "31/12/2025"}], "profiles": [PROFILE]},
                   "la fin est avant le début"),
    "threshold in words": ("eligibility", {"programs": [SCHEME | {"effectif_max": "cinquante"}], "profiles": [PROFILE]},
                           "n’est pas un nombre"),
    "a day": ("eligibility", {"programs": [SCHEME], "profiles": [PROFILE | {"date": "bientôt"}]}, "n’est pas un jour"),
    "no day": ("eligibility", {"programs": [SCHEME], "profiles": [{"profil": {}}]}, "le jour manque"),
    "a size": ("eligibility", {"programs": [SCHEME], "profiles": [PROFILE | {"profil": {"structure_size": "XL"}}]},
               "n’est pas une taille"),
    "a filter": ("routing", {"cases": [CASE | {"filtres": [{"humeur": "bonne"}]}]}, "ce filtre n’est pas connu"),
    "a band": ("routing", {"cases": [CASE | {"entreprise": {"code_effectif": "99"}}]}, "tranche d’effectif"),
    "a value": ("site-uses", {"sites": [{"bruit": "doux"}], "weights": WEIGHTS}, "n’est pas une valeur de ce critère"),
    "no weights": ("site-uses", {"sites": [{}], "weights": {}}, "les poids manquent"),
    "a waste code": ("symbiosis", {"precedents": PRECEDENTS, "queries": "nace_from,ewc\n2410,10021\n"}, "code déchet"),
    "no column": ("symbiosis", {"precedents": "id,ewc\n1,100210\n", "queries": "nace_from,ewc\n2410,100210\n"},
                  "il manque « nace_from » et « nace_to »"),
    "ragged": ("symbiosis", {"precedents": PRECEDENTS + "4,b\n", "queries": "nace_from,ewc\n2410,100210\n"}, "ligne 5"),
    "ragged costs": ("flows", {"instance": FLOWS | {"unit_cost": [[1], [2, 3]]}}, "d’égale longueur"),
    "shape": ("flows", {"instance": FLOWS | {"unit_cost": [[1, 2]]}}, "2 lignes et 1 colonnes"),
    "negative": ("flows", {"instance": FLOWS | {"supply": [-2, 1]}}, "négative"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_at_fault_is_one_french_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, files, expected = FAULTS[name]
    words = [
        word for option, content in files.items() for word in (f"--{option}", str(kept(tmp_path, option, content)))
    ]
    assert main(["measure", command, *words]) == 1
    said = capsys.readouterr().err.replace("\u202f", " ").replace("\u00a0", " ").strip()
    assert "\n" not in said and said.startswith("Fichier « ") and expected in said
