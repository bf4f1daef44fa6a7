"""Addresses: number, way, postal code of the commune, now and then a CEDEX or a complement."""

from __future__ import annotations

import numpy as np

from vigie.sources.simulation import words
from vigie.sources.simulation.columns import Columns, Texts, beginning, either, only, spaced, taken, texts
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Flags, Integers
from vigie.sources.simulation.world import World

_INDUSTRY = (10, 33)


class AddressMaker:
    """Makes the address columns of establishments."""

    def __init__(self, world: World) -> None:
        self._draw = world.streams
        communes = world.communes
        codes = [list(several) or [""] for several in communes.postal_codes]
        self._postal = texts([code for several in codes for code in several])
        self._first_postal = np.cumsum([0, *(len(several) for several in codes)])
        self._labels, self._codes = texts(communes.labels), texts(communes.codes)
        self._small = communes.population < 2_000
        self._division = world.activities.division
        self._types = texts([name for name, _ in words.STREET_TYPES])
        self._type_weights = np.array([weight for _, weight in words.STREET_TYPES], dtype=np.float64)
        self._streets, self._zones = texts(words.STREETS), texts(words.ZONES)
        self._places, self._complements = texts(words.PLACES), texts(words.COMPLEMENTS)
        self._digits = texts([str(number) for number in range(1_000)])

    def columns(self, sites: Sites) -> Columns:
        """Return the columns of the first address, by official name."""
        draw, rows = self._draw, (sites.counter, sites.slot)
        number = 1 + np.minimum(draw.below("way number", 90, *rows), draw.below("way number 2", 320, *rows))
        zoned, hamlet = self._settings(sites)
        repeat = ~hamlet & ~zoned & draw.chance("repeat", 0.04, *rows)
        types = taken(self._types, draw.choose("way type", self._type_weights, *rows))
        types = either(hamlet, "LD", either(zoned, self._pick("zone type", self._zones, sites), types))
        way = either(
            hamlet | zoned, self._pick("way place", self._places, sites), self._pick("way", self._streets, sites)
        )
        complement = self._pick("complement", self._complements, sites)
        return {
            "complementAdresseEtablissement": only(complement, draw.chance("has complement", 0.07, *rows)),
            "numeroVoieEtablissement": only(taken(self._digits, number), ~hamlet & ~(zoned & (number > 40))),
            "indiceRepetitionEtablissement": only(either(number % 2 == 0, "B", "T"), repeat),
            "typeVoieEtablissement": types,
            "libelleVoieEtablissement": way,
            **self._town(sites, number),
        }

    def _settings(self, sites: Sites) -> tuple[Flags, Flags]:
        """Tell which establishments are in a business park (industry often is) and which in a hamlet."""
        rows = (sites.counter, sites.slot)
        division = self._division[sites.first_naf]
        industry = (division >= _INDUSTRY[0]) & (division <= _INDUSTRY[1])
        zoned = self._draw.chance("zone", np.where(industry, 0.45, 0.06), *rows)
        return zoned, ~zoned & self._small[sites.commune] & self._draw.chance("hamlet", 0.35, *rows)

    def _town(self, sites: Sites, number: Integers) -> Columns:
        rows = (sites.counter, sites.slot)
        first = self._first_postal[sites.commune]
        count = self._first_postal[sites.commune + 1] - first
        postal = taken(self._postal, first + self._draw.below("postal", count, *rows))
        label = taken(self._labels, sites.commune)
        cedex = self._draw.chance("cedex", 0.008, *rows) & ~self._small[sites.commune]
        return {
            "codePostalEtablissement": postal,
            "libelleCommuneEtablissement": label,
            "codeCommuneEtablissement": taken(self._codes, sites.commune),
            "distributionSpecialeEtablissement": only(spaced("BP", taken(self._digits, number)), cedex),
            "codeCedexEtablissement": only(spaced(beginning(postal, 3), "09", by=""), cedex),
            "libelleCedexEtablissement": only(spaced(label, "CEDEX"), cedex),
        }

    def _pick(self, attribute: str, values: Texts, sites: Sites) -> Texts:
        return taken(values, self._draw.below(attribute, len(values), sites.counter, sites.slot))
