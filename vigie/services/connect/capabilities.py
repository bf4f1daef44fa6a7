"""What a text says that a firm can do, in the words of one vocabulary."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.french import number
from vigie.domain.recognising import Recogniser
from vigie.errors import FieldFault
from vigie.sources.capabilities import lexicon, vocabulary

if TYPE_CHECKING:
    from vigie.domain.capabilities import RecognisedTerm

LONGEST = 5_000
"""Characters of a text: as many as a person writes of a firm in one field."""


def capabilities_of(text: str) -> tuple[RecognisedTerm, ...]:
    """Return the capabilities that a text tells; raises `FieldFault` when it is empty or too long."""
    if not text.strip():
        raise FieldFault("text", "Écrivez ce que l’entreprise sait faire, par exemple « soudure TIG sur inox ».")
    if len(text) > LONGEST:
        raise FieldFault("text", f"Ce texte dépasse {number(LONGEST)} caractères : gardez l’essentiel.")
    return _recogniser().recognise(text)


def told_capabilities(text: str) -> dict[str, Any]:
    """Return the capabilities that a text tells, as the machine-readable answers print them."""
    return {"text": text, "capabilities": [one.as_dict() for one in capabilities_of(text)]}


@cache
def _recogniser() -> Recogniser:
    return Recogniser(vocabulary(), lexicon())
