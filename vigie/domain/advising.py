"""What people who advise firms can be asked about: the subjects, in the words of who asks."""

from __future__ import annotations

from enum import StrEnum


class AdviceSubject(StrEnum):
    """A subject on which a firm may want to speak with somebody."""

    CREATION = "creation"
    FUNDING = "financement"
    DIFFICULTY = "difficulte"
    HIRING = "recrutement"
    TRAINING = "formation"
    PREMISES = "local"
    ENERGY = "energie"
    WATER_AND_WASTE = "eau-dechets"
    DIGITAL = "numerique"
    INNOVATION = "innovation"
    EXPORT = "export"
    HANDING_OVER = "transmission"
    RULES = "reglementation"

    @property
    def label(self) -> str:
        """French name of the subject."""
        return _LABELS[self]


_LABELS = {
    AdviceSubject.CREATION: "Créer ou reprendre",
    AdviceSubject.FUNDING: "Financer un projet",
    AdviceSubject.DIFFICULTY: "Passer une difficulté",
    AdviceSubject.HIRING: "Recruter",
    AdviceSubject.TRAINING: "Former",
    AdviceSubject.PREMISES: "Trouver un local ou un terrain",
    AdviceSubject.ENERGY: "Dépenser moins d’énergie",
    AdviceSubject.WATER_AND_WASTE: "Eau, matières et déchets",
    AdviceSubject.DIGITAL: "Passer au numérique",
    AdviceSubject.INNOVATION: "Innover",
    AdviceSubject.EXPORT: "Exporter",
    AdviceSubject.HANDING_OVER: "Transmettre",
    AdviceSubject.RULES: "Comprendre une règle",
}
