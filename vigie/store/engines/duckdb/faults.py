"""What DuckDB says of a file it cannot read, said in French with a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from vigie.errors import StructureFault, VigieError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.sources.base import SourceFile

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_FIELDS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_AGAIN = "Téléchargez-le de nouveau, puis comparez sa taille à celle que le producteur annonce."
_EDITED = "Le fichier a sans doute été modifié\u00a0: donnez-le tel qu’il est publié, ou corrigez cette ligne."


def refusal(error: duckdb.Error, files: Sequence[tuple[str, SourceFile]]) -> VigieError | None:
    """Return what to say of an error met while reading files (path as DuckDB knows it, file); `None` if unknown."""
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return VigieError(
            "La mémoire accordée ne suffit pas. Augmentez VIGIE_MEMORY_MIB, ou libérez de la place sur le disque "
            "du répertoire de données."
        )
    if not files:
        return None
    file = next((file for path, file in files if path in text), files[0][1])
    if file.format == "parquet":
        return StructureFault("ce fichier Parquet est tronqué ou abîmé.", file=file.name, remedy=_AGAIN)
    return csv_refusal(text, file)


def csv_refusal(text: str, file: SourceFile) -> StructureFault | None:
    """Return what to say of an error of the text reader; `None` when the error is of another kind."""
    found = _LINE.search(text)
    if found is None:
        return None
    what, remedy = _csv_words(text)
    return StructureFault(what, file=file.name, line=int(found[1]), remedy=remedy)


def _csv_words(text: str) -> tuple[str, str]:
    fields = _FIELDS.search(text)
    if fields:
        expected, seen = map(int, fields.groups())
        counted = f"{seen} champs" if seen < expected else "trop de champs"  # it stops counting at the first extra
        return f"cette ligne a {counted}, l’en-tête en annonce {expected}.", _EDITED
    if "Invalid unicode" in text:
        return (
            "cette ligne contient un octet qui n’est pas de l’UTF-8.",
            "Donnez le fichier «\u00a0_utf8\u00a0» publié par le producteur, ou enregistrez-le en UTF-8.",
        )
    if "unterminated quote" in text:
        return "un guillemet est mal placé ou n’est pas refermé.", _EDITED
    if "Maximum line size" in text:
        return "cette ligne est démesurée\u202f; un guillemet n’est sans doute pas refermé.", _EDITED
    return "cette ligne ne peut pas être lue.", _EDITED
