"""Ties read from contracts and projects, imaginary files in which every case exists."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.not_empty import not_empty
from tests.small_stock import siren, siret_of
from vigie.errors import StructureFault
from vigie.sources.base import discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.ties.groups import TiesRead
from vigie.sources.ties.projects import siren_of_vat
from vigie.sources.ties.reading import read_ties

CARDS = {card.id: card for card in read_cards()}
A, B, C, D = (siren(number) for number in range(4))
HEADER = "uid,titulaire_id,titulaire_typeIdentifiant,dateNotification,typeGroupementOperateurs,donneesActuelles,nature"
WIDE = (
    "id,acheteur_id,titulaire_id_1,titulaire_typeidentifiant_1,titulaire_id_2,titulaire_typeidentifiant_2,"
    "titulaire_id_3,titulaire_typeidentifiant_3,datenotification,typegroupementoperateurs"
)
CORDIS = "projectID;organisationID;vatNumber;name;country;totalCost"


def contracts(folder: Path, *lines: str) -> TiesRead:
    path = folder / "decp.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return read_ties(path, CARDS["decp_consolidees"])


def held(market: str, holder: str, grouping: str = "Conjoint", **more: str) -> str:
    told = {"kind": "SIRET", "date": "2024-05-06", "current": "true", "nature": "Marché"} | more
    return f"{market},{holder},{told['kind']},{told['date']},{grouping},{told['current']},{told['nature']}"


def pairs(read: TiesRead) -> set[tuple[str, str]]:
    return {(row["siren"], row["partner"]) for row in read.ties.to_pylist()}


@pytest.mark.parametrize("grouping", ["Conjoint", "Solidaire", "GROUPEMENT SOLIDAIRE", "conjoint "])
def test_a_group_said_joint_or_several_is_a_declared_tie(tmp_path: Path, grouping: str) -> None:
    read = contracts(tmp_path, held("m1", siret_of(A), grouping), held("m1", siret_of(B), grouping))
    assert pairs(read) == {(A, B), (B, A)}
    [first, _] = read.ties.to_pylist()
    assert (first["certainty"], first["weight"], first["kind"]) == ("declared", 1.0, "contract")
    assert str(first["date"]) == "2024-05-06"


def test_a_contract_given_to_several_without_a_group_is_no_tie(tmp_path: Path) -> None:
    read = contracts(
        tmp_path, held("m1", siret_of(A), "Pas de groupement"), held("m1", siret_of(B), "Pas de groupement")
    )
    assert not pairs(read)
    assert not read.rejects


@pytest.mark.parametrize(
    ("holders", "more", "expected"),
    [
        (2, {}, "doubtful"),
        (6, {}, "doubtful"),
        (7, {}, None),
        (2, {"nature": "Accord-cadre"}, None),
    ],
)
def test_where_nothing_is_said_few_holders_and_no_framework_are_doubtful(
    tmp_path: Path, holders: int, more: dict[str, str], expected: str | None
) -> None:
    read = contracts(tmp_path, *(held("m1", siret_of(siren(number)), "", **more) for number in range(holders)))
    assert {row["certainty"] for row in read.ties.to_pylist()} == ({expected} if expected else set())


def test_each_member_shares_itself_out_once_and_those_without_siren_count(tmp_path: Path) -> None:
    read = contracts(
        tmp_path,
        held("m1", siret_of(A)),
        held("m1", siret_of(B)),
        held("m1", "BE0123456789", kind="TVA"),
        held("m1", "1234567890123"),
    )
    assert pairs(read) == {(A, B), (B, A)}
    assert {row["weight"] for row in not_empty(read.ties.to_pylist())} == {1 / 3}
    [group] = read.groups.to_pylist()
    assert (group["members"], group["resolved"]) == (4, 2)
    [reject] = read.rejects
    assert (reject.line, reject.column) == (4, "titulaire_id")
    assert "n’est pas un SIRET" in reject.reason


def test_a_holder_named_twice_or_by_two_establishments_is_one(tmp_path: Path) -> None:
    twice = contracts(tmp_path, held("m1", siret_of(A)), held("m1", siret_of(A)), held("m1", siret_of(A, 2)))
    assert not pairs(twice)
    both = contracts(tmp_path, held("m1", siret_of(A)), held("m1", siret_of(A, 2)), held("m1", siret_of(B)))
    assert {row["weight"] for row in not_empty(both.ties.to_pylist())} == {1.0}


def test_former_states_of_a_contract_are_not_read(tmp_path: Path) -> None:
    read = contracts(
        tmp_path, held("m1", siret_of(A)), held("m1", siret_of(C), current="false"), held("m1", siret_of(B))
    )
    assert pairs(read) == {(A, B), (B, A)}


def test_an_impossible_day_leaves_the_date_unknown_and_is_said(tmp_path: Path) -> None:
    read = contracts(tmp_path, held("m1", siret_of(A), date="0218-10-29"), held("m1", siret_of(B), date="0218-10-29"))
    assert [row["date"] for row in not_empty(read.ties.to_pylist())] == [None, None]
    assert {reject.column for reject in not_empty(read.rejects)} == {"dateNotification"}


def test_a_crowd_is_no_group_and_is_said(tmp_path: Path) -> None:
    read = contracts(tmp_path, *(held("m1", siret_of(siren(number))) for number in range(40)))
    assert not pairs(read)
    [reject] = read.rejects
    assert "40 titulaires" in reject.reason


def test_the_official_layout_gives_up_to_three_holders(tmp_path: Path) -> None:
    path = tmp_path / "decp-2022-marches-valides.csv"
    empty = "CDL,CDL"
    path.write_text(
        f"{WIDE}\nm1,b1,{siret_of(A)},SIRET,{siret_of(B)},SIRET,{siret_of(C)},SIRET,2024-05-06,Solidaire\n"
        f"m1,b2,{siret_of(A)},SIRET,{siret_of(D)},SIRET,{empty},2024-05-06,CDL\n",
        encoding="utf-8",
    )
    read = read_ties(path, CARDS["decp_officielles"])
    assert pairs(read) == {(A, B), (B, A), (A, C), (C, A), (B, C), (C, B), (A, D), (D, A)}
    told = {row["partner"]: (row["certainty"], row["weight"]) for row in read.ties.to_pylist() if row["siren"] == A}
    assert told[B] == ("declared", 0.5)
    assert told[D] == ("doubtful", 1.0)
    assert not read.rejects


def vat(number: str) -> str:
    return f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"


def test_projects_tie_the_french_participants_that_a_vat_number_names(tmp_path: Path) -> None:
    wrong = f"FR{(int(vat(C)[2:4]) + 1) % 97:02d}{C}"
    lines = [
        f"101;1;{vat(A)};X;FR;1234,56",
        f"101;2;{vat(B)};X;FR;0",
        "101;3;DE123456789;X;DE;1,5",
        "101;4;;Y;FR;1,5",
        f"102;5;{wrong};X;FR;1",
        f"102;1;{vat(A)};X;FR;1",
    ]
    path = tmp_path / "cordis-HORIZONprojects-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("organization.csv", "\n".join([CORDIS, *lines]))
        archive.writestr("project.csv", "id;startDate\n101;2023-01-01\n102;never\n")
    [file] = discover([path], list(CARDS.values()))
    assert (file.card, file.member) == ("cordis_organisations", "organization.csv")
    read = read_ties(path, CARDS["cordis_organisations"])
    assert pairs(read) == {(A, B), (B, A)}
    for row in not_empty(read.ties.to_pylist()):
        assert (str(row["date"]), row["weight"], row["certainty"]) == ("2023-01-01", 1 / 3, "declared")
    [reject] = read.rejects
    assert "la clé de ce numéro de TVA est fausse" in reject.reason
    assert siren_of_vat(vat(A)) == A


def test_nothing_but_identifiers_is_kept(tmp_path: Path) -> None:
    read = contracts(tmp_path, held("m1", siret_of(A)), held("m1", siret_of(B)))
    assert set(read.ties.column_names) == {
        "siren", "partner", "group", "kind", "source", "date", "weight", "certainty",
    }  # fmt: skip


def test_a_card_says_the_form_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "decp.csv"
    path.write_text(HEADER + "\n", encoding="utf-8")
    with pytest.raises(StructureFault, match=r"layout\.form"):
        read_ties(path, replace(CARDS["decp_consolidees"], layout={}))


def test_real_extracts_give_doubtful_ties_only(shared: Path) -> None:
    data = shared / "data"
    works = read_ties(data / "coop_decp_2024" / "marches_travaux_batiment.parquet", CARDS["decp_travaux_2024"])
    assert {row["certainty"] for row in not_empty(works.ties.to_pylist())} == {"doubtful"}
    assert len({tuple(sorted(pair)) for pair in pairs(works)}) > 900
    older = read_ties(data / "coop_decp_2018" / "titulaires.parquet", CARDS["decp_titulaires_2018"])
    assert len(pairs(older)) > 1_500
    assert len(older.rejects) > 10
