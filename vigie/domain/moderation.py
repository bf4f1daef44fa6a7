"""The policy of moderation: what may be hidden, for which reasons, and the words that say so."""

from __future__ import annotations

from enum import StrEnum


class Moderated(StrEnum):
    """What can be moderated."""

    CALL = "call"
    ANSWER = "answer"
    DECLARATION = "declaration"
    STATEMENT = "statement"


class ModerationDecision(StrEnum):
    """What a moderator decides."""

    HIDE = "hide"
    RESTORE = "restore"


THINGS = {
    Moderated.CALL: "appel",
    Moderated.ANSWER: "réponse à un appel",
    Moderated.DECLARATION: "propos d’entreprise",
    Moderated.STATEMENT: "proposition d’une consultation",
}
DECISIONS = {ModerationDecision.HIDE: "masqué", ModerationDecision.RESTORE: "rétabli"}
RULES = {
    "off_topic": "Hors sujet : le texte ne dit ni un besoin, ni une offre, ni une réponse à ce qui est demandé.",
    "repeated": "Redite : une proposition de la même consultation dit déjà la même chose.",
    "several": "Plusieurs idées en une phrase : on ne saurait pas à laquelle un vote répond.",
    "personal_data": "Données personnelles : le texte nomme quelqu’un ou donne ses coordonnées sans son accord.",
    "insult": "Injure, menace ou discrimination.",
    "advertising": "Publicité ou envoi répété, sans lien avec l’appel.",
    "secret": "Secret des affaires d’autrui, prix, coûts ou capacités : ils ne passent pas par Vigie.",
    "unlawful": "Contenu que la loi interdit.",
    "not_theirs": "Entreprise : le texte parle au nom d’une entreprise qui n’en veut pas, ou sans pouvoir le faire.",
    "mistake": "Erreur : la décision précédente est corrigée, ou l’auteur a corrigé son texte.",
}
"""Why something is hidden or restored: one sentence each, published with the policy."""

POLICY = (
    "Un texte publié n’est masqué que pour l’une des raisons ci-dessous ; il n’est jamais réécrit.",
    "La décision est prise par un administrateur de l’organisation où le texte est écrit, dès qu’il en a connaissance.",
    "Ce qui est dit d’une entreprise est aussi masqué, où que ce soit écrit, par son dirigeant attesté ou par un "
    "développeur économique de son territoire ; l’organisation qui l’a masqué peut seule le rétablir.",
    "L’auteur en reçoit la raison par courriel quand son adresse est connue ; il peut répondre à l’organisation, "
    "qui rétablit le texte si elle s’est trompée.",
    "Une idée proposée à une consultation est soumise au vote, ou non, par un agent de l’organisation ; ne pas la "
    "retenir est aussi une décision, avec sa raison.",
    "Chaque décision est inscrite au journal ci-dessous, avec sa date et sa raison ; ni l’auteur, ni le modérateur, "
    "ni le texte n’y figurent.",
)
