"""The dossiers of the demonstration: firms and others, with contacts, exchanges, reminders and a portfolio."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.services.demonstration.story import address
from vigie.services.followup import contacts, dossiers, exchanges, marking, portfolios, reminders
from vigie.services.followup.answers import Opening
from vigie.services.followup.contacts import ContactEntry
from vigie.services.followup.exchanges import ExchangeEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from vigie.domain.access import Scope
    from vigie.services.demonstration.parts import StoryFirm
    from vigie.services.demonstration.story import Story
    from vigie.services.desk import Desk

FIRST_MEETING = "Premier rendez-vous. On convient de se revoir avec une liste de pistes."
LATER = 12
"""Days between a first visit and what followed."""

OTHERS: tuple[tuple[int, str, str, str, str], ...] = (
    (80, "holder", "Atelier de réparation de vélos", "Thaïs Imaginaire",
     "Projet d’atelier partagé. Cherche un local de quatre-vingts mètres carrés, et un premier prêt."),
    (46, "holder", "Conserverie de légumes en circuit court", "Robin Imaginaire",
     "Projet à deux. A besoin d’une cuisine aux normes une journée par semaine pour commencer."),
    (64, "prospect", "Fabricant de pompes à chaleur, extérieur au territoire", "Sandy Imaginaire",
     "Cherche trois mille mètres carrés près d’un échangeur ; regarde aussi deux territoires voisins."),
    (21, "prospect", "Laboratoire d’essais de matériaux", "Élie Imaginaire",
     "Voudrait ouvrir une antenne près de ses clients de la métallurgie."),
    (95, "premises", "Ancienne menuiserie, 1 200 m²", "Jackie Imaginaire",
     "Toiture refaite, bureaux à reprendre. Le propriétaire préfère louer."),
    (52, "owner", "Propriétaire de deux terrains en zone d’activité", "Maé Imaginaire",
     "Vendrait à une entreprise qui s’engage à construire dans les deux ans."),
)  # fmt: skip
"""Day, kind, title, contact and first exchange of the dossiers that are about no firm."""

REMINDERS: tuple[tuple[int, str, int, str], ...] = (
    (30, "maintenance", -3, "Envoyer la liste des locaux près de l’échangeur"),
    (20, "surface", 4, "Demander si la rencontre avec la fonderie est fixée"),
    (19, "hotel", 2, "Envoyer la liste des producteurs"),
    (14, "boats", 0, "Proposer une date de visite commune du chantier"),
    (12, "textile", -9, "Prendre des nouvelles du lieu de vente partagé"),
    (10, "bakery", -2, "Rappeler pour l’essai avec la brasserie"),
    (7, "software", 5, "Savoir si l’essai chez un usineur avance"),
)
"""Day it was written, part, day it is due (days ago; below zero: to come), what is to be done."""

UNANSWERED: tuple[tuple[int, str, str], ...] = (
    (31, "garage", "Courriel : proposition de rencontrer un plasturgiste. Sans réponse."),
    (23, "electronics", "Courriel : l’essai de suivi des machines peut-il reprendre à l’automne ?"),
    (18, "drinks", "Courriel : d’autres imprimeurs du territoire pour les étiquettes."),
    (5, "leather", "Courriel : deux lieux de vente possibles en centre-bourg."),
)
"""Day, part and words of what was sent and never answered."""

NOTES: tuple[tuple[int, str, str], ...] = (
    (97, "metal", "Bon moment pour parler de la suite : la première commande partagée est livrée."),
    (52, "electronics", "Ne pas insister avant l’automne."),
    (34, "foundry", "Le second départ en retraite est avancé au printemps : voir avec l’organisme de formation."),
)
WATCHED = ("metal", "machines", "surface", "foundry", "electronics", "boats", "engineering", "maintenance")


@dataclass(frozen=True, slots=True)
class Watched:
    """What the portfolio holds besides firms that are followed: a territory, and firms to which something happened."""

    territory: str
    changed: tuple[str, ...] = ()


class FollowingUp:
    """Tells the work of an officer to a story."""

    def __init__(self, desk: Desk, officer: Scope, present: datetime) -> None:
        self._acts, self._register = desk.acts, desk.register
        self._follow, self._officer, self._present = desk.followup, officer, present
        self._now = desk.journal.now
        self.dossiers: dict[str, str] = {}
        self._contacts: dict[str, str] = {}

    def tell(self, story: Story, parts: Mapping[str, StoryFirm], firms: Mapping[str, str], watched: Watched) -> None:
        """Put in the story every dossier, exchange, reminder, and the portfolio."""
        for part in parts.values():
            story.tell(part.since, lambda one=part: self._open(one, firms[one.key]))  # type: ignore[misc]
            story.tell(part.since - LATER, lambda one=part: self._hear(one), 14)  # type: ignore[misc]
        for since, kind, title, contact, said in OTHERS:
            entry = Opening(kind=kind, title=title, summary=said, source="rendez-vous")
            story.tell(since, lambda one=entry, who=contact: self._open_other(one, who), 10)  # type: ignore[misc]
        for day, key, words in (one for one in UNANSWERED if one[1] in parts):
            sent = ExchangeEntry(kind="email", body=words, direction="sent")
            story.tell(day, lambda one=key, it=sent: self._record(one, it), 16)  # type: ignore[misc]
        for day, key, words in (one for one in NOTES if one[1] in parts):
            note = ExchangeEntry(kind="note", body=words)
            story.tell(day, lambda one=key, it=note: self._record(one, it), 17)  # type: ignore[misc]
        for day, key, due, words in (one for one in REMINDERS if one[1] in parts):
            story.tell(day, lambda one=key, when=due, it=words: self._remind(one, when, it), 17)  # type: ignore[misc]
        story.tell(45, lambda: self._watch(firms, watched), 8)

    def _open(self, part: StoryFirm, siren: str) -> None:
        entry = replace(dossiers.prefilled(self._officer, self._register, siren), source="visite")
        opened = self._acts.run(self._officer, dossiers.OPENED, "", entry)
        self.dossiers[part.key] = opened.line.id
        self._meet(part.key, part.contact, part.function)
        self._record(part.key, ExchangeEntry(kind=_kind(part.met), body=part.met, contact=self._contacts[part.key]))
        for word in part.tags:
            self._acts.run(self._officer, marking.TAGGED, opened.line.id, marking.Tagging(word))

    def _hear(self, part: StoryFirm) -> None:
        said = ExchangeEntry("call", part.later, direction="received", contact=self._contacts[part.key])
        self._record(part.key, said)

    def _open_other(self, entry: Opening, contact: str) -> None:
        opened = self._acts.run(self._officer, dossiers.OPENED, "", entry)
        self.dossiers[entry.title] = opened.line.id
        self._meet(entry.title, contact, "")
        self._record(entry.title, ExchangeEntry("meeting", FIRST_MEETING, contact=self._contacts[entry.title]))

    def _meet(self, key: str, name: str, function: str) -> None:
        entry = ContactEntry(name, function, address(name), source="rencontre", informed_on=self._now().date())
        self._contacts[key] = self._acts.run(self._officer, contacts.ADDED, self.dossiers[key], entry).id

    def _record(self, key: str, entry: ExchangeEntry) -> None:
        self._acts.run(self._officer, exchanges.RECORDED, self.dossiers[key], entry)

    def _remind(self, key: str, due: int, words: str) -> None:
        day = (self._present - timedelta(days=due)).date()
        said = reminders.ReminderEntry(words, day, dossier=self.dossiers[key])
        self._acts.run(self._officer, reminders.ADDED, "", said)

    def _watch(self, firms: Mapping[str, str], watched: Watched) -> None:
        portfolio = self._acts.do(
            self._officer, portfolios.MADE, "", portfolios.PortfolioName("Métallurgie et mécanique")
        )
        for siren in (*(firms[key] for key in WATCHED if key in firms), *watched.changed):
            self._acts.run(self._officer, portfolios.FILLED, portfolio, portfolios.Watching(siren=siren))
        said = portfolios.Watching(territory=watched.territory)
        self._acts.run(self._officer, portfolios.FILLED, portfolio, said)


def _kind(met: str) -> str:
    word = met.split(maxsplit=1)[0].strip(".").casefold()
    return {"visite": "visit", "appel": "call"}.get(word, "meeting")
