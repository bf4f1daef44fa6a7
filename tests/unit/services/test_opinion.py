"""Opinion groups of imaginary votes: planted groups are found again, noise is said to be noise, faults are told.

VIGIE_DRAWS sets how many draws without structure are tried (12 by default).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from vigie.errors import RequestFault, StructureFault
from vigie.interfaces.cli.main import main
from vigie.measures.opinion.clearness import clearness
from vigie.measures.opinion.grouping import counted_rows, group
from vigie.measures.opinion.plane import UNSEEN, plane_of
from vigie.services.envision.conversations import imported
from vigie.services.envision.opinion import groups_of_file

DRAWS = int(os.environ.get("VIGIE_DRAWS", "12"))
PEOPLE, STATEMENTS, FILLED = 200, 40, 0.3


def seen(cast: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    return np.where(chance.random(cast.shape) < FILLED, cast, UNSEEN).astype(np.int8)


def planted(many: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Votes of groups that each hold to a profile of their own, one vote in twenty-five against it."""
    chance = np.random.default_rng(seed)
    label = chance.integers(many, size=PEOPLE)
    # Profiles far from one another: statements are shared out between the groups that agree and those that do not.
    profile = np.where(np.arange(STATEMENTS)[None, :] % many == np.arange(many)[:, None], 1, -1)
    cast = np.where(chance.random((PEOPLE, STATEMENTS)) < 0.96, profile[label], -profile[label])
    return label, seen(cast, chance)


def noise(seed: int) -> np.ndarray:
    """Votes that nothing ties together: each statement has its share of agreements, each person votes by chance."""
    chance = np.random.default_rng(seed)
    share = chance.random(STATEMENTS)
    cast = np.where(chance.random((PEOPLE, STATEMENTS)) < share, 1, -1)
    return seen(np.where(chance.random(cast.shape) < 0.1, 0, cast), chance)


def written(path: Path, votes: np.ndarray, order: np.random.Generator | None = None) -> Path:
    rows = [f"p{who},s{what},{votes[who, what]},{who}" for who, what in np.argwhere(votes != UNSEEN)]
    if order is not None:
        order.shuffle(rows)
    path.write_text("participant,statement,vote,time\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("many", [2, 3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_groups_are_found_again(many: int, seed: int) -> None:
    label, votes = planted(many, seed)
    plane, rows = plane_of(votes), counted_rows(votes)
    found = group(plane.participants, rows)
    assert len(found.centers) == many
    assert adjusted_rand_score(label[rows], found.group) >= 0.95
    measured = clearness(votes, plane, found)
    assert measured.clear
    assert measured.stability > 0.9


@pytest.mark.slow
def test_votes_without_structure_have_no_clear_groups() -> None:
    clear = 0
    for seed in range(DRAWS):
        votes = noise(seed)
        plane, rows = plane_of(votes), counted_rows(votes)
        clear += clearness(votes, plane, group(plane.participants, rows)).clear
    assert clear <= max(1, DRAWS // 20)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    votes = planted(2, 5)[1]
    one = groups_of_file(written(tmp_path / "one.csv", votes))
    other = groups_of_file(written(tmp_path / "other.csv", votes, np.random.default_rng(3)))
    assert one == other
    assert one["clear"]
    assert "très stables" in one["sentence"]
    assert sum(some["size"] for some in one["groups"]) == sum(one["group"] is not None for one in one["participants"])


def test_the_other_code_of_an_agreement_turns_every_vote(tmp_path: Path) -> None:
    votes = planted(2, 6)[1]
    turned = np.where(votes == UNSEEN, votes, -votes)
    found = groups_of_file(written(tmp_path / "turned.csv", turned), agree=-1)
    assert found["statements"] == groups_of_file(written(tmp_path / "as.csv", votes))["statements"]
    with pytest.raises(RequestFault, match="1 ou -1"):
        groups_of_file(tmp_path / "as.csv", agree=2)


def test_everybody_alike_is_no_group(tmp_path: Path) -> None:
    found = groups_of_file(written(tmp_path / "alike.csv", np.ones((20, 8), dtype=np.int8)))
    assert not found["clear"]
    assert found["sentence"].startswith("Pas de groupes nets")
    assert len(found["groups"]) == 1


def test_the_later_vote_counts(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("participant,statement,vote,time\na,x,1,2\na,x,-1,1\nb,x,-1,1\n", encoding="utf-8")
    found = groups_of_file(path)["statements"][0]
    assert (found["agree"], found["disagree"]) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("a,x,5,1\nb,x,1,1", "ligne 2, colonne « vote » : « 5 » n’est pas un vote"),
        ("a,x,1,1\nb,x,oui,1", "ligne 3, colonne « vote »"),
        ("a,x,1,1\na,x,-1,1\nb,x,1,1", "ligne 3, colonne « time » : deux votes différents"),
        ("a,x,1,1\na,y,1,1", "un seul participant, « a »"),
        ("a,x,0,1\nb,x,0,1", "tous les votes passent"),
        ("a,,1,1\nb,x,0,1", "ligne 2, colonne « statement » : cette case est vide"),
        ("a,x,1,1\n\nb,x,7,1", "ligne 4, colonne « vote » : « 7 » n’est pas un vote"),
        ("a,x,1,1\nb,x,1", "ligne 3 : cette ligne n’a pas le nombre de cases des titres"),
        ("a,x,1,1\na,x,1,hier\nb,x,1,1", "ligne 3, colonne « time » : « hier » n’est pas une heure"),
    ],
)
def test_votes_at_fault_are_said_with_line_and_column(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(f"participant,statement,vote,time\n{rows}\n", encoding="utf-8")
    with pytest.raises(StructureFault) as fault:
        groups_of_file(path)
    assert said in str(fault.value)


def test_doubles_without_a_time_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("participant,statement,vote\na,x,1\na,x,1\nb,x,1\n", encoding="utf-8")
    with pytest.raises(StructureFault, match="ligne 3, colonne"):
        groups_of_file(path)
    path.write_text("participant,vote\na,1\nb,1\n", encoding="utf-8")
    with pytest.raises(StructureFault, match="il manque la colonne « statement »"):
        groups_of_file(path)


def conversation(folder: Path, votes: str, comments: str) -> Path:
    folder.mkdir()
    (folder / "votes.csv").write_text(f"timestamp,comment-id,voter-id,vote\n{votes}", encoding="utf-8")
    titles = "comment-id,agrees,disagrees,moderated,comment-body\n"
    (folder / "comments.csv").write_text(titles + comments, encoding="utf-8")
    return folder


def test_a_conversation_is_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    comments = "0,3,1,1,Ouvrir le marché\n1,3,1,-1,Fermer le marché\n"
    votes = "".join(f"{who},{what},{who},{-1 if (who + what) % 4 else 1}\n" for who in range(4) for what in range(2))
    found = imported(conversation(tmp_path / "turned", votes, comments))
    assert [one["agree"] for one in found["statements"]] == [3, 3]  # the counts say that -1 is an agreement
    assert [one["text"] for one in found["statements"]] == ["Ouvrir le marché", "Fermer le marché"]
    assert [one["moderated_out"] for one in found["statements"]] == [False, True]
    with pytest.raises(StructureFault, match="proposition « 1 », qui n’est pas dans"):
        imported(conversation(tmp_path / "unknown", votes, "0,3,1,1,Ouvrir le marché\n"))
    with pytest.raises(StructureFault, match="il manque le fichier"):
        imported(tmp_path)


def test_the_command_tells_groups_in_words_and_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(tmp_path / "votes.csv", planted(2, 7)[1]))
    assert main(["envision", "groups", "--votes", path]) == 0
    told = capsys.readouterr().out.replace("\u00a0", " ")
    assert "2 groupes d’opinion, très stables" in told
    assert "Ce qui divise : « s" in told
    assert main(["envision", "groups", "--votes", path, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stability"]["resamples"] == 200
    assert main(["envision", "groups", "--votes", str(tmp_path / "absent.csv")]) == 1
    assert "absent.csv" in capsys.readouterr().err


def test_accents_of_another_encoding_are_read(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_bytes("participant;statement;vote\r\nÉlan;x;1\r\nb;x;-1\r\n".encode("cp1252"))
    assert [one["id"] for one in groups_of_file(path)["participants"]] == ["b", "Élan"]
