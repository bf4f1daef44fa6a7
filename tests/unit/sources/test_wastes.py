"""The list of wastes, the register of emissions and precedents, read without what must not be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.not_empty import not_empty
from tests.register_of_wastes import NAME, PLACE, declared, write_register
from tests.small_stock import siret
from vigie.errors import RequestFault, StructureFault
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.declared_wastes import DeclaredWastesRead, read_declared_wastes
from vigie.sources.precedents import PrecedentsRead, read_precedents
from vigie.sources.wastes import read_waste, wastes

CARDS = {card.id: card for card in read_cards()}


def test_the_list_is_whole_and_its_marks_are_the_laws() -> None:
    assert (len(wastes()), sum(one.hazardous for one in wastes().values())) == (842, 408)
    assert wastes()["170204"].written == "17 02 04*" and wastes()["170201"].written == "17 02 01"
    assert all(one.label and one.section and one.chapter for one in not_empty(wastes().values()))


@pytest.mark.parametrize("typed", ["170204", "17 02 04*", "17 02 04", " 17.02.04 * "])
def test_a_code_is_read_however_it_is_spaced_and_a_missing_star_is_given_back(typed: str) -> None:
    assert read_waste(typed).written == "17 02 04*"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("bois", "n’est pas un code déchet"),
        ("", "n’est pas un code déchet"),
        ("170201170202", "colle 2 codes"),
        ("170299", "n’est pas dans la liste"),
        ("1702", "n’est pas dans la liste"),
        ("17 02 01*", "porte l’étoile"),
    ],
)
def test_a_code_at_fault_is_refused_in_a_sentence(typed: str, told: str) -> None:
    with pytest.raises(RequestFault, match=told):
        read_waste(typed)


def register(folder: Path, *args: object) -> DeclaredWastesRead:
    path = write_register(folder / "2024.zip", *args)  # type: ignore[arg-type]
    (file,) = discover((path,), list(CARDS.values()))
    assert file.card == "irep_dechets"
    return read_declared_wastes(path, CARDS[file.card])


def test_the_register_is_recognised_and_its_names_and_places_are_read_past(tmp_path: Path) -> None:
    read = register(
        tmp_path, {"7": siret(0), "8": "", "9": siret(1)},
        [declared("7", "03 01 05", "12.5"), declared("7", "03 01 05", "1,5"), declared("7", "16 02 13", "")],
        [declared("9", "03 01 05", "90", "R3")],
    )  # fmt: skip
    found = {(row["siret"], row["way"], row["waste"]): row["tonnes"] for row in read.wastes.to_pylist()}
    assert found == {
        (siret(0), "gives", "030105"): 14.0, (siret(0), "gives", "160213"): None, (siret(1), "takes", "030105"): 90.0,
    }  # fmt: skip
    assert not read.rejects
    kept = str(read.wastes.to_pylist())
    assert NAME not in kept and PLACE not in kept


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (declared("8", "030105", "1"), "identifiant"),
        (declared("404", "030105", "1"), "identifiant"),
        (declared("7", "030105170201", "1"), "code_dechet"),
        (declared("7", "17 02 01*", "1"), "code_dechet"),
        (declared("7", "030105", "-3"), "quantite"),
        (declared("7", "030105", "beaucoup"), "quantite"),
        (declared("7", "030105", "1", operation="X2"), "code_operation_eliminatio_valorisation"),
        (declared("7", "030105", "1", year="24"), "annee"),
    ],
)
def test_a_row_at_fault_is_told_by_line_and_column_and_names_nobody(
    tmp_path: Path, row: dict[str, str], column: str
) -> None:
    read = register(tmp_path, {"7": siret(0), "8": "12"}, [declared("7", "030105", "1"), row])
    (reject,) = read.rejects
    assert (reject.line, reject.column) == (2, column) and NAME not in reject.reason
    assert len(read.wastes) == 1


def test_an_archive_without_wastes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "etablissements.csv"
    path.write_text("identifiant;numero_siret\n1;2\n")
    with pytest.raises(StructureFault, match="déchets produits ou traités"):
        read_declared_wastes(path, CARDS["irep_dechets"])


HEADER = "id,case,nace_from,nace_to,ewc,final_use,status,ref"


def precedents(folder: Path, *lines: str) -> PrecedentsRead:
    path = folder / "precedents.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    (file,) = discover((path,), list(CARDS.values()))
    return read_precedents(path, CARDS[file.card])


def test_precedents_keep_their_reference(tmp_path: Path) -> None:
    read = precedents(tmp_path, "1,Vallée,1610,3109,03 01 05,Panneaux,Réalisé,Étude de la vallée")
    (row,) = read.precedents.to_pylist()
    assert (row["giver"], row["taker"], row["waste"], row["reference"], row["imaginary"]) == (
        "1610", "3109", "030105", "Étude de la vallée", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("1,c,16,31,030105,,,", "ref"),
        (",c,16,31,030105,,,r", "id"),
        ("0,c,16,31,030105,,,r", "id"),
        ("1,c,A,31,030105,,,r", "nace_from"),
        ("1,c,16,,030105,,,r", "nace_to"),
        ("1,c,16,31,030105150101,,,r", "ewc"),
    ],
)
def test_a_precedent_at_fault_is_told(tmp_path: Path, line: str, column: str) -> None:
    read = precedents(tmp_path, "0,c,16,31,030105,,,r", line)
    (reject,) = read.rejects
    assert (reject.line, reject.column) == (2, column)
