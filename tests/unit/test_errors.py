"""Errors say what, where, what to do; the tree drawn in the docstring is the real one."""

from __future__ import annotations

import inspect
import re

from vigie import errors
from vigie.errors import Reject, StructureFault, VigieError


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z]\w+) {2}", errors.__doc__ or "", re.MULTILINE))
    real = {name for name, item in inspect.getmembers(errors, inspect.isclass) if issubclass(item, VigieError)}
    assert drawn == real


def test_a_structure_fault_names_the_place_and_the_remedy() -> None:
    fault = StructureFault(
        "une colonne manque.",
        file="a.csv",
        line=1,
        column="siret",
        remedy="Reprenez le fichier de l’Insee.",
    )
    assert str(fault) == (
        "Fichier « a.csv », ligne 1, colonne « siret » : une colonne manque. Reprenez le fichier de l’Insee."
    )


def test_a_place_that_is_unknown_is_left_out() -> None:
    assert str(StructureFault("il est vide.", file="a.csv", remedy="Rechargez-le.")) == (
        "Fichier « a.csv » : il est vide. Rechargez-le."
    )


def test_a_reject_prints_its_four_keys() -> None:
    assert Reject("a.csv", 12, "siret", "13 chiffres").as_dict() == {
        "file": "a.csv",
        "line": 12,
        "column": "siret",
        "reason": "13 chiffres",
    }
