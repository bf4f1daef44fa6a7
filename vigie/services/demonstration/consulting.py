"""Two consultations of the demonstration, one closed and one open, with imaginary voters in known camps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.access import ANYONE
from vigie.domain.consultation import StatementDecision
from vigie.services.acts import Nothing
from vigie.services.consultations.facilitating import DECIDED, DecisionOnIdea
from vigie.services.consultations.ideas import IdeaEntry
from vigie.services.consultations.preparing import CLOSED, OPENED, PREPARED, SEEDED, ConsultationEntry, Seeds

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk

WORKSHOPS = "Que faire des ateliers vides de nos bourgs ?"
TRAIN = "Comment aller travailler sans voiture ?"
_SAID: dict[str, tuple[tuple[str, str], ...]] = {
    WORKSHOPS: (
        ("Un atelier vide doit d’abord servir à un artisan.", "aa"),
        ("Les bourgs ont besoin de bruit et de métiers, pas seulement de logements.", "aa"),
        ("Il faut les transformer en logements, il en manque partout.", "da"),
        ("Mieux vaut une zone d’activité bien desservie que des ateliers dispersés.", "ad"),
        ("La collectivité doit les acheter avant qu’ils ne tombent en ruine.", "da"),
        ("Les livraisons dans les rues étroites rendent ces ateliers inutilisables.", "ad"),
        ("Les écoles devraient pouvoir y montrer les métiers.", "aa"),
    ),
    TRAIN: (
        ("Les horaires des usines et des cars doivent être accordés.", "aa"),
        ("Une navette partagée entre entreprises vaut mieux qu’une ligne de plus.", "ad"),
        ("La piste cyclable doit passer avant le parking.", "ad"),
        ("Sans voiture, on ne travaille pas ici : c’est ainsi.", "da"),
        ("Il faut rouvrir la gare, même pour deux trains par jour.", "da"),
        ("Télétravailler un jour par semaine devrait être possible dans les bureaux d’usine.", "da"),
    ),
}
"""What is voted, with how each of two camps leans (a: agrees, d: disagrees)."""
_IDEA, _REFUSED = (
    "Les cars devraient prendre les vélos.",
    "Il faut baisser les loyers et planter des arbres et ouvrir plus tard.",
)
_CLOSED_VOTERS, _OPEN_VOTERS, _PLACES = 36, 30, 12


class ConsultedStory:
    """Tells two consultations to a story."""

    def __init__(self, desk: Desk, officer: Scope) -> None:
        self._desk, self._officer = desk, officer
        self._known: dict[str, tuple[str, list[str]]] = {}

    def tell(self, story: Story) -> None:
        """Put everything in the story."""
        story.tell(70, lambda: self._open(WORKSHOPS, 35), 9)
        story.tell(62, lambda: self._vote(WORKSHOPS, _CLOSED_VOTERS), 18)
        story.tell(61, self._count, 7)
        story.tell(36, lambda: self._close(WORKSHOPS), 18)
        story.tell(12, lambda: self._open(TRAIN, 60), 9)
        story.tell(8, lambda: self._vote(TRAIN, _OPEN_VOTERS), 18)
        story.tell(7, self._count, 7)
        story.tell(5, self._propose, 12)

    def _open(self, question: str, days: int) -> None:
        today = self._desk.journal.today(self._officer)
        entry = ConsultationEntry(
            question=question,
            becomes="Le conseil communautaire en débat en séance publique et répond à chaque proposition.",
            becomes_on=today + timedelta(days=days + 60),
            opens_on=today,
            closes_on=today + timedelta(days=days),
            context="Consultation imaginaire : ses votants sont inventés, en deux camps connus.",
        )
        acts = self._desk.acts
        made = acts.run(self._officer, PREPARED, "", entry)
        acts.run(self._officer, SEEDED, made.line.id, Seeds("\n".join(text for text, _ in _SAID[question])))
        opened = acts.run(self._officer, OPENED, made.line.id, Nothing())
        by_text = {one.text: one.id for one in opened.statements}
        self._known[question] = (made.line.id, [by_text[text] for text, _ in _SAID[question]])

    def _vote(self, question: str, many: int) -> None:
        """Have two camps of the same size vote, each voter with one vote against their camp."""
        consultation, statements = self._known[question]
        for rank in range(many):
            secret = ""
            for at, (statement, (_, leanings)) in enumerate(zip(statements, _SAID[question], strict=True)):
                agrees = (leanings[rank % 2] == "a") != (at == rank % 11)
                said = "agree" if agrees else "disagree"
                whence = f"192.0.2.{rank % _PLACES + 1}"
                taken = self._desk.consultations.voting.vote(consultation, secret, statement, said, whence)
                secret = taken.secret

    def _count(self) -> None:
        self._desk.consultations.counting.run_due()

    def _close(self, question: str) -> None:
        """Close it by hand, unless the count of a later day did it already."""
        consultation, _ = self._known[question]
        if self._desk.consultations.reading.one(ANYONE, consultation).state == "open":
            self._desk.acts.run(self._officer, CLOSED, consultation, Nothing())

    def _propose(self) -> None:
        """Propose three ideas: one is put to the vote, one is refused, one waits."""
        consultation, _ = self._known[TRAIN]
        ideas = self._desk.consultations.ideas
        _, kept = ideas.propose(ANYONE, consultation, IdeaEntry(_IDEA))
        _, refused = ideas.propose(ANYONE, consultation, IdeaEntry(_REFUSED))
        ideas.propose(ANYONE, consultation, IdeaEntry("Un arrêt devant chaque usine de plus de cinquante personnes."))
        keep, refuse = DecisionOnIdea(StatementDecision.KEEP), DecisionOnIdea(StatementDecision.REFUSE, "several")
        self._desk.acts.run(self._officer, DECIDED, kept.statement.id, keep)
        self._desk.acts.run(self._officer, DECIDED, refused.statement.id, refuse)
