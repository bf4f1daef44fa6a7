"""Signs that are not seen but change how the rest of a line is read or found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UNSEEN = "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Direction controls, and spaces without width, as a regular expression. Joiners stay: signs are made with them."""
_UNSEEN = re.compile(UNSEEN)


def seen(text: str) -> str:
    """Return a text without the signs that are not seen.

    >>> seen("SARL \\u202eECILOP")
    'SARL ECILOP'
    """
    return _UNSEEN.sub("", text)


_JOINERS = re.compile("(?<![\u0590-\u1fff\u2190-\U0010ffff])[\u200c\u200d]")
"""Joiners that join nothing: no emoji nor letter of a joined script stands before them."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u2061-\u2064]")
_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_RIGHT_TO_LEFT = re.compile(f"{_LETTER}(?:(?:{_LETTER}|[ \u00a0'’.\\-])*{_LETTER})?")
"""Words written from right to left, with what joins them in one name; what parts two names keeps its place."""


def entered(text: str) -> str:
    """Return what somebody entered without controls (lines and tabs stay) nor signs that are not seen.

    >>> entered("At\\u00adelier\\u200d \\u202eECILOP\\r\\n")
    'Atelier ECILOP\\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return _JOINERS.sub("", _CONTROLS.sub("", seen(text)))


def all_entered(given: Any) -> Any:
    """Return a body as `json` reads it, each of its texts as `entered` leaves it; names of fields stay."""
    if isinstance(given, str):
        return entered(given)
    if isinstance(given, Mapping):
        return {name: all_entered(value) for name, value in given.items()}
    if isinstance(given, list | tuple):
        return type(given)(all_entered(value) for value in given)
    return given


def isolated(text: str) -> str:
    """Return a text whose words written from right to left are isolated: what stands around them keeps its order.

    Signs that turn a line, which older rows and names of files may hold, are left out.

    >>> isolated("Appel de שלום, 3 réponses")
    'Appel de \\u2068שלום\\u2069, 3 réponses'
    """
    if text.isascii():
        return text
    return _RIGHT_TO_LEFT.sub("\u2068\\g<0>\u2069", seen(text))
