"""The vision of the demonstration: two priorities, actions that went to their end, one that stalled, a target."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.access import ANYONE
from vigie.domain.vision import ActionState, RestsOn
from vigie.services.acts import Nothing
from vigie.services.demonstration.consulting import WORKSHOPS
from vigie.services.vision.writing import (
    FOLLOWED,
    PLANNED,
    PRIORITISED,
    PUBLISHED,
    TARGETED,
    USED,
    WRITTEN,
    ActionEntry,
    ActionNews,
    PriorityEntry,
    TargetEntry,
    UseEntry,
    VisionEntry,
)

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk
    from vigie.services.observe import Observe

_VISION = VisionEntry(
    "Fabriquer ici ce dont nous avons besoin ici",
    "Nous voulons des ateliers ouverts dans les bourgs, des entreprises qui se connaissent, et des métiers que l’on "
    "apprend sans partir. Projet imaginaire d’une organisation imaginaire.",
    "L’eau et les sols d’abord.\nAucune commune à plus de vingt minutes d’un métier.\nOn dit ce qui n’avance pas.",
    "un réseau de bourgs qui fabriquent et se complètent, plutôt qu’une métropole qui attire tout.",
)
_HOPED = "ils rouvrent"
"""What the scenario of the workshop that it chooses says of workshops."""
_WORKSHOPS, _MEETING = "Rouvrir les ateliers des bourgs", "Faire se rencontrer les entreprises"
_REOPEN, _BUY, _INTRODUCE = "Recenser les ateliers vides", "Racheter trois ateliers", "Proposer trente rencontres"


class ProjectStory:
    """Tells a vision and what became of it to a story."""

    def __init__(self, desk: Desk, officer: Scope, observe: Observe, territory: str) -> None:
        self._desk, self._officer, self._observe = desk, officer, observe
        seen = observe.finding(territory, "employers").value
        self._employers = int(seen) if isinstance(seen, int | float) else 100
        self._vision = ""
        self._actions: dict[str, str] = {}

    def tell(self, story: Story) -> None:
        """Put everything in the story: it begins before the other parts, so that an action has time to stall."""
        story.tell(150, self._write, 9)
        story.tell(110, lambda: self._follow(_INTRODUCE, ActionState.UNDERWAY, "Les premières sont proposées."), 9)
        story.tell(34, self._rest, 9)
        story.tell(32, lambda: self._desk.visions.following.run(self._observe), 3)
        story.tell(33, lambda: self._follow(_REOPEN, ActionState.DONE, "Quarante ateliers vides sont décrits."), 9)

    def _write(self) -> None:
        """Write and publish the vision, with its priorities, its actions and a target."""
        acts, officer = self._desk.acts, self._officer
        today = self._desk.journal.today(officer)
        offered = acts.prepare(officer, WRITTEN, "").choices.get("foreseen", {})
        hoped = next((sent for sent, label in offered.items() if _HOPED in label), "")
        self._vision = vision = acts.run(officer, WRITTEN, "", replace(_VISION, foreseen=hoped)).line.id
        for title in (_WORKSHOPS, _MEETING):
            acts.run(officer, PRIORITISED, vision, PriorityEntry(title))
        told = self._desk.visions.reading.ours(officer, vision)
        keys = {one.title: one.id for one in told.priorities}
        due = today + timedelta(days=400)
        for priority, title, carrier, partners in (
            (_WORKSHOPS, _REOPEN, "le service de l’économie", "les communes"),
            (_WORKSHOPS, _BUY, "le service du foncier", "l’établissement foncier"),
            (_MEETING, _INTRODUCE, "le service de l’économie", "la chambre des métiers"),
        ):
            acts.run(officer, PLANNED, vision, ActionEntry(keys[priority], title, carrier, partners, due_on=due))
        baseline, wanted = round(self._employers * 0.97), round(self._employers * 1.05)
        goal = TargetEntry(keys[_WORKSHOPS], "employers", str(baseline), str(wanted), today + timedelta(days=1500))
        told = acts.run(officer, TARGETED, vision, goal)
        self._actions = {one.title: one.id for priority in told.priorities for one in priority.actions}
        acts.run(officer, PUBLISHED, vision, Nothing())

    def _follow(self, action: str, state: ActionState, note: str) -> None:
        self._desk.acts.run(self._officer, FOLLOWED, self._actions[action], ActionNews(state, note))

    def _rest(self) -> None:
        """Rest the first action on the consultation that was closed."""
        closed = [one for one in self._desk.consultations.reading.published(ANYONE) if one.question == WORKSHOPS]
        for one in closed:
            entry = UseEntry(
                RestsOn.CONSULTATION, "Ce que les habitants disent des ateliers", f"/consultation/{one.id}/resultat"
            )
            self._desk.acts.run(self._officer, USED, self._actions[_REOPEN], entry)
