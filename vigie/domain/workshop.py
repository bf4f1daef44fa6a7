"""Foresight workshops: what a room says of factors, actors and questions, one cell at a time, and when it is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_ANSWERS = 3
"""A cell is told from three answers on: below, a room would know whose they are."""
LONGEST_ITEM = 120
"""A factor is read at a glance on a card and on a phone."""
MOST_ITEMS = 30
"""Godet's workshops stop at thirty factors: 870 cells are a day's work for a room."""
MOST_PEOPLE = 200
EXCLUDES = -3
"""Two hypotheses of which one is said to exclude the other make no scenario together."""


class WorkshopState(StrEnum):
    """Where a workshop stands; a draft is read by its organisation alone."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {"draft": "en préparation", "open": "ouvert", "closed": "clos"}[self.value]


class ItemKind(StrEnum):
    """What a workshop speaks of."""

    FACTOR = "factor"
    ACTOR = "actor"
    OBJECTIVE = "objective"
    QUESTION = "question"
    DESCRIPTOR = "descriptor"
    HYPOTHESIS = "hypothesis"

    @property
    def label(self) -> str:
        """French name of one."""
        return {
            "factor": "facteur",
            "actor": "acteur",
            "objective": "objectif",
            "question": "question",
            "descriptor": "composante de scénarios",
            "hypothesis": "hypothèse",
        }[self.value]

    @property
    def several(self) -> str:
        """French name of several."""
        return "composantes de scénarios" if self is ItemKind.DESCRIPTOR else f"{self.label}s"


class ItemState(StrEnum):
    """Where what somebody proposed stands; it is filled once it is kept."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """French name of the state."""
        return {"waiting": "proposé par la salle, à lire", "kept": "retenu", "refused": "non retenu"}[self.value]


class ItemDecision(StrEnum):
    """What becomes of what the room proposed."""

    KEEP = "keep"
    REFUSE = "refuse"

    @property
    def label(self) -> str:
        """French name of the decision."""
        return {"keep": "Le retenir", "refuse": "Ne pas le retenir"}[self.value]


@dataclass(frozen=True, slots=True)
class RoomStep:
    """One table that a room fills: what its lines and columns are, and the marks of a cell with their words.

    `asks` is the sentence of a cell; it names the line as `{line}` and the column as `{column}`. Without `columns`
    there is one cell a line.
    """

    key: str
    label: str
    asks: str
    lines: ItemKind
    columns: ItemKind | None
    marks: Mapping[int, str]

    @property
    def scale(self) -> tuple[int, int]:
        """Return the lowest and the highest mark."""
        return min(self.marks), max(self.marks)


STEPS: Mapping[str, RoomStep] = {
    step.key: step
    for step in (
        RoomStep(
            "influence", "Influences entre facteurs", "« {line} » agit-il sur « {column} » ?",
            ItemKind.FACTOR, ItemKind.FACTOR, {0: "pas", 1: "un peu", 2: "assez", 3: "beaucoup"},
        ),
        RoomStep(
            "power", "Moyens d’action entre acteurs", "« {line} » peut-il peser sur « {column} » ?",
            ItemKind.ACTOR, ItemKind.ACTOR,
            {0: "pas", 1: "sur son quotidien", 2: "sur ses projets", 3: "sur ses missions", 4: "sur son existence"},
        ),
        RoomStep(
            "stand", "Acteurs et objectifs", "« {line} » veut-il « {column} » ?",
            ItemKind.ACTOR, ItemKind.OBJECTIVE,
            {-2: "tout à fait contre", -1: "plutôt contre", 0: "ni l’un ni l’autre", 1: "plutôt pour",
             2: "tout à fait pour"},
        ),
        RoomStep(
            "fits", "Hypothèses qui vont ensemble", "Si « {line} », alors « {column} »…",
            ItemKind.HYPOTHESIS, ItemKind.HYPOTHESIS,
            {EXCLUDES: "est exclu", -2: "devient peu probable", -1: "est un peu freiné", 0: "n’y gagne ni n’y perd",
             1: "est un peu aidé", 2: "devient probable", 3: "est entraîné"},
        ),
        RoomStep(
            "delphi", "Questions à la salle", "{line}", ItemKind.QUESTION, None,
            {1: "pas du tout d’accord", 2: "plutôt pas", 3: "partagé", 4: "plutôt d’accord", 5: "tout à fait d’accord"},
        ),
    )
}  # fmt: skip
"""MICMAC's scale of influence, MACTOR's of means of action (Godet), positions on five marks, the seven marks of
cross-impact balances, Delphi's scale."""


def cells_of(
    step: RoomStep, items: Mapping[ItemKind, Sequence[str]], round_: int = 1, within: Mapping[str, str] | None = None
) -> list[str]:
    """Return the names of the cells of a step, lines first; a Delphi question has a cell for each round.

    Two items `within` the same one, hypotheses of one descriptor, are not crossed.

    >>> cells_of(STEPS["influence"], {ItemKind.FACTOR: ["a", "b"]})
    ['influence:a:b', 'influence:b:a']
    """
    lines = items.get(step.lines, ())
    if step.columns is None:
        return [f"{step.key}:{line}:{round_}" for line in lines]
    columns = items.get(step.columns, ())
    homes = within or {}
    return [
        f"{step.key}:{line}:{column}"
        for line in lines
        for column in columns
        if line != column and (line not in homes or homes[line] != homes.get(column))
    ]


def next_cell(cells: Iterable[str], answered: Iterable[str], filled: Mapping[str, int], participant: str) -> str:
    """Return the cell to be filled next: of those that this participant left, one that the room filled least.

    Among equals the order is that of a hash of participant and cell, so that a room spreads over a matrix by itself.
    Empty when nothing is left.
    """
    done = set(answered)
    left = [cell for cell in cells if cell not in done]
    return min(left, key=lambda cell: (filled.get(cell, 0), _drawn(participant, cell)), default="")


def _drawn(participant: str, cell: str) -> str:
    return hashlib.sha256(f"{participant}\n{cell}".encode()).hexdigest()


def distributions(papers: Iterable[Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return how many answered each mark, by cell: all that is kept of what a room said.

    >>> distributions([{"influence:a:b": 2}, {"influence:a:b": 2}, {"influence:a:b": 0}])
    {'influence:a:b': {'0': 1, '2': 2}}
    """
    found: dict[str, Counter[int]] = {}
    for paper in papers:
        for cell, mark in paper.items():
            found.setdefault(cell, Counter())[mark] += 1
    return {cell: {str(mark): counts[mark] for mark in sorted(counts)} for cell, counts in sorted(found.items())}


def marks_of(distribution: Mapping[str, int]) -> list[int]:
    """Return the answers of a cell, lowest first, without any order of arrival."""
    return [int(mark) for mark in sorted(distribution, key=int) for _ in range(distribution[mark])]


def middle(marks: Sequence[int]) -> int:
    """Return the median of sorted marks, the lower of two middle ones: half the room said that much at least.

    >>> middle([0, 1, 3, 3])
    1
    """
    return marks[(len(marks) - 1) // 2]
