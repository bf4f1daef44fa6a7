"""What is asked of the directory, as people type it, and how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from math import isfinite
from typing import TYPE_CHECKING

from vigie.domain.actors import Nomenclature
from vigie.domain.territory import TerritoryKind
from vigie.errors import RequestFault
from vigie.sources import nomenclature
from vigie.store.directory import Criteria, DirectoryQuery, Near, Sort
from vigie.store.spelling import words

if TYPE_CHECKING:
    from collections.abc import Iterable

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
