"""The services of one generation of data, each opened and imported when it is first asked for."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Self

from vigie.errors import DataOutdated, DataUnreadable, StructureFault
from vigie.services.loaded import Loaded
from vigie.services.suppression import NoSuppression
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.store import generation
from vigie.store.engines.duckdb.warehouse import DuckWarehouse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vigie.services.catalogue import Catalogue
    from vigie.services.firms.suppression_list import SuppressionHere, SuppressionList
    from vigie.services.know import Know
    from vigie.services.observe import Observe
    from vigie.services.watch import Watch
    from vigie.settings import Settings
    from vigie.sources.cards_reader import Card
    from vigie.store.engines.tantivy.directory import TantivyDirectory
    from vigie.store.journal.sql import SqlJournal

OUTLINES = "outlines"
_NO_PLACE = "zzzz"
"""A word looked up among the first words of the names of places, so that they are read."""
Objections = tuple["SuppressionList | None", "SqlJournal | None"]
_log = logging.getLogger("vigie.data")


class Services:
    """What the doors call, on one generation of data; each service is opened, and imported, when first asked for.

    `objections` are the firms that object, and their journal when it is to be closed with the services; `instead` says,
    in French, why the generation that should answer does not, empty when this one is it. Raises `DataUnreadable` when
    the generation is damaged.
    """

    def __init__(self, folder: Path, settings: Settings, objections: Objections, instead: str = "") -> None:
        suppressions, self._journal = objections
        self._folder, self._outlines, self.instead = folder, settings.data_dir / OUTLINES, instead
        self._cards = cards_in_use(settings)
        self.loaded = read_loaded(folder, self._cards)
        self._warehouse = DuckWarehouse(
            folder / generation.WAREHOUSE, threads=settings.threads, memory_mib=settings.memory_mib
        )
        try:
            self._here = _suppressions_here(suppressions, self._warehouse) if suppressions else None
        except BaseException:
            self._warehouse.close()
            raise
        self.suppressions = self._here or NoSuppression()

    @cached_property
    def know(self) -> Know:
        """Establishments and firms."""
        from vigie.services.know import Know

        return Know(self.directory, self._warehouse, self.loaded, self.suppressions)

    @property
    def warehouse(self) -> DuckWarehouse:
        """The tables of the generation."""
        return self._warehouse

    @cached_property
    def directory(self) -> TantivyDirectory:
        """The index of names of the generation."""
        from vigie.services.places import wider_territories
        from vigie.store.engines.tantivy.directory import TantivyDirectory

        return TantivyDirectory(self._folder / generation.INDEX, lambda: wider_territories(self._warehouse))

    @cached_property
    def observe(self) -> Observe:
        """Territories and their portraits."""
        from vigie.services.observe import Observe

        return Observe(self._warehouse, self.loaded, self._outlines, self.suppressions, self._places_meant)

    def _places_meant(self, text: str) -> Sequence[str]:
        """Return the places in service that words may mean; the index is opened when first asked."""
        return self.directory.places_meant(text)

    @cached_property
    def watch(self) -> Watch:
        """What changes."""
        from vigie.services.watch import Watch

        return Watch(self._warehouse, self.loaded, self.suppressions)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Sources and indicators."""
        from vigie.services.catalogue import Catalogue

        return Catalogue(self._cards, self.loaded)

    def ready(self) -> Self:
        """Open every service at once: a server pays for it before its first answer rather than in it."""
        try:
            _ = self.know, self.observe, self.watch, self.catalogue
        except BaseException:
            self.close()
            raise
        return self

    def warm(self) -> None:
        """Read what all readers share, and write the queries they will ask: those of the first page, of a portrait."""
        places = self.observe.covered()
        if places:
            self.observe.portrait(places[-1].key)
            self.know.complete(places[-1].name)
        self.directory.places_meant(_NO_PLACE)
        self.watch.events()

    @property
    def simulated(self) -> bool:
        """Tell whether the establishments in service are imaginary."""
        return self.loaded.simulated

    def close(self) -> None:
        """Release the generation."""
        if self._here is not None:
            self._here.close()
        self._warehouse.close()
        if self._journal is not None:
            self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def all_cards(settings: Settings) -> tuple[Card, ...]:
    """Return the cards shipped and those of the installation."""
    own = settings.data_dir / "cards"
    return read_cards(SHIPPED, *([own] if own.is_dir() else []))


def cards_in_use(settings: Settings) -> tuple[Card, ...]:
    """Return the same cards; where those of the installation cannot be read, those shipped only, and that is logged."""
    try:
        return all_cards(settings)
    except (StructureFault, OSError) as fault:
        _log.error("cards of the installation left out: %s", fault)
        return read_cards(SHIPPED)


def read_loaded(folder: Path, cards: tuple[Card, ...]) -> Loaded:
    """Return what a generation says of itself; raises `DataUnreadable` when that cannot be read."""
    try:
        return Loaded.read(generation.describe(folder), cards)
    except KeyError:
        raise DataOutdated(f"{folder.name}/{generation.DESCRIPTION}") from None
    except (OSError, ValueError, TypeError, AttributeError):
        raise DataUnreadable(f"{folder.name}/{generation.DESCRIPTION} ne se lit pas") from None


def _suppressions_here(suppressions: SuppressionList, warehouse: DuckWarehouse) -> SuppressionHere:
    from vigie.services.firms.suppression_list import SuppressionHere, sirens_of

    here = SuppressionHere(suppressions, sirens_of(warehouse))
    here.prepare()
    return here
