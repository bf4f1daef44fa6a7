"""Catalogues of schemes: what is read of each layout, what is refused with line and column, what is given back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.not_empty import not_empty
from vigie.errors import StructureFault
from vigie.sources.aids import AidsRead, as_published, read_aids
from vigie.sources.base import discover, read_header
from vigie.sources.cards_reader import read_cards
from vigie.sources.imaginary import is_imaginary
from vigie.sources.simulation.schemes import write_schemes

CARDS = {card.id: card for card in read_cards()}
PLAIN = {rule.name: "" for rule in CARDS["aides_dispositif"].columns}
PLAIN |= {
    "id": "a-1", "titre": "Toits de la vallée", "eligibilite": "Être en projet", "types_aides": "étude|prêt",
    "porteurs": '[{"nom":"AGENCE DES VALLÉES","siren":"","roles":[]}]', "cibles": "professionnels",
    "eligibilite_geographique": "PAYS-99100", "date_ouverture": "2024-12-31T23:00:00.000Z",
}  # fmt: skip
WIDE = PLAIN | {rule.name: "" for rule in CARDS["aides_professionnels"].columns if rule.name not in PLAIN}
WIDE |= {"ciblage_secteur_activite": "industrie", "eligibilite_effectif_maximal": "249"}
OBJECT: dict[str, Any] = {
    "id": "p-1", "titre": "Four sobre", "promesse": "", "description": "", "operateur": "Banque du littoral",
    "nature": "prêt", "montants": {"montant du prêt": "De 1 à 2 €"}, "naf_sections": ["C"], "regions": [],
    "effectif_min": None, "effectif_max": "249", "exclut_microentrepreneur": True, "validite_debut": "01/02/2025",
    "validite_fin": None, "conditions_texte": {"autres critères d'éligibilité": ["Avoir un four"]},
}  # fmt: skip


def written(folder: Path, *rows: dict[str, str], newline: str = "\n") -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "aides.csv"
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


def read(path: Path) -> AidsRead:
    found = read_header(path, list(CARDS.values()))
    assert found
    return read_aids(path, CARDS[found.card])


def conditions(found: AidsRead) -> dict[str, dict[str, Any]]:
    return {row["sentence"].replace("\u00a0", " "): row for row in found.conditions.to_pylist()}


def test_a_text_without_labels_is_left_to_the_reader_and_sizes_are_unknown(tmp_path: Path) -> None:
    found = read(written(tmp_path, PLAIN))
    (scheme,) = found.schemes.to_pylist()
    assert (scheme["holders"], scheme["kinds"], scheme["source"]) == (
        "AGENCE DES VALLÉES",
        "étude|prêt",
        "aides_dispositif",
    )
    assert scheme["opens"] == date(2025, 1, 1)  # midnight in Paris is the day before in universal time
    told = conditions(found)
    assert told["Toute la France"]["allowed"] == "pays:99100"
    for sentence in ("Être en projet", "Le fichier ne dit rien de la taille."):
        assert not told[sentence]["allowed"] and not told[sentence]["amount"]


def test_labelled_lines_are_read_with_a_trace(tmp_path: Path) -> None:
    text = "\n".join([
        "Eligibilité Sectorielle : Hôtels et ateliers", "Secteurs principalement concernés par le dispositif : C|I",
        "Eligibilité en fonction du nombre de salariés: Toutes tailles",
        "Eligibilité lié à la durée d'existence de l'entreprise : Au moins 3 ans d’activité",
        "Non éligible aux micro entreprises", "Aires géographiques éligibles : Landes, Nouvelle-Aquitaine, Mayotte", "",
        " Autres conditions d'éligibilité :", "- Être à jour : de tout", "- Être situé en zone FRR",
    ])  # fmt: skip
    told = conditions(read(written(tmp_path, PLAIN | {"eligibilite": text})))
    assert told["Hôtels et ateliers"]["allowed"] == "naf:C|naf:I"
    assert "pas cru" in told["Toutes tailles"]["trace"] and not told["Toutes tailles"]["amount"]
    assert (told["Au moins 3 ans d’activité"]["amount"], told["Au moins 3 ans d’activité"]["least"]) == (
        "ancienneté",
        3,
    )
    assert told["Non éligible aux micro entreprises"]["refused"] == "microentrepreneur:oui"
    places = told["Landes, Nouvelle-Aquitaine, Mayotte"]
    assert places["allowed"] == "departement:40|region:06|region:75" and "Landes" in places["trace"]
    assert not told["Être à jour : de tout"]["allowed"]
    assert told["Être situé en zone FRR"]["allowed"] == "programme:frr|programme:frr-beneficiaire|programme:frr-plus"


def test_columns_for_professionals_are_read(tmp_path: Path) -> None:
    row = WIDE | {
        "eligibilite_effectif_minimal": "10", "eligibilite_categorie_taille_entreprise": "MIC|PME",
        "eligibilite_annees_existence_minimal": "2", "eligibilite_forme_juridique": "SARL|Fondation",
        "eligibilite_forme_juridique_exclusions": "Microentrepreneur|EI", "ciblage_naf": "C|55|25.62B",
        "ciblage_naf_exclusions": "10.11Z", "eligibilite_geographique": "REG-52|COM-85191|COM-987",
        "base_juridique": "[{ libelle: 'Règlement de minimis', lien: '' }]",
    }  # fmt: skip
    found = read(written(tmp_path, row, newline="\r\n"))
    assert found.schemes.to_pylist()[0]["legal_basis"] == "Règlement de minimis"
    told = conditions(found)
    assert (told["De 10 à 249 salariés"]["least"], told["De 10 à 249 salariés"]["most"]) == (10, 249)
    assert told["micro-entreprise, PME"]["allowed"] == "taille:MIC|taille:PME"
    assert told["Au moins 2 ans d’existence"]["least"] == 2
    assert "Fondation" in told["SARL, Fondation"]["trace"] and not told["SARL, Fondation"]["allowed"]
    assert told["Sauf : Microentrepreneur, EI"]["refused"] == "forme:10|microentrepreneur:oui"
    assert told["industrie (C, 55, 25.62B)"]["allowed"] == "naf:25.62B|naf:55|naf:C"
    assert told["Sauf les activités 10.11Z"]["refused"] == "naf:10.11Z"
    places = next(one for one in told.values() if one["topic"] == "PLACE")
    assert places["allowed"] == "commune:85191|departement:987|region:52"


def test_the_structured_file_is_read_and_its_dirt_told(tmp_path: Path) -> None:
    path = tmp_path / "programmes.json"
    dirty = OBJECT | {"id": "p-2", "regions": ["Landes", "Nouvelle-Aquitaine"]}
    path.write_text(json.dumps([OBJECT, dirty]), encoding="utf-8")
    found = read(path)
    first = found.schemes.to_pylist()[0]
    assert (first["opens"], first["closes"], first["cost"]) == (date(2025, 2, 1), None, "montant du prêt : De 1 à 2 €")
    rows = found.conditions.to_pylist()
    assert [row["topic"] for row in rows if row["scheme"] == "p-1"] == ["ACTIVITY", "SIZE", "LEGAL_FORM", "OTHER"]
    assert "écrit comme un texte" in rows[1]["trace"]
    (places,) = (row for row in rows if row["topic"] == "PLACE")
    assert places["allowed"] == "departement:40|region:75" and "Landes" in places["trace"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_catalogue_leaves_as_it_came(tmp_path: Path, newline: str) -> None:
    odd = WIDE | {"id": "b", "titre": ' Été, "vert" ', "description": "deux\nlignes"}
    path = written(tmp_path, WIDE, odd, newline=newline)
    assert as_published(read(path).schemes.to_pylist()).encode() == path.read_bytes()


def test_imaginary_schemes_are_read_by_cards_that_say_so(tmp_path: Path) -> None:
    paths = write_schemes(tmp_path, "52", date(2026, 10, 1))
    files = discover([tmp_path], list(CARDS.values()))
    assert {file.path for file in files} == set(paths)
    for file in not_empty(files):
        assert file.card.endswith("_imaginaires") and is_imaginary(file)
        found = read_aids(file.path, CARDS[file.card])
        assert not found.rejects
        for scheme in not_empty(found.schemes.to_pylist()):
            assert scheme["imaginary"] and "imaginaire" in scheme["title"]


def test_a_row_of_several_lines_is_marked_once(tmp_path: Path) -> None:
    marked = {"titre": "Toits (imaginaire)", "description": "une ligne\nune autre"}
    found = read_header(written(tmp_path, PLAIN | marked, PLAIN | marked | {"id": "b"}), list(CARDS.values()))
    assert found and is_imaginary(found)
    mixed = read_header(written(tmp_path, PLAIN | marked, PLAIN | {"id": "b"}), list(CARDS.values()))
    with pytest.raises(StructureFault, match="certaines de ses lignes"):
        assert mixed and is_imaginary(mixed)


BROKEN: dict[str, tuple[dict[str, str], str, str]] = {
    "no id": ({"id": " "}, "id", "cette case est vide"),
    "no title": ({"titre": ""}, "titre", "cette case est vide"),
    "paragraph": ({"description": "<p>Bonjour</p>"}, "description", "HTML"),
    "script": ({"titre": "Toits <script>x()</script>"}, "titre", "HTML"),
    "link": ({"eligibilite": 'voir <a href="x">ici</a>'}, "eligibilite", "HTML"),
    "bold": ({"promesse": "<b>Gratuit</b>"}, "promesse", "HTML"),
    "line break": ({"description": "un<br/>deux"}, "description", "HTML"),
    "opening in words": ({"date_ouverture": "bientôt"}, "date_ouverture", "n’est pas un jour"),
    "thirteenth month": ({"date_cloture": "2026-13-01"}, "date_cloture", "n’est pas un jour"),
    "thirtieth of February": ({"date_cloture": "30/02/2026"}, "date_cloture", "n’est pas un jour"),
    "broken moment": ({"date_cloture": "2026-01-01T99:00Z"}, "date_cloture", "n’est pas un jour"),
    "checked in words": ({"date_mise_a_jour": "hier"}, "date_mise_a_jour", "n’est pas un jour"),
    "ends first": ({"date_cloture": "2024-06-01T00:00:00Z"}, "date_cloture", "vient avant l’ouverture"),
    "unknown region": ({"eligibilite_geographique": "REG-99"}, "eligibilite_geographique", "n’existe pas"),
    "unknown département": ({"eligibilite_geographique": "DEP-99"}, "eligibilite_geographique", "n’existe pas"),
    "unknown commune": ({"eligibilite_geographique": "COM-00000"}, "eligibilite_geographique", "n’existe pas"),
    "another country": ({"eligibilite_geographique": "PAYS-99109"}, "eligibilite_geographique", "n’existe pas"),
    "place in words": ({"eligibilite_geographique": "Bretagne"}, "eligibilite_geographique", "n’est pas un lieu"),
    "comma": ({"eligibilite_geographique": "REG-52,REG-53"}, "eligibilite_geographique", "n’est pas un lieu"),
    "left out in words": ({"eligibilite_geographique_exclusions": "Corse"}, "eligibilite_geographique_exclusions",
                          "n’est pas un lieu"),
    "unknown area": ({"eligibilite": "Aires géographiques éligibles : Armorique"}, "eligibilite", "aucune région"),
    "unknown section": ({"eligibilite": "Secteurs principalement concernés par le dispositif : C|Z"}, "eligibilite",
                        "NAF rév. 2"),
    "audience": ({"cibles": "artisans"}, "cibles", "n’est pas une cible"),
    "holders in words": ({"porteurs": "l’agence"}, "porteurs", "aucun nom n’y est lu"),
    "address": ({"url_source": "www.exemple.invalid"}, "url_source", "n’est pas une adresse"),
    "script address": ({"url_source": "javascript:alert(1)"}, "url_source", "n’est pas une adresse"),
}  # fmt: skip
BROKEN_WIDE: dict[str, tuple[dict[str, str], str, str]] = {
    "least in words": ({"eligibilite_effectif_minimal": "dix"}, "eligibilite_effectif_minimal", "en chiffres"),
    "most in words": ({"eligibilite_effectif_maximal": "50 salariés"}, "eligibilite_effectif_maximal", "en chiffres"),
    "negative": ({"eligibilite_effectif_minimal": "-3"}, "eligibilite_effectif_minimal", "en chiffres"),
    "decimal": ({"eligibilite_effectif_maximal": "49.5"}, "eligibilite_effectif_maximal", "en chiffres"),
    "crossed": ({"eligibilite_effectif_minimal": "300"}, "eligibilite_effectif_maximal", "sous le minimal"),
    "category": ({"eligibilite_categorie_taille_entreprise": "TPE"}, "eligibilite_categorie_taille_entreprise",
                 "catégorie de taille"),
    "years in words": ({"eligibilite_annees_existence_minimal": "deux"}, "eligibilite_annees_existence_minimal",
                       "en chiffres"),
    "activity": ({"ciblage_naf": "2562B"}, "ciblage_naf", "NAF rév. 2"),
    "activity in words": ({"ciblage_naf": "industrie"}, "ciblage_naf", "NAF rév. 2"),
    "excluded activity": ({"ciblage_naf_exclusions": "99.99Z"}, "ciblage_naf_exclusions", "NAF rév. 2"),
}  # fmt: skip
BROKEN_OBJECTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "number as title": ({"titre": 3}, "titre", "un texte est attendu"),
    "no id": ({"id": ""}, "id", "cette case est vide"),
    "regions as text": ({"regions": "Bretagne"}, "regions", "une liste est attendue"),
    "unknown region": ({"regions": ["Armorique"]}, "regions", "aucune région"),
    "unknown section": ({"naf_sections": ["Z"]}, "naf_sections", "NAF rév. 2"),
    "threshold in words": ({"effectif_max": "cinquante"}, "effectif_max", "en chiffres"),
    "crossed": ({"effectif_min": 300}, "effectif_max", "sous le minimal"),
    "ends first": ({"validite_fin": "01/01/2024"}, "validite_fin", "vient avant l’ouverture"),
    "day": ({"validite_debut": "32/01/2024"}, "validite_debut", "n’est pas un jour"),
    "day as number": ({"validite_debut": 2024}, "validite_debut", "n’est pas un jour"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_is_told_with_line_column_and_remedy(tmp_path: Path, name: str) -> None:
    changes, column, words = BROKEN[name]
    refused(read(written(tmp_path, PLAIN, PLAIN | {"id": "b"} | changes)), column, words)


@pytest.mark.parametrize("name", BROKEN_WIDE)
def test_a_broken_row_for_professionals_is_told_too(tmp_path: Path, name: str) -> None:
    changes, column, words = BROKEN_WIDE[name]
    refused(read(written(tmp_path, WIDE, WIDE | {"id": "b"} | changes)), column, words)


@pytest.mark.parametrize("name", BROKEN_OBJECTS)
def test_a_broken_object_is_told_too(tmp_path: Path, name: str) -> None:
    changes, column, words = BROKEN_OBJECTS[name]
    path = tmp_path / "programmes.json"
    path.write_text(json.dumps([OBJECT, OBJECT | {"id": "b"} | changes]), encoding="utf-8")
    refused(read(path), column, words)


def refused(found: AidsRead, column: str, words: str) -> None:
    assert len(found.schemes) == 1
    (reject,) = found.rejects
    assert (reject.line, reject.column) == (2, column)
    assert words in reject.reason.replace("\u00a0", " ")


def test_two_schemes_of_one_number_and_a_ragged_row_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN, PLAIN)
    path.write_text(path.read_text("utf-8") + "seul\n", encoding="utf-8")
    found = read(path)
    assert len(found.schemes) == 1
    assert [(one.line, one.column) for one in found.rejects] == [(2, "id"), (3, "")]


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    path.write_text(path.read_text("utf-8") + '"jamais refermé\n', encoding="utf-8")
    with pytest.raises(StructureFault, match="jamais refermé"):
        read(path)
    broken = tmp_path / "programmes.json"
    broken.write_text("[{", encoding="utf-8")
    with pytest.raises(StructureFault, match="JSON"):
        read_header(broken, list(CARDS.values()))
    (tmp_path / "autre").mkdir()
    (tmp_path / "autre" / "notes.json").write_text('{"a": 1}', encoding="utf-8")
    assert read_header(tmp_path / "autre" / "notes.json", list(CARDS.values()), folder=True) is None
