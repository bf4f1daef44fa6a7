"""Activities inside a French sentence."""

from __future__ import annotations

import re

from vigie.domain.french import NBSP, THIN

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
