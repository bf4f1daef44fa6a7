"""Words of trades, places and courtesy are read as people say them, and what was understood is told word for word."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vigie.sources import nomenclature, vocabulary
from vigie.store.atlas import Atlas, shipped_areas
from vigie.store.directory import Meant
from vigie.store.lexicon import Lexicon, shipped
from vigie.store.meaning import meanings
from vigie.store.query_words import read
from vigie.store.ranking import likeness
from vigie.store.spelling import words
from vigie.store.trade_index import misspelt, trade_of

VENDEE = "85"
NAMED = {"martin": 40, "dupuy": 3}
"""How many imaginary establishments hold a word in their name."""


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return shipped()


@pytest.fixture(scope="module")
def atlas(lexicon: Lexicon) -> Atlas:
    """Places of Vendée, each with twenty establishments; nothing elsewhere but one in Martin-Église."""

    def count(field: str, word: str) -> int:
        if field == "name":
            return NAMED.get(word, 0)
        kind, _, code = word.partition(":")
        inside = code.startswith(VENDEE) if kind == "commune" else word in AROUND
        return 20 if inside else int(word == "commune:76414")

    return Atlas(lexicon, count, shipped_areas)


AROUND = {"departement:85", "region:52", "epci:248500621", "epci:200070233", "epci:248500589"}


def understood(text: str, lexicon: Lexicon, atlas: Atlas) -> list[Meant]:
    return list(meanings(text, read(text, lexicon, atlas)))


def test_each_trade_has_its_codes_and_is_written_once() -> None:
    rows = vocabulary.trades()
    names = [" ".join(words(name)) for row in rows for name in row.words]
    assert len(names) > 1_000 and sorted(names) == sorted(set(names))
    unknown = {code for row in rows for code in row.codes if code not in nomenclature.tree()}
    assert unknown == set()
    assert {row.kind for row in rows} == {"secteur", "métier", "procédé", "machine"}


@pytest.mark.parametrize("name", ["trades", "courtesy", "places"])
def test_each_list_of_words_tells_its_source_and_its_licence(name: str) -> None:
    head = (vocabulary.FOLDER / f"{name}.tsv").read_text(encoding="utf-8")[:600]
    assert "# Source:" in head and "Licence: EUPL-1.2" in head


@pytest.mark.parametrize(
    ("text", "code"),
    [("tourneur", "25.62B"), ("fraiseurs", "25.62B"), ("agro-alimentaire", "10.11Z"), ("nautisme", "30.12Z"),
     ("impression 3D", "22.29A"), ("Impression 3-D", "22.29A"), ("traitements de surface", "25.61Z"),
     ("usine", "25.62A")],
)  # fmt: skip
def test_trades_are_named_by_occupations_sectors_processes_and_machines(text: str, code: str) -> None:
    trade = trade_of(words(text))
    assert trade is not None and f"NAFRev2:{code}" in trade.activities


def test_no_typo_leads_from_one_trade_to_another(lexicon: Lexicon, atlas: Atlas) -> None:
    assert likeness("fraiseur", "traiteur") == 0.0
    assert likeness("fraiseurr", "fraiseur") > 0.0
    assert (misspelt("fraisseur"), misspelt("fraiseur"), misspelt("usine")) == ("fraiseur", "", "")
    (meant,) = understood("fraisseur", lexicon, atlas)
    assert (meant.kind, meant.label) == ("trade", "fraiseur") and "est lu" in meant.notice


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("usinage montaigu", "commune:85146"), ("essarts", "commune:85084"), ("fontenay", "commune:85092"),
        ("saint gilles", "commune:85222"), ("les sables", "commune:85194"), ("La Roche", "commune:85191"),
        ("Olonne", "commune:85194"), ("usinage à la mothe achard", "commune:85152"),
        ("pays des herbiers", "epci:248500621"),
        ("terres de montaigu", "epci:200070233"), ("agglo de La Roche-sur-Yon", "epci:248500589"),
        ("usinage Vendée", "departement:85"), ("usinage 85", "departement:85"), ("pdl", "region:52"),
        ("Luçon CEDEX 2", "commune:85128"), ("bassin d’emploi de Challans", "commune:85047"),
    ],
)  # fmt: skip
def test_places_are_named_as_people_say_them(text: str, key: str, lexicon: Lexicon, atlas: Atlas) -> None:
    assert [meant.keys for meant in understood(text, lexicon, atlas) if meant.kind == "place"] == [(key,)]


def test_other_places_of_the_same_short_name_are_offered(lexicon: Lexicon, atlas: Atlas) -> None:
    (meant,) = understood("saint hilaire", lexicon, atlas)
    assert meant.label == "Saint-Hilaire-de-Riez"
    assert "Saint-Hilaire-des-Loges" in {name for _, name in meant.also}


def test_a_town_and_its_departement_hold_together(lexicon: Lexicon, atlas: Atlas) -> None:
    found = understood("usinage Les Herbiers Vendée", lexicon, atlas)
    assert [(one.kind, one.keys[0]) for one in found[1:]] == [("place", "commune:85109"), ("place", "departement:85")]


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("Martin", "name", [("commune:76414", "Martin-Église")]),
        ("Laval", "elsewhere", [("commune:53130", "Laval (53)"), ("commune:30142", "Laval-Pradel (30)")]),
        ("Chalon", "elsewhere", [("commune:38066", "Chalon (38)"), ("commune:71076", "Chalon-sur-Saône (71)")]),
        ('"montaigu"', "name", []), ("« montaigu »", "name", []), ("漢字", "name", []), ("بناء", "name", []),
    ],
)  # fmt: skip
def test_a_surname_a_place_elsewhere_and_other_scripts_are_told_as_they_are(
    text: str, kind: str, told: list[tuple[str, str]], lexicon: Lexicon, atlas: Atlas
) -> None:
    (meant,) = understood(text, lexicon, atlas)
    assert (meant.kind, list(meant.also)) == (kind, told)


def test_what_says_nothing_is_left_out_and_told(lexicon: Lexicon, atlas: Atlas) -> None:
    found = understood("Bonjour, je cherche un usineur près de Montaigu SVP", lexicon, atlas)
    assert [(one.kind, one.label) for one in found[:2]] == [("trade", "usineur"), ("place", "Montaigu-Vendée")]
    assert [one.typed for one in found[2:]] == ["bonjour", "je cherche", "pres de", "svp"]


def test_each_part_can_be_taken_out_of_the_text(lexicon: Lexicon, atlas: Atlas) -> None:
    found = understood("Mécanique de précision à Montaigu", lexicon, atlas)
    assert {one.kind: one.without for one in found} == {"trade": "Montaigu", "place": "Mécanique de précision"}
    (last,) = understood(found[0].without, lexicon, atlas)
    assert last.without == ""


def test_a_street_that_bears_the_name_of_a_town_is_a_street(lexicon: Lexicon, atlas: Atlas) -> None:
    assert [one.kind for one in understood("atelier rue de Luçon", lexicon, atlas)] == ["name"]


def test_no_text_is_left_without_a_word(lexicon: Lexicon, atlas: Atlas) -> None:
    texts: Mapping[str, int] = {"un": 1, "je cherche": 1, "le la les": 1, "zz " * 80: 1, "merci": 1, "85": 1}
    assert {text for text in texts if not understood(text, lexicon, atlas)} == {"un", "le la les"}
