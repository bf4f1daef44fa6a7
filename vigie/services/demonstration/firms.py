"""The firms that play the parts of the demonstration, chosen among the imaginary ones that are loaded."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound
from vigie.services.know_request import LARGEST_PAGE, SearchRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vigie.domain.territory import Territory
    from vigie.services.demonstration.parts import StoryFirm
    from vigie.services.know import DirectoryEntry, Know
    from vigie.services.observe import Observe

EMPLOYING = ("21", "12", "22", "11", "03", "31", "32", "02", "01")
"""Size bands that the story prefers, in order: firms that an officer visits."""


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
