"""Conditions of size and age as people write them, read into bounds; what is not understood is left to the reader.

Published files write one condition in many ways (« Moins de 250 salariés », « Entre 20 et 250 salariés », « Au moins un
an d’activité »…): what is read here is only what a sentence says from end to end, so that a sentence that adds
something (« ou deux bilans ») is never read as if it did not.
"""

from __future__ import annotations

import re
import unicodedata

from vigie.domain.levers import HEADCOUNT, YEARS, Condition, Topic

_WORDS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "dix": 10}
_N = rf"(\d[\d ]*|{'|'.join(_WORDS)})"
_PEOPLE = r"(?: (?:salaries?|employes?|personnes|etp))?"
_OF_LIFE = r"(?: (?:d'activite|d'existence|d'anciennete|d'age))?"
_BETWEEN = re.compile(rf"(?:entre|de) {_N} (?:et|a) {_N}{_PEOPLE}")
_BELOW = re.compile(rf"(?:moins de|effectif <|< ?){' ?'}{_N}{_PEOPLE}")
_UP_TO = re.compile(rf"(?:jusqu'a|au plus|maximum|effectif <=|<= ?){' ?'}{_N}{_PEOPLE}")
_ABOVE = re.compile(rf"(?:plus de|effectif >|> ?){' ?'}{_N}{_PEOPLE}")
_FROM = re.compile(rf"(?:au moins|a partir de|minimum|effectif >=|>= ?){' ?'}{_N}{_PEOPLE}")
_AGE_FROM = re.compile(rf"(?:au moins|plus de|minimum|depuis au moins|exister depuis) {_N} ans?{_OF_LIFE}")
_AGE_BELOW = re.compile(rf"(?:moins de) {_N} ans?{_OF_LIFE}")
_EVERY_SIZE = ("toutes tailles", "toutes les tailles", "toutes tailles d'entreprise")


def size_said(sentence: str, reference: str = "") -> Condition | None:
    """Return the bounds of headcount that a sentence says from end to end, in persons; `None` for any other sentence.

    « Plus de 50 » is read as 50 and more and « moins de 250 » as 249 and less, as producers use them.

    >>> size_said("Entre 20 et 250 salariés").most
    250.0
    """
    plain = _plain(sentence)
    for pattern, below, above in (
        (_BETWEEN, 0, 0), (_BELOW, -1, None), (_UP_TO, 0, None), (_ABOVE, None, 0), (_FROM, None, 0),
    ):  # fmt: skip
        if found := pattern.fullmatch(plain):
            first, last = _number(found[1]), _number(found[found.lastindex or 1])
            least = None if above is None else first
            most = None if below is None else last + below
            return Condition(Topic.SIZE, sentence, reference, amount=HEADCOUNT, least=least, most=most)
    return None


def every_size(sentence: str) -> bool:
    """Tell whether a sentence says that any size will do; a file that writes it everywhere is not to be believed."""
    return _plain(sentence) in _EVERY_SIZE


def age_said(sentence: str, reference: str = "") -> Condition | None:
    """Return the bounds of age that a sentence says from end to end, in years; `None` for any other sentence.

    >>> age_said("Au moins un an d’activité").least
    1.0
    """
    plain = _plain(sentence)
    if found := _AGE_FROM.fullmatch(plain):
        return Condition(Topic.AGE, sentence, reference, amount=YEARS, least=_number(found[1]))
    if found := _AGE_BELOW.fullmatch(plain):
        return Condition(Topic.AGE, sentence, reference, amount=YEARS, most=_number(found[1]))
    return None


def _number(written: str) -> float:
    return float(_WORDS.get(written) or written.replace(" ", ""))


def _plain(sentence: str) -> str:
    """Return a sentence without accents, capitals, typographic signs or closing full stop."""
    letters = unicodedata.normalize("NFKD", sentence.casefold().replace("’", "'"))
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split()).rstrip(" .")
