"""Words of French as they are inflected: what « soudons », « soudeurs » and « soudage » have in common (pure)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_APOSTROPHE = "'’‘"
# Endings of verbs that do something, and of the nouns of the doing and of who does it, the longest first; a second sign
# is what the stem keeps: « polissage », « polir » and « polies » all come to « poli ».
_ENDINGS = """
    ements ement ages age ations ation ion ateurs ateur atrices atrice euses euse eurs eur ures ure ons ez ent er ees ee
    issements+i issement+i issages+i issage+i issons+i issez+i issent+i isseurs+i isseur+i ifications+ifi
    ification+ifi ir+i is+i ie+i ies+i it+i
"""
_ACTION = sorted((one.partition("+")[::2] for one in _ENDINGS.split()), key=lambda one: len(one[0]), reverse=True)
# Stems that a verb of everyday French shares with a craft: « coûter » is not sewing, « partager » no more.
_EVERYDAY = frozenset("bouch cout part pass dur aid ment mesur".split())  # noqa: SIM905
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as written, where, and the keys by which it is compared.

    `base` is without plural nor feminine; `action` is what remains once the ending of an action is taken away, empty
    without one; `sentence` numbers the sentence.
    """

    written: str
    start: int
    end: int
    sentence: int
    plain: str
    base: str
    action: str


def folded(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents; elided articles are left out.

    >>> folded("Découpe jet d’eau, ISO9001")
    ['decoupe', 'jet', 'eau', 'iso', '9001']
    """
    return [word.plain for word in words(text)]


def words(text: str) -> list[Word]:
    """Return the words of a text, letters and figures apart; « d’ » and « l’ » are left out."""
    found = []
    sentence, last = 0, 0
    for match in _TOKEN.finditer(text):
        between = text[last : match.start()]
        if re.search(r"[.;!?\n](?!\d)", between) and not re.fullmatch(r"\.", between):
            sentence += 1
        last = match.end()
        written = match.group()
        if len(written) <= 2 and text[match.end() : match.end() + 1] in tuple(_APOSTROPHE):
            continue
        plain = plainly(written)
        found.append(Word(written, match.start(), match.end(), sentence, plain, base_of(plain), action_of(written)))
    return found


def plainly(text: str) -> str:
    """Return a text in lower case without accents nor ligatures."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def base_of(plain: str) -> str:
    """Return a word without plural nor feminine.

    >>> [base_of(word) for word in ("metaux", "panneaux", "pieces", "fines", "bois", "inox")]
    ['metal', 'panneau', 'piec', 'fin', 'boi', 'inox']
    """
    if plain.endswith("eaux"):
        return plain[:-1]
    if plain.endswith("aux") and len(plain) > 4:
        return f"{plain[:-3]}al"
    if len(plain) > 3:
        plain = plain.removesuffix("s")
        plain = plain.removesuffix("e")
    return plain


def action_of(written: str) -> str:
    """Return what is left of a word once the ending of an action is taken away; empty without one.

    >>> [action_of(word) for word in ("soudons", "soudeurs", "soudé", "soudure", "polissage", "polies", "inox")]
    ['soud', 'soud', 'soud', 'soud', 'poli', 'poli', '']
    """
    lowered = written.lower()
    if lowered.endswith(("é", "és")):
        stem = plainly(lowered).removesuffix("s").removesuffix("e")
        return stem if len(stem) >= _SHORTEST and stem not in _EVERYDAY else ""
    plain = plainly(lowered)
    for ending, kept in _ACTION:
        if plain.endswith(ending):
            stem = plain.removesuffix(ending) + kept
            return stem if len(stem) >= _SHORTEST and stem not in _EVERYDAY else ""
    return ""
