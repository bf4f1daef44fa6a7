"""Workshops as everybody reads them: those there are, one with how far its room is, and what came out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.french import capital, counted, listed, moment
from vigie.domain.workshop import (
    FEWEST_ANSWERS,
    STEPS,
    ItemKind,
    ItemState,
    WorkshopState,
    distributions,
)
from vigie.errors import Conflict, NotFound
from vigie.services.communes import told_territory
from vigie.services.consultations.papers import papers_of
from vigie.services.consultations.reading import within
from vigie.services.workshops.answers import (
    ItemTold,
    RoomRoundTold,
    StepLine,
    WorkshopLine,
    WorkshopResult,
    WorkshopTold,
)
from vigie.services.workshops.results import (
    Counts,
    actors_told,
    cells_asked,
    cells_told,
    factors_told,
    round_sentences,
    sentences_of,
)
from vigie.services.workshops.scenarios import family_sentences, scenarios_told
from vigie.store.journal.people import Organisation
from vigie.store.journal.records import JournalEvent
from vigie.store.journal.vision import Vision
from vigie.store.journal.workshops import Workshop, WorkshopItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Reader

MADE_OF_EVENTS: Mapping[str, str] = {
    "workshop.prepared": "l’atelier est préparé",
    "workshop.edited": "l’atelier est corrigé",
    "workshop_item.added": "l’organisation ajoute ce dont on parle",
    "workshop_item.proposed": "la salle propose",
    "workshop_item.decided": "une proposition de la salle est lue",
    "workshop.opened": "l’atelier est ouvert",
    "workshop.code_given": "un nouveau code est ouvert",
    "workshop.round_ended": "un tour de questions est fini",
    "workshop.closed": "l’atelier est clos, les réponses sont effacées",
}
"""What the minutes say of each act on a workshop."""


class WorkshopReading:
    """Reads workshops; never a paper, but the counts of three answers at least."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def published(self, scope: Scope, territory: str = "") -> tuple[WorkshopLine, ...]:
        """Return the workshops that everybody reads, of one territory if it is named: the last ones first."""
        scope.require(Thing.WORKSHOPS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = reader.all(
                select(Workshop)
                .where(Workshop.visibility == "public", Workshop.deleted_at.is_(None))
                .where(*((Workshop.territory == territory,) if territory else ()))
                .order_by(Workshop.held_on.desc(), Workshop.id)
                .limit(100)
            )
            return lines(reader, rows)

    def one(self, scope: Scope, workshop: str) -> WorkshopTold:
        """Return a workshop that everybody reads; raises `NotFound` for one that is being prepared."""
        scope.require(Thing.WORKSHOPS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = public(reader, workshop)
            reader.moving(as_its_own(scope, row))
            return told_of(reader, row)

    def result(self, scope: Scope, workshop: str) -> WorkshopResult:
        """Return what came out of a workshop: to everybody once it is closed, to its officers while it is open.

        Raises `NotFound` for one that is being prepared, `Conflict` while it is open to others than its officers.
        """
        scope.require(Thing.WORKSHOPS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = public(reader, workshop)
            ours = row.organisation_id == scope.organisation and scope.may(Thing.WORKSHOPS, Right.WRITE)
            if row.state != WorkshopState.CLOSED.value and not ours:
                raise Conflict("Ce qui ressort de cet atelier se lit une fois qu’il est clos.")
            reader.moving(as_its_own(scope, row))
            return result_of(reader, row)


def as_its_own(scope: Scope, row: Workshop) -> Scope:
    """Return nobody in particular within the organisation of a workshop, unless the asker is of it."""
    return scope if scope.organisation == row.organisation_id else within(row.organisation_id)


def public(reader: Reader, workshop: str) -> Workshop:
    """Return a workshop that everybody reads; raises `NotFound` for any other."""
    row = reader.get(Workshop, workshop)
    if row.visibility != "public":
        raise NotFound(ABSENT)
    return row


def is_open(reader: Reader, row: Workshop) -> bool:
    """Tell whether answers are taken: it was opened, its day came and its last one is not past."""
    day = reader.day(reader.now, row.organisation_id)
    return row.state == WorkshopState.OPEN.value and row.held_on <= day <= row.ends_on


def items_of(reader: Reader, workshop: str, state: ItemState = ItemState.KEPT) -> tuple[ItemTold, ...]:
    """Return what a workshop speaks of, in the order in which it came."""
    mine = select(WorkshopItem).where(
        WorkshopItem.workshop_id == workshop, WorkshopItem.state == state.value, WorkshopItem.deleted_at.is_(None)
    )
    rows = reader.all(mine.order_by(WorkshopItem.position, WorkshopItem.id))
    return tuple(
        ItemTold(one.id, one.kind, one.text or "(retiré)", one.indicator, one.from_room, one.state, one.within)
        for one in rows
    )


def counts_of(reader: Reader, row: Workshop) -> tuple[Counts, int]:
    """Return the counts of each cell and how many people answered: what was kept, or what papers say now."""
    if row.state == WorkshopState.CLOSED.value:
        return row.told.get("cells", {}), int(row.told.get("people", 0))
    papers = [paper.votes for paper in papers_of(reader, row.id)] if row.state == WorkshopState.OPEN.value else []
    return distributions(papers), sum(map(bool, papers))


def steps_of(items: Sequence[ItemTold], counts: Counts, round_: int) -> tuple[StepLine, ...]:
    """Return the steps that have something to fill; each stands alone."""
    found = []
    for step in STEPS.values():
        cells = cells_asked(step, items, round_)
        told = sum(sum(counts.get(cell, {}).values()) >= FEWEST_ANSWERS for cell in cells)
        label = f"{step.label}, tour {round_}" if step.columns is None and round_ > 1 else step.label
        if cells:
            found.append(StepLine(step.key, label, len(cells), told))
    return tuple(found)


def told_of(reader: Reader, row: Workshop) -> WorkshopTold:
    """Return a workshop with what it speaks of and how far its room is."""
    items = items_of(reader, row.id)
    counts, people = counts_of(reader, row)
    return WorkshopTold(lines(reader, [row])[0], items, steps_of(items, counts, row.round), people)


def result_of(reader: Reader, row: Workshop) -> WorkshopResult:
    """Return what comes out of the counts of a workshop."""
    told, (counts, people) = told_of(reader, row), counts_of(reader, row)
    cells, factors = cells_told(told.items, counts, row.round), factors_told(told.items, counts)
    actors, objectives = actors_told(told.items, counts)
    scenarios = scenarios_told(told.items, counts)
    rounds = tuple(
        RoomRoundTold(int(round_), int(many), alike) for round_, (many, alike) in row.told.get("rounds", {}).items()
    )
    return WorkshopResult(
        told,
        (*sentences_of(people, cells, factors), *family_sentences(scenarios, cells), *round_sentences(rounds)),
        minutes(reader, row),
        factors,
        actors,
        objectives,
        scenarios,
        rounds,
        cells,
    )


def minutes(reader: Reader, row: Workshop) -> tuple[str, ...]:
    """Return the minutes of a workshop, written from its events and from nothing else, an act and its moment a line."""
    subjects = [row.id, *reader.all(select(WorkshopItem.id).where(WorkshopItem.workshop_id == row.id))]
    events = select(JournalEvent).where(JournalEvent.subject.in_(subjects), JournalEvent.kind.in_(MADE_OF_EVENTS))
    told: dict[tuple[str, str], list[ItemKind]] = {}
    for event in reader.all(events.order_by(JournalEvent.seq)):
        # An event for each row: what was done at one moment is one line.
        kinds = told.setdefault((moment(event.at), event.kind), [])
        added = [one["set"].get("kind", "") for one in event.rows if one.get("table") == "workshop_item"]
        kinds += [ItemKind(kind) for kind in added if kind in set(ItemKind)]
    return tuple(
        f"{capital(at)} : {MADE_OF_EVENTS[kind]}{f' ({_many(kinds)})' if kinds else ''}."
        for (at, kind), kinds in told.items()
    )


def _many(kinds: Sequence[ItemKind]) -> str:
    return listed(counted(kinds.count(kind), kind.label, kind.several) for kind in ItemKind if kind in kinds)


def lines(reader: Reader, rows: Sequence[Workshop]) -> tuple[WorkshopLine, ...]:
    """Return workshops as lists show them."""
    names = reader.known(Organisation, (row.organisation_id for row in rows))
    linked = reader.known(Vision, (row.vision_id for row in rows if row.vision_id))
    visions = {key for key, vision in linked.items() if vision.visibility == "public" and vision.deleted_at is None}
    return tuple(
        WorkshopLine(
            id=row.id,
            title=row.title,
            question=row.question,
            organisation=names[row.organisation_id].name if row.organisation_id in names else "",
            territory=row.territory,
            territory_name=told_territory(row.territory),
            held_on=row.held_on,
            ends_on=row.ends_on,
            agenda=tuple(line.strip() for line in row.agenda.splitlines() if line.strip()),
            state=row.state,
            round=row.round,
            open=is_open(reader, row),
            vision=row.vision_id if row.vision_id in visions else "",
        )
        for row in rows
    )
