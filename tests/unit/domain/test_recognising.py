"""Recognising what a workshop says that it can do: the vocabulary, 300 phrases made by rule, what is denied."""

from __future__ import annotations

import json
from collections import Counter
from itertools import cycle, islice

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.domain.capabilities import CapabilityKind
from vigie.domain.recognising import Recogniser
from vigie.domain.word_forms import action_of, base_of, folded
from vigie.interfaces.cli.main import main
from vigie.sources import nomenclature, occupations
from vigie.sources.capabilities import lexicon, vocabulary

RECOGNISER = Recogniser(vocabulary(), lexicon())

# What workshops say, inflected and in their own order, and the term that is meant: none is a wording of the vocabulary.
SAID = {
    "usinage": "nous usinons vos pièces; pièces mécaniques usinées; usineur de précision",
    "tournage": "nous tournons des axes; arbres tournés; tourneurs expérimentés",
    "fraisage": "nous fraisons des blocs; plaques fraisées; fraiseurs confirmés",
    "decolletage": "nous décolletons des vis; axes décolletés; les décolleteurs de la vallée",
    "percage": "brides percées; nous perçons des flasques; percement de plaques",
    "rectification": "arbres rectifiés; nous rectifions des portées; rectifieurs de portées",
    "affutage": "nous affûtons vos lames; forets affûtés; affûteurs d’outils coupants",
    "ebavurage": "nous ébavurons les pièces; pièces ébavurées; ébavurer à la main",
    "decoupe-laser": "laser pour découper la tôle; tôles découpées par laser; découpons au laser",
    "decoupe-plasma": "découpons au plasma; tôles découpées au plasma; découper par plasma",
    "decoupe-jet-eau": "découpons au jet d’eau; plaques découpées par jet d’eau; découpées au jet d’eau pure",
    "poinconnage": "nous poinçonnons la tôle; tôles poinçonnées; poinçonner des capots",
    "chaudronnerie": "chaudronniers sur site; cuves et trémies chaudronnées; ateliers de chaudronnerie",
    "tuyauterie": "tuyauteurs sur site; tuyauteries de process; nos tuyauteurs",
    "serrurerie": "serruriers et métalliers; portails de serrurerie; métalleries fines",
    "pliage": "nous plions des capots; capots pliés; plieurs sur presse",
    "cintrage": "nous cintrons des rampes; rampes cintrées; cintreurs de profilés",
    "emboutissage": "nous emboutissons des coupelles; coupelles embouties; emboutisseurs de capots",
    "forge": "nous forgeons des brides; brides forgées; forgerons d’outils",
    "moulage-au-sable": "pièces moulées au sable; nous moulons au sable; moulages en sable",
    "moulage-a-la-cire-perdue": "médailles coulées à cire perdue; des cires, perdues à la coulée; en cires perdues",
    "soudage": "nous soudons des châssis; châssis soudés; soudeuses confirmées",
    "soudage-tig": "soudons en TIG; châssis soudés TIG; souder au TIG",
    "soudage-laser": "soudons au laser; boîtiers soudés par laser; souder par laser",
    "brasage": "nous brasons des échangeurs; échangeurs brasés; braseurs qualifiés pour échangeurs",
    "collage": "nous collons des panneaux; panneaux collés; colleurs de panneaux",
    "rivetage": "nous rivetons des caissons; caissons rivetés; riveteurs de cellules",
    "trempe": "nous trempons des lames; lames trempées; tremper des arbres",
    "cementation": "nous cémentons des pignons; pignons cémentés; cémentations profondes",
    "nitruration": "nous nitrurons des vis; vis nitrurées; nitrurations gazeuses",
    "galvanisation": "nous galvanisons des poteaux; poteaux galvanisés; galvaniseurs de poteaux",
    "zingage": "nous zinguons des vis; vis zinguées; zingages blancs",
    "nickelage": "nous nickelons des robinets; robinets nickelés; nickelages brillants",
    "chromage": "nous chromons des tiges; tiges chromées; chromeurs de tiges",
    "anodisation": "nous anodisons des façades; façades anodisées; anodisations dures",
    "sablage": "nous sablons des jantes; jantes sablées; sableurs de jantes",
    "grenaillage": "nous grenaillons des ressorts; ressorts grenaillés; grenailleurs de ressorts",
    "polissage": "nous polissons des robinets; robinets bien polis au polissage; polisseurs de robinets",
    "metallisation": "nous métallisons des arbres; arbres métallisés; métallisations épaisses",
    "laquage": "nous laquons des façades; façades laquées; laqueurs de façades",
    "peinture-poudre": "peintures à la poudre; nous thermolaquons des portails; portails thermolaqués",
    "injection-plastique": "nous injectons des bouchons; bouchons injectés; injecteurs de bouchons",
    "thermoformage": "nous thermoformons des bacs; bacs thermoformés; thermoformeurs de bacs",
    "rotomoulage": "nous rotomoulons des kayaks; kayaks rotomoulés; rotomouleurs de kayaks",
    "surmoulage": "nous surmoulons des manches; manches surmoulés; surmouleurs de manches",
    "fabrication-additive": "imprimés en 3D; imprimons en 3D; pièces imprimées 3D",
    "gravure-laser": "gravons au laser; plaques gravées par laser; graveurs au laser",
    "serigraphie": "nous sérigraphions des façades; façades sérigraphiées; sérigraphes de façades",
    "tissage": "nous tissons des sangles; sangles tissées; tisseurs de sangles",
    "tricotage": "nous tricotons des pulls; pulls tricotés; tricoteurs de pulls",
    "teinture": "nous teintons et teignons; teinturiers de fils; teintures végétales",
    "broderie": "nous brodons des écussons; écussons brodés; brodeurs d’écussons",
    "confection": "nous confectionnons des blouses; blouses confectionnées; confections de blouses",
    "ebenisterie": "ébénistes d’art; ébénisteries de style; nos ébénistes",
    "sciage-de-metaux": "nous scions des poutrelles; poutrelles sciées; scieurs de poutrelles",
    "bobinage": "nous bobinons des stators; stators bobinés; bobineurs de stators",
    "cablage-electrique": "nous câblons des armoires; armoires câblées; câbleurs d’armoires",
    "equilibrage": "nous équilibrons des turbines; turbines équilibrées; équilibrages en deux plans",
    "conditionnement": "nous conditionnons vos doses; doses conditionnées; conditionneurs de doses",
    "surgelation": "nous surgelons des plats; surgélations rapides; surgélateurs",
    "torrefaction": "nous torréfions des grains; grains torréfiés; torréfacteurs locaux",
    "broyage": "nous broyons des copeaux; copeaux broyés; broyages fins",
    "automatisme": "nous automatisons des lignes; lignes automatisées; automaticiens",
}  # fmt: skip
WITH = {
    "acier-inoxydable": "en inoxydable",
    "aluminium": "en aluminiums",
    "titane": "en alliage de titane",
    "laiton": "en laiton massif",
    "cuivre": "en cuivres",
    "polycarbonate": "en polycarbonate",
    "petite-serie": "par petite série",
    "grande-serie": "pour une grande série",
    "prototype": "ainsi que vos prototypes",
    "iso-9001": "certifiés selon l’ISO 9001:2015",
    "en-9100": "certifiés EN 9100:2018",
    "mase": "habilités MASE",
}
AROUND = ("{}", "Dans le Jura, {}", "Depuis trente ans : {}", "{} pour nos clients", "Ici, {}, avec soin")


def _slipped(text: str) -> str:
    """Return a text with one slip of the pen: two letters swapped in the middle of its longest word."""
    longest = max(text.split(), key=len)
    middle = len(longest) // 2
    wrong = longest[:middle] + longest[middle + 1] + longest[middle] + longest[middle + 2 :]
    return text.replace(longest, wrong) if len(longest) >= 10 else text


def _phrases() -> list[tuple[str, set[str]]]:
    """Return 300 phrases by rule: wordings with a material, series or certification in turn, one in six misspelt."""
    said = [(code, one.strip()) for code, wordings in SAID.items() for one in wordings.split(";")]
    others, around = cycle(WITH.items()), cycle(AROUND)
    phrases = []
    for number, (code, wording) in enumerate(islice(cycle(said), 300)):
        if number % 3:
            other, words = next(others)
            phrase, meant = f"{wording} {words}", {code, other}
        else:
            phrase, meant = wording, {code}
        phrase = next(around).format(phrase)
        phrases.append((_slipped(phrase) if number % 6 == 5 else phrase, meant))
    return phrases


def test_three_hundred_phrases_of_workshops_are_understood() -> None:
    known = {tuple(folded(wording)) for term in vocabulary() for wording in term.wordings}
    for wordings in not_empty(list(SAID.values())):
        for one in not_empty(wordings.split(";")):
            assert tuple(folded(one)) not in known, one
    phrases = _phrases()
    assert len(phrases) == 300
    right, told, meant_in_all = 0, 0, 0
    missed: Counter[str] = Counter()
    for phrase, meant in phrases:
        found = {one.term.code for one in RECOGNISER.recognise(phrase)}
        right, told, meant_in_all = right + len(found & meant), told + len(found), meant_in_all + len(meant)
        missed.update(f"-{code} {phrase}" for code in meant - found)
        missed.update(f"+{code} {phrase}" for code in found - meant)
    precision, recall = right / told, right / meant_in_all
    assert precision >= 0.9, (precision, recall, list(missed)[:40])
    assert recall >= 0.8, (precision, recall, list(missed)[:40])


def test_the_vocabulary_is_large_and_whole() -> None:
    kinds = Counter(term.kind for term in vocabulary())
    assert kinds[CapabilityKind.PROCESS] + kinds[CapabilityKind.MATERIAL] >= 400
    assert kinds[CapabilityKind.CERTIFICATION] >= 60
    codes = {term.code for term in vocabulary()}
    known = nomenclature.tree()
    for term in not_empty(list(vocabulary())):
        assert term.label and term.english, term
        assert set(term.parents) <= codes
        if term.kind is CapabilityKind.PROCESS:
            assert term.naf in known, term
            assert term.rome[:1] in occupations.FAMILIES and len(term.rome) == 5, term
        assert term.code in {one.term.code for one in RECOGNISER.recognise(term.label)}, term.label


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Pas de traitement thermique, mais du zingage", {"zingage"}),
        ("Ni peinture ni galvanisation", set()),
        ("Nous ne faisons pas de soudage. Tournage seulement", {"tournage"}),
        ("pas seulement du tournage", {"tournage"}),
        ("rectification sans centre", {"rectification-sans-centre"}),
    ],
)
def test_what_is_denied_is_not_told(text: str, codes: set[str]) -> None:
    assert {one.term.code for one in RECOGNISER.recognise(text)} == codes


def test_the_narrower_term_is_told_with_the_words_that_told_it() -> None:
    [one] = RECOGNISER.recognise("Soudure soignée, en TIG")
    assert (one.term.code, one.words) == ("soudage-tig", ("Soudure", "TIG"))
    assert one.term.parents == ("soudage",)


@pytest.mark.parametrize(
    "text", ["", "   ", "1234 5678", "Bonjour, où êtes-vous ?", "notre usine a coûté cher", "or, il pleut"]
)
def test_nothing_is_told_of_what_says_nothing(text: str) -> None:
    assert RECOGNISER.recognise(text) == ()


def test_words_are_compared_without_their_endings() -> None:
    assert action_of("soudeuses") == action_of("soudé") == action_of("soudons") == "soud"
    assert action_of("coûtons") == ""
    assert base_of("metaux") == base_of("metal") == "metal"


def test_any_text_is_read_in_bounded_time_and_without_fail() -> None:
    chance = np.random.default_rng(2)
    letters = list("abcdefghijklmnopqrstuvwxyzéèç’-. 0123456789\n\u202f🙂")
    for _ in range(20):
        RECOGNISER.recognise("".join(chance.choice(letters, size=400)))


def test_the_command_tells_labels_kind_code_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connect", "capabilities", "Nous soudons l’inox au TIG, ISO 9001", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    first = told["capabilities"][0]
    assert first["code"] == "soudage-tig"
    assert first["label_en"] == "TIG welding"
    assert first["kind"] == "process"
    assert first["words"] == ["soudons", "TIG"]
    assert {one["kind"] for one in told["capabilities"]} == {"process", "material", "certification"}
    assert main(["connect", "capabilities", "  "]) == 1
    assert "Écrivez" in capsys.readouterr().err
    assert main(["connect", "capabilities", "x" * 5_001]) == 1
    assert "5 000" in capsys.readouterr().err.replace("\u202f", " ").replace("\u00a0", " ")
    assert main(["connect", "capabilities", "Bonjour"]) == 0
    assert "Rien" in capsys.readouterr().out
