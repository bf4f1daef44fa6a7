"""What the demonstration publishes: calls, answers, declarations of firms, an objection, a decision of moderation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.access import ANYONE
from vigie.services.calls import publishing as calls
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.publishing import CallDraft, Content
from vigie.services.connect import confirming
from vigie.services.connect.confirming import CapabilitiesConfirmed
from vigie.services.demonstration.story import MAIL, address
from vigie.services.firms import declarations, flows
from vigie.services.firms.declarations import DeclarationDraft as Words
from vigie.services.firms.flows import FlowEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import People, Story
    from vigie.services.desk import Desk
    from vigie.services.know import Know

DECLARED: tuple[tuple[int, str, str, str, str], ...] = (
    (110, "metal", "makes", "public", "Pièces usinées à l’unité et en petites séries, en aciers et en aluminium."),
    (110, "metal", "know_how", "public", "Usinage cinq axes, contrôle tridimensionnel, lecture de plans anciens."),
    (110, "metal", "needs", "network", "Un bureau d’études avec qui parler dès le dessin des pièces."),
    (109, "metal", "resources", "introduced", "Deux centres d’usinage cinq axes, un local de métrologie tempéré."),
    (109, "metal", "chain", "network", "Usiner, contrôler, assembler."),
    (72, "food", "makes", "public", "Produits alimentaires faits sur place, vendus en direct et en magasin."),
    (72, "food", "clients", "network", "Magasins de producteurs, restaurants, un marché hebdomadaire."),
    (
        71,
        "food",
        "flows",
        "introduced",
        "Sortent : coproduits frais, cagettes. Entrent : produits des fermes.",
    ),
    (71, "food", "offers", "network", "Accueillir un essai le lundi, quand l’atelier est fermé au public."),
    (70, "food", "needs", "officer", "Un conseil sur la reprise de l’atelier voisin, à traiter discrètement."),
)
"""Day, part, field, visibility and words of what the two heads say of their firms."""

FLOWS: tuple[tuple[int, str, FlowEntry], ...] = (
    (109, "metal", FlowEntry("gives", "10-100", "public", waste="12 01 01")),
    (109, "metal", FlowEntry("gives", "100-1000", "network", substance="chaleur", season="hiver")),
    (71, "food", FlowEntry("takes", "10-100", "network", substance="chaleur")),
    (71, "food", FlowEntry("gives", "10-100", "public", waste="02 03 04", season="automne")),
    (71, "food", FlowEntry("gives", "1-10", "network", waste="15 01 03")),
    (3, "metal", FlowEntry("takes", "1-10", "network", substance="bois")),
)
"""Day, part and flow of matter that the two heads declare: heat that one seeks from the other; pallets, this week."""

_CODES = "usinage fraisage-5-axes controle-tridimensionnel acier aluminium"
SKILLS = (108, "metal", CapabilitiesConfirmed(_CODES, "public"))
"""Day, part and capabilities that a head confirms, among those that its words tell."""

SOURCING = CallDraft(
    "co_innovation",
    "Entretenir les pistes cyclables sans désherbant",
    "La collectivité cherche des façons d’entretenir quarante kilomètres de pistes sans produit chimique : matériel, "
    "méthode, organisation. Toute entreprise peut répondre, seule ou à plusieurs ; la même information est donnée à "
    "tous, et aucun marché n’est promis.",
    public_buyer=True,
)
NEED = CallDraft(
    "need",
    "Traitement thermique de petites séries",
    "Nous cherchons un atelier capable de traiter de petites séries de pièces en acier, avec qui régler les "
    "déformations dès le dessin.",
)
OFFER = CallDraft(
    "offer",
    "Atelier aux normes alimentaires, libre le lundi",
    "Notre atelier est libre le lundi. Nous l’ouvrons à une entreprise ou à un porteur de projet pour un essai.",
    "network",
)
WISH = CallDraft(
    "need",
    "Faire réparer plutôt que jeter",
    "Où faire réparer un petit électroménager ? Beaucoup d’habitants seraient prêts à payer pour cela, personne ne "
    "sait où aller.",
)
NOISE = CallDraft("offer", "Remises sur nos voyages", "Profitez de nos remises, cliquez vite, offre limitée.")


class Publications:
    """Tells calls, declarations, an objection and a moderation to a story."""

    def __init__(self, desk: Desk, people: People, know: Know, cast: Mapping[str, Scope]) -> None:
        self._desk, self._people, self._know, self._cast = desk, people, know, cast
        self._calls: dict[str, str] = {}

    def tell(self, story: Story, objecting: str) -> None:
        """Put everything in the story; `objecting` is the firm that objects to being shown."""
        for day, head, field, visibility, text in DECLARED:
            words = Words(field, text, visibility)
            story.tell(day, lambda who=head, it=words: self._declare(who, it), 18)  # type: ignore[misc]
        for day, head, flow in FLOWS:
            story.tell(day, lambda who=head, it=flow: self._declare_flow(who, it), 19)  # type: ignore[misc]
        day, head, skills = SKILLS
        story.tell(day, lambda: self._confirm(head, skills), 19)
        for day, author, key, draft in (
            (36, "officer", "sourcing", SOURCING), (29, "metal", "need", NEED), (17, "food", "offer", OFFER),
            (13, "inhabitant", "wish", WISH), (10, "inhabitant", "noise", NOISE),
        ):  # fmt: skip
            story.tell(day, lambda who=author, as_=key, it=draft: self._publish(who, as_, it), 10)  # type: ignore[misc]
        story.tell(33, lambda: self._answer_signed("food", "sourcing"), 12)
        story.tell(27, lambda: self._answer_by_letter("sourcing", "Mélissandre Imaginaire", confirmed=True), 13)
        story.tell(22, lambda: self._answer_by_letter("need", "Hippolyte Imaginaire", confirmed=True), 13)
        story.tell(16, self._introduce, 14)
        story.tell(12, lambda: self._answer_by_letter("wish", "Basile Imaginaire", confirmed=True), 13)
        story.tell(2, lambda: self._answer_by_letter("sourcing", "Zacharie Imaginaire", confirmed=False), 13)
        story.tell(11, self._correct, 11)
        story.tell(9, self._moderate, 9)
        story.tell(8, lambda: self._object(objecting), 19)

    def _declare(self, head: str, words: Words) -> None:
        scope = self._cast[head]
        self._desk.acts.run(scope, declarations.ADDED, "", words.about(scope.siren))

    def _declare_flow(self, head: str, flow: FlowEntry) -> None:
        scope = self._cast[head]
        self._desk.acts.run(scope, flows.DECLARED, "", replace(flow, siren=scope.siren))

    def _confirm(self, head: str, skills: CapabilitiesConfirmed) -> None:
        scope = self._cast[head]
        self._desk.acts.run(scope, confirming.CONFIRMED, "", replace(skills, siren=scope.siren))

    def _publish(self, author: str, key: str, draft: CallDraft) -> None:
        closes = (self._desk.journal.now() + timedelta(days=60)).date()
        dated = CallDraft(draft.kind, draft.title, draft.text, draft.visibility, draft.public_buyer, closes)
        self._calls[key] = self._desk.acts.run(self._cast[author], calls.PUBLISHED, "", dated).id

    def _correct(self) -> None:
        """Make the sourcing more precise: who answered is told, and the former text stays readable."""
        now = self._desk.calls.reading.one(self._cast["officer"], self._calls["sourcing"])
        said = f"{now.text} Les essais se feront au printemps, sur deux kilomètres choisis avec les cyclistes."
        content = Content(now.kind, now.title, said, now.closes_on)
        self._desk.acts.run(self._cast["officer"], calls.CORRECTED, now.id, content)

    def _answer_signed(self, head: str, call: str) -> None:
        said = (
            "Nos camions suivent ces pistes chaque semaine : nous pouvons porter un essai de désherbage à l’eau chaude."
        )
        self._desk.calls.answering.answer(self._cast[head], self._calls[call], AnswerEntry(said))

    def _answer_by_letter(self, call: str, name: str, *, confirmed: bool) -> None:
        said = "Cela m’intéresse : je travaille là-dessus depuis deux ans et je serais heureux d’en parler."
        recipient = address(name)
        self._desk.calls.answering.answer(ANYONE, self._calls[call], AnswerEntry(said, name, recipient))
        if confirmed:
            self._desk.calls.answering.confirm(self._people.link(self._cast["officer"].organisation, recipient))

    def _introduce(self) -> None:
        officer, call = self._cast["officer"], self._calls["need"]
        answer = next(one for one in self._desk.calls.reading.answers(officer, call) if one.name)
        self._desk.calls.introducing.introduce(officer, call, answer.id, self._know)

    def _moderate(self) -> None:
        self._desk.records.moderating.decide(self._cast["admin"], "call", self._calls["noise"], "hide", "advertising")

    def _object(self, siren: str) -> None:
        """Object by e-mail, as somebody without account does; the officer will review it."""
        recipient = f"opposition@{MAIL}"
        self._desk.objections.ask(ANYONE, siren, recipient)
        organisation = self._cast["officer"].organisation
        self._desk.objections.confirm(self._people.link(organisation, recipient))
