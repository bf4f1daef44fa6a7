"""Files handed in to be measured, in JSON: what is wrong is said by entry and field, in one sentence."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from vigie.domain.days import EXAMPLES, read_day
from vigie.domain.french import listed
from vigie.errors import StructureFault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

MOST_BYTES = 100_000_000
"""A file of facts about schemes or sites is a hundred times smaller."""
_CORRECT = "Corrigez le fichier, puis recommencez."


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a file, with where it stands (« programme n° 3 ») for what is wrong in it."""

    file: str
    place: str
    values: dict[str, Any]

    def fault(self, field: str, what: str, remedy: str = _CORRECT) -> NoReturn:
        """Raise the fault of a field."""
        raise StructureFault(f"{self.place}, {what}", file=self.file, column=field, remedy=remedy)

    def text(self, field: str) -> str:
        """Return a text, empty where there is none."""
        found = self.values.get(field)
        if found is not None and not isinstance(found, str):
            self.fault(field, f"un texte est attendu, pas {_seen(found)}.")
        return found or ""

    def texts(self, field: str) -> list[str]:
        """Return a list of texts, empty where there is none."""
        found = self.values.get(field)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.fault(field, f"une liste de textes est attendue, pas {_seen(found)}.")
        return found

    def number(self, field: str) -> float | None:
        """Return a number, which may be written between quotes; `None` where there is none."""
        found = self.values.get(field)
        if found is None or found == "":
            return None
        try:
            read = float(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else math.nan
        except ValueError:
            read = math.nan
        if not math.isfinite(read):
            self.fault(field, f"{_seen(found)} n’est pas un nombre.", "Écrivez-le en chiffres.")
        return read

    def whether(self, field: str) -> bool:
        """Return a yes or no; no where there is none."""
        found = self.values.get(field)
        if found is not None and not isinstance(found, bool):
            self.fault(field, f"{_seen(found)} n’est ni true ni false.")
        return bool(found)

    def day(self, field: str) -> date | None:
        """Return a day, `None` where there is none."""
        written = self.text(field)
        if not written:
            return None
        found = read_day(written)
        if found is None:
            self.fault(field, f"« {written[:40]} » n’est pas un jour.", f"Écrivez-le comme {EXAMPLES}.")
        return found

    def inner(self, field: str) -> Entry:
        """Return an object within the object, empty where there is none."""
        found = self.values.get(field)
        if found is not None and not isinstance(found, dict):
            self.fault(field, f"un objet est attendu, pas {_seen(found)}.")
        return Entry(self.file, f"{self.place}, « {field} »", found or {})

    def inners(self, field: str, called: str) -> list[Entry]:
        """Return the objects of a list within the object."""
        found = self.values.get(field)
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(field, f"une liste d’objets est attendue, pas {_seen(found)}.")
        return [Entry(self.file, f"{self.place}, {called} n° {rank}", one) for rank, one in enumerate(found, start=1)]


def read_entries(path: Path, called: str, within: str = "") -> list[Entry]:
    """Read a list of objects (or the one named `within` in an object; or one object alone).

    Raises `StructureFault` with file, line or entry, and remedy.
    """
    found = read_object(path)
    if isinstance(found, dict):
        found = found[within] if within and within in found else [found]
    if not isinstance(found, list):
        raise StructureFault(f"une liste est attendue, pas {_seen(found)}.", file=path.name, remedy=_CORRECT)
    if not found:
        raise StructureFault("la liste est vide.", file=path.name, remedy="Vérifiez que c’est le bon fichier.")
    for rank, one in enumerate(found, start=1):
        if not isinstance(one, dict):
            raise StructureFault(
                f"{called} n° {rank}, un objet est attendu, pas {_seen(one)}.", file=path.name, remedy=_CORRECT
            )
    return [Entry(path.name, f"{called} n° {rank}", one) for rank, one in enumerate(found, start=1)]


def read_object(path: Path) -> Any:
    """Return what a JSON file holds; raises `StructureFault` with the line where it stops being JSON."""
    if path.stat().st_size > MOST_BYTES:
        raise StructureFault("ce fichier dépasse 100 Mo.", file=path.name, remedy="Coupez-le en plusieurs fichiers.")
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise StructureFault(
            "ce n’est pas un texte en UTF-8.", file=path.name, remedy="Enregistrez-le au format JSON, en UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise StructureFault(
            f"ce n’est pas du JSON à partir du caractère {error.colno}.", file=path.name, line=error.lineno,
            remedy="Vérifiez les guillemets, les virgules et les accolades à cet endroit.",
        ) from error  # fmt: skip
    except RecursionError as error:
        raise StructureFault("ce fichier est trop emboîté.", file=path.name, remedy=_CORRECT) from error


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds; raises `StructureFault` when it is something else."""
    found = read_object(path)
    if not isinstance(found, dict):
        raise StructureFault("un objet est attendu, entre accolades.", file=path.name,
                             remedy="Vérifiez que c’est le bon fichier.")  # fmt: skip
    return found


def _seen(value: object) -> str:
    """Return a value as a sentence quotes it."""
    written = json.dumps(value, ensure_ascii=False, default=str)
    return f"« {written[:40]}{'…' if len(written) > 40 else ''} »"


def read_rows(path: Path, needed: Sequence[str], kept: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV with titles as rows of text: columns `needed`, and those of `kept` that it has (else empty).

    Each row also holds its line under the name `""`. Raises `StructureFault` with file, line, column and remedy.
    """
    try:
        lines = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = path.read_bytes().decode("cp1252", "replace")
    separator = ";" if lines.partition("\n")[0].count(";") > lines.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(lines, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        titles = [title.strip() for title in reader.fieldnames or ()]
        if lacking := [name for name in needed if name not in titles]:
            raise StructureFault(
                f"il manque {listed([f'« {name} »' for name in lacking])} parmi les titres.", file=path.name,
                remedy="Ajoutez ces colonnes, ou vérifiez que c’est le bon fichier.",
            )  # fmt: skip
        reader.fieldnames = titles
        for row in reader:
            if None in row or None in row.values():
                raise StructureFault("cette ligne n’a pas autant de cases qu’il y a de titres.", file=path.name,
                                     line=reader.line_num, remedy=_CORRECT)  # fmt: skip
            rows.append({"": str(reader.line_num)} | {name: (row.get(name) or "").strip() for name in kept})
    except csv.Error as error:
        raise StructureFault("cette ligne ne peut pas être lue : un guillemet n’est sans doute jamais refermé.",
                             file=path.name, line=reader.line_num, remedy=_CORRECT) from error  # fmt: skip
    if not rows:
        raise StructureFault("il n’y a aucune ligne sous les titres.", file=path.name,
                             remedy="Vérifiez que c’est le bon fichier.")  # fmt: skip
    return rows
