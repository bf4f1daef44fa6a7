"""What the directory answers: entries of lists, one establishment, one firm, a page of results."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.provenance import Provenance
from vigie.services.nearest import NearestSearch
from vigie.sources import nomenclature
from vigie.sources.cog_lookup import code_book
from vigie.store.directory import Meant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """An establishment, with its codes in words; every `None` is unknown, masked or without object, never zero.

    `masked` tells that fields are withheld, `diffusion` why: `P`, the firm or the establishment asked for partial
    diffusion; `U`, its legal unit is not loaded, so that nobody knows whether it asked. `state` is `N` before the day
    of its creation; `closed` is a day to come when the state is `A`. `naf25` is in NAF 2025, `naf` in
    `naf_nomenclature`. `score` orders a search by words.
    """

    siret: str
    siren: str
    name: str | None
    masked: bool
    state: str | None
    diffusion: str = "O"
    naf: str | None = None
    naf_nomenclature: str | None = None
    naf_label: str | None = None
    naf25: str | None = None
    size_band: str | None = None
    size_label: str | None = None
    size_year: int | None = None
    employer: str | None = None
    commune: str | None = None
    commune_name: str | None = None
    postal_code: str | None = None
    address: str | None = None
    distribution: str | None = None
    cedex_code: str | None = None
    cedex_label: str | None = None
    head_office: bool | None = None
    craft: bool = False
    craft_code: str | None = None
    created: date | None = None
    closed: date | None = None
    longitude: float | None = None
    latitude: float | None = None
    distance_km: float | None = None
    score: float | None = None
    sign: str | None = None
    usual_name: str | None = None
    acronym: str | None = None
    natural_person: bool | None = None
    legal_category: str | None = None
    company_category: str | None = None
    country: str | None = None
    processed: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as the machine-readable answers print it, dates in ISO form."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class Establishment(DirectoryEntry):
    """One establishment, with what tells where it comes from."""

    simulated: bool = False
    sources: tuple[Provenance, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalUnit:
    """A legal unit: the columns of `legal_unit`, with its activity and size in words.

    `diffusion` is `U` when it is not loaded, so that what is known of its establishments is masked.
    """

    siren: str
    name: str | None = None
    masked: bool = False
    diffusion: str = "O"
    state: str | None = None
    created: date | None = None
    natural_person: bool | None = None
    acronym: str | None = None
    usual_name: str | None = None
    legal_category: str | None = None
    company_category: str | None = None
    social_economy: str | None = None
    naf: str | None = None
    naf_nomenclature: str | None = None
    naf_label: str | None = None
    naf25: str | None = None
    size_band: str | None = None
    size_label: str | None = None
    size_year: int | None = None
    employer: str | None = None
    head_office: str | None = None
    processed: date | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A legal unit and a page of its establishments: open ones first, the head office before the others."""

    siren: str
    unit: LegalUnit
    establishments: tuple[DirectoryEntry, ...]
    total: int
    page: int
    per_page: int
    total_pages: int
    simulated: bool
    sources: tuple[Provenance, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the firm as the machine-readable answers print it."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """A page of results; `total` is exact.

    `approximate` tells that nothing fits exactly and that typos were forgiven. `place` is the commune that words of
    the text were understood to name. `notes` are French sentences to be said with the results. `understood` tells what
    each part of the text was taken to mean, and `nearest`, when nothing was found, searches that find something.
    """

    total: int
    page: int
    per_page: int
    total_pages: int
    approximate: bool
    simulated: bool
    sources: tuple[Provenance, ...]
    results: tuple[DirectoryEntry, ...]
    place: str | None = None
    notes: tuple[str, ...] = field(default=())
    understood: tuple[Meant, ...] = ()
    nearest: tuple[NearestSearch, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as the machine-readable answers print it."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that completes what is being typed."""

    siret: str
    name: str
    commune_name: str | None
    naf_label: str | None


@dataclass(frozen=True, slots=True)
class Completions:
    """What a text being typed may become: places (key, name), trades, firms.

    `before` are the words already typed that places come after.
    """

    places: tuple[tuple[str, str], ...] = ()
    trades: tuple[str, ...] = ()
    before: str = ""
    firms: tuple[Suggestion, ...] = ()


def entry(record: Mapping[str, Any]) -> DirectoryEntry:
    """Put a record of the directory in words."""
    return DirectoryEntry(**_fields(DirectoryEntry, record))


def establishment(record: Mapping[str, Any], simulated: bool, sources: tuple[Provenance, ...]) -> Establishment:
    """Put one record in words, with its sources."""
    return Establishment(**_fields(DirectoryEntry, record), simulated=simulated, sources=sources)


def unknown_unit(siren: str, records: Sequence[Mapping[str, Any]]) -> LegalUnit:
    """Return a legal unit that is not loaded; its establishments are masked when others are."""
    masked = any(record["diffusion"] == "U" for record in records)
    return LegalUnit(siren, masked=masked, diffusion="U" if masked else "O")


def unit(row: Mapping[str, Any]) -> LegalUnit:
    """Put a row of `legal_unit` in words."""
    return LegalUnit(**_fields(LegalUnit, row))


def _fields(kind: type, record: Mapping[str, Any]) -> dict[str, Any]:
    band = nomenclature.size_band(record["size_band"])
    place = code_book().places.get(record.get("commune") or "")
    worded = {
        **record,
        "naf_label": nomenclature.label(record["naf"], record["naf_nomenclature"] or ""),
        "size_label": band.label if band else None,
        "commune_name": place["name"] if place else record.get("commune_label"),
        "craft": record.get("craft_code") is not None,
    }
    return {one.name: worded[one.name] for one in fields(kind) if one.name in worded}


def plain(value: Any) -> Any:
    """Return nested values as JSON knows them: dates in ISO form, tuples as lists, data classes as objects."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    # `asdict` would copy each value deeply first, which takes longer than reading a page of dossiers.
    kind: Any = type(value)
    names = _names(kind)
    return {name: plain(getattr(value, name)) for name in names} if names is not None else value


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """Return the names of the fields of a data class, `None` for another kind of value."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else None
