"""What is told of introductions: records without rows, each with its machine-readable form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SideTold:
    """One party; what the asker may not read is `None`. `own` marks the party the asker speaks for."""

    position: str
    siren: str
    dossier_id: str
    label: str
    consent: str | None
    consented_at: datetime | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    satisfaction: int | None = None
    comment: str | None = None
    asked: bool | None = None
    reminders: int | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of the history; `who` is the name of the person, empty for somebody who came by a link."""

    step: str
    position: str
    at: datetime
    who: str
    role: str
    via: str


@dataclass(frozen=True, slots=True)
class IntroductionTold:
    """An introduction as its asker may read it; `may` names what they can do now."""

    id: str
    state: str
    reason: str
    competitors: bool
    created_at: datetime
    proposed_by: str
    call_id: str
    sides: tuple[SideTold, SideTold]
    introduced_at: datetime | None = None
    met_on: date | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    why_not: str = ""
    amount: int | None = None
    jobs: int | None = None
    may: tuple[str, ...] = ()
    history: tuple[StepTold, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the introduction as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Board:
    """Introductions, the latest first; `counts` says how many stand in each state, whatever page is shown."""

    introductions: tuple[IntroductionTold, ...]
    counts: dict[str, int]
    total: int
    page: int
    total_pages: int

    def as_dict(self) -> dict[str, Any]:
        """Return the board as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Totals of an organisation's introductions: `exact` ones for who reads its cases, else those last published.

    `None` stands for what was never published.
    """

    states: dict[str, int | None]
    outcomes: dict[str, int | None]
    amount: int | None
    jobs: int | None
    exact: bool = False
    fewer_than: int = 3

    def as_dict(self) -> dict[str, Any]:
        """Return the totals as programs read them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TieTold:
    """A dated relation between two firms, born of an introduction."""

    introduction_id: str
    siren_a: str
    siren_b: str
    label_a: str
    label_b: str
    kind: str
    since: date

    def as_dict(self) -> dict[str, Any]:
        """Return the tie as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LinkTold:
    """What a link of a letter shows: who proposes what, to whom; never how to reach the other party.

    `standing` is open, used or expired; `closed` tells that the introduction moved on and the link has no more use.
    `phone` reaches who proposes, `distance_km` is as the crow flies, `None` where one of the places is not public.
    """

    purpose: str
    standing: str
    organisation: str
    expires_at: datetime
    proposed_by: str = ""
    reason: str = ""
    own: str = ""
    other: str = ""
    competitors: bool = False
    consent: str = ""
    state: str = ""
    satisfaction: int | None = None
    legal: str = ""
    phone: str = ""
    other_activity: str = ""
    other_commune: str = ""
    distance_km: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what the link shows as programs read it."""
        return asdict(self)
