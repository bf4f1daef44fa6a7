"""Exact names are found whatever their signs; words of business mail name no place; towns and countries abroad do."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.directories import from_rows
from tests.not_empty import not_empty
from vigie.store.directory import Directory, DirectoryQuery
from vigie.store.spelling import key

EN_VILLE = {"commune": "57463", "postal_code": "57000", "address": "3 AVENUE DU GENERAL LECLERC"}
SEPARATORS = ("-", " & ", "/", ".", " ", "'", "’", " + ", "–", "_", ", ")
PIECES = (
    "A",
    "B",
    "C",
    "H",
    "N",
    "3",
    "D",
    "É",
    "SARL",
    "SCI",
    "ATELIER",
    "BAR",
    "METZ",
    "SAINT",
    "ET",
    "LE",
    "CEDEX",
    "2000",
)


def _generated(chance: random.Random) -> list[str]:
    """Return the pieces of a name, many of them one letter or digit."""
    return [chance.choice(PIECES) for _ in range(chance.randint(2, 6))]


def _joined(pieces: list[str], chance: random.Random) -> str:
    return "".join(piece + chance.choice(SEPARATORS) for piece in pieces[:-1]) + pieces[-1]


def test_every_exact_name_is_found_whatever_its_signs(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - a repeatable draw, not a secret
    named = {
        f"{200000000 + number:09}00001": pieces
        for number, pieces in enumerate([_generated(chance) for _ in range(1_200)])
    }
    rows = [
        {"siret": siret, "name": _joined(pieces, chance), **EN_VILLE, "naf": "10.71C"}
        for siret, pieces in named.items()
    ]
    directory = from_rows(rows, tmp_path / "index")
    namesakes = Counter(key("".join(pieces)) for pieces in named.values())
    checked = 0
    for siret, row in not_empty(zip(named, rows, strict=True)):
        if namesakes[key(row["name"])] > 5:
            continue
        checked += 1
        for text in (row["name"], _joined(named[siret], chance)):
            found = [record["siret"] for record in directory.search(DirectoryQuery(text=text, per_page=10)).records]
            assert siret in found, (row["name"], text)
    assert checked > 1_000


@pytest.fixture(scope="module", params=["A-B-C COMPANY", "A.B.C.", "N/A", "H & C", "S.A.R.L. DU LAC", "3-D", "L'Œ / Y"])
def beside(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Directory]:
    """A name of signs, and a directory where eighty others have its letters."""
    others = [{"siret": f"{300000000 + n:09}00001", "name": f"H {n} COMPANY C", **EN_VILLE} for n in range(80)]
    here = {"siret": "40000000000001", "name": request.param, **EN_VILLE}
    return request.param, from_rows([*others, here], tmp_path_factory.mktemp("beside") / "index")


@pytest.mark.parametrize("place", ["", " Metz", " à Metz", " 57000", " Metz cedex 9"])
def test_a_name_of_signs_is_found_beside_a_place(beside: tuple[str, Directory], place: str) -> None:
    name, directory = beside
    first = directory.search(DirectoryQuery(text=f"{name.lower()}{place}")).records[0]
    assert first["name"] == name


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    """A firm that has its mail in a post office box, and one abroad."""
    mail = {
        **EN_VILLE, "siret": "50000000000001", "name": "LIVRAISON IMAGINAIRE", "distribution": "BP 123",
        "cedex_code": "57922", "cedex_label": "METZ CEDEX 9",
    }  # fmt: skip
    abroad = {
        "siret": "50000000100001", "name": "BOUTIQUE LOINTAINE", "address": "12 CALLE MAYOR",
        "commune_label": "VALENCIA", "country": "ESPAGNE",
    }  # fmt: skip
    other = {**EN_VILLE, "siret": "50000000200001", "name": "TISSAGE IMAGINAIRE"}
    return from_rows([mail, abroad, other], tmp_path_factory.mktemp("delivered") / "index")


@pytest.mark.parametrize(
    "text",
    ["livraison imaginaire metz cedex 9", "livraison metz cedex", "livraison imaginaire BP 123 57000 metz", "57922",
     "livraison BP 77 metz CEDEX 03", "BP 123", "livraison metz cs 40012"],
)  # fmt: skip
def test_words_of_business_mail_name_no_place(text: str, delivered: Directory) -> None:
    page = delivered.search(DirectoryQuery(text=text))
    assert [record["name"] for record in page.records] == ["LIVRAISON IMAGINAIRE"] and not page.approximate


@pytest.mark.parametrize("text", ["espagne", "valencia", "boutique lointaine", "boutique valencia espagne"])
def test_an_establishment_abroad_is_found_by_its_town_and_country(text: str, delivered: Directory) -> None:
    page = delivered.search(DirectoryQuery(text=text))
    assert [record["name"] for record in page.records] == ["BOUTIQUE LOINTAINE"]
