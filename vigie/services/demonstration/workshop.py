"""A finished workshop of the demonstration: twelve imaginary people fill a matrix, weigh actors, answer two rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.workshop import STEPS, ItemDecision, ItemKind
from vigie.services.acts import Nothing
from vigie.services.workshops.preparing import ADDED, DECIDED, PREPARED, DecisionOnItem, ItemsEntry, WorkshopEntry
from vigie.services.workshops.results import cells_asked
from vigie.services.workshops.running import CLOSED, OPENED, ROUND_ENDED, RoomEntry

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk

_ENTRY = (
    "Nos bourgs en 2040",
    "Que peuvent devenir les ateliers de nos bourgs d’ici 2040 ?",
    "9 h : accueil, la question\n9 h 15 : les facteurs\n9 h 45 : la matrice, sur les téléphones\n"
    "10 h 45 : les acteurs et leurs objectifs\n11 h 30 : deux questions, deux tours",
)
_SPOKEN_OF = {
    ItemKind.FACTOR: (
        "Le prix du sol dans les bourgs", "Les jeunes qui partent", "Les commandes des grandes usines",
        "Les écoles qui montrent les métiers", "Les règles d’urbanisme",
    ),
    ItemKind.ACTOR: ("La communauté de communes", "Les grandes usines", "Les artisans"),
    ItemKind.OBJECTIVE: ("Rouvrir les ateliers vides", "Garder les terres agricoles"),
    ItemKind.DESCRIPTOR: (
        "Les ateliers : ils rouvrent ; ils deviennent des logements ; ils tombent",
        "Le train : il s’arrête de nouveau ; il passe sans s’arrêter",
    ),
    ItemKind.QUESTION: (
        "La moitié des ateliers vides auront rouvert en 2040.", "Le train s’arrêtera de nouveau dans nos bourgs."
    ),
}  # fmt: skip
_MEASURED = ("Les jeunes : ils restent ; ils partent", "population_change")
"""What would change if one scenario or another came true, and the indicator that shows it today."""
_HOPED = ("ils rouvrent", "ils restent", "il s’arrête de nouveau")
_FROM_THE_ROOM = "Les livraisons dans les rues étroites"
_PEOPLE = 12


class WorkshopStory:
    """Tells a finished workshop to a story."""

    def __init__(self, desk: Desk, officer: Scope) -> None:
        self._desk, self._officer = desk, officer

    def tell(self, story: Story) -> None:
        """Put the morning in the story: the vision, written the day after, chooses one of its scenarios."""
        story.tell(151, self._hold, 9)

    def _hold(self) -> None:
        acts, officer, today = self._desk.acts, self._officer, self._desk.journal.today(self._officer)
        title, question, agenda = _ENTRY
        made = acts.run(officer, PREPARED, "", WorkshopEntry(title, question, today, today, agenda))
        workshop = made.told.line.id
        for kind, texts in _SPOKEN_OF.items():
            acts.run(officer, ADDED, workshop, ItemsEntry(kind, "\n".join(texts)))
        acts.run(officer, ADDED, workshop, ItemsEntry(indicator="employers"))
        acts.run(officer, ADDED, workshop, ItemsEntry(ItemKind.DESCRIPTOR, *_MEASURED))
        opened = acts.run(officer, OPENED, workshop, RoomEntry(_PEOPLE))
        join = self._desk.workshops.filling.join
        room = [join(workshop, "", opened.codes[0].code).secret for _ in range(_PEOPLE)]
        self._propose(workshop, room[0])
        for step in ("influence", "power", "stand", "fits", "delphi"):
            self._fill(workshop, room, step)
        acts.run(officer, ROUND_ENDED, workshop, Nothing())
        self._fill(workshop, room, "delphi")
        acts.run(officer, CLOSED, workshop, Nothing())

    def _propose(self, workshop: str, secret: str) -> None:
        self._desk.workshops.filling.propose(workshop, secret, _FROM_THE_ROOM)
        (waiting,) = self._desk.workshops.keeping.one(self._officer, workshop).waiting
        self._desk.acts.run(self._officer, DECIDED, waiting.id, DecisionOnItem(ItemDecision.KEEP))

    def _fill(self, workshop: str, room: list[str], step: str) -> None:
        """Have everybody fill every cell of a step: most alike, a third of the cells in two halves."""
        filling = self._desk.workshops.filling
        told = filling.paper(workshop, room[0], step).told
        items, marks = told.items, list(STEPS[step].marks)
        # Papers ask cells in another order from one device to the next: what is counted is the same in any order.
        cells = cells_asked(STEPS[step], items, told.line.round)
        places = {item.id: rank for rank, item in enumerate(items)}
        hopes = {item.id for item in items if item.text.endswith(_HOPED)}
        for rank, secret in enumerate(room):
            for cell in cells:
                _, line, column = cell.split(":")
                at, other = places[line], places.get(column, 0)
                split = (at + other) % 3 == 0 and rank % 2
                mark = marks[0] if split else marks[(2 * at + other) % len(marks)]
                if step == "fits":  # what is hoped goes together, and what is feared; a third of the room doubts
                    mark = (2 if (line in hopes) == (column in hopes) else -2) if rank % 3 or split else 0
                filling.answer(workshop, secret, cell, str(mark))
