"""How much of a territory the data loaded cover: a load may hold one département only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vigie.services.figures.reach import share_of
from vigie.services.places import city_of

if TYPE_CHECKING:
    from vigie.services.places import Perimeter
    from vigie.services.portrait.by_commune import CommuneFigures

FEW = 0.8
"""Below this share a sum would pass for that of the whole: nothing is said of the whole but what share is loaded."""


class CommuneCoverage:
    """Communes that hold establishments, or jobs, in one generation, weighed by their population."""

    def __init__(self, figures: CommuneFigures) -> None:
        self._figures = figures

    def share(self, perimeter: Perimeter) -> float | None:
        """Return the share of a perimeter's population that lives where establishments are loaded (0 to 1).

        `None` when the population is not known. Nearly every commune has an open establishment, so that a share
        below 1 tells of what was not loaded.
        """
        return self._share(perimeter, self._with_establishments)

    def jobs_share(self, perimeter: Perimeter) -> float | None:
        """Return the same share for the source of jobs, 1 when none is loaded: it says itself that it is absent.

        Commune by commune, a source leaves out the smallest: what `ENOUGH` allows.
        """
        return self._share(perimeter, self._with_jobs) if self._with_jobs else 1.0

    def _share(self, perimeter: Perimeter, loaded: frozenset[str]) -> float | None:
        people = self._figures.people
        codes = people if perimeter.communes is None else perimeter.communes
        return share_of(perimeter.territory.code, codes, people, loaded)

    @cached_property
    def _with_establishments(self) -> frozenset[str]:
        held = self._figures.with_establishments
        return held | {city_of(code) for code in held}

    @cached_property
    def _with_jobs(self) -> frozenset[str]:
        held = self._figures.with_jobs
        return held | {city_of(code) for code in held}
