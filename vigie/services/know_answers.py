"""What the directory is asked, and what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from vigie.domain.actors import Nomenclature
from vigie.domain.provenance import Provenance
from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault
from vigie.services.nearest import NearestSearch
from vigie.sources import nomenclature
from vigie.sources.cog_lookup import code_book
from vigie.store.directory import Criteria, DirectoryQuery, Meant, Near, Sort
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.domain.territory import Territory
    from vigie.services.places import Places

LONGEST_TEXT = 200
LARGEST_PAGE = 100
LARGEST_RADIUS_KM = 500.0
"""Half of France: beyond it « around » narrows nothing."""
UNKNOWN_SIZE = "inconnue"
SORTS: tuple[Sort, ...] = ("relevance", "distance", "size", "name", "created")
_NOMENCLATURES = {
    "nafrev2": Nomenclature.NAF_REV2, "naf2": Nomenclature.NAF_REV2, "naf2025": Nomenclature.NAF_2025,
    "naf25": Nomenclature.NAF_2025, "nafrev1": Nomenclature.NAF_REV1, "naf1993": Nomenclature.NAF_1993,
    "nap": Nomenclature.NAP,
}  # fmt: skip
_OTHER_CODE = re.compile(r"\d{2}(\.\d{1,2}[A-Z]?)?")


class NothingAsked(RequestFault):
    """A text of signs alone, which no name can answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest(Criteria):
    """A search as people ask it; see `Criteria`.

    `naf` are codes at any level (« 25.11Z », « C », « NAF2025:25.11Y »), `size` INSEE's bands, "" or « inconnue »
    standing for one that is not published, `within` codes or keys of territories, of which one is enough. `near` is
    (latitude, longitude) in degrees.
    """

    naf: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    near: tuple[float, float] | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """A request once read: what the directory is asked, the territories meant, remarks in French."""

    query: DirectoryQuery
    territories: tuple[Territory, ...]
    notes: tuple[str, ...]


def understand(request: SearchRequest, places: Places, principal: str) -> Understood:
    """Read a request; `principal` is the nomenclature that a bare code of activity speaks.

    Raises `RequestFault` that names the word at fault and what is accepted, `NothingAsked` for a text of signs alone,
    `NotFound` for an unknown territory.
    """
    _check(request)
    if request.text.strip() and not words(request.text):
        raise NothingAsked(
            f"«\u00a0{request.text.strip()}\u00a0» ne contient ni lettre ni chiffre\u00a0: rien n’est demandé. "
            "Écrivez un nom, une activité, une commune ou un numéro."
        )
    territories = tuple(places.territory(code) for code in request.within)
    notes = (*redirections(territories), *_cut(request.text))
    asked = {one.name: getattr(request, one.name) for one in fields(Criteria)}
    query = DirectoryQuery(
        **asked,
        activities=tuple(activity_key(code, principal) for code in request.naf),
        sizes=tuple(_size(text) for text in request.size),
        territories=tuple(dict.fromkeys(key for place in territories for key in _keys(place, places))),
        near=None if request.near is None else Near(*request.near, request.radius_km),
    )
    return Understood(query, territories, notes)


def _cut(text: str) -> tuple[str, ...]:
    """Return what is to be said of a text too long to be read whole."""
    if len(text) <= LONGEST_TEXT:
        return ()
    return (f"Le texte compte {len(text)} signes\u00a0: seuls les {LONGEST_TEXT} premiers sont lus.",)


def redirections(territories: Iterable[Territory]) -> tuple[str, ...]:
    """Return what is to be said of territories that were asked for by a former code or a former name."""
    return tuple(
        f"La commune {place.redirected_from} n’existe plus\u00a0: la recherche porte sur {place.name} ({place.code})."
        for place in territories
        if place.redirected_from
    )


def activity_key(text: str, principal: str = Nomenclature.NAF_REV2) -> str:
    """Return "NAFRev2:25.11Z" for what was typed: a code at any level, after its nomenclature or not.

    Raises `RequestFault` when it is no code. Only the codes of NAF rev. 2 are known one by one.
    """
    prefix, colon, code = text.rpartition(":")
    if colon:
        spoken = _NOMENCLATURES.get(re.sub(r"[\s._-]", "", prefix).lower())
        if spoken is None:
            known = ", ".join(item.value for item in Nomenclature)
            raise RequestFault(
                f"«\u00a0{prefix}\u00a0» n’est pas une nomenclature d’activités. Connues\u00a0: {known}."
            )
    else:
        spoken = Nomenclature(principal)
    if spoken is Nomenclature.NAF_REV2:
        return f"{spoken.value}:{nomenclature.normalise(code)}"
    compact = re.sub(r"[\s.]", "", code).upper()
    typed = compact if len(compact) <= 2 else f"{compact[:2]}.{compact[2:]}"
    if not _OTHER_CODE.fullmatch(typed):
        raise RequestFault(
            f"«\u00a0{text}\u00a0» n’est pas un code {spoken.value}\u00a0: écrivez une division (25), "
            "un groupe (25.6), une classe (25.62) ou une sous-classe (25.62B)."
        )
    return f"{spoken.value}:{typed}"


def _size(text: str) -> str:
    return "" if text in ("", UNKNOWN_SIZE) else nomenclature.size_codes(text)


def _keys(place: Territory, places: Places) -> tuple[str, ...]:
    """Return the terms of a territory in the directory; a perimeter drawn by hand is its communes."""
    if place.kind is TerritoryKind.PERIMETER:
        return tuple(f"commune:{code}" for code in places.perimeter(place).communes or ())
    return (place.key,)


def _check(request: SearchRequest) -> None:
    faults = (
        (request.page < 1, "Les pages se comptent à partir de 1."),
        (not 1 <= request.per_page <= LARGEST_PAGE, f"Une page compte de 1 à {LARGEST_PAGE} résultats."),
        (request.sort not in SORTS, f"L’ordre «\u00a0{request.sort}\u00a0» n’existe pas\u00a0: {', '.join(SORTS)}."),
        (request.state not in ("A", "F", None), "L’état est A (ouvert), F (fermé) ou absent (les deux)."),
        (request.near is None and request.radius_km is not None, "Un rayon demande un point (latitude, longitude)."),
        (request.near is None and request.sort == "distance", "Le tri par distance demande un point."),
        (
            request.near is not None and not _on_earth(*request.near),
            "La latitude va de -90 à 90, la longitude de -180 à 180.",
        ),
        (
            request.radius_km is not None and not 0 < request.radius_km <= LARGEST_RADIUS_KM,
            f"Le rayon est plus grand que 0 et ne dépasse pas {LARGEST_RADIUS_KM:.0f}\u00a0km.",
        ),
        (
            bool(request.created_from and request.created_to and request.created_from > request.created_to),
            "La date de création «\u00a0à partir du\u00a0» vient après celle de fin.",
        ),
    )
    for wrong, sentence in faults:
        if wrong:
            raise RequestFault(sentence)


def _on_earth(latitude: float, longitude: float) -> bool:
    return isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180


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


def commune_of(record: Mapping[str, Any]) -> str | None:
    """Return the name of the commune of a record as it is today, else as the record tells it."""
    place = code_book().places.get(record.get("commune") or "")
    return place["name"] if place else record.get("commune_label")


def _fields(kind: type, record: Mapping[str, Any]) -> dict[str, Any]:
    band = nomenclature.size_band(record["size_band"])
    worded = {
        **record,
        "naf_label": nomenclature.label(record["naf"], record["naf_nomenclature"] or ""),
        "size_label": band.label if band else None,
        "commune_name": commune_of(record),
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
