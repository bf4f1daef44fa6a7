"""Cards of sources: those shipped hold what a reader needs; a malformed one is refused with its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.not_empty import not_empty
from vigie.errors import StructureFault
from vigie.services.loaded import Loaded
from vigie.sources import events, sirene
from vigie.sources.cards_reader import SHIPPED, Card, read_card, read_cards, spelled_down

OFFICIAL = (
    "sirene_etablissement", "sirene_unite_legale", "sirene_historique", "sirene_historique_extrait",
    "sirene_succession", "urssaf_emploi",
)  # fmt: skip
CARDS = {card.id: card for card in read_cards()}
MINIMAL = "id: x\ntitle: T\nproducer: P\nlicence: L\ncitation: C\nrhythm: R\n"


@pytest.mark.parametrize("name", OFFICIAL)
def test_an_official_card_says_what_a_reader_needs(name: str):
    card = CARDS[name]
    assert all((card.producer, card.licence, card.citation, card.rhythm, card.gaps, card.columns))
    assert card.licence.startswith("ODbL" if name == "urssaf_emploi" else "Licence Ouverte")
    assert bool(card.attribution) == (name == "urssaf_emploi")


@pytest.mark.parametrize("name", [name for name in OFFICIAL if name != "sirene_historique_extrait"])
def test_the_addresses_of_an_official_card_say_when_they_were_called(name: str):
    for address in not_empty(CARDS[name].addresses):
        assert address.url.startswith("https://")
        assert address.checked is None or re.fullmatch(r"\d{4}-\d\d-\d\d", address.checked)
        assert address.checked or "jamais appelée" in str(address.note)
        assert ("{departement}" in address.url) == (address.scope == "departement")


def test_the_producer_s_cut_by_departement_is_offered_where_there_is_one():
    cut = {card.id for card in CARDS.values() if any(address.scope == "departement" for address in card.addresses)}
    assert cut == {"urssaf_emploi", "bodacc"}


def test_sirene_is_fetched_at_permanent_addresses_only_and_a_territory_is_read_out_of_parquet():
    cards = [CARDS[name] for name in OFFICIAL if name.startswith("sirene_") and CARDS[name].addresses]
    assert len(cards) == 4
    for card in not_empty(cards):
        stable = r"https://www\.data\.gouv\.fr/api/1/datasets/r/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        assert [address.format for address in card.addresses] == ["zip", "parquet"]
        assert all(re.fullmatch(stable, address.url) for address in not_empty(card.addresses))
        [by] = card.addresses[1].cut.values()
        assert set(by) <= {rule.name for rule in card.columns}
        assert "/fr/" not in str(card.page)
    assert not any(
        not_empty(
            dead in path.read_text("utf-8")
            for path in SHIPPED.glob("*.yml")
            for dead in ("files.data.gouv.fr/insee-sirene", "geo_siret", "geo-sirene")
        )
    )


def test_a_source_of_two_layouts_is_cited_by_the_card_that_bears_its_name():
    content = {"name": "g", "simulated": False, "created": "", "vintage": {"sirene_historique": "2026-10-01"}}
    [cited] = Loaded.read(content, CARDS.values()).cite("sirene_historique")
    assert cited.id == "sirene_historique"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("sirene_unite_legale", sirene.UNIT_COLUMNS),
        ("sirene_etablissement", (*sirene.ESTABLISHMENT_COLUMNS, "identifiantAdresseEtablissement")),
        ("sirene_historique", events.PERIOD_COLUMNS),
        ("sirene_succession", events.LINK_COLUMNS),
    ],
)
def test_a_card_lists_the_columns_that_its_source_reads(name: str, read: tuple[str, ...]):
    assert {rule.as_ for rule in CARDS[name].columns} == set(read)


def test_every_card_is_named_after_its_file():
    assert all(read_card(path).id == path.stem for path in not_empty(SHIPPED.glob("*.yml")))


def test_what_a_card_feeds(tmp_path: Path):
    assert CARDS["sirene_historique_extrait"].source == "sirene_historique"
    assert card(tmp_path, MINIMAL).source == "x"
    assert card(tmp_path, MINIMAL + "kind: zonage\n").source == "zonage:x"


def test_an_installation_s_card_wins(tmp_path: Path):
    (tmp_path / "urssaf_emploi.yml").write_text(MINIMAL.replace("id: x", "id: urssaf_emploi"), "utf-8")
    assert next(c for c in read_cards(SHIPPED, tmp_path) if c.id == "urssaf_emploi").title == "T"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (MINIMAL.replace("licence: L\n", ""), "licence", "absente"),
        (MINIMAL + "licences: L\n", "licences", "inconnue"),
        (MINIMAL + "kind: tableau\n", "kind", "genre"),
        (MINIMAL + "gaps: une lacune\n", "gaps", "liste"),
        (MINIMAL + "columns: [{name: a, requis: true}]\n", "columns.requis", "inconnue"),
        (MINIMAL + "columns: [3]\n", "columns", "clés"),
        (MINIMAL + "addresses: [{url: 'https://a'}]\n", "addresses.format", "absente"),
        (MINIMAL + "older: [{title: T}]\n", "older", "manque"),
        (MINIMAL + "columns:\n  - {name: a\n", None, "YAML"),
        ("- liste\n", None, "clés"),
        ("", None, "clés"),
    ],
)
def test_a_malformed_card_is_refused(tmp_path: Path, text: str, key: str | None, words: str):
    with pytest.raises(StructureFault, match=words) as caught:
        card(tmp_path, text)
    assert (caught.value.file, caught.value.column) == ("x.yml", key)


def test_a_card_in_another_encoding_is_refused(tmp_path: Path):
    path = tmp_path / "x.yml"
    path.write_bytes("title: Été".encode("latin-1"))
    with pytest.raises(StructureFault, match="UTF-8"):
        read_card(path)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Effectifs salariés 2006", "effectifs_salaries_2006"),
        ("Nombre d'établissements 2006", "nombre_d_etablissements_2006"),
        ("Nombre d’établissements 2006", "nombre_d_etablissements_2006"),
        ("  Code APE ", "code_ape"),
        ("Cœur de ville", "coeur_de_ville"),
    ],
)
def test_spelled_down(name: str, plain: str):
    assert spelled_down(name) == plain


def card(folder: Path, text: str) -> Card:
    path = folder / "x.yml"
    path.write_text(text, "utf-8")
    return read_card(path)
