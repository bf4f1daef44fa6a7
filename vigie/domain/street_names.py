"""How an address is written inside a French page, from the capitals and abbreviations of the official register."""

from __future__ import annotations

import re
from functools import lru_cache

from vigie.domain.firm_names import NAMES_KEPT, usual_case

_KINDS = {
    "ALL": "allée", "AV": "avenue", "BD": "boulevard", "CAR": "carrefour", "CHE": "chemin", "CHS": "chaussée",
    "CITE": "cité", "COR": "corniche", "CRS": "cours", "DOM": "domaine", "ECA": "écart", "ESP": "esplanade",
    "FG": "faubourg", "GR": "grande rue", "HAM": "hameau", "IMP": "impasse", "LD": "lieu-dit", "LOT": "lotissement",
    "MTE": "montée", "PARV": "parvis", "PAS": "passage", "PL": "place", "PLN": "plaine", "PLT": "plateau",
    "PRO": "promenade", "QUA": "quartier", "QUAI": "quai", "RES": "résidence", "RLE": "ruelle", "ROC": "rocade",
    "RPT": "rond-point", "RTE": "route", "RUE": "rue", "SEN": "sente", "SQ": "square", "TPL": "terre-plein",
    "TRA": "traverse", "VLA": "villa", "VLGE": "village", "VOIE": "voie",
}  # fmt: skip
"""Kinds of streets as Sirene shortens them (INSEE, variable typeVoieEtablissement)."""
_AREAS = frozenset(("ZA", "ZI", "ZAC", "ZAE", "ZAD", "ZUP", "PA"))
"""Kinds of areas that everybody names by their letters."""
_NUMBERED = re.compile(r"(\d+)(?: (BIS|TER|QUATER|[A-Z](?= )))?(?: |$)")


_COMMON = re.compile(r"(?<![^\W\d_])(?!(?:de|du|des|et|en|sur|sous|au|aux|à|le|la|les|lès|d|l)\b)[^\W\d_]+")
"""Words of a street that are no link: each is part of its name, even that of a trade (« rue du Moulin »)."""


@lru_cache(NAMES_KEPT)
def usual_address(address: str) -> str:
    """Return a line of an address as a French page writes it; one that is not all in capitals is kept.

    >>> usual_address("7 BIS CHE DES NEUF NOYERS"), usual_address("12 RUE DE L'ETANG DU MOULIN")
    ('7 bis chemin des Neuf Noyers', '12 rue de l’Etang du Moulin')
    """
    if address != address.upper():
        return address
    found = _NUMBERED.match(address)
    number = found.group(1) if found else ""
    suffix = (found.group(2) or "") if found else ""
    kind, _, name = (address[found.end() :] if found else address).partition(" ")
    if kind in _AREAS:
        return " ".join(filter(None, (number, suffix, kind, usual_case(f"X {name}")[2:])))
    street = usual_case(f"{_KINDS.get(kind, kind).upper()} {name}".strip())
    if kind in _KINDS:
        known = _KINDS[kind]
        street = known + _COMMON.sub(_named, street[len(known) :])
    written = " ".join(filter(None, (number, suffix if len(suffix) == 1 else suffix.lower(), street)))
    return written[:1].upper() + written[1:]


def _named(word: re.Match[str]) -> str:
    return word[0][:1].upper() + word[0][1:]
