"""Words of needs stated without an account: what may be said, who may read it, how far it went."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from vigie.domain.french import number

LONGEST = 2000
SAID_TWICE = timedelta(days=21)
"""Within three weeks, a second need of one address or firm is most often the first one, not answered yet."""
_MOST_LINKS = 1
_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_OF_MONEY = frozenset({"euro", "euros", "eur", "keur", "ht", "ttc", "prix", "tarif", "tarifs", "environ", "budget"})


class NeedState(StrEnum):
    """Where a need stands; it is told to nobody before its address is confirmed."""

    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    PROPOSED = "proposed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """French name of the state."""
        return _STATES[self]


_STATES = {
    NeedState.UNCONFIRMED: "adresse à confirmer",
    NeedState.RECEIVED: "à répondre",
    NeedState.PROPOSED: "réponse faite",
    NeedState.CLOSED: "terminé",
    NeedState.WITHDRAWN: "retiré",
}


class Readers(StrEnum):
    """Who may read a need, in the words of who states it."""

    CONTACT = "contact"
    NETWORK = "network"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """French name of the readers."""
        return _READERS[self][0]

    @property
    def note(self) -> str:
        """What the choice means."""
        return _READERS[self][1]


_READERS = {
    Readers.CONTACT: ("Mon contact", "La personne qui vous répond et ses collègues, personne d’autre."),
    Readers.NETWORK: ("Le réseau", "Votre contact peut aussi le publier, sans votre nom, aux entreprises du réseau."),
    Readers.PUBLIC: ("Tout le monde", "Votre contact peut aussi le publier, sans votre nom, sur ce site."),
}


class NeedOutcome(StrEnum):
    """What came of a need."""

    MET = "met"
    REFERRED = "referred"
    UNMET = "unmet"

    @property
    def label(self) -> str:
        """French name of the outcome."""
        return _OUTCOMES[self]


_OUTCOMES = {
    NeedOutcome.MET: "besoin satisfait",
    NeedOutcome.REFERRED: "transmis à un autre interlocuteur",
    NeedOutcome.UNMET: "sans suite",
}


def need_fault(text: str) -> str:
    """Return in French why words cannot be taken for a need, empty when they can."""
    said = text.strip()
    if not said:
        return "Dites en quelques mots ce dont vous avez besoin."
    if len(said) > LONGEST:
        return (
            f"Votre texte compte {number(len(said))} caractères : {number(LONGEST)} au plus. "
            "Gardez l’essentiel, le reste se dira de vive voix."
        )
    links = len(_LINK.findall(said))
    if links > _MOST_LINKS:
        return f"Ce texte contient {links} liens : dites votre besoin avec vos mots, un lien au plus."
    if not [word for word in _WORD.findall(said.casefold()) if word not in _OF_MONEY]:
        return "Un nombre ou un prix ne dit pas ce qu’il vous faut : écrivez une phrase, même courte, sans prix."
    return ""
