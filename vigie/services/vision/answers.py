"""What a vision answers: its priorities, actions, uses and targets, its story and its results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vigie.services.followup.answers import JsonAnswer


@dataclass(frozen=True, slots=True)
class VisionLine(JsonAnswer):
    """A vision, as lists show it; `territory` is a name, `key` names it to other pages."""

    id: str
    title: str
    organisation: str
    territory: str
    state: str
    published_at: datetime | None
    replaced_at: datetime | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class UseTold(JsonAnswer):
    """What an action used, and the page of this site that shows it."""

    kind: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class ActionTold(JsonAnswer):
    """An action, with the day of its last act; `stalled` when a third of a year went by without any."""

    id: str
    title: str
    carrier: str
    partners: str
    means: str
    due_on: date | None
    state: str
    note: str
    said_on: date
    stalled: bool
    late: bool
    silent_days: int
    uses: tuple[UseTold, ...]


@dataclass(frozen=True, slots=True)
class TargetTold(JsonAnswer):
    """An indicator with its baseline, its target and what is seen, `None` as long as it is not known."""

    id: str
    indicator: str
    territory: str
    label: str
    unit: str
    baseline: float
    baseline_on: date
    target: float
    due_on: date
    seen: float | None
    seen_at: datetime | None
    progress: str


@dataclass(frozen=True, slots=True)
class PriorityTold(JsonAnswer):
    """A priority with its actions and targets."""

    id: str
    title: str
    text: str
    actions: tuple[ActionTold, ...]
    targets: tuple[TargetTold, ...]


@dataclass(frozen=True, slots=True)
class YearTold(JsonAnswer):
    """What the vision said at the end of a year, as it was kept."""

    year: int
    actions: int
    done: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignTold(JsonAnswer):
    """What is seen today of a part of the future that was chosen: `seen` is `None` as long as it is not known."""

    descriptor: str
    hypothesis: str
    indicator: str
    label: str
    unit: str
    territory: str
    territory_name: str
    seen: float | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ForeseenTold(JsonAnswer):
    """The scenario that a vision chose: the closed workshop that told it, its hypotheses, what would tell it comes."""

    workshop: str
    title: str
    hypotheses: tuple[str, ...]
    signs: tuple[SignTold, ...]


@dataclass(frozen=True, slots=True)
class VisionTold(JsonAnswer):
    """A vision, whole."""

    line: VisionLine
    text: str
    values: tuple[str, ...]
    scenario: str
    foreseen: ForeseenTold | None
    priorities: tuple[PriorityTold, ...]
    former: tuple[VisionLine, ...]
    years: tuple[YearTold, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StorySentence(JsonAnswer):
    """One sentence of the story, and the address of what it rests on; `of` is the part of the story it belongs to."""

    of: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class KeyResult(JsonAnswer):
    """One of the five results; `value` is `None` when it is not known, or hidden, as `note` says."""

    label: str
    value: int | None
    unit: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class ResultsTold(JsonAnswer):
    """The five results of a vision."""

    line: VisionLine
    results: tuple[KeyResult, ...]
