"""The European list of wastes: 842 codes, their French labels, and the mark of those that are hazardous.

Shipped with Vigie (`reference/waste_codes.csv`): the list is the law's, decision 2014/955/UE and article R541-7 of the
code de l’environnement.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.errors import RequestFault

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST = Path(__file__).parent / "reference" / "waste_codes.csv"
REFERENCE = "Décision 2014/955/UE (liste européenne des déchets)"
DIGITS = 6
_CHAPTER, _SECTION = 2, 4


@dataclass(frozen=True, slots=True)
class Waste:
    """A code of the list: six digits, its label, whether it bears the star of hazard, where it stands."""

    code: str
    label: str
    hazardous: bool
    section: str
    chapter: str

    @property
    def written(self) -> str:
        """The code as the law writes it: « 17 02 04* »."""
        pairs = " ".join(self.code[at : at + 2] for at in range(0, DIGITS, 2))
        return f"{pairs}{'*' if self.hazardous else ''}"


@cache
def wastes() -> Mapping[str, Waste]:
    """Return the list by code of six digits."""
    with LIST.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    labels = {row["code"]: row["label"] for row in rows}
    return {
        code: Waste(code, row["label"], row["hazardous"] == "1", labels[code[:_SECTION]], labels[code[:_CHAPTER]])
        for row in rows
        if len(code := row["code"]) == DIGITS
    }


def read_waste(text: str) -> Waste:
    """Return the waste that somebody typed or that a file holds; raises `RequestFault`, in one sentence.

    A star that is missing is not held against a code: the list says which are hazardous. One too many is refused.
    """
    typed = "".join(text.split()).replace(".", "")
    digits = typed.rstrip("*")
    shown = text.strip()[:40]
    if not digits.isdigit():
        raise RequestFault(f"« {shown} » n’est pas un code déchet : écrivez six chiffres, par exemple 17 02 01.")
    if len(digits) > DIGITS and len(digits) % DIGITS == 0:
        raise RequestFault(f"« {shown} » colle {len(digits) // DIGITS} codes déchet : donnez-en un seul à la fois.")
    found = wastes().get(digits)
    if found is None:
        raise RequestFault(
            f"« {shown} » n’est pas dans la liste européenne des déchets : cherchez le bon code par ses mots."
        )
    if typed.endswith("*") and not found.hazardous:
        raise RequestFault(
            f"« {shown} » porte l’étoile des déchets dangereux, mais {found.written} ne l’est pas : retirez l’étoile, "
            "ou choisissez le code dangereux."
        )
    return found
