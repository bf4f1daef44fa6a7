"""The subjects that a need told in words is about, so that whoever advises on them can be named at once."""

from __future__ import annotations

from vigie.domain.advising import AdviceSubject
from vigie.store.spelling import words

MOST_SUBJECTS = 2
"""A need of more subjects is one for a person to sort out: the first two are answered."""
# Beginnings of words, folded; those that also begin everyday words (« forme », « pret », « eau ») are written whole.
_BEGINNINGS = {
    AdviceSubject.FUNDING: "financ subvention emprunt invest credit banqu",
    AdviceSubject.DIFFICULTY: "difficult tresorerie dettes impay redressement liquidation",
    AdviceSubject.HIRING: "recrut embauch apprenti alternan salari interim",
    AdviceSubject.TRAINING: "formation competenc stagiaire",
    AdviceSubject.PREMISES: "locaux terrain batiment entrepot hangar demenag foncier immobilier agrand",
    AdviceSubject.ENERGY: "energ electric chauff photovolt solaire isolation",
    AdviceSubject.WATER_AND_WASTE: "dechet effluent recycl reemploi valoris",
    AdviceSubject.DIGITAL: "numeri logiciel informatique cyber internet dematerialis",
    AdviceSubject.INNOVATION: "innov prototyp brevet",
    AdviceSubject.EXPORT: "export etranger international douan",
    AdviceSubject.HANDING_OVER: "transmi repreneur cession ceder succession",
    AdviceSubject.RULES: "reglement juridi autorisation icpe conformit",
    AdviceSubject.CREATION: "creation creer reprendre reprise",
}
_WHOLE = {
    "local": AdviceSubject.PREMISES, "atelier": AdviceSubject.PREMISES, "bureaux": AdviceSubject.PREMISES,
    "m2": AdviceSubject.PREMISES, "former": AdviceSubject.TRAINING, "eau": AdviceSubject.WATER_AND_WASTE,
    "eaux": AdviceSubject.WATER_AND_WASTE, "norme": AdviceSubject.RULES, "normes": AdviceSubject.RULES,
    "retraite": AdviceSubject.HANDING_OVER, "gaz": AdviceSubject.ENERGY,
}  # fmt: skip
_WORKSHOPS, _ABLE = frozenset(("atelier", "ateliers")), frozenset(("qui", "capable", "capables", "pouvant", "sachant"))
"""« Un atelier qui sache courber le chêne » is somebody, not premises."""


def subjects_of(text: str) -> tuple[AdviceSubject, ...]:
    """Return the subjects that a text is about, in the order of the words that tell them; two at most, maybe none."""
    found: dict[AdviceSubject, None] = {}
    said = words(text)
    for word, following in zip(said, (*said[1:], ""), strict=True):
        if word in _WORKSHOPS and following in _ABLE:
            continue
        subject = _WHOLE.get(word) or next(
            (one for one, begins in _BEGINNINGS.items() if word.startswith(tuple(begins.split()))), None
        )
        if subject is not None:
            found[subject] = None
    return tuple(found)[:MOST_SUBJECTS]
