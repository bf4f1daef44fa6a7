"""Numbers and activities inside a French sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

THIN, NBSP = "\u202f", "\u00a0"

_ARTICLES = {
    "la ": (
        "Culture Sylviculture Pêche Fabrication Imprimerie Cokéfaction Métallurgie Réparation Production Collecte "
        "Dépollution Construction Restauration Programmation Recherche-développement Publicité Organisation Location"
    ),
    "l’": "Extraction Industrie Entreposage Hébergement Édition Assurance Administration Enseignement Action",
    "le ": "Travail Captage Génie Commerce Transport",
    "les ": (
        "Services Industries Travaux Transports Activités Télécommunications Enquêtes Bibliothèques Autres Cultures"
    ),
}
_BY_WORD = {word: article for article, words in _ARTICLES.items() for word in words.split()}
_TAIL = re.compile(rf"[\s{THIN}]*;.*|, à l’exception d.*|, hors .*| n\.c\.a\.$")


def number(value: float, decimals: int = 0) -> str:
    """Write a number as French readers do: U+202F between thousands, a comma, a true minus sign."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace(".", ",").replace("-", "\u2212")


def signed_percent(value: float) -> str:
    """Write a change in percent with its sign: "+4,1 %"."""
    sign = "+" if value > 0 else ""
    return f"{sign}{number(value, 1)}{NBSP}%"


def counted(value: float, singular: str, many: str) -> str:
    """Write a count and its word, singular below two."""
    return f"{number(value)}{NBSP}{singular if abs(value) < 2 else many}"


def listed(items: Sequence[str]) -> str:
    """Write an enumeration: "a, b et c"."""
    return " et ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def activity_phrase(label: str) -> str:
    """Write an activity after "dans": its article, its main part, no capital.

    >>> activity_phrase("Fabrication de meubles"), activity_phrase("Industries alimentaires")
    ('la fabrication de meubles', 'les industries alimentaires')
    """
    short = _TAIL.sub("", label)
    article = _BY_WORD.get(short.split(" ")[0].rstrip(","))
    if article is None:
        return f"l’activité «{NBSP}{short}{NBSP}»"
    return article + short[:1].lower() + short[1:]
