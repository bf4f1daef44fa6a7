"""Port of the directory: full-text index of establishments, with filters and records by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

Sort = Literal["relevance", "distance", "size", "name", "created"]
Record = Mapping[str, Any]
MeantKind = Literal["place", "trade", "name", "code", "number", "courtesy", "elsewhere", "unknown"]


@dataclass(frozen=True, slots=True)
class Near:
    """A point and a radius; partially diffusible establishments never answer it."""

    latitude: float
    longitude: float
    radius_km: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a search asks in the same words whether a person or a service asks it; all that is set holds together.

    `state` is "A" (open), "F" (closed) or `None` for both.
    """

    text: str = ""
    craft: bool | None = None
    head_office: bool | None = None
    employer: bool | None = None
    created_from: date | None = None
    created_to: date | None = None
    state: str | None = "A"
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryQuery(Criteria):
    """A search: free text and filters, all of which hold together.

    `activities` are "NOMENCLATURE:CODE" at any level, `territories` are keys such as "epci:200071629"; within
    each of them one match is enough. `sizes` are band codes, "" standing for a band that is not published.
    Firms whose SIREN is in `without` are left out, totals included; with `among`, only firms whose SIREN is there are.
    """

    activities: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    near: Near | None = None
    without: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Meant:
    """What some words of a search were understood to mean.

    `typed` are the words as typed, `label` what they mean, `keys` the terms that answer ("commune:85109",
    "NAFRev2:25.62B"), `also` the other places that they could mean (key, name), `notice` what is to be said of it,
    `without` the text of the same search without them. A `courtesy` says nothing; a place `elsewhere` holds
    nothing in service, its words are looked for in names; an `unknown` part, that nothing answers, was left out.
    """

    kind: MeantKind
    typed: str
    label: str
    keys: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """One page of a search: records of the tables' own columns plus `distance_km` and `score` where they apply.

    `understood` tells what the words of the text were taken to mean.
    """

    total: int
    records: tuple[Record, ...]
    approximate: bool = False
    place: str | None = None
    notice: str = ""
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understood: tuple[Meant, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """What a text being typed may become, firms aside: places (key, name), trades as they are written.

    `before` are the words already typed that the places come after (« usinage mont » → usinage, Montaigu-Vendée).
    """

    places: tuple[tuple[str, str], ...] = ()
    trades: tuple[str, ...] = ()
    before: str = ""


class Directory(Protocol):
    """Read side of the index of one generation."""

    def search(self, query: DirectoryQuery) -> DirectoryPage:
        """Answer a search; `approximate` tells that only a fuzzy match was found."""

    def suggest(self, text: str, limit: int = 8, without: frozenset[str] = frozenset()) -> tuple[Record, ...]:
        """Complete what is being typed, by prefix of name words, leaving out some firms."""

    def places_meant(self, text: str) -> tuple[str, ...]:
        """Return the keys of the places with establishments in service that a text may mean, the best first."""

    def complete(self, text: str, limit: int = 4) -> Completion:
        """Complete what is being typed with places in service and trades; see `suggest` for names."""

    def record(self, siret: str) -> Record | None:
        """Return the public record of an establishment."""

    def siblings(self, siren: str, limit: int = 200) -> tuple[int, tuple[Record, ...]]:
        """Return how many establishments a legal unit has, and the first ones: head office, open, then closed."""


class DirectoryBuilder(Protocol):
    """Write side of the index."""

    def build(self, documents: Iterable[Any], destination: Path) -> int:
        """Index batches of the one-column table that `vigie.store.documents.documents` describes; return their number.

        The caller executes `documents(establishment, membership)` as a stream of batches
        (`WarehouseBuilder.batches`) and hands it over; `destination` is a folder that holds nothing yet. Everything
        is on disk, synchronised, on return.
        """
