"""What a program is told of a request whose fields are not those described: which one, and what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from vigie.domain import french
from vigie.interfaces.asking import MOST_FAULTS

WANTED: Mapping[str, str] = {
    "missing": "est obligatoire",
    "extra_forbidden": "n’est pas connu ici",
    "greater_than_equal": "vaut au moins {ge}",
    "less_than_equal": "vaut au plus {le}",
    "greater_than": "vaut plus de {gt}",
    "less_than": "vaut moins de {lt}",
    "string_too_long": "a au plus {max_length} caractères",
    "string_too_short": "a au moins {min_length} caractère(s)",
    "too_long": "a au plus {max_length} éléments",
    "too_short": "a au moins {min_length} élément(s)",
    "enum": "vaut {expected}",
    "literal_error": "vaut {expected}",
}
"""What is said of a field, by the kind of fault that Pydantic finds."""
KINDS: Mapping[str, str] = {
    "int": "est un nombre entier",
    "float": "est un nombre",
    "bool": "vaut true ou false",
    "date": "est une date comme 2026-10-01",
    "datetime": "est une date et une heure comme 2026-10-01T09:00:00",
    "string": "est un texte",
    "list": "est une liste",
    "dict": "est un objet",
    "model": "est un objet",
}
"""What is said of a field that is not of its kind: `int_parsing`, `date_type`…"""


def sentence(errors: Iterable[Mapping[str, Any]]) -> str:
    """Return what is wrong in one sentence, the first five faults; what was sent is not repeated."""
    told = [_of(error) for error in [*errors][:MOST_FAULTS]]
    return french.typeset(f"La demande est mal formée : {' ; '.join(told) or 'son corps n’a pas pu être lu'}.")


def _of(error: Mapping[str, Any]) -> str:
    if error["type"] == "json_invalid":
        return "le corps n’est pas du JSON"
    place = " ".join(str(part)[:60] for part in error["loc"][1:])
    kind, context = str(error["type"]), error.get("ctx") or {}
    unshaped = "n’a pas la forme attendue" if kind == "string_pattern_mismatch" else ""
    said = unshaped or WANTED.get(kind) or KINDS.get(kind.partition("_")[0], "n’a pas la forme attendue")
    filled = {name: french.number(value) if isinstance(value, int) else value for name, value in context.items()}
    if "expected" in filled:
        words = str(filled["expected"]).replace(" or ", " ou ").replace("''", "rien")
        filled["expected"] = re.sub("'([^']*)'", r"« \1 »", words)
    return f"« {place} » {said.format_map(filled)}" if place else f"le corps {said.format_map(filled)}"
