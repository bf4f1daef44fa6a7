"""Tables of judgements handed in, in JSON: what is wrong is said by line and column of the table, in one sentence."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from vigie.domain.french import counted, listed, number
from vigie.errors import StructureFault
from vigie.services.lever_files import read_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Rows = list[list[float]]
CORRECT = "Corrigez le fichier, puis recommencez."
MOST_LINES = 300
"""Lines of a table: a workshop fills thirty at most, and a matrix of 300 has 90 000 cells."""


@dataclass(frozen=True, slots=True)
class JudgementFile:
    """The object that a file holds, and its name for faults."""

    name: str
    values: Mapping[str, Any]

    def fault(self, what: str, remedy: str = CORRECT) -> NoReturn:
        """Raise the fault of a file."""
        raise StructureFault(what, file=self.name, remedy=remedy)

    def named(self, *fields: str) -> str:
        """Return which of these fields the file has, the first one at fault when it has none."""
        found = next((field for field in fields if field in self.values), None)
        if found is None:
            self.fault(f"il manque « {fields[0]} ».", "Ajoutez-le, ou vérifiez que c’est le bon fichier.")
        return found

    def names(self, field: str, many: int, called: str) -> list[str]:
        """Return the names of lines or columns; numbered where the file gives none."""
        found = self.values.get(field)
        if found is None:
            return [f"{called} {rank}" for rank in range(1, many + 1)]
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            self.fault(f"« {field} » : une liste de noms est attendue.")
        if len(found) != many:
            self.fault(f"« {field} » a {counted(len(found), 'nom')} là où il en faut {many}, un pour chaque ligne.")
        if len(set(found)) < many:
            twice = next(one for one in found if found.count(one) > 1)
            self.fault(f"« {field} » : « {twice} » y est deux fois.", "Donnez à chacun un nom qui lui soit propre.")
        return found

    def rows(self, field: str) -> list[list[Any]]:
        """Return the lines of a table as they are written, each a list of the same length."""
        found = self.values.get(field)
        if not isinstance(found, list) or not found or not all(isinstance(row, list) and row for row in found):
            self.fault(f"« {field} » : une liste de lignes est attendue, chacune une liste de nombres.")
        if len(found) > MOST_LINES:
            self.fault(f"« {field} » a {number(len(found))} lignes, plus que {MOST_LINES}.", "Regroupez-les.")
        return found


@dataclass(frozen=True, slots=True)
class JudgementTable:
    """A table of a file with the names of its lines and columns."""

    file: JudgementFile
    field: str
    lines: Sequence[str]
    columns: Sequence[str]

    def fault(self, what: str, remedy: str = CORRECT, *, row: int | None = None, column: int | None = None) -> NoReturn:
        """Raise the fault of a cell, a line or the table, by its place in the table, from 1."""
        place = f"« {self.field} »"
        if row is not None:
            place += f", ligne {row + 1} (« {self.lines[row]} »)"
        if column is not None:
            place += f", colonne {column + 1} (« {self.columns[column]} »)"
        self.file.fault(f"{place} : {what}", remedy)

    def numbers(self, *, whole: bool = False, least: float = -math.inf, most: float = math.inf) -> Rows:
        """Return every cell as a number within bounds; raises for the first that is none, or out of them."""
        found = self.file.rows(self.field)
        if len(found) != len(self.lines):
            self.fault(f"{counted(len(found), 'ligne')} là où il en faut {len(self.lines)}.")
        for row, cells in enumerate(found):
            if len(cells) != len(self.columns):
                self.fault(f"{counted(len(cells), 'case')} là où il en faut {len(self.columns)}.", row=row)
            for column, cell in enumerate(cells):
                self._check(cell, (row, column), whole, (least, most))
        return found

    def empty_diagonal(self, rows: Rows) -> None:
        """Raise when something is judged to act on itself."""
        for at in range(len(rows)):
            if rows[at][at]:
                self.fault("la diagonale est remplie : rien n’agit sur soi-même ici.", "Mettez-y 0.", row=at, column=at)

    def _check(self, cell: Any, place: tuple[int, int], whole: bool, bounds: tuple[float, float]) -> None:
        row, column = place
        if cell is None or cell == "":
            self.fault("cette case est vide.", "Écrivez 0 si c’est ce qu’elle veut dire.", row=row, column=column)
        if isinstance(cell, bool) or not isinstance(cell, int | float) or not math.isfinite(cell):
            written = json.dumps(cell, ensure_ascii=False, default=str)[:40].strip('"')
            self.fault(f"« {written} » n’est pas un nombre.", "Écrivez-le en chiffres.", row=row, column=column)
        if whole and cell != int(cell):
            self.fault(f"{number(cell, 2)} n’est pas un nombre entier.", row=row, column=column)
        if not bounds[0] <= cell <= bounds[1]:
            limits = [f"{word} {number(bound)}" for word, bound in zip(("au moins", "au plus"), bounds, strict=True)
                      if math.isfinite(bound)]  # fmt: skip
            self.fault(f"{number(cell)} n’est pas dans l’échelle : {listed(limits)}.", row=row, column=column)


def read_judgements(path: Path, bare: str = "") -> JudgementFile:
    """Read an object, or a table alone which then takes the name `bare`; raises `StructureFault`."""
    found = read_object(path)
    if bare and isinstance(found, list):
        found = {bare: found}
    if not isinstance(found, dict):
        raise StructureFault(
            "un objet est attendu, entre accolades.", file=path.name, remedy="Vérifiez que c’est le bon fichier."
        )
    return JudgementFile(path.name, found)


def square(file: JudgementFile, field: str, names: Sequence[str]) -> JudgementTable:
    """Return a table that has the same names as lines and columns; raises when it is not square."""
    rows = file.rows(field)
    for row, cells in enumerate(rows):
        if len(cells) != len(rows):
            file.fault(
                f"« {field} », ligne {row + 1} : {counted(len(cells), 'case')} pour {counted(len(rows), 'ligne')}, la "
                "matrice n’est pas carrée.",
                "Il faut autant de cases par ligne que de lignes.",
            )
    return JudgementTable(file, field, names, names)
