"""Observe: territories, their portraits, the evidence behind each figure, what their first map shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.services.indicator_cards import indicator_cards
from vigie.services.kin import Kin, kin
from vigie.services.outlines import Outlines, ground_of
from vigie.services.places import Places
from vigie.services.portrait.answer import CommuneCount, Comparison, Evidence, Points, Portrait
from vigie.services.portrait.beside import References
from vigie.services.portrait.by_commune import CommuneFigures
from vigie.services.portrait.composing import Composer
from vigie.services.portrait.imported import imported_cards
from vigie.services.portrait.mapping import Mapper
from vigie.services.portrait.renewed import Renewed, RenewedSites
from vigie.services.portrait.rows import evidence_rows
from vigie.services.portrait.variables import VariableMaps
from vigie.services.suppression import NoSuppression
from vigie.services.territory_search import TerritorySearch
from vigie.sources import cog_lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.loaded import Loaded
    from vigie.services.outlines import Basemap, Located, OutlineSheet
    from vigie.services.places import Perimeter
    from vigie.services.portrait.beside import Beside
    from vigie.services.portrait.variables import VariableMap
    from vigie.services.suppression import Suppressions
    from vigie.store.warehouse import Warehouse

__all__ = ["CommuneCount", "Comparison", "Evidence", "Observe", "Points", "Portrait"]

START = (TerritoryKind.REGION, TerritoryKind.DEPARTEMENT, TerritoryKind.EPCI)


class Observe:
    """Answers about the territories of one generation; `outlines` is the folder that `vigie outlines` fills.

    `cards` holds the card of every indicator that a portrait may show, those of the files in service included. `meant`
    gives the keys of the territories in service that words may mean, the best first.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        loaded: Loaded,
        outlines: Path | None = None,
        suppressions: Suppressions | None = None,
        meant: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        self._loaded = loaded
        self._meant = meant or (lambda _: ())
        self._places = Places(warehouse)
        self._search = TerritorySearch(warehouse)
        figures = CommuneFigures(warehouse, loaded)
        self._composer = Composer(warehouse, loaded, self._places, figures)
        self._mapper = Mapper(warehouse, loaded, suppressions or NoSuppression())
        self._references = References(warehouse, self._places, self._composer, self._mapper)
        self._maps = VariableMaps(warehouse, figures, loaded, self._places)
        self._renewed = RenewedSites(warehouse, figures, suppressions or NoSuppression())
        self.outlines = Outlines(outlines)
        self.cards: Mapping[str, IndicatorCard] = {**indicator_cards(), **imported_cards(loaded)}

    def territory(self, code: str) -> Territory:
        """Return the territory that a code or a key means; a former code leads to the one that replaced it.

        Raises `RequestFault` when the text is not a code, `NotFound` when no such territory is known.
        """
        return self._places.territory(code)

    def search_territories(self, text: str, kind: TerritoryKind | None = None) -> tuple[Territory, ...]:
        """Return the territories that a name or a code means, best first; empty when there is none.

        See `certain` for those that are only near.
        """
        exact = self._places.readings(text)
        if any(place.redirected_from for place in exact) or any(character.isdigit() for character in text):
            found = exact or self._by_code(text)
            if found:
                return tuple(place for place in found if kind in (None, place.kind))
        found = self._by_code(text) or self._search.find(text, kind) or exact
        return found if self.certain(text, found) else self._those_in_service_first(text, kind, found)

    def in_service(self, text: str) -> Territory | None:
        """Return the one territory with establishments in service that a short name may mean (« Essarts »), if any."""
        keys = self._meant(text)
        return self._places.territory(keys[0]) if len(keys) == 1 else None

    def _those_in_service_first(
        self, text: str, kind: TerritoryKind | None, found: Sequence[Territory]
    ) -> tuple[Territory, ...]:
        """Put the territories that have establishments in service before those that bear the same name elsewhere."""
        here = [self._places.territory(key) for key in self._meant(text)]
        first = [place for place in here if kind in (None, place.kind)]
        known = {place.key for place in first}
        return (*first, *(place for place in found if place.key not in known))

    def certain(self, text: str, found: Sequence[Territory]) -> Territory | None:
        """Return the one territory found for a text when it means it without a doubt; `None` when it is only near."""
        if len(found) != 1:
            return None
        (only,) = found
        exact = {place.key for place in (*self._places.readings(text), *self._by_code(text))}
        return only if only.key in exact or self._search.bears(only, text) else None

    def _by_code(self, text: str) -> tuple[Territory, ...]:
        try:
            kind, _ = cog_lookup.parse(text)
            return (self._places.territory(text),) if kind else ()
        except (RequestFault, NotFound):
            return ()

    def holds(self, code: str, communes: Iterable[str]) -> bool:
        """Tell whether a territory holds one of these communes; see `territory` for what is raised."""
        inside = self._places.perimeter(self.territory(code)).communes
        return inside is None or not set(inside).isdisjoint(communes)

    def covered(self, kinds: Iterable[TerritoryKind] = START) -> tuple[Territory, ...]:
        """Return the territories of some kinds that have establishments in service, by kind then name."""
        return self._mapper.covered(kinds)

    def portrait(self, code: str) -> Portrait:
        """Return the portrait of a territory; see `territory` for what is raised."""
        return self._composer.portrait(self._places.perimeter(self.territory(code)))

    def beside(self, portrait: Portrait, reference: str = "") -> Beside | None:
        """Return what a portrait is read beside; see `References.beside`."""
        return self._references.beside(portrait, reference)

    def loaded_parts(self, code: str) -> tuple[Territory, ...]:
        """Return the parts of a territory whose establishments are loaded; see `VariableMaps.loaded_parts`."""
        return self._maps.loaded_parts(self._places.perimeter(self.territory(code)))

    def kin(self, code: str) -> Kin:
        """Return the territories that hold one, and its neighbours; see `kin`."""
        perimeter = self._places.perimeter(self.territory(code))
        return kin(perimeter.territory, perimeter.communes or (), self._places, self.outlines)

    def renewed(self, code: str) -> Renewed:
        """Return the largest employers that opened and closed in the last full year, where they may be named."""
        return self._renewed.largest(self._places.perimeter(self.territory(code)))

    def finding(self, code: str, indicator: str, key: str | None = None) -> Finding:
        """Return one figure of a portrait, or the part of it that `key` names (an activity, a size band).

        Raises `NotFound` when the indicator or the part does not exist.
        """
        return _part(self._whole(self._places.perimeter(self.territory(code)), indicator), key)

    def evidence(self, code: str, indicator: str, key: str | None = None) -> Evidence:
        """Return one figure with its card, the public rows behind it and the same figure in larger territories."""
        perimeter = self._places.perimeter(self.territory(code))
        whole = self._whole(perimeter, indicator)
        found = _part(whole, key)
        return Evidence(
            perimeter.territory,
            found,
            self.cards[indicator],
            *evidence_rows(found, whole, lambda: self._mapper.communes(perimeter)),
            elsewhere=self._composer.elsewhere(perimeter, indicator) if key is None else (),
        )

    def _whole(self, perimeter: Perimeter, indicator: str) -> Finding:
        found = self._composer.finding(perimeter, indicator)
        if found is None:
            known = ", ".join(sorted(self.cards))
            raise NotFound(f"Aucun constat «\u00a0{indicator}\u00a0» dans un portrait. Constats\u00a0: {known}.")
        return found

    def communes(self, code: str) -> tuple[CommuneCount, ...]:
        """Return the communes of a territory with their counts, the most employers first."""
        return self._communes_of(self.territory(code))

    def map(self, code: str, variable: str = "") -> VariableMap | None:
        """Return the map of a territory by its parts; see `VariableMaps.map`."""
        return self._maps.map(self._places.perimeter(self.territory(code)), variable)

    def basemap(self, entries: Sequence[Located]) -> Basemap | None:
        """Return what lies under a list of establishments; `None` when a map of them would say nothing."""
        return ground_of(entries, self.outlines, self.communes)

    def points(self, code: str, limit: int = 500) -> Points:
        """Return located establishments of a territory, employers and the largest first."""
        return self._mapper.points(self._places.perimeter(self.territory(code)), limit)

    def commune_outlines(self, code: str) -> OutlineSheet:
        """Return the outlines of the communes of a territory."""
        return self.outlines.communes(self._places.perimeter(self.territory(code)).communes or ())

    def _communes_of(self, territory: Territory) -> tuple[CommuneCount, ...]:
        return self._mapper.communes(self._places.perimeter(territory))


def _part(whole: Finding, key: str | None) -> Finding:
    if key is None:
        return whole
    for item in whole.breakdown:
        for found in (item, *item.breakdown):
            if found.key == key:
                return replace(
                    found, sources=whole.sources, territory=whole.territory, simulated=whole.simulated,
                    coverage=whole.coverage,
                )  # fmt: skip
    raise NotFound(f"Le constat «\u00a0{whole.label}\u00a0» n’a pas de poste «\u00a0{key}\u00a0» pour ce territoire.")
