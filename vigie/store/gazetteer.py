"""What a commune may be called: codes, postal codes, names, arrondissements, and all of these as they once were.

Everything that reads a place asks here: the search, the boxes of territories, the fields of dossiers, imports, the
command line and the API. Only exact readings are given; what is merely near is for its asker to offer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from vigie.sources import cog
from vigie.sources.cog_lookup import code_book
from vigie.store.spelling import expand, without_delivery, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CITIES = {"paris": ("75056", 20), "lyon": ("69123", 9), "marseille": ("13055", 16)}
"""Code and number of arrondissements of the cities that have some."""
LOST_ZERO = 4
"""Length of a postal code whose leading zero a spreadsheet took off."""
_DISTRICT = "arrondissement"
_DISTRICT_WORDS = frozenset({_DISTRICT, "arrondissements", "arr", "arrt", "arrdt", "ardt", "arrond"})
_FILLERS = _DISTRICT_WORDS | {"de", "du", "le", "e", "em", "eme", "ieme", "er", "ere", "nd", "nde", "municipal"}
_RANK = re.compile(r"0?(\d{1,2})(?:er|ere|re|e|em|eme|ieme|nd|nde|d)?")
_ROMAN = re.compile(r"(x{0,2})(ix|iv|v?i{0,3})(?:e|er|em|eme)?")
_UNITS = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_SAID = ("", "premier", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme",
         "neuvieme", "dixieme")  # fmt: skip
_LINKS = {"s": "sur", "ss": "sous", "sr": "sur"}
_ARTICLES = frozenset({"l", "le", "la", "les"})
_FIVE = re.compile(r"(?<!\d)(\d{5}|2[ABab]\d{3})(?!\d)")
_HINT = re.compile(r"\((\d{2,3}|2[ABab])\)")
_ASIDE = re.compile(r"\([^)]*\)")


class Origin(StrEnum):
    """What a text was recognised by; the order is that of preference."""

    POSTAL = "postal"
    CODE = "code"
    NAME = "name"
    FORMER_CODE = "former_code"
    FORMER_NAME = "former_name"


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """A commune or an arrondissement of today that a text means; `told` is the code or the name it was known by."""

    code: str
    name: str
    origin: Origin
    told: str

    @property
    def former(self) -> bool:
        """Whether what was typed is no longer in use."""
        return self.origin in (Origin.FORMER_CODE, Origin.FORMER_NAME)

    @property
    def notice(self) -> str:
        """What has to be said with the answer; nothing for a name or a code in use."""
        here = f"{self.name} ({self.code})"
        if self.origin is Origin.POSTAL:
            return f"«\u00a0{self.told}\u00a0» est lu comme un code postal\u00a0: {here}."
        if not self.former:
            return ""
        what = "code" if self.origin is Origin.FORMER_CODE else "nom"
        return f"«\u00a0{self.told}\u00a0» est un ancien {what}\u00a0: la commune est aujourd’hui {here}."


def readings(text: str) -> tuple[PlaceReading, ...]:
    """Return what a text means exactly, the best first; nothing when it is no place."""
    typed = text.strip()
    if _FIVE.fullmatch(typed):
        return _by_code(typed.upper())
    found = place_words(typed)
    hint = _FIVE.search(typed)
    return named(found, hint[1].upper() if hint else _hint(typed)) if found else ()


def named(found: Sequence[str], hint: str = "") -> tuple[PlaceReading, ...]:
    """Return the communes that words name, present names before former ones.

    `hint` is a postal code or the number of a département, which settles between communes that share a name.
    """
    code = district(found) or _district_of_postal(found, hint)
    if code:
        return (_reading(code, Origin.NAME, _name(code)),)
    names, former = _names(), _former_names()
    for spelled in (" ".join(found), " ".join(found[1:]) if found and found[0] in _ARTICLES else ""):
        if here := names.get(spelled):
            return tuple(_reading(code, Origin.NAME, _name(code)) for code in _settled(here, hint))
        if gone := former.get(spelled):
            kept = _settled(tuple(dict.fromkeys(gone)), hint)
            return tuple(_reading(code, Origin.FORMER_NAME, gone[code]) for code in kept)
    bare = names.get(f"* {' '.join(found)}", ())
    return tuple(_reading(code, Origin.NAME, _name(code)) for code in _settled(bare, hint))


def place_words(text: str) -> tuple[str, ...]:
    """Return the words of the name of a place: abbreviations told in full, codes and business mail left out."""
    kept = without_delivery(words(_FIVE.sub(" ", _ASIDE.sub(" ", text))), first=True)
    return spelled_words(kept)


def spelled_words(found: Sequence[str]) -> tuple[str, ...]:
    """Return words as names of places are compared: « St Gilles s/ Vie » is saint gilles sur vie."""
    last = len(found) - 1
    return tuple(
        _LINKS[word] if word in _LINKS and 0 < rank < last else expand(word) for rank, word in enumerate(found)
    )


def name_words(code: str) -> tuple[str, ...]:
    """Return the words of the name of a commune in use."""
    return spelled_words(words(_name(code)))


def bare_words(found: Sequence[str]) -> tuple[str, ...]:
    """Return the words of a name without its article."""
    return tuple(found[1:]) if len(found) > 1 and found[0] in _ARTICLES else tuple(found)


def district(found: Sequence[str]) -> str:
    """Return the code of the arrondissement that words name (« lyon 4eme », « 3e arrondissement de lyon »), or nothing.

    A number before the city needs the word « arrondissement ».
    """
    telling = [word for word in found if word not in _FILLERS]
    if len(telling) != 2:
        return ""
    city, number = telling if telling[0] in CITIES else reversed(telling)
    if city not in CITIES or (telling[0] != city and not _DISTRICT_WORDS.intersection(found)):
        return ""
    return _districts().get((CITIES[city][0], _rank(number)), "")


def postal(code: str) -> tuple[str, ...]:
    """Return the communes of a postal code; where it tells an arrondissement, its city is left out."""
    return _by_postal().get(code, ())


def _rank(word: str) -> int:
    if plainly := _RANK.fullmatch(word):
        return int(plainly[1])
    if word in _SAID:
        return _SAID.index(word)
    roman = _ROMAN.fullmatch(word)
    return 10 * len(roman[1]) + _UNITS[roman[2]] if roman else 0


def _by_code(code: str) -> tuple[PlaceReading, ...]:
    book = code_book()
    found = [_reading(commune, Origin.POSTAL, code) for commune in postal(code)]
    today = book.today(code)
    if today and today not in {one.code for one in found}:
        found.append(_reading(today, Origin.CODE if today == code else Origin.FORMER_CODE, code))
    return tuple(found)


def _reading(code: str, origin: Origin, told: str) -> PlaceReading:
    return PlaceReading(code, _name(code), origin, told)


def _name(code: str) -> str:
    return str(code_book().places[code]["name"])


def _hint(text: str) -> str:
    found = _HINT.search(text)
    return found[1].upper() if found else ""


def _settled(codes: tuple[str, ...], hint: str) -> tuple[str, ...]:
    """Keep the communes that a postal code or a département tells, all of them when it tells none."""
    if len(codes) < 2 or not hint:
        return codes
    near = tuple(code for code in codes if code in postal(hint)) or tuple(
        code for code in codes if code.startswith(department_of(hint))
    )
    return near or codes


def department_of(postal_code: str) -> str:
    """Return how the codes of the communes of a postal code's département begin."""
    padded = postal_code.zfill(5) if len(postal_code) == LOST_ZERO else postal_code
    if padded.startswith(("97", "98")) and len(padded) > 2:
        return padded[:3]
    return "2" if padded.startswith("20") else padded[:2]


def _district_of_postal(found: Sequence[str], code: str) -> str:
    """Return the arrondissement that a postal code tells of the city named (« Paris 75016 »)."""
    if len(found) != 1 or found[0] not in CITIES:
        return ""
    city = CITIES[found[0]][0]
    here = [one for one in postal(code) if _cities().get(one) == city]
    return here[0] if len(here) == 1 else ""


@cache
def _cities() -> Mapping[str, str]:
    """City of each arrondissement."""
    return {row["code"]: row["parent"] for row in cog.communes(kinds=(_DISTRICT,)).to_pylist()}


@cache
def _districts() -> Mapping[tuple[str, int], str]:
    found = {}
    for row in cog.communes(kinds=(_DISTRICT,)).to_pylist():
        number = re.search(r"\d+", row["name"])
        if number:
            found[row["parent"], int(number[0])] = row["code"]
    return found


@cache
def _by_postal() -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in cog.communes(kinds=("commune", _DISTRICT)).to_pylist():
        for code in row["postal_codes"] or ():
            found[code].append(row["code"])
    cities = _cities()
    return {
        code: tuple(one for one in communes if one not in {cities.get(other) for other in communes})
        for code, communes in found.items()
    }


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Communes of each present name; one without its article stands after a star."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code, place in code_book().places.items():
        spelled = spelled_words(words(place["name"]))
        found[" ".join(spelled)].append(code)
        if len(spelled) > 1 and spelled[0] in _ARTICLES:
            found[f"* {' '.join(spelled[1:])}"].append(code)
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _former_names() -> Mapping[str, Mapping[str, str]]:
    """Of each name no longer in use: the communes of today, and how the name was written."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    book, names = code_book(), _names()
    for code, name in cog.names_ever():
        today = book.today(code)
        spelled = " ".join(spelled_words(words(name)))
        if today and today not in names.get(spelled, ()):
            found[spelled].setdefault(today, name)
            bare = spelled.partition(" ")
            if bare[0] in _ARTICLES and bare[2]:
                found[bare[2]].setdefault(today, name)
    return found


def former_names() -> Mapping[str, Mapping[str, str]]:
    """Return the former names as they are compared: of each, the communes of today and the name as it was written."""
    return _former_names()
