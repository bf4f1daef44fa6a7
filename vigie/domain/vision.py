"""From a vision to results: where an action stands, what stalled, how far an indicator is from its target."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from vigie.domain.french import counted, number

STALLED_AFTER = timedelta(days=120)
"""A third of a year without any act: two meetings of a steering committee went by, and nothing was said of it."""
_CLOSE = 0.005
"""Half a percent of the way: what rounding alone may show."""


class VisionState(StrEnum):
    """Where a vision stands: written by officers, read by all, or followed by another one."""

    DRAFT = "draft"
    PUBLISHED = "published"
    FORMER = "former"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {"draft": "en préparation", "published": "publiée", "former": "remplacée"}[self.value]


class ActionState(StrEnum):
    """Where an action stands, as its officers say."""

    PLANNED = "planned"
    UNDERWAY = "underway"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {"planned": "prévue", "underway": "en cours", "done": "faite", "dropped": "abandonnée"}[self.value]


class RestsOn(StrEnum):
    """What an action used, by the public page that shows it."""

    CALL = "call"
    CONSULTATION = "consultation"
    AID = "aid"
    PAGE = "page"

    @property
    def label(self) -> str:
        """French name of what is used."""
        return {
            "call": "Un appel public",
            "consultation": "Une consultation",
            "aid": "Une aide",
            "page": "Une page du site",
        }[self.value]


def stalled(state: ActionState, last_act: date, today: date) -> bool:
    """Tell whether an action that should move did not for a third of a year.

    >>> stalled(ActionState.UNDERWAY, date(2026, 1, 1), date(2026, 6, 1))
    True
    """
    return state in (ActionState.PLANNED, ActionState.UNDERWAY) and today - last_act > STALLED_AFTER


def late(state: ActionState, due_on: date | None, today: date) -> bool:
    """Tell whether the deadline of an action that is not over is past."""
    return due_on is not None and due_on < today and state in (ActionState.PLANNED, ActionState.UNDERWAY)


def progress(baseline: float, target: float, seen: float | None) -> str:
    """Return in French how far what is seen is on the way from a baseline to a target.

    The way is measured as (seen - baseline) / (target - baseline); an unknown value is said, never taken for zero.

    >>> progress(100, 200, 150).replace(" ", " ")
    '50 % du chemin'
    """
    if seen is None:
        return "pas encore mesuré"
    if target == baseline:
        return "maintenu" if abs(seen - baseline) <= abs(baseline) * _CLOSE else "ne s’est pas maintenu"
    way = (seen - baseline) / (target - baseline)
    if way >= 1 - _CLOSE:
        return "atteint"
    if abs(way) <= _CLOSE:
        return "n’a pas bougé"
    if way < 0:
        return "s’éloigne du but"
    return f"{number(round(100 * way))}\u00a0% du chemin"


def waiting(days: int) -> str:
    """Return since how long nothing was done, in months above sixty days."""
    return counted(days // 30, "mois", "mois") if days > 60 else counted(days, "jour")
