"""Needs that the demonstration states without an account, and who answers for its communes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.access import ANYONE
from vigie.domain.needs import NeedOutcome, Readers
from vigie.services.acts import Nothing
from vigie.services.advising import keeping
from vigie.services.advising.keeping import AdviserEntry
from vigie.services.communes import communes_of
from vigie.services.demonstration.land import land_file
from vigie.services.demonstration.story import address
from vigie.services.needs import answerers, answering
from vigie.services.needs.stating import NeedEntry
from vigie.services.sites import inventory
from vigie.services.sites.inventory import LandEntry
from vigie.services.sites.offers import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.access import Scope
    from vigie.services.demonstration.story import People, Story
    from vigie.services.desk import Desk

OFFICER_PHONE, DESK_PHONE = "02 61 91 00 01", "02 61 91 00 00"
"""Numbers that nobody is given (those kept for works of fiction in the French numbering plan)."""
PROJECT = "project"
STATED: tuple[tuple[int, str, str, str, Readers], ...] = (
    (38, "textile", "Philomène Imaginaire",
     "Notre plieuse est en panne et son fabricant a fermé : qui sait réparer de la vieille mécanique ?",
     Readers.NETWORK),
    (19, PROJECT, "Gaspard Imaginaire",
     "Je veux ouvrir un fournil et je cherche un local de 120 m² avec une arrivée de courant triphasé.",
     Readers.CONTACT),
    (4, "furniture", "Eulalie Imaginaire",
     "Nous cherchons un atelier qui sache courber du chêne en petites pièces, une fois par mois.", Readers.PUBLIC),
    (1, PROJECT, "Isidore Imaginaire",
     "Où apprendre à programmer une découpe laser ? Nous serions trois à vouloir une courte formation.",
     Readers.CONTACT),
)  # fmt: skip
"""Day, part (or a project without firm), who states it, words and readers; the last one is not confirmed."""

ADVISERS = (
    AdviserEntry("Pôle imaginaire du financement", "financement", hours="Le mardi matin",
                 days=3, name="Clotilde Imaginaire", email=address("Clotilde Imaginaire"), public=True),
    AdviserEntry("Chambre imaginaire des métiers", "creation transmission reglementation", days=5,
                 name="Anselme Imaginaire", email=address("Anselme Imaginaire"), most_staff=49),
    AdviserEntry("Espace imaginaire de l’énergie", "energie eau-dechets", naf="C", days=10),
    AdviserEntry("Antenne imaginaire de l’emploi", "recrutement formation", days=4),
    AdviserEntry("Permanence imaginaire du numérique", "numerique innovation"),
)  # fmt: skip
"""Services that advise: one names somebody, one keeps the name to itself, one takes manufacturers alone."""
SOMEWHERE = {"Antenne imaginaire de l’emploi": 2, "Permanence imaginaire du numérique": 3}
"""Services that have one commune in so many, so that the map of what nobody covers has something to tell."""

CHOSEN = {"Gaspard Imaginaire": "Chambre imaginaire des métiers"}
"""The service that somebody says a need to."""
LAND = (
    LandEntry("Halle imaginaire du Pont", "local", "", "vacant", 850, "location", "Zone imaginaire du Pont",
              owner="Société imaginaire des halles", owner_email=address("Ombeline Imaginaire")),
    LandEntry("Terrain imaginaire des Tilleuls", "terrain", "", "vacant", 12_000, "vente", "Zone imaginaire du Pont"),
    LandEntry("Atelier imaginaire n° 4", "local", "", "occupe", 420, occupants="Un ébéniste imaginaire"),
)  # fmt: skip
"""Units of the organisation's inventory; the commune is one of the territory."""
SHOWN_LAND = (0, 1)
"""Those of them that everybody may read."""


class StatedStory:
    """Tells needs, and what became of them, to a story."""

    def __init__(self, desk: Desk, people: People, cast: Mapping[str, Scope], territory: str) -> None:
        self._desk, self._people, self._cast = desk, people, cast
        self._communes = communes_of(territory)
        self._needs: dict[str, str] = {}
        self._advisers: dict[str, str] = {}

    def tell(self, story: Story, firms: Mapping[str, str]) -> None:
        """Put everything in the story; only the firms that are in the territory state a need."""
        here = {
            key: siren for key, siren in firms.items() if self._desk.register.known(siren).commune in self._communes
        }
        story.tell(60, self._cover, 10)
        told = [one for one in STATED if one[1] in here or one[1] == PROJECT]
        for rank, (day, part, name, text, readers) in enumerate(told):
            siren = here.get(part, "")
            said = NeedEntry(text, address(name), siren, "" if siren else min(self._communes), readers, name)
            last = rank == len(told) - 1
            story.tell(day, lambda it=said, sure=not last: self._state(it, confirmed=sure), 20)  # type: ignore[misc]
        for day, name, proposal in (
            (36, "Philomène Imaginaire", "Deux mécaniciens à la retraite s’en chargent volontiers : je vous présente."),
            (18, "Gaspard Imaginaire", "Trois locaux conviennent ; je vous propose de les visiter ensemble mardi."),
        ):
            story.tell(day, lambda who=name, it=proposal: self._answer(who, it), 11)  # type: ignore[misc]
        story.tell(21, lambda: self._close("Philomène Imaginaire"), 16)

    def _cover(self) -> None:
        """Say who answers: the officer agrees to be named, the desk promises a longer delay."""
        own = answerers.OwnCoverage("", 3, OFFICER_PHONE, public=True)
        self._desk.acts.run(self._cast["officer"], answerers.OWN, "", own)
        desk = answerers.Coverage("", 5, DESK_PHONE)
        self._desk.acts.run(self._cast["admin"], answerers.SET, answerers.DESK, desk)
        for rank, unit in enumerate(LAND):
            placed = replace(unit, commune=min(self._communes), seen_on=self._desk.journal.now().date())
            made = self._desk.acts.do(self._cast["officer"], inventory.ADDED, "", placed)
            if rank in SHOWN_LAND:
                self._desk.acts.run(self._cast["officer"], PUBLISHED, made, Nothing())
        brought = land_file(min(self._communes), self._desk.journal.now().date())
        self._desk.land_files.bring(self._cast["officer"], "terrains-imaginaires.csv", brought)
        for adviser in (replace(one, communes=self._part(one.service)) for one in ADVISERS):
            made = self._desk.acts.do(self._cast["officer"], keeping.ADDED, "", adviser)
            self._advisers[adviser.service] = made

    def _part(self, service: str) -> str:
        """Return the communes of a service that does not have the whole territory."""
        share = SOMEWHERE.get(service)
        return "\n".join(sorted(self._communes)[::share]) if share else ""

    def _state(self, said: NeedEntry, *, confirmed: bool) -> None:
        organisation = self._cast["officer"].organisation
        chosen = self._advisers.get(CHOSEN.get(said.name, ""), "")
        self._desk.needs.stating.state(ANYONE, replace(said, adviser=chosen))
        if confirmed:
            self._desk.needs.by_link.confirm(self._people.link(organisation, said.email))
            (line,) = [one for one in self._desk.needs.reading.all(self._cast["officer"]) if one.text == said.text]
            self._needs[said.name] = line.id

    def _answer(self, name: str, proposal: str) -> None:
        """Read a need, and propose something."""
        if need := self._needs.get(name):
            self._desk.needs.reading.one(self._cast["officer"], need)
            said = answering.NeedProposal(proposal)
            self._desk.acts.run(self._cast["officer"], answering.ANSWERED, need, said)

    def _close(self, name: str) -> None:
        if need := self._needs.get(name):
            said = answering.NeedEnd(NeedOutcome.MET, "La machine tourne de nouveau ; une pièce a été refaite ici.")
            self._desk.acts.run(self._cast["officer"], answering.CLOSED, need, said)
