"""Signs that are not seen but change how the rest of a line is read or found."""

from __future__ import annotations

import re

UNSEEN = "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Direction controls, and spaces without width, as a regular expression. Joiners stay: signs are made with them."""
_UNSEEN = re.compile(UNSEEN)


def seen(text: str) -> str:
    """Return a text without the signs that are not seen.

    >>> seen("SARL \\u202eECILOP")
    'SARL ECILOP'
    """
    return _UNSEEN.sub("", text)
