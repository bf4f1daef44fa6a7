"""What addresses may ask, of data and of the journal: each parameter once, its names, its reading, its French text.

Nothing is ignored in silence: a name that is not declared, or a value that cannot be read, is answered by a sentence
that says which and what is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from vigie.domain import french
from vigie.errors import RequestFault
from vigie.services.records.reading import LAST_PAGE, AuditFilter

MOST_FAULTS = 5
"""Faults told at once: an address that holds more is read no further."""

_WHOLE = re.compile("-?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that can be asked: `field` it fills, the `names` that addresses use for it, how its text is read.

    `many` tells that it may be repeated and that commas separate its values. `prefix` is put before each value, for
    names that imply a kind of territory (`epci=…`).
    """

    field: str
    names: tuple[str, ...]
    meaning: str
    read: Callable[[str], Any] = str.strip
    many: bool = False
    prefix: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class ReadParameters:
    """Values read, by field, and faults by the name that was used in the address."""

    values: Mapping[str, Any]
    faults: Mapping[str, str]

    def or_fault(self) -> Mapping[str, Any]:
        """Return the values; raises `RequestFault` with all the sentences at once when some could not be read."""
        if self.faults:
            raise RequestFault(" ".join(self.faults.values()))
        return self.values


def read(parameters: Iterable[Parameter], pairs: Iterable[tuple[str, str]]) -> ReadParameters:
    """Read the pairs of an address; empty values are as if absent. After five faults, nothing more is read."""
    by_name = {name: parameter for parameter in parameters for name in parameter.names}
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    origin: dict[str, str] = {}
    for name, text in pairs:
        if len(faults) >= MOST_FAULTS:
            break
        parameter = by_name.get(name)
        if parameter is None:
            faults[name] = _unknown(name, by_name)
            continue
        if not text.strip():
            continue
        try:
            before = origin.setdefault(parameter.field, name)
            if before != name or (parameter.field in values and not parameter.many):
                faults[name] = _together(before, name)
            elif parameter.many:
                values[parameter.field] = (*values.get(parameter.field, ()), *_several(parameter, text))
            else:
                values[parameter.field] = parameter.read(text)
        except ValueError as fault:
            faults[name] = french.typeset(f"Le paramètre « {name} » vaut « {text[:80]} » : {fault}")
    return ReadParameters(values, faults)


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return the reader of a whole number between two bounds."""

    def reader(text: str) -> int:
        cleaned = text.strip()
        if not _WHOLE.fullmatch(cleaned) or not low <= int(cleaned) <= high:
            raise ValueError(f"donnez un nombre entier de {low} à {high}.")
        return int(cleaned)

    return reader


def decimal(low: float, high: float) -> Callable[[str], float]:
    """Return the reader of a number between two bounds; a decimal comma is accepted."""

    def reader(text: str) -> float:
        value = _decimal(text)
        if not low <= value <= high:
            raise ValueError(f"donnez un nombre de {french.number(low)} à {french.number(high)}.")
        return value

    return reader


def _decimal(text: str) -> float:
    """Return a number written with the digits 0 to 9, with a comma or a point; not a number when it is none."""
    cleaned = text.strip().replace(",", ".")
    return float(cleaned) if _DECIMAL.fullmatch(cleaned) else float("nan")


def radius(longest: float) -> Callable[[str], float]:
    """Return the reader of a radius in kilometres: more than nothing, up to a bound; a decimal comma is accepted."""

    def reader(text: str) -> float:
        value = _decimal(text)
        if not 0 < value <= longest:
            raise ValueError(f"donnez un nombre de kilomètres plus grand que 0, jusqu’à {french.number(longest)}.")
        return value

    return reader


def day(text: str) -> date:
    """Read a date written 2026-10-01 or 01/10/2026."""
    cleaned = text.strip()
    if cleaned.count("/") == 2:
        cleaned = "-".join(reversed(cleaned.split("/")))
    try:
        return date.fromisoformat(cleaned)
    except ValueError:
        raise ValueError("donnez une date comme 2026-10-01.") from None


def flag(text: str) -> bool:
    """Read yes or no, as French or recherche-entreprises write it."""
    known = {"oui": True, "true": True, "1": True, "o": True, "non": False, "false": False, "0": False, "n": False}
    answer = known.get(text.strip().lower())
    if answer is None:
        raise ValueError("donnez « oui » ou « non ».")
    return answer


def among(accepted: Mapping[str, Any]) -> Callable[[str], Any]:
    """Return the reader of one word among those accepted."""

    def reader(text: str) -> Any:
        word = text.strip()
        found = next((key for key in accepted if key.casefold() == word.casefold()), None)
        if found is None:
            raise ValueError(f"les valeurs acceptées sont {french.listed(accepted)}.")
        return accepted[found]

    return reader


def described(parameters: Iterable[Parameter]) -> list[dict[str, Any]]:
    """Return the parameters as OpenAPI describes them, one entry for each accepted name."""
    return [_described(parameter, name) for parameter in parameters for name in parameter.names]


def _described(parameter: Parameter, name: str) -> dict[str, Any]:
    first = parameter.names[0]
    meaning = parameter.meaning if name == first else f"Autre nom de « {first} ». {parameter.meaning}"
    if parameter.many:
        meaning += " Plusieurs valeurs se séparent par des virgules."
    entry: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": False,
        "description": french.typeset(meaning),
        "schema": {"type": "string"},
    }
    return entry | ({"example": parameter.example} if parameter.example else {})


def _several(parameter: Parameter, text: str) -> tuple[Any, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    return tuple(parameter.read(parameter.prefix + word) for word in words)


def _unknown(name: str, by_name: Mapping[str, Parameter]) -> str:
    near = get_close_matches(name[:60], by_name, n=1)
    hint = f"Voulez-vous dire « {near[0]} » ?" if near else f"Paramètres acceptés : {', '.join(by_name) or 'aucun'}."
    return french.typeset(f"Le paramètre « {name[:60]} » n’existe pas ici. {hint}")


def _together(before: str, name: str) -> str:
    if name == before:
        return french.typeset(f"Le paramètre « {name} » est donné deux fois : gardez-en un.")
    return french.typeset(f"Les paramètres « {before} » et « {name} » ne se combinent pas : gardez-en un.")


PAGE = Parameter("page", ("page",), "Page de la réponse.", whole(1, LAST_PAGE))
PARAMETERS = (
    Parameter("since", ("du",), "Premier jour.", day, example="2026-10-01"),
    Parameter("until", ("au",), "Dernier jour, compris.", day, example="2026-10-31"),
    Parameter("person", ("personne",), "Identifiant d’une personne de l’organisation."),
    Parameter("family", ("famille",), "Famille d’actes : le premier mot de leur code.", example="dossier"),
    Parameter("subject", ("objet",), "Identifiant d’un dossier, d’un contact, d’un appel…"),
    Parameter(
        "nature",
        ("nature",),
        "« act » : ce qui a été fait ; « access » : ce qui a été lu.",
        among({"act": "act", "access": "access"}),
    ),
    PAGE,
)


def journal_asked(pairs: Iterable[tuple[str, str]]) -> AuditFilter:
    """Read a filter; raises `RequestFault` when a name or a value is not understood."""
    wanted = AuditFilter(**read(PARAMETERS, pairs).or_fault())
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise RequestFault("Le dernier jour (« au ») vient avant le premier (« du »).")
    return wanted


def page_asked(pairs: Iterable[tuple[str, str]]) -> int:
    """Read the page of a list that takes nothing else; raises `RequestFault` when it is not understood."""
    return int(read((PAGE,), pairs).or_fault().get("page", 1))
