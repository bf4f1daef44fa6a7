"""`vigie measure regression`, `networks`, `access` on imaginary files, sound and at fault: each fault its sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.interfaces.cli.main import main

TABLE = "id,y,a,b\n" + "".join(f"z{row},{row * row % 7 + row},{row},{row % 3}\n" for row in range(8))
DOUBLED = "id,y,a,b\n" + "".join(f"z{row},{row * row},{row},{2 * row + 1}\n" for row in range(8))
CONSTANT = "id,y,a,b\n" + "".join(f"z{row},{row * row},{row},5\n" for row in range(8))
RING = {f"z{row}": [f"z{(row + 1) % 8}", f"z{(row - 1) % 8}"] for row in range(8)}
PLACES = "geoid,pop,jobs\nA,10,4\nB,20,0\n"
COSTS = "A,B\n2,20\n20,2\n"


def kept(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["measure", *map(str, words)]) != 0
    return capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert main(["measure", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_each_interval_has_its_number_of_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, near = kept(tmp_path, "t.csv", TABLE), kept(tmp_path, "w.json", RING)
    words = ("regression", "--table", table, "--y", "y", "--x", "a,b", "--w", near)
    found = told(capsys, *words)
    assert [found[name]["n"] for name in ("ols", "lag", "error")] == [8, 8, 8]
    assert main(["measure", *map(str, words)]) == 0
    shown = capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")
    assert shown.count("8 observations") == 3
    assert "Moran" in shown
    square = [[1 if abs(one - other) in (1, 7) else 0 for other in range(8)] for one in range(8)]
    assert told(capsys, *words[:-1], kept(tmp_path, "s.json", square)) == found
    assert told(capsys, *words[:-2])["lag"] is None


@pytest.mark.parametrize(
    ("table", "x", "near", "sentence"),
    [
        (DOUBLED, "a,b", None, "se déduit exactement"),
        (CONSTANT, "a,b", None, "vaut 5 partout"),
        ("id,y,a,b\nz0,1,2,3\nz1,2,5,1\n", "a,b", None, "2 lignes pour 3 coefficients"),
        (TABLE.replace("z0,0,", "z0,,"), "a", None, "cette case est vide"),
        (TABLE.replace("z0,0,", "z0,beaucoup,"), "a", None, "n’est pas un nombre"),
        (TABLE, "y", None, "ne peut pas s’expliquer elle-même"),
        (TABLE, "a,a", None, "deux fois"),
        (TABLE, "a,c", None, "« c »"),
        (TABLE, "a", RING | {"z3": []}, "n’a aucun voisin"),
        (TABLE, "a", {"z0": ["z1"]}, "les voisins de 1 lignes, et le tableau en a 8"),
        (TABLE, "a", RING | {"z3": ["z99"]}, "n’est pas une ligne du tableau"),
        (TABLE, "a", [[0, 1], [1, 0]], "2 × 2, et il y a 8 lignes"),
        (TABLE, "a", "voisins", "pas du JSON"),
    ],
)  # fmt: skip
def test_what_stops_a_regression_is_said(
    table: str, x: str, near: Any, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words: list[object] = ["regression", "--table", kept(tmp_path, "t.csv", table), "--y", "y", "--x", x]
    if near is not None:
        words += ["--w", kept(tmp_path, "w.json", near)]
    assert sentence in refused(capsys, *words)


def test_loops_and_doubles_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edges = kept(tmp_path, "e.csv", "a,b,weight\nu,u,1\nu,v,1\nv,u,2\nv,w,1\n")
    found = told(capsys, "networks", "--edges", edges)
    assert (found["global"]["n"], found["global"]["m"]) == (3, 2)
    assert len(found["notes"]) == 2
    assert {one["node"]: one["constraint_burt"] for one in found["nodes"]}["v"] == pytest.approx(0.75**2 + 0.25**2)


@pytest.mark.parametrize(
    ("edges", "sentence"),
    [
        ("a,b\nu,u\n", "« u » à lui-même"),
        ("a,b\nu,u\nv,v\n", "un nœud à lui-même"),
        ("a,b\nu,\n", "ce nœud n’a pas de nom"),
        ("a,c\nu,v\n", "« b »"),
        ("a,b\n", "aucune ligne"),
        ("a,b,weight\nu,v,1\nv,w,\n", "le poids de ce lien manque"),
        ("a,b,weight\nu,v,-1\n", "n’est pas un poids positif"),
    ],
)
def test_what_stops_a_network_is_said(
    edges: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sentence in refused(capsys, "networks", "--edges", kept(tmp_path, "e.csv", edges))


def test_groups_and_memberships_at_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edges = kept(tmp_path, "e.csv", "a,b\nu,v\nv,w\n")
    groups = kept(tmp_path, "g.csv", "node,group\nu,1\nv,2\n")
    assert "il manque le groupe de « w »" in refused(capsys, "networks", "--edges", edges, "--groups", groups)
    assert "« v » se trouve dans les deux colonnes" in refused(capsys, "networks", "--edges", edges, "--bipartite")


@pytest.mark.parametrize(
    ("places", "costs", "sentence"),
    [
        (PLACES, "A,B\n2,20\n", "1 lignes et 2 colonnes pour 2 lieux"),
        (PLACES, "A,C\n2,20\n20,2\n", "« C » n’est pas dans le fichier des lieux"),
        (PLACES, "A\n2\n", "il manque la colonne du lieu « B »"),
        (PLACES, "A,B\n2,-20\n20,2\n", "une durée ne peut pas valoir -20"),
        (PLACES, "A,B\n2,loin\n20,2\n", "« loin » n’est pas une durée"),
        (PLACES, "A,B\n2\n20,2\n", "cette ligne a 1 cases pour 2 colonnes"),
        (PLACES + "A,1,1\n", COSTS, "« A » est écrit deux fois"),
        (PLACES.replace("20", "-20"), COSTS, "ne peut pas valoir -20"),
    ],
)
def test_what_stops_reach_is_said(
    places: str, costs: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--places", kept(tmp_path, "p.csv", places), "--cost", kept(tmp_path, "c.csv", costs))
    assert sentence in refused(capsys, "access", *words)


def test_what_places_reach_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--places", kept(tmp_path, "p.csv", PLACES), "--cost", kept(tmp_path, "c.csv", "B,A\n2,20\n20,2\n"))
    found = told(capsys, "access", *words)
    assert [one["cumulative_30"] for one in found] == [4, 4]
    assert found[0]["fca2_jobs"] == pytest.approx(4 / 30)
    assert main(["measure", "access", *map(str, words)]) == 0
    assert "À 30 minutes" in capsys.readouterr().out
