"""The introductions of the demonstration: who is proposed to whom, why, and how far it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.access import Scope
from vigie.domain.introductions import POSITIONS, WHY_NOT, IntroductionStep, Step
from vigie.services.demonstration.story import People, address
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.introductions.requests import IntroductionWish

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from vigie.services.demonstration.parts import StoryFirm
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk
    from vigie.services.know import Know


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two parts, a reason, the day it was proposed (days ago), and what followed, each with its day.

    Steps: `yes a`, `no b`, `back a`, `met`, `abandoned`, `silent`, `rated a 5`, or one of the outcomes or of the
    reasons why nothing came of it.
    """

    first: str
    second: str
    since: int
    reason: str
    then: tuple[tuple[int, str], ...] = ()
    amount: int | None = None
    jobs: int | None = None


MEETINGS: tuple[Meeting, ...] = (
    Meeting(
        "metal", "machines", 150,
        "L’un usine des pièces à l’unité et veut participer à la conception ; l’autre dessine des machines spéciales "
        "et cherche un atelier proche pour ses prototypes.",
        ((147, "yes b"), (145, "yes a"), (133, "met"), (96, "subcontracting"), (90, "rated a 5"), (88, "rated b 4")),
        85_000, 2,
    ),
    Meeting(
        "food", "paper", 143,
        "L’une veut des emballages que ses clients rapportent ; l’autre sait en faire en petites séries, sans "
        "plastique, et cherche un premier client voisin.",
        ((141, "yes a"), (136, "yes b"), (121, "met"), (77, "order"), (70, "rated a 4"), (69, "rated b 5")),
        32_000,
    ),
    Meeting(
        "timber", "furniture", 138,
        "Les chutes de chêne de l’une sont la matière première de l’autre, pour une gamme locale et réparable.",
        ((135, "yes a"), (134, "yes b"), (119, "met"), (63, "co_innovation"), (57, "rated a 5"), (55, "rated b 5")),
        18_000, 1,
    ),
    Meeting(
        "plastic", "recycling", 128,
        "Des rebuts propres et triés partent loin aujourd’hui ; à côté, on sait les broyer et les regranuler.",
        ((126, "yes b"), (124, "yes a"), (110, "met"), (49, "materials"), (43, "rated a 4"), (41, "rated b 4")),
        24_000,
    ),
    Meeting(
        "training", "foundry", 118,
        "Deux départs en retraite d’un côté, une formation sur mesure de l’autre : le geste du moulage peut se "
        "transmettre.",
        ((115, "yes a"), (113, "yes b"), (101, "met"), (35, "people"), (28, "rated a 5"), (27, "rated b 3")),
        None, 2,
    ),
    Meeting(
        "software", "electronics", 110,
        "L’une cherche un atelier volontaire pour suivre des machines par capteurs ; l’autre se demande comment suivre "
        "les siennes.",
        ((107, "yes a"), (99, "yes b"), (87, "met"), (59, "timing"), (52, "rated a 2")),
    ),
    Meeting(
        "transport", "wholesale", 74,
        "Des camions repartent à vide le vendredi vers l’est ; un voisin y livre en fin de semaine.",
        ((71, "yes a"), (69, "yes b"), (20, "met")),
    ),
    Meeting(
        "textile", "leather", 61,
        "Deux savoir-faire rares, qui cherchent l’un et l’autre un lieu de vente à partager.",
        ((58, "yes b"), (55, "yes a"), (13, "met")),
    ),
    Meeting(
        "engineering", "boats", 38,
        "L’une calcule des structures légères ; l’autre veut alléger un modèle et n’a pas de bureau d’études.",
        ((35, "yes a"), (24, "yes b")),
    ),
    Meeting(
        "surface", "foundry", 30,
        "Les pièces de l’une demandent le traitement que l’autre sait faire, à quelques kilomètres.",
        ((27, "yes b"), (9, "yes a")),
    ),
    Meeting(
        "chemistry", "paper", 45,
        "Des emballages propres et vides d’un côté, un fabricant d’emballages de l’autre.",
        ((43, "yes a"), (40, "no b")),
    ),
    Meeting(
        "print", "drinks", 33,
        "Des étiquettes en petites séries pour des boissons qui changent à chaque saison.",
        ((31, "yes a"), (25, "back a")),
    ),
    Meeting(
        "garage", "plastic", 42,
        "Réparer des boucliers demande une matière que l’autre met au rebut.",
        ((39, "yes b"), (12, "abandoned")),
    ),
    Meeting(
        "building", "minerals", 24,
        "L’un cherche des bétons moins carbonés pour un chantier public ; l’autre cherche un chantier d’essai.",
        ((6, "silent"),),
    ),
    Meeting(
        "food", "recycling", 11,
        "Des coproduits alimentaires jetés chaque semaine, et quelqu’un qui cherche des gisements réguliers.",
        ((8, "yes b"),),
    ),
    Meeting(
        "metal", "software", 6,
        "L’un a deux centres d’usinage neufs ; l’autre cherche un atelier volontaire pour un essai de suivi des "
        "machines.",
    ),
    Meeting(
        "bakery", "drinks", 3,
        "Des drêches de brasserie peuvent devenir farine, et le fournil est libre la nuit.",
    ),
)  # fmt: skip


WISH = (
    "Une pièce de notre ligne d’embouteillage casse deux fois l’an et le fabricant a fermé : un atelier voisin saurait "
    "peut-être la redessiner."
)
"""What one head asks for at the end of the story."""


class Meetings:
    """Tells introductions to a story, step by step, each taken by whoever takes it in life."""

    def __init__(self, desk: Desk, people: People, know: Know, officer: Scope) -> None:
        self._desk, self._people, self._know, self._officer = desk, people, know, officer
        self.identifiers: dict[tuple[str, str], str] = {}

    def tell(
        self, story: Story, parts: Mapping[str, StoryFirm], dossiers: Mapping[str, str], heads: Mapping[str, Scope]
    ) -> None:
        """Put every introduction in the story; `heads` are those who answer from their account, not by a link."""
        for meeting in playable(parts):
            story.tell(meeting.since, lambda one=meeting: self._propose(one, dossiers), 11)  # type: ignore[misc]
            for day, step in meeting.then:
                story.tell(day, lambda one=meeting, it=step: self._step(one, it, parts, heads), 15)  # type: ignore[misc]

        story.tell(4, lambda: self._ask(heads["food"], heads["metal"].siren), 16)

    def _ask(self, head: Scope, siren: str) -> None:
        """Ask for an introduction as the head of a firm does; it waits for the officer."""
        self._desk.introductions.asking.ask(head, IntroductionWish(siren, WISH), self._know)

    def _propose(self, meeting: Meeting, dossiers: Mapping[str, str]) -> None:
        first, second = (Party(dossier_id=dossiers[key]) for key in (meeting.first, meeting.second))
        made = self._desk.introductions.proposing.propose(
            self._officer, Proposal(first, second, meeting.reason), self._know
        )
        self.identifiers[meeting.first, meeting.second] = made.id

    def _step(self, meeting: Meeting, step: str, parts: Mapping[str, StoryFirm], heads: Mapping[str, Scope]) -> None:
        word, *rest = step.split()
        following, made = self._desk.introductions.following, self.identifiers[meeting.first, meeting.second]
        if word == "silent":
            following.remind()
        elif word == "abandoned":
            following.abandon(self._officer, made)
        elif word == "met":
            on = (self._desk.journal.now() - timedelta(days=1)).date()
            following.met(self._officer, made, on)
        elif rest:
            key = (meeting.first, meeting.second)[POSITIONS.index(rest[0])]
            self._answer(made, (word, *rest[1:]), heads.get(key), parts[key])
        else:
            following.conclude(self._officer, made, _outcome(meeting, word))

    def _answer(self, made: str, said: tuple[str, ...], head: Scope | None, part: StoryFirm) -> None:
        word = said[0]
        if head is not None:
            own = self._desk.introductions.following
            if word == "rated":
                own.rate(head, made, int(said[1]))
            else:
                own.answer(head, made, accept=word == "yes")
            return
        by_link = self._desk.introductions.by_link
        token = self._people.link(self._officer.organisation, address(part.contact), made)
        if word == "rated":
            by_link.rate(token, int(said[1]))
        elif word == "back":
            by_link.withdraw(token)
        else:
            by_link.answer(token, accept=word == "yes")


def playable(parts: Collection[str]) -> list[Meeting]:
    """Return the introductions whose two parts are played."""
    return [meeting for meeting in MEETINGS if meeting.first in parts and meeting.second in parts]


def _outcome(meeting: Meeting, word: str) -> IntroductionStep:
    if word in WHY_NOT:
        return IntroductionStep(Step.CONCLUDED, why_not=word)
    return IntroductionStep(Step.CONCLUDED, outcome=word, amount=meeting.amount, jobs=meeting.jobs)
