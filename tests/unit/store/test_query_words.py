"""What people type is read as identifiers, places, activities and words, whatever its spelling."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.not_empty import not_empty
from vigie.store.lexicon import Lexicon, root, shipped
from vigie.store.query_words import read
from vigie.store.spelling import fold, holds, words


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Métallerie de l’Œuvre", ["metallerie", "de", "l", "oeuvre"]),
        ("S.A.R.L. L'ATELIER D'ÉTÉ", ["sarl", "l", "atelier", "d", "ete"]),
        ("S.A.R.L BONNET", ["sarl", "bonnet"]),
        ("S N C F", ["sncf"]),
        ("S. BONNET", ["s", "bonnet"]),
        ("Saint-Hilaire_de-Riez", ["saint", "hilaire", "de", "riez"]),
        ("3D & CO", ["3d", "co"]),
        ("3-D & CO", ["3d", "co"]),
        ("N/A", ["na"]),
        ("A-B-C COMPANY", ["abc", "company"]),
        ("s/a/r/l du lac", ["sarl", "du", "lac"]),
        ("1, 2, 3 SOLEIL", ["1", "2", "3", "soleil"]),
        ("ﬁlière STRASSE Straße", ["filiere", "strasse", "strasse"]),
        ("", []),
        ("« — » ; …", []),
    ],
)
def test_words_are_folded_and_acronyms_closed_up(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=80))
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(word == fold(word) for word in words(text))


@pytest.mark.parametrize(
    "text",
    [
        "732829320",
        "732 829 320",
        "SIREN 732 829 320",
        "siren: 732.829.320",
        "732\u202f829\u202f320",
        " 732-829-320 ",
        "FR44732829320",
        "fr 44 732 829 320",
        "TVA intracommunautaire FR 44 732 829 320",
        "732\u2009829\u2011320",
    ],
)
def test_a_siren_is_recognised_however_it_is_written(text: str, lexicon: Lexicon) -> None:
    typed = read(text, lexicon)
    assert typed.identifiers == ("732829320",)
    assert typed.groups == ()


@pytest.mark.parametrize(
    ("asked", "text", "held"),
    [
        ("%", "Reprise à 50 % d’un atelier", True), ("%", "Reprise d’un atelier", False),
        ("_", "Atelier_imaginaire", True), ("_", "Atelier imaginaire", False),
        ("'", "Reprise d’un atelier", True), ("'", "Reprise de deux ateliers", False),
        ("ATELIER reprise", "Reprise d’un atelier", True), ("d'un", "Reprise d’un atelier", True),
        ("atelier %", "Reprise d’un atelier", False), ("", "Reprise", True),
    ],
)  # fmt: skip
def test_signs_are_looked_for_as_they_are(asked: str, text: str, *, held: bool) -> None:
    assert holds(text, asked) is held


def test_an_identifier_leaves_the_other_words_to_be_answered(lexicon: Lexicon) -> None:
    typed = read("usinage 732 829 320 00074", lexicon)
    assert typed.identifiers == ("73282932000074",)
    assert [group.words for group in typed.groups] == [("usinage",)]


def test_numbers_that_are_no_identifier_stay_words(lexicon: Lexicon) -> None:
    typed = read("1234567890 12 85500", lexicon)
    assert typed.identifiers == ()
    assert "85500" in {word for group in typed.groups for word in group.words}


def test_a_trade_and_a_commune(lexicon: Lexicon) -> None:
    trade, place = read("chaudronnerie Les Herbiers", lexicon).groups
    assert "NAFRev2:25.29Z" in trade.activities
    assert not trade.places
    assert place.words == ("les", "herbiers")
    assert place.places == ("commune:85109",)
    assert place.place_name == "Les Herbiers"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("boulangerie à Metz centre", "commune:57463"),
        ("metz boulangerie", "commune:57463"),
        ("garage st hilaire de riez", "commune:85226"),
        ("usinage 85500", "postal:85500"),
        ("transports Vendée", "departement:85"),
        ("boulangerie herbiers", "commune:85109"),
        ("garage roche-sur-yon", "commune:85191"),
    ],
)
def test_places_are_found_at_the_end_at_the_start_or_after_a_preposition(
    text: str, place: str, lexicon: Lexicon
) -> None:
    assert place in {term for group in read(text, lexicon).groups for term in group.places}


def test_a_word_that_only_looks_like_a_place_in_the_middle_is_a_word(lexicon: Lexicon) -> None:
    assert not any(group.places for group in not_empty(read("atelier metz industrie xyz", lexicon).groups))


def test_a_trade_is_not_taken_for_a_place(lexicon: Lexicon) -> None:
    for text in ("bar", "brasserie bar", "forge", "atelier forge"):
        assert not any(
            not_empty(group.places for group in read(text, lexicon).groups if group.words[-1] in ("bar", "forge"))
        )


def test_communes_of_one_name_are_all_meant(lexicon: Lexicon) -> None:
    (group,) = read("Saint-Denis", lexicon).groups
    assert {"commune:93066", "commune:97411"} <= set(group.places)


def test_legal_forms_and_linking_words_are_weak(lexicon: Lexicon) -> None:
    typed = read("SARL la forge du lac", lexicon)
    assert [group.words[0] for group in typed.strong] == ["forge", "lac"]
    assert read("la sarl", lexicon).strong == read("la sarl", lexicon).groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("boulangerie", "boulangers"),
        ("chaudronnier", "chaudronnées"),
        ("menuiserie", "menuisiers"),
        ("peintre", "peintres"),
    ],
)
def test_a_trade_and_who_works_at_it_share_a_root(one: str, other: str) -> None:
    assert root(fold(one)) == root(fold(other))


@pytest.mark.parametrize(
    ("word", "code"),
    [("boulanger", "10.71C"), ("boulangeries", "10.71C"), ("chaudronnerie", "25.29Z"), ("vigne", "01.21Z")],
)
def test_activities_are_named_by_trades_and_by_the_labels_of_the_nomenclature(
    word: str, code: str, lexicon: Lexicon
) -> None:
    assert f"NAFRev2:{code}" in lexicon.activities_of(word)


def test_the_lexicon_is_read_as_it_was_written(lexicon: Lexicon) -> None:
    assert Lexicon.load(lexicon.dump()) == lexicon


@given(st.text(max_size=300))
@example("un deux trois quatre cinq six sept huit neuf dix onze douze « treize quatorze »")
def test_any_text_is_read_without_fault(text: str) -> None:
    typed = read(text, Lexicon())
    assert all(len(number) in (9, 14) for number in typed.identifiers)
    assert len(typed.groups) <= 12
