"""The demonstration whole: refuses where data are real, and where it was already made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import OrganisationKind
from vigie.domain.territory import TerritoryKind
from vigie.errors import Conflict, NotFound
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.accounts.organisations import Charter
from vigie.services.demonstration.consulting import ConsultedStory
from vigie.services.demonstration.following import FollowingUp, Watched
from vigie.services.demonstration.meetings import Meetings, playable
from vigie.services.demonstration.needs import StatedStory
from vigie.services.demonstration.parts import PARTS, StoryFirm
from vigie.services.demonstration.project import ProjectStory
from vigie.services.demonstration.publishing import Publications
from vigie.services.demonstration.situations import SituationStory
from vigie.services.demonstration.story import COMMAND, Account, People, Story, address
from vigie.services.demonstration.workshop import WorkshopStory
from vigie.services.followup import marking
from vigie.services.followup.reading import DossierFilter
from vigie.services.know_answers import LARGEST_PAGE, SearchRequest
from vigie.services.questions import DataInService

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vigie.domain.territory import Territory
    from vigie.services.demonstration.parts import StoryFirm
    from vigie.services.demonstration.story import StoryClock
    from vigie.services.desk import Desk
    from vigie.services.know import DirectoryEntry, Know
    from vigie.services.observe import Observe
    from vigie.services.watch import Watch


EMPLOYING = ("21", "12", "22", "11", "03", "31", "32", "02", "01")
"""Size bands that the story prefers, in order: firms that an officer visits."""
NAME, HOST = "Communauté de démonstration", "Hébergeur de démonstration"
HEADS, SHARED = ("metal", "food"), ("textile", "leather")
NEWS = 3
OBJECTING = StoryFirm("objecting", ("43",), "", "", 0, "", "")


@dataclass(frozen=True, slots=True)
class Made:
    """What the demonstration made; without accounts, it was there before, and its passwords were said then."""

    organisation: str
    territory: str
    already: bool
    accounts: tuple[Account, ...] = ()
    dossiers: int = 0
    introductions: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return what was made as programs read it."""
        return {
            "organisation": self.organisation, "territory": self.territory, "already": self.already,
            "accounts": [account.as_dict() for account in self.accounts], "dossiers": self.dossiers,
            "introductions": self.introductions,
        }  # fmt: skip


class Data(DataInService, Protocol):
    """What the demonstration reads of the generation in service."""

    @property
    def know(self) -> Know:
        """Its directory."""

    @property
    def observe(self) -> Observe:
        """Its territories."""

    @property
    def watch(self) -> Watch:
        """Its events."""

    @property
    def simulated(self) -> bool:
        """Whether its establishments are imaginary."""


class Demonstration:
    """Makes the demonstration in a journal whose clock the story moves."""

    def __init__(self, desk: Desk, data: Data, clock: StoryClock) -> None:
        self._desk, self._data, self._clock = desk, data, clock
        self._know, self._people = data.know, People(desk)

    def make(self) -> Made:
        """Make the organisation, its accounts and six months of work, or say that they are there already.

        Raises `Conflict` where establishments are real, where letters would leave, or when a former making was
        interrupted.
        """
        if not self._data.simulated:
            raise Conflict("La démonstration ne se fait que parmi des établissements imaginaires : ceux-ci sont réels.")
        if self._desk.mail.configured:
            raise Conflict(
                "La démonstration écrit à des personnes imaginaires : retirez d’abord VIGIE_SMTP_URL, pour que les "
                "courriels restent ici."
            )
        known = {one.charter.name: one for one in self._desk.accounts.organisations.all(COMMAND)}
        if HOST in known and NAME in known:
            return Made(NAME, known[NAME].charter.territory, already=True)
        if NAME in known:
            raise Conflict(
                "Une démonstration a été commencée et interrompue : supprimez le journal (journal.db dans le dossier "
                "des données) et recommencez."
            )
        return self._make()

    def _make(self) -> Made:
        territory = choose_territory(self._data.observe, self._know)
        firms = cast_firms(self._know, territory, (*PARTS, OBJECTING))
        parts = {part.key: part for part in PARTS if part.key in firms}
        if not set(parts).issuperset(HEADS) or OBJECTING.key not in firms:
            raise NotFound("Trop peu d’entreprises imaginaires sont chargées : simulez un territoire plus grand.")
        cast = self._welcome(territory, parts, firms)
        story, officer = Story(self._clock), cast["officer"]
        following = FollowingUp(self._desk, officer, self._clock.present)
        following.tell(story, parts, firms, Watched(territory.key, self._changed(territory)))
        Meetings(self._desk, self._people, self._know, officer).tell(story, parts, following.dossiers, cast)
        Publications(self._desk, self._people, self._know, cast).tell(story, firms[OBJECTING.key])
        SituationStory(self._desk, cast, firms).tell(story)
        StatedStory(self._desk, self._people, cast, territory.key).tell(story, firms)
        ConsultedStory(self._desk, officer).tell(story)
        WorkshopStory(self._desk, officer).tell(story)
        ProjectStory(self._desk, officer, self._data.observe, territory.key).tell(story)
        story.tell(86, lambda: self._partner(cast, following.dossiers), 11)
        story.tell(2, lambda: self._desk.learning.learn(cast["admin"], self._data), 10)
        story.play()
        self._host()
        return Made(
            organisation=NAME,
            territory=territory.key,
            already=False,
            accounts=tuple(self._people.accounts),
            dossiers=self._desk.followup.dossiers.search(officer, DossierFilter(per_page=1)).total,
            introductions=len(playable(parts)) + 1,
        )

    def _welcome(
        self, territory: Territory, parts: Mapping[str, StoryFirm], firms: Mapping[str, str]
    ) -> dict[str, Scope]:
        """Make the organisation and let its members in, before the story begins."""
        beginning = max(part.since for part in parts.values())
        self._clock.begin(beginning + 20)
        self._clock.move(beginning + 14, 9)
        charter = Charter(NAME, territory.key, territory.vintage)
        made = self._desk.accounts.organisations.create(COMMAND, charter, OrganisationKind.AUTHORITY.value)
        cast: dict[str, Scope] = {}
        command = replace(COMMAND, organisation=made.id)
        for key, name, role in (
            ("admin", "Andréa Imaginaire", Role.ADMIN), ("officer", "Camille Imaginaire", Role.OFFICER),
            ("analyst", "Victorine Imaginaire", Role.ANALYST), ("elected", "Séraphine Imaginaire", Role.ELECTED),
            ("inhabitant", "Octave Imaginaire", Role.INHABITANT),
        ):  # fmt: skip
            self._clock.move(beginning + 13, 9)
            inviting = cast.get("admin", command)
            cast[key] = self._people.welcome(inviting, name, InvitationDraft(address(name), role.value))
        for key in HEADS:
            name = parts[key].contact
            wanted = InvitationDraft(address(name), Role.HEAD.value, firms[key])
            cast[key] = self._people.welcome(cast["officer"], name, wanted)
        for asked in self._desk.vouching.requests(COMMAND):
            self._desk.vouching.grant(COMMAND, asked.id)
        return cast

    def _changed(self, territory: Territory) -> tuple[str, ...]:
        """Return a few firms of the territory to which something happened, so that Monday has news of them."""
        events = self._data.watch.events(territory=territory.key).events
        named = dict.fromkeys(event.siren for event in events if event.name and not event.masked)
        return tuple(named)[:NEWS]

    def _partner(self, cast: dict[str, Scope], dossiers: Mapping[str, str]) -> None:
        """Invite somebody of a chamber of trades to read two dossiers."""
        name = "Bérénice Imaginaire"
        shared = [dossiers[key] for key in SHARED if key in dossiers] or [dossiers[HEADS[0]]]
        wanted = InvitationDraft(address(name), Role.PARTNER.value, dossier=shared[0])
        partner = self._people.welcome(cast["officer"], name, wanted)
        for dossier in shared[1:]:
            self._desk.acts.run(cast["officer"], marking.SHARED, dossier, marking.Sharing(partner.person))

    def _host(self) -> None:
        """Make the host and its super-admin last: a demonstration without them was interrupted."""
        made = self._desk.accounts.organisations.create(COMMAND, Charter(HOST), OrganisationKind.HOST.value)
        name = "Hortense Imaginaire"
        wanted = InvitationDraft(address(name), Role.SUPER_ADMIN.value)
        self._people.welcome(replace(COMMAND, organisation=made.id), name, wanted)


def choose_territory(observe: Observe, know: Know) -> Territory:
    """Return the intercommunality with the most industrial establishments; raises `NotFound` when there is none."""
    known = observe.covered((TerritoryKind.EPCI,))
    if not known:
        raise NotFound("Aucune intercommunalité n’est chargée : la démonstration n’a pas de territoire.")

    def industry(epci: Territory) -> int:
        return know.search(SearchRequest(naf=("C",), within=(epci.key,), per_page=1)).total

    return max(known, key=lambda epci: (industry(epci), epci.key))


def cast_firms(know: Know, territory: Territory, parts: tuple[StoryFirm, ...]) -> dict[str, str]:
    """Return the SIREN of each part: a firm of the territory when there is one, of elsewhere otherwise.

    Firms in partial diffusion and sole traders are left out; a part that no firm can play is left out too.
    """
    chosen: dict[str, str] = {}
    for part in parts:
        taken = set(chosen.values())
        candidates = (siren for siren in _candidates(know, territory, part.naf) if siren not in taken)
        found = next(candidates, None)
        if found is not None:
            chosen[part.key] = found
    return chosen


def _candidates(know: Know, territory: Territory, naf: tuple[str, ...]) -> Iterator[str]:
    """Give the firms of each activity, here then elsewhere, those of a size to be visited first."""
    for within, code in product(((territory.key,), ()), naf):
        asked = SearchRequest(naf=(code,), within=within, sort="size", per_page=LARGEST_PAGE)
        for one in sorted(know.search(asked).results, key=_place):
            if one.name and not one.masked and one.head_office and one.natural_person is False:
                yield one.siren


def _place(one: DirectoryEntry) -> tuple[int, str]:
    return EMPLOYING.index(one.size_band) if one.size_band in EMPLOYING else len(EMPLOYING), one.siret
