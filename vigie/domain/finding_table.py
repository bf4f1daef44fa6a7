"""Findings by the table: one indicator for many territories, each thing that they share said once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vigie.domain.finding import Interval

Floats = NDArray[np.float64]


class Unknown(StrEnum):
    """Why a value is not known."""

    SECRET = "secret"  # noqa: S105 - statistical secrecy
    MISSING = "missing"
    ABSENT = "absent"
    NOT_ADDED = "not_added"
    NOTHING = "nothing"
    NO_FLAG = "no_flag"
    NO_BAND = "no_band"
    NO_DENSITY = "no_density"
    NOT_TOLD = "not_told"
    NO_JOBS = "no_jobs"
    NO_JOBS_HERE = "no_jobs_here"
    NO_JOB_KNOWN = "no_job_known"
    ONE_YEAR = "one_year"
    UNDATED = "undated"
    EMPTY_YEAR = "empty_year"
    NO_LINKS = "no_links"
    NO_CENSUS = "no_census"
    PART_OF_CENSUS = "part_of_census"
    ONE_CENSUS = "one_census"
    SMALL = "small"
    NO_REFERENCE = "no_reference"
    NO_SPECIALITY = "no_speciality"
    NO_HISTORY = "no_history"
    NO_CORE = "no_core"
    ALL_CORE = "all_core"
    FEW_CREATED = "few_created"
    NO_SEAT = "no_seat"
    NOTHING_OUTSIDE = "nothing_outside"
    FEW_SIZED = "few_sized"
    NO_EXCHANGES = "no_exchanges"

    @property
    def label(self) -> str:
        """French sentence that says it."""
        return _WHY[self]


_WHY = {
    Unknown.SECRET: "Valeur couverte par le secret statistique.",
    Unknown.MISSING: "Valeur manquante dans le fichier.",
    Unknown.ABSENT: "Le fichier ne donne aucune valeur pour ce territoire.",
    Unknown.NOT_ADDED: "Cet indicateur ne s’additionne pas\u00a0: il n’est connu qu’où il est publié.",
    Unknown.NOTHING: "Aucun établissement n’est chargé pour ce territoire.",
    Unknown.NO_FLAG: "Les fichiers chargés ne disent pas si les établissements emploient.",
    Unknown.NO_BAND: "Aucune taille chiffrée n’est publiée pour les employeurs de ce territoire.",
    Unknown.NO_DENSITY: "Il faut la population et le caractère employeur des établissements.",
    Unknown.NOT_TOLD: "Les fichiers chargés ne le disent d’aucun employeur de ce territoire.",
    Unknown.NO_JOBS: "Aucune source d’emploi n’est chargée (Urssaf, emploi par commune et activité).",
    Unknown.NO_JOBS_HERE: "La source d’emploi ne donne aucun chiffre pour ce territoire cette année-là.",
    Unknown.NO_JOB_KNOWN: "Aucun emploi connu ici.",
    Unknown.ONE_YEAR: "Il faut les emplois de deux années pour mesurer une évolution.",
    Unknown.UNDATED: "Les fichiers chargés ne donnent pas de date de création ni de fermeture.",
    Unknown.EMPTY_YEAR: "Aucun établissement n’était ouvert au début de l’année.",
    Unknown.NO_LINKS: (
        "Le fichier des liens de succession n’est pas chargé\u00a0: les déménagements ne sont pas connus."
    ),
    Unknown.NO_CENSUS: "Aucune population n’est publiée pour ce territoire dans les millésimes disponibles.",
    Unknown.PART_OF_CENSUS: "La population d’au moins une commune manque\u00a0: le total n’est pas donné.",
    Unknown.ONE_CENSUS: (
        "Il faut la population de deux recensements, sur le même périmètre, pour mesurer une évolution."
    ),
    Unknown.SMALL: "Le territoire est trop petit\u00a0: la mesure ne dirait que sa petite taille.",
    Unknown.NO_REFERENCE: (
        "Aucune donnée n’est chargée hors de ce territoire\u00a0: il n’y a pas de référence à quoi le comparer."
    ),
    Unknown.NO_SPECIALITY: "Aucune activité n’y est assez grande pour que sa part se compare.",
    Unknown.NO_HISTORY: (
        "L’historique de Sirene n’est pas chargé : compter les seuls établissements d’aujourd’hui oublierait ceux "
        "qui ont fermé."
    ),
    Unknown.NO_CORE: (
        "Le cœur n’est pas connu : ni pôle d’aire d’attraction, ni superficie des communes où sont les emplois."
    ),
    Unknown.ALL_CORE: "Tout le territoire est dans le cœur : il n’y a pas de couronne à quoi le comparer.",
    Unknown.FEW_CREATED: "Trop peu de créations dans cette période pour qu’une part ait un sens.",
    Unknown.NO_SEAT: "Les fichiers chargés ne disent d’aucun employeur d’ici où est le siège.",
    Unknown.NOTHING_OUTSIDE: "Rien n’est ailleurs que dans le pays : le répertoire ne dit pas les sièges étrangers.",
    Unknown.FEW_SIZED: "Moins de 30 employeurs d’une taille connue : les dix plus grands en seraient l’essentiel.",
    Unknown.NO_EXCHANGES: "Aucun tableau des échanges entre branches n’est chargé.",
}


@dataclass(frozen=True, slots=True, eq=False)
class FindingTable:
    """One indicator for many territories at one date: arrays as long as `territories`, NaN where nothing is known.

    `why` says why a value is unknown, `None` where it is known. `numerator` and `denominator` are the two sums of a
    ratio of sums, or the weighted sum and the weights of a mean. `sources` are the identifiers of the sources.
    `whole` values are counts. `low` and `high` bound a partial knowledge.
    """

    indicator: str
    vintage: str
    territories: tuple[str, ...]
    value: Floats
    why: tuple[Unknown | None, ...]
    coverage: Floats
    low: Floats
    high: Floats
    numerator: Floats
    denominator: Floats
    sources: tuple[str, ...] = field(default=())
    whole: bool = False

    def value_at(self, row: int) -> int | float | None:
        """Return the value of a territory."""
        return self._number(self.value[row])

    def interval_at(self, row: int) -> Interval | None:
        """Return the bounds of a territory's value."""
        low, high = self._number(self.low[row]), self._number(self.high[row])
        return None if low is None and high is None else Interval(low, high)

    def coverage_at(self, row: int) -> float | None:
        """Return the share of the base that was known for a territory."""
        return known(self.coverage[row])

    def _number(self, number: float) -> int | float | None:
        if np.isnan(number):
            return None
        return round(number) if self.whole else float(number)


def known(number: float) -> float | None:
    """Return a number of an array, `None` when it is not known."""
    return None if np.isnan(number) else float(number)
