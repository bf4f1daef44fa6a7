"""Sites of open inventories ranked for a need: hard limits, then named criteria, each told with what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain import french
from vigie.domain.land import Tenure
from vigie.domain.scores import Feature, Score
from vigie.errors import FieldFault
from vigie.store.cells import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NEIGHBOURS_KM = 2.0
"""As the crow flies, half an hour on foot: what people call next door of a site."""
_ENOUGH_NEIGHBOURS = 5
"""Neighbours sought from which one more changes little."""
GONE = ("reconvert", "terminé", "abouti", "occupé", "complet")
"""Beginnings of the words of a status that say that a site is no longer to be taken."""
FREE = ("sans projet", "disponible", "à vendre", "en cours de commercialisation", "potentielle")
_DISTANCE, _AREA, _FREE, _NEIGHBOURS, _TENURE = 3.0, 3.0, 2.0, 2.0, 2.0
"""What each criterion is worth: stated, not learnt, since nobody has yet told which site was taken."""


@dataclass(frozen=True, slots=True)
class OfferedSite:
    """A site of an inventory; every `None` is unknown. `area` is in square metres.

    `source` is the card of an open inventory; `whose` says whose unit it is otherwise. `tenure` is empty where it is
    not known; one that is `centred` stands at the centre of its commune for want of better.
    """

    kind: str
    name: str
    commune: str
    longitude: float | None
    latitude: float | None
    area: float | None
    status: str
    source: str
    tenure: str = ""
    whose: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class SiteNeed:
    """What is looked for: a place and a reach (km), areas (m²), a kind of site, to buy or rent, neighbours sought."""

    latitude: float
    longitude: float
    reach: float
    least: float | None = None
    most: float | None = None
    kind: str = ""
    neighbours: bool = False
    tenure: str = ""


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
    excludes. `sought` are the latitudes and longitudes of the neighbours sought (n × 2). Cost: O(sites log n).
    """
    kind = [one for one in sites if not need.kind or one.kind == need.kind]
    placed = [one for one in kind if one.latitude is not None and one.longitude is not None]
    if not placed:
        return [], len(kind)
    where = np.array([[one.latitude, one.longitude] for one in placed], dtype=float)
    far = kilometres(where, need.latitude, need.longitude)
    kept = np.array([rank for rank in np.flatnonzero(far <= need.reach).tolist() if _allowed(placed[rank], need)], int)
    here, near = [placed[rank] for rank in kept.tolist()], far[kept]
    criteria = _criteria(here, near, where[kept], need, sought)
    weights = np.array([one.weight for one in criteria])
    shares = np.nan_to_num(np.array([one.values for one in criteria])).T @ weights / weights.sum()
    order = sorted(range(len(here)), key=lambda rank: (-shares[rank], near[rank], here[rank].name))[:most]
    found = [
        RankedSite(here[rank], float(near[rank]), Score(tuple(one.feature(rank) for one in criteria))) for rank in order
    ]
    return found, len(kind) - len(placed)


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One criterion over all the sites kept: values from 0 to 1, NaN where not known, and what was seen of each."""

    name: str
    label: str
    weight: float
    docstring: str
    values: NDArray[np.float64]
    evidence: Callable[[int], str]

    def feature(self, rank: int) -> Feature:
        """Return what the criterion says of one site."""
        value = float(self.values[rank])
        known = None if np.isnan(value) else value
        return Feature(self.name, self.label, self.weight, known, self.evidence(rank), self.docstring)


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


def _criteria(
    sites: Sequence[OfferedSite],
    far: NDArray[np.float64],
    where: NDArray[np.float64],
    need: SiteNeed,
    sought: NDArray[np.float64],
) -> list[_Criterion]:
    """Return the criteria of a need over the sites within its limits."""
    nothing = float("nan")
    made = [
        _Criterion("distance", "Distance", _DISTANCE, "Un à l’endroit voulu, zéro à la limite ; à vol d’oiseau.",
                   np.maximum(0.0, 1 - far / need.reach), lambda rank: f"à {french.number(float(far[rank]), 1)} km"),
    ]  # fmt: skip
    if need.least is not None or need.most is not None:
        fits = np.array([nothing if not one.area else _fit(one.area, need) for one in sites], dtype=float)
        made.append(_Criterion("surface", "Surface", _AREA, "La part du terrain que la surface demandée occuperait.",
                               fits, lambda rank: _square_metres(sites[rank].area)))  # fmt: skip
    free = [nothing if not one.status else float(any(word in one.status.casefold() for word in FREE)) for one in sites]
    made.append(_Criterion("disponibilite", "Disponibilité", _FREE,
                           "Un si le statut publié dit que rien n’y est prévu, zéro sinon.",
                           np.array(free, dtype=float), lambda rank: sites[rank].status))  # fmt: skip
    if need.tenure:
        had = [_had(one.tenure, need.tenure) for one in sites]
        made.append(_Criterion("vente-ou-location", "Vente ou location", _TENURE,
                               "Un si le site s’offre comme il est cherché, à vendre ou à louer ; zéro sinon.",
                               np.array(had, dtype=float), lambda rank: _tenure_label(sites[rank].tenure)))  # fmt: skip
    if need.neighbours:
        counts = _near(where, sought)
        made.append(_Criterion(
            "voisins", "Voisins cherchés", _NEIGHBOURS,
            "Un dès cinq employeurs de l’activité cherchée à moins de deux kilomètres.",
            np.minimum(1.0, counts / _ENOUGH_NEIGHBOURS),
            lambda rank: f"{french.counted(int(counts[rank]), 'voisin cherché', 'voisins cherchés')} à moins de 2 km",
        ))  # fmt: skip
    return made


def _fit(area: float, need: SiteNeed) -> float:
    """Return how well an area fits: one at the least area wanted, less as more of the land would stay unused."""
    return 1.0 if need.least is None else min(1.0, need.least / area)


def _had(tenure: str, wanted: str) -> float:
    """Return whether a site is to be had as it is wanted; not known of open inventories."""
    if not tenure:
        return float("nan")
    return float(tenure in (wanted, Tenure.EITHER))


def _tenure_label(tenure: str) -> str:
    return Tenure(tenure).label.lower() if tenure else ""


def _square_metres(area: float | None) -> str:
    return f"{french.number(area, 0)} m²" if area else ""


def _near(where: NDArray[np.float64], sought: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many of the places sought are next to each site."""
    if not len(where) or not len(sought):
        return np.zeros(len(where))
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy: only who seeks neighbours waits for it

    chord = 2 * np.sin(NEIGHBOURS_KM / EARTH_RADIUS_KM / 2)
    found = cKDTree(_on_sphere(sought)).query_ball_point(_on_sphere(where), chord, return_length=True)
    return np.asarray(found, dtype=float)


def _on_sphere(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places (n × 2, degrees) as points of the unit sphere (n × 3)."""
    lat, lon = np.radians(places[:, 0]), np.radians(places[:, 1])
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
