"""Following up: what a dossier is about, what was exchanged in it, and what an exchange proves."""

from __future__ import annotations

from enum import StrEnum

WAITING_DAYS = 15
"""Days without an answer after which a dossier is to be chased."""
POSTPONED_DAYS = 7
"""Days by which a reminder is put off in one click."""
NEXT_STEPS = {"7": "dans une semaine", "14": "dans deux semaines", "30": "dans un mois", "90": "dans trois mois"}
"""In how many days the next step can be set, where what was done is noted."""


class DossierKind(StrEnum):
    """What a dossier follows."""

    FIRM = "firm"
    HOLDER = "holder"
    PROSPECT = "prospect"
    PREMISES = "premises"
    OWNER = "owner"

    @property
    def label(self) -> str:
        """French name of the kind."""
        return _KINDS[self]


_KINDS = {
    DossierKind.FIRM: "entreprise",
    DossierKind.HOLDER: "porteur de projet",
    DossierKind.PROSPECT: "prospect extérieur",
    DossierKind.PREMISES: "local ou terrain",
    DossierKind.OWNER: "propriétaire",
}


class DossierState(StrEnum):
    """Where a dossier stands."""

    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """French name of the state."""
        return "en cours" if self is DossierState.OPEN else "clos"


class ExchangeKind(StrEnum):
    """How people exchanged; a note is only for the organisation's own officers."""

    VISIT = "visit"
    CALL = "call"
    MEETING = "meeting"
    EMAIL = "email"
    NOTE = "note"

    @property
    def label(self) -> str:
        """French name of the kind."""
        return _EXCHANGES[self]


_EXCHANGES = {
    ExchangeKind.VISIT: "visite",
    ExchangeKind.CALL: "appel",
    ExchangeKind.MEETING: "rendez-vous",
    ExchangeKind.EMAIL: "courriel",
    ExchangeKind.NOTE: "note interne",
}


class Direction(StrEnum):
    """Who spoke: both sides, the contact to us, or we alone."""

    TOGETHER = "together"
    RECEIVED = "received"
    SENT = "sent"

    @property
    def label(self) -> str:
        """French name of the direction."""
        return _DIRECTIONS[self]


_DIRECTIONS = {
    Direction.TOGETHER: "échange des deux côtés",
    Direction.RECEIVED: "reçu du contact",
    Direction.SENT: "envoyé par nous, sans réponse pour l’instant",
}


def usual_direction(kind: ExchangeKind) -> Direction:
    """Return who spoke when nobody says so: an e-mail is ours until it is said to be received."""
    return Direction.SENT if kind in (ExchangeKind.EMAIL, ExchangeKind.NOTE) else Direction.TOGETHER


def comes_from_contact(kind: ExchangeKind, direction: Direction) -> bool:
    """Tell whether an exchange proves that the contact is still in touch: what we send alone never does."""
    return kind is not ExchangeKind.NOTE and direction is not Direction.SENT
