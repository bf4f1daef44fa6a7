"""Filling a workshop: people of the room, with a code and a secret that their own device keeps.

Nothing here knows who is signed in. An answer writes neither event nor audit row, and its paper holds no moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from vigie.domain.access import ANYONE, Right, Thing
from vigie.domain.consultation import statement_fault
from vigie.domain.declared import Label, Length, Missing
from vigie.domain.workshop import (
    FEWEST_ANSWERS,
    LONGEST_ITEM,
    STEPS,
    ItemKind,
    ItemState,
    RoomStep,
    distributions,
    marks_of,
    middle,
    next_cell,
)
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.rate_limits import RateLimiter, origin_of
from vigie.services.acts import Act, Doing, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.consultations.papers import HALL_TRIES, locked_paper, paper_of, papers_of, use_hall
from vigie.services.consultations.reading import within
from vigie.services.keys import Keys
from vigie.services.workshops.answers import AnswerTaken, CellAsked, PaperTold
from vigie.services.workshops.preparing import add_item
from vigie.services.workshops.reading import is_open, items_of, public, told_of
from vigie.services.workshops.results import cells_asked
from vigie.store.journal.workshops import Workshop

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.workshops.answers import WorkshopTold
    from vigie.store.journal.port import Journal, Reader

_LENGTH = len(Keys.new_token())
_NOT_OPEN = "Cet atelier ne prend pas de réponses aujourd’hui."
_NO_CODE = "Entrez d’abord avec le code que dit la personne qui anime."


@dataclass(frozen=True, slots=True)
class FactorProposed:
    """Un facteur proposé par la salle."""

    workshop: Annotated[str, Label("Atelier"), Length(20)]
    text: Annotated[str, Label("Facteur"), Length(LONGEST_ITEM), Missing("Écrivez un facteur.")]


PROPOSED = Act(
    "workshop_item.proposed",
    "facteur proposé par la salle",
    needs=needs(Thing.VOTES, Right.WRITE_OWN),
    summary="Proposer un facteur",
    done="Votre facteur est reçu.",
    takes=FactorProposed,
    tells=nothing,
)
CAPABILITY = Capability("Ateliers de prospective", acts=(PROPOSED,))


@PROPOSED.does
def receive(doing: Doing, workshop: str, said: FactorProposed) -> None:
    """Write what the room proposes, without any author; an officer reads it before it is filled."""
    row = public(doing.unit, workshop)
    if not is_open(doing.unit, row):
        raise Conflict(_NOT_OPEN)
    add_item(doing.unit, row, ItemKind.FACTOR, " ".join(said.text.split()), from_room=True)


class Filling:
    """Lets people of the room in, asks them one cell at a time, takes their marks."""

    def __init__(self, journal: Journal, keys: Keys, acts: ActRunner) -> None:
        self._journal, self._keys, self._acts = journal, keys, acts
        self._limits = RateLimiter(journal, keys)

    def join(self, workshop: str, secret: str, code: str, whence: str = "") -> AnswerTaken:
        """Let a device in with the code of the room; one that is in already stays who it was.

        Raises `FieldFault` for a code that is not open, `Conflict` when answers are not taken, `TooManyAttempts` for
        too many wrong codes from one place.
        """
        with self._within(workshop) as (reader, row):
            _require_open(reader, row)
            known = paper_of(reader, row.id, secret) is not None
        if known:
            return AnswerTaken(secret, new=False)
        secret = secret if len(secret) == _LENGTH else self._keys.new_token()
        place = f"{row.id}\n{origin_of(whence) if whence else ''}"
        if self._limits.is_full(HALL_TRIES, place):
            self._limits.enter((HALL_TRIES, place))  # says how long to wait
        try:
            with self._journal.writing(within(row.organisation_id)) as unit:
                use_hall(unit, row.id, code)
                locked_paper(unit, row.id, secret)
        except FieldFault as fault:
            # Codes that are none are counted, so that nobody finds one by trying.
            self._limits.enter((HALL_TRIES, place))
            raise FieldFault("code", str(fault)) from None
        return AnswerTaken(secret, new=True)

    def known(self, workshop: str, secret: str) -> bool:
        """Tell whether a device is in."""
        with self._within(workshop) as (reader, row):
            return paper_of(reader, row.id, secret) is not None

    def paper(self, workshop: str, secret: str, step: str, wanted: str = "") -> PaperTold:
        """Return the next cell of a step for a device, or the one that is `wanted`.

        Raises `NotFound` for a step with nothing to fill.
        """
        with self._within(workshop) as (reader, row):
            told = told_of(reader, row)
            line = next((one for one in told.steps if one.key == step), None)
            if line is None:
                raise NotFound("Cette étape n’a rien à remplir dans cet atelier.")
            mine = paper_of(reader, row.id, secret)
            answers: dict[str, int] = dict(mine.votes) if mine else {}
            counts = distributions(paper.votes for paper in papers_of(reader, row.id))
            cells = cells_asked(STEPS[step], told.items, row.round)
            filled = {cell: sum(one.values()) for cell, one in counts.items()}
            cell = wanted if wanted in cells else next_cell(cells, answers, filled, secret or "anybody")
            asked = _asked(STEPS[step], cell, told, answers.get(cell), counts) if cell else None
            return PaperTold(told, line, asked, sum(one in answers for one in cells))

    def answer(self, workshop: str, secret: str, cell: str, mark: str) -> AnswerTaken:
        """Take a mark on a cell, durable on return; the last one of a device counts.

        Raises `FieldFault` for another cell or mark, `Conflict` when answers are not taken, `NotFound` for a device
        that is not in.
        """
        with self._within(workshop) as (reader, row):
            _require_in(reader, row, secret)
            step = STEPS.get(cell.partition(":")[0])
            if step is None or cell not in cells_asked(step, items_of(reader, row.id), row.round):
                raise FieldFault("cell", "Cette case n’est pas, ou n’est plus, à remplir.")
            if mark not in map(str, step.marks):
                raise FieldFault("mark", f"Choisissez parmi : {', '.join(map(str, step.marks))}.")
        with self._journal.writing(within(row.organisation_id)) as unit:
            _require_open(unit, public(unit, workshop))
            paper = locked_paper(unit, row.id, secret)
            # Sorted: the order of a JSON object would tell the order of the answers.
            paper.votes = dict(sorted({**paper.votes, cell: int(mark)}.items()))
        return AnswerTaken(secret, new=False)

    def propose(self, workshop: str, secret: str, text: str) -> None:
        """Write a factor that somebody of the room proposes; nothing tells which device it came from.

        Raises `FieldFault` for one that names somebody or is too long, `NotFound` for a device that is not in.
        """
        said = " ".join(text.split())
        if not said or len(said) > LONGEST_ITEM:
            raise FieldFault("text", f"Écrivez un facteur en {LONGEST_ITEM} signes au plus.")
        if fault := statement_fault(f"Un facteur de plus, {said}."):
            raise FieldFault("text", fault)
        with self._within(workshop) as (reader, row):
            _require_in(reader, row, secret)
            if len(items_of(reader, row.id, ItemState.WAITING)) >= _MOST_WAITING:
                raise Conflict("Beaucoup de propositions attendent d’être lues : proposez la vôtre de vive voix.")
        self._acts.do(within(row.organisation_id), PROPOSED, row.id, FactorProposed(row.id, said))

    @contextmanager
    def _within(self, workshop: str) -> Iterator[tuple[Reader, Workshop]]:
        """Read as nobody in particular, within the organisation of a public workshop."""
        with self._journal.reading(ANYONE) as reader:
            row = public(reader, workshop)
            reader.moving(within(row.organisation_id))
            yield reader, row


_MOST_WAITING = 60


def _asked(
    step: RoomStep, cell: str, told: WorkshopTold, mine: int | None, counts: dict[str, dict[str, int]]
) -> CellAsked:
    names = {item.id: item.text for item in told.items}
    _, line, column = cell.split(":")
    sentence = step.asks.format(line=names[line], column=names.get(column, ""))
    if step.columns is None and told.line.round > 1:
        before = marks_of(counts.get(f"{step.key}:{line}:{told.line.round - 1}", {}))
        if len(before) >= FEWEST_ANSWERS:
            sentence += f" Au tour précédent, la salle était au milieu « {step.marks[middle(before)]} »."
    return CellAsked(cell, step.key, sentence, tuple(step.marks.items()), mine)


def _require_open(reader: Reader, row: Workshop) -> None:
    if not is_open(reader, row):
        raise Conflict(_NOT_OPEN)


def _require_in(reader: Reader, row: Workshop, secret: str) -> None:
    _require_open(reader, row)
    if paper_of(reader, row.id, secret) is None:
        raise NotFound(_NO_CODE)
