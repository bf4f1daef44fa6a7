"""Actors: identifiers, activities with their nomenclature, workforce with its year and flag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LA_POSTE_SIREN = "356000000"
JOINT = " · "
"""What joins the signs, or the usual names, of one establishment."""

SIZE_BANDS: dict[str, tuple[int, int | None]] = {
    "00": (0, 0),
    "01": (1, 2),
    "02": (3, 5),
    "03": (6, 9),
    "11": (10, 19),
    "12": (20, 49),
    "21": (50, 99),
    "22": (100, 199),
    "31": (200, 249),
    "32": (250, 499),
    "41": (500, 999),
    "42": (1000, 1999),
    "51": (2000, 4999),
    "52": (5000, 9999),
    "53": (10000, None),
}
"""Lowest and highest number of employees of each INSEE band that is a number; `None`: no upper bound."""


class Nomenclature(StrEnum):
    """Nomenclatures of activities, spelled as INSEE's files do."""

    NAF_REV2 = "NAFRev2"
    NAF_2025 = "NAF2025"
    NAF_REV1 = "NAFRev1"
    NAF_1993 = "NAF1993"
    NAP = "NAP"


class Making(StrEnum):
    """What an establishment made when it was created."""

    MANUFACTURE = "manufacture"
    CRAFT = "craft"
    OTHER = "other"
    UNKNOWN = "unknown"


NOMENCLATURE_NAMES: dict[str, str] = {
    Nomenclature.NAF_REV2: "NAF rév. 2",
    Nomenclature.NAF_2025: "NAF 2025",
    Nomenclature.NAF_REV1: "NAF rév. 1",
    Nomenclature.NAF_1993: "NAF 1993",
    Nomenclature.NAP: "NAP",
}
"""Each nomenclature as it is named in French."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity: a code and the nomenclature it belongs to; neither means anything alone."""

    code: str
    nomenclature: Nomenclature
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Workforce:
    """A size band, the year it holds for, and whether the establishment employs.

    `band` "NN" (no employee, or nothing declared), "00" (employees in the year, none at its end) and `None`
    (not published) are three different things; none of them is zero. `employer` is "O", "N" or `None`.
    """

    band: str | None
    year: int | None
    employer: str | None


def luhn(digits: str) -> bool:
    """Tell whether a string of digits passes the Luhn check (sum of doubled digits, multiple of 10)."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        digit = ord(character) - 48
        if position % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_siren(text: str) -> bool:
    """Tell whether a text is a valid SIREN: nine digits passing Luhn."""
    return len(text) == 9 and text.isascii() and text.isdigit() and luhn(text)


def is_siret(text: str) -> bool:
    """Tell whether a text is a valid SIRET: fourteen digits passing Luhn.

    La Poste's establishments follow another rule: the sum of their digits is a multiple of five.
    """
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        return False
    if luhn(text):
        return True
    return text.startswith(LA_POSTE_SIREN) and sum(map(int, text)) % 5 == 0


def compact_identifier(text: str) -> str | None:
    """Return the SIREN or SIRET a person typed, whatever separates its digits; `None` if it is neither.

    A French VAT number (FR, its key, a SIREN) is read as its SIREN. Only the form is looked at (9 or 14 digits), so
    that a mistyped number can be answered by name.
    """
    digits = _SEPARATORS.sub("", text)
    vat = _VAT.fullmatch(digits)
    digits = vat[1] if vat else digits
    return digits if digits.isascii() and digits.isdigit() and len(digits) in (9, 14) else None


def compact_siren(text: str) -> str:
    """Return the SIREN that a SIREN, a SIRET or a VAT number tells; any other text only loses its outer spaces."""
    digits = compact_identifier(text)
    return text.strip() if digits is None else digits[:9]


SEPARATORS = r"\s.\-\u00ad\u00b7\u180e\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff"
"""What people put between the digits of a number, as the inside of a character class: every space, the no-break and
zero-width ones too, dots and every kind of hyphen."""
_SEPARATORS = re.compile(f"[{SEPARATORS}]")
_VAT = re.compile(r"FR[0-9A-Z]{2}(\d{9})", re.IGNORECASE | re.ASCII)
