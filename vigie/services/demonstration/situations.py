"""What the demonstration says of the situation of firms: two heads for theirs, the officer for those they visited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.services.firms import declarations, situation
from vigie.services.firms.declarations import DeclarationDraft
from vigie.services.firms.situation import SituationAnswered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk

SITUATIONS: tuple[tuple[int, str, str, str], ...] = (
    (107, "metal", "public", "design=missing prototype=held fabrication=held assembly=held control=held data=missing"),
    (107, "metal", "network", "model_offer=order model_clients=firms model_reach=region project_hiring=engaged"),
    (106, "metal", "network", "maturity_machines=2 maturity_tracking=1 maturity_exchange=1 maturity_design=2 "
     "maturity_upkeep=1 maturity_skills=1 project_digital=considered"),
    (69, "food", "network", "design=none fabrication=held delivery=missing service=none data=missing"),
    (69, "food", "network", "model_offer=own model_clients=people model_reach=local project_energy=engaged"),
    (68, "food", "officer", "project_handover=considered maturity_machines=0 maturity_tracking=0"),
)  # fmt: skip
"""Day, part, readers and answers of the two heads."""
VISITED: tuple[tuple[int, str, str], ...] = (
    (96, "machines", "design=held prototype=missing fabrication=missing data=held model_offer=own maturity_machines=0 "
     "maturity_design=3 maturity_tracking=3 maturity_upkeep=3"),
    (95, "paper", "design=held fabrication=held service=missing delivery=held project_product=engaged"),
    (94, "furniture", "design=held fabrication=missing assembly=held model_offer=own model_clients=people"),
    (94, "timber", "design=missing fabrication=held delivery=held model_offer=order"),
)  # fmt: skip
"""Day, part and answers that the officer noted during a visit."""
SOUGHT = (96, "machines", "Des pièces de prototype usinées à l’unité : usinage et fraisage 5 axes, près d’ici.")


class SituationStory:
    """Tells situations to a story."""

    def __init__(self, desk: Desk, cast: Mapping[str, Scope], firms: Mapping[str, str]) -> None:
        self._desk, self._cast, self._firms = desk, cast, firms

    def tell(self, story: Story) -> None:
        """Put everything in the story; a firm that is not in this country is left out."""
        for day, head, readers, answers in SITUATIONS:
            story.tell(day, lambda who=head, to=readers, it=answers: self._answer(who, who, to, it), 19)  # type: ignore[misc]
        for day, part, answers in VISITED:
            if part in self._firms:
                story.tell(day, lambda of=part, it=answers: self._answer("officer", of, "network", it), 16)  # type: ignore[misc]
        day, part, words = SOUGHT
        if part in self._firms:
            story.tell(day, lambda: self._seek(part, words), 16)

    def _answer(self, who: str, part: str, readers: str, answers: str) -> None:
        said = SituationAnswered(tuple(answers.split()), readers)
        self._desk.acts.run(self._cast[who], situation.ANSWERED, self._firms[part], said)

    def _seek(self, part: str, text: str) -> None:
        draft = DeclarationDraft("needs", text, "network", siren=self._firms[part])
        self._desk.acts.run(self._cast["officer"], declarations.ADDED, "", draft)
