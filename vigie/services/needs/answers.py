"""What is told of needs: to who states one, to who follows it by link, to the officer who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vigie.services.firms.relations import LocalContact
from vigie.services.followup.answers import JsonAnswer


@dataclass(frozen=True, slots=True)
class NeedReceipt(JsonAnswer):
    """What somebody reads once a need is written: a letter waits for them, and who will answer."""

    organisation: str
    answers: str
    days: int | None


@dataclass(frozen=True, slots=True)
class NeedStep(JsonAnswer):
    """How far a need went, and since which day; `None` when it did not go so far."""

    word: str
    label: str
    on: date | None


@dataclass(frozen=True, slots=True)
class FollowedNeed(JsonAnswer):
    """A need as who stated it follows it; `standing` is unconfirmed, followed, withdrawn or expired."""

    standing: str
    text: str
    siren: str
    commune: str
    readers: str
    organisation: str
    contact: LocalContact
    due_on: date | None
    steps: tuple[NeedStep, ...]
    proposal: str
    result: str
    outcome: str
    published: str
    earlier: date | None
    legal: str


@dataclass(frozen=True, slots=True)
class NeedLine(JsonAnswer):
    """A need in the officer's list; the name of its firm is asked apart."""

    id: str
    text: str
    siren: str
    commune: str
    commune_name: str
    state: str
    confirmed_at: datetime
    due_on: date | None
    owner: str
    owner_name: str
    seen: bool
    dossier: str


@dataclass(frozen=True, slots=True)
class NeedRecord(JsonAnswer):
    """A need as the officers of its organisation read it; `earlier` are needs of the same address or firm, recent.

    `adviser` is the service that it was said to, empty for none in particular.
    """

    line: NeedLine
    readers: str
    name: str
    email: str
    phone: str
    adviser: str
    steps: tuple[NeedStep, ...]
    proposal: str
    outcome: str
    result: str
    published: str
    earlier: tuple[NeedLine, ...]
    may: tuple[str, ...]
