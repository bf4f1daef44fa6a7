"""What workshops answer: records without any row of the journal, and without any answer but one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vigie.services.followup.answers import JsonAnswer


@dataclass(frozen=True, slots=True)
class StepLine(JsonAnswer):
    """One step: how many cells it has, and how many have three answers at least."""

    key: str
    label: str
    cells: int
    told: int


@dataclass(frozen=True, slots=True)
class ItemTold(JsonAnswer):
    """A factor, an actor, an objective or a question, with the indicator that measures it where there is one."""

    id: str
    kind: str
    text: str
    indicator: str
    from_room: bool
    state: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class WorkshopLine(JsonAnswer):
    """A workshop, as lists and its first screen tell it."""

    id: str
    title: str
    question: str
    organisation: str
    territory: str
    territory_name: str
    held_on: date
    ends_on: date
    agenda: tuple[str, ...]
    state: str
    round: int
    open: bool
    vision: str = ""


@dataclass(frozen=True, slots=True)
class WorkshopTold(JsonAnswer):
    """A workshop as everybody reads it: what it speaks of, and how far the room is; `people` joined it."""

    line: WorkshopLine
    items: tuple[ItemTold, ...]
    steps: tuple[StepLine, ...]
    people: int


@dataclass(frozen=True, slots=True)
class CodeTold(JsonAnswer):
    """A code by which people of the room come in."""

    code: str
    expires_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class PreparedWorkshop(JsonAnswer):
    """A workshop as the officers of its organisation work on it: what the room proposed, codes, what may be done."""

    told: WorkshopTold
    waiting: tuple[ItemTold, ...]
    refused: tuple[ItemTold, ...]
    codes: tuple[CodeTold, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellAsked(JsonAnswer):
    """A cell to fill: its sentence, the marks with their words, and what this device answered before."""

    cell: str
    step: str
    sentence: str
    marks: tuple[tuple[int, str], ...]
    mine: int | None


@dataclass(frozen=True, slots=True)
class PaperTold(JsonAnswer):
    """What a device fills next and how far it is; `asked` is `None` once every cell of the step is filled."""

    told: WorkshopTold
    step: StepLine
    asked: CellAsked | None
    done: int


@dataclass(frozen=True, slots=True)
class AnswerTaken(JsonAnswer):
    """The secret of the participant, to be sent with the next answer; `new` when it was just made."""

    secret: str
    new: bool


@dataclass(frozen=True, slots=True)
class CellTold(JsonAnswer):
    """What a room said of a cell: the lower median and how many answered each mark; agreement in a word.

    A cell with fewer than three answers tells their number alone.
    """

    step: str
    line: str
    column: str
    answers: int
    mark: int | None
    counts: tuple[tuple[int, int], ...]
    word: str


@dataclass(frozen=True, slots=True)
class FactorPlace(JsonAnswer):
    """Where a factor stands: direct influence and dependence, and those along the longest paths, in % of all."""

    name: str
    direct_influence: int
    direct_dependence: int
    indirect_influence: float
    indirect_dependence: float
    rank_direct: int
    rank_indirect: int
    role: str


@dataclass(frozen=True, slots=True)
class ActorPlace(JsonAnswer):
    """What an actor weighs, 1 on average; `None` when nobody weighs on anybody."""

    name: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class ObjectiveTold(JsonAnswer):
    """What stands for an objective and against it, weighed by what actors can do."""

    name: str
    pro: float | None
    con: float | None


@dataclass(frozen=True, slots=True)
class ScenarioTold(JsonAnswer):
    """A scenario that holds together: a hypothesis for each descriptor, and by how much the nearest other one loses.

    Scenarios of one `family` are joined by single changes; `holds` counts the rooms drawn again where it stands;
    `items` are the identifiers of its hypotheses.
    """

    hypotheses: tuple[str, ...]
    margin: float
    score: float
    family: int
    holds: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomRoundTold(JsonAnswer):
    """Whether a room orders its questions alike in a round: Kendall's W of those who answered all of them."""

    round: int
    people: int
    concordance: float


@dataclass(frozen=True, slots=True)
class WorkshopResult(JsonAnswer):
    """What a room said: sentences first, then factors, actors, objectives, and each cell with its disagreement."""

    told: WorkshopTold
    sentences: tuple[str, ...]
    minutes: tuple[str, ...]
    factors: tuple[FactorPlace, ...]
    actors: tuple[ActorPlace, ...]
    objectives: tuple[ObjectiveTold, ...]
    scenarios: tuple[ScenarioTold, ...]
    rounds: tuple[RoomRoundTold, ...]
    cells: tuple[CellTold, ...]
