"""Relations over time: what happened to an establishment between two dates."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

LARGE = 10
"""Employees from which a site is worth a line of its own: below, Sirene hardly knows the size of what opens."""


class EventKind(StrEnum):
    """Kinds of dated events; the value is what addresses and requests use."""

    CREATION = "creation"
    CLOSURE = "fermeture"
    REOPENING = "reouverture"
    MOVE = "demenagement"
    TRANSFER = "transfert"
    ACTIVITY = "activite"
    SIZE = "effectif"
    NAME = "nom"
    STATUS = "diffusion"
    SAFEGUARD = "sauvegarde"
    RECOVERY = "redressement"
    LIQUIDATION = "liquidation"
    PROCEEDING = "procedure"
    SALE = "vente"
    STRIKING_OFF = "radiation"
    ACCOUNTS = "comptes"

    @property
    def label(self) -> str:
        """French name of the kind."""
        return _LABELS[self]

    @property
    def public(self) -> bool:
        """Whether lists show it: that a firm chose to be discreet, or not any more, is nobody's news."""
        return self is not EventKind.STATUS

    @property
    def quiet(self) -> bool:
        """Whether lists show it only when it is asked for: every company deposits its accounts each year."""
        return self is EventKind.ACCOUNTS

    @property
    def alarming(self) -> bool:
        """Whether it tells that a firm is in difficulty, while something can still be done for it."""
        return self in {EventKind.SAFEGUARD, EventKind.RECOVERY, EventKind.LIQUIDATION}


class EventSource(StrEnum):
    """Who tells an event; the value is what addresses and requests use."""

    SIRENE = "sirene"
    BODACC = "bodacc"

    @property
    def label(self) -> str:
        """French name of the source."""
        return _SOURCES[self]


class EventOrder(StrEnum):
    """What comes first in a list of events; the value is what addresses and requests use."""

    DATE = "date"
    MATTER = "importance"


_LABELS = {
    EventKind.CREATION: "création",
    EventKind.CLOSURE: "fermeture",
    EventKind.REOPENING: "réouverture",
    EventKind.MOVE: "déménagement",
    EventKind.TRANSFER: "transfert",
    EventKind.ACTIVITY: "changement d’activité",
    EventKind.SIZE: "changement de taille",
    EventKind.NAME: "changement de nom",
    EventKind.STATUS: "changement de statut de diffusion",
    EventKind.SAFEGUARD: "procédure de sauvegarde",
    EventKind.RECOVERY: "redressement judiciaire",
    EventKind.LIQUIDATION: "liquidation judiciaire",
    EventKind.PROCEEDING: "suite d’une procédure",
    EventKind.SALE: "vente ou cession",
    EventKind.STRIKING_OFF: "radiation",
    EventKind.ACCOUNTS: "dépôt des comptes",
}
_SOURCES = {EventSource.SIRENE: "Sirene", EventSource.BODACC: "annonces légales (BODACC)"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an establishment.

    `date` is the date the source gives, `None` when it gives none; `seen` is the day Vigie saw the change.
    `before` and `after` are the values that changed (a SIRET for a move or a transfer). A change that would
    reveal a masked value is never written.
    """

    kind: EventKind
    siret: str
    siren: str
    commune: str
    date: datetime.date | None
    seen: datetime.date
    before: str | None = None
    after: str | None = None
    other_commune: str | None = None


USUAL_KM = 20
"""Kilometres around a commune when none are said: half an hour by road, or a little more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody watches in a territory: an activity at any level, a circle; all of it when nothing is said."""

    naf: str = ""
    around: str = ""
    kilometres: int = USUAL_KM
