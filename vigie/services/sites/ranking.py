"""Sites of open inventories ranked for a need: hard limits, then named criteria, each told with what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain import french
from vigie.domain.scores import Feature, Score
from vigie.errors import FieldFault
from vigie.store.cells import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NEIGHBOURS_KM = 2.0
"""As the crow flies, half an hour on foot: what people call next door of a site."""
_ENOUGH_NEIGHBOURS = 5
"""Neighbours sought from which one more changes little."""
GONE = ("reconvert", "terminé", "abouti", "occupé", "complet")
"""Beginnings of the words of a status that say that a site is no longer to be taken."""
FREE = ("sans projet", "disponible", "à vendre", "en cours de commercialisation", "potentielle")
_DISTANCE, _AREA, _FREE, _NEIGHBOURS = 3.0, 3.0, 2.0, 2.0
"""What each criterion is worth: stated, not learnt, since nobody has yet told which site was taken."""


@dataclass(frozen=True, slots=True)
class OfferedSite:
    """A site of an inventory; every `None` is unknown. `area` is in square metres."""

    kind: str
    name: str
    commune: str
    longitude: float | None
    latitude: float | None
    area: float | None
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class SiteNeed:
    """What is looked for: a place and a reach (km), areas (m²), a kind of site, whether neighbours are sought."""

    latitude: float
    longitude: float
    reach: float
    least: float | None = None
    most: float | None = None
    kind: str = ""
    neighbours: bool = False


@dataclass(frozen=True, slots=True)
class RankedSite:
    """A site within the limits of a need, with its score; `kilometres` is as the crow flies."""

    site: OfferedSite
    kilometres: float
    score: Score


def ranked_sites(
    sites: Sequence[OfferedSite], need: SiteNeed, sought: NDArray[np.float64], most: int
) -> tuple[list[RankedSite], int]:
    """Return the best sites for a need, and how many have no position, so that nobody knows whether they are near.

    Hard limits are the reach, the kind, the areas and a status that says the site is taken; what is unknown never
    excludes. `sought` are the latitudes and longitudes of the neighbours sought (n × 2). Cost: O(sites + kept × n).
    """
    kind = [one for one in sites if not need.kind or one.kind == need.kind]
    placed = [one for one in kind if one.latitude is not None and one.longitude is not None]
    if not placed:
        return [], len(kind)
    where = np.array([[one.latitude, one.longitude] for one in placed], dtype=float)
    far = kilometres(where, need.latitude, need.longitude)
    kept = [rank for rank in np.flatnonzero(far <= need.reach).tolist() if _allowed(placed[rank], need)]
    found = [_scored(placed[rank], float(far[rank]), need, sought) for rank in kept]
    found.sort(key=lambda one: (-one.score.share, one.kilometres, one.site.name))
    return found[:most], len(kind) - len(placed)


def kilometres(places: NDArray[np.float64], latitude: float, longitude: float) -> NDArray[np.float64]:
    """Return the great-circle distances of places (n × 2, degrees) to a point, in km (haversine)."""
    lat, lon = np.radians(places[:, 0]), np.radians(places[:, 1])
    here, there = np.radians(latitude), np.radians(longitude)
    across = np.sin((lat - here) / 2) ** 2 + np.cos(lat) * np.cos(here) * np.sin((lon - there) / 2) ** 2
    found: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(across)))
    return found


def check_areas(least: float | None, most: float | None) -> None:
    """Raise `FieldFault` when the least area wanted is above the greatest."""
    if least is not None and most is not None and least > most:
        raise FieldFault("least", "La surface au moins dépasse la surface au plus : échangez-les.")


def _allowed(site: OfferedSite, need: SiteNeed) -> bool:
    if site.area is not None and need.least is not None and site.area < need.least:
        return False
    if site.area is not None and need.most is not None and site.area > need.most:
        return False
    return not any(word in site.status.casefold() for word in GONE)


def _scored(site: OfferedSite, far: float, need: SiteNeed, sought: NDArray[np.float64]) -> RankedSite:
    features = [
        Feature("distance", "Distance", _DISTANCE, max(0.0, 1 - far / need.reach),
                f"à {french.number(far, 1)} km", "Un à l’endroit voulu, zéro à la limite ; à vol d’oiseau."),
    ]  # fmt: skip
    if need.least is not None or need.most is not None:
        features.append(_area(site, need))
    free = None if not site.status else float(any(word in site.status.casefold() for word in FREE))
    features.append(Feature("disponibilite", "Disponibilité", _FREE, free, site.status,
                            "Un si le statut publié dit que rien n’y est prévu, zéro sinon."))  # fmt: skip
    if need.neighbours:
        near = int((kilometres(sought, site.latitude or 0.0, site.longitude or 0.0) <= NEIGHBOURS_KM).sum())
        told = french.counted(near, "voisin cherché", "voisins cherchés")
        features.append(Feature(
            "voisins", "Voisins cherchés", _NEIGHBOURS, min(1.0, near / _ENOUGH_NEIGHBOURS), f"{told} à moins de 2 km",
            "Un dès cinq employeurs de l’activité cherchée à moins de deux kilomètres.",
        ))  # fmt: skip
    return RankedSite(site, far, Score(tuple(features)))


def _area(site: OfferedSite, need: SiteNeed) -> Feature:
    """Return how well an area fits: one at the least area wanted, less as more of the land would stay unused."""
    value = None
    if site.area:
        wanted = need.least if need.least is not None else need.most
        value = min(1.0, (wanted or site.area) / site.area) if need.least is not None else 1.0
    evidence = f"{french.number(site.area, 0)} m²" if site.area else ""
    return Feature("surface", "Surface", _AREA, value, evidence,
                   "La part du terrain que la surface demandée occuperait.")  # fmt: skip
