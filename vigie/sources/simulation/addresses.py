"""Addresses: number, way, postal code of the commune, now and then a CEDEX or a complement."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources.simulation import words
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.streams import Integers
from vigie.sources.simulation.world import World

_ZONED = (10, 33)


class AddressMaker:
    """Makes the address columns of establishments."""

    def __init__(self, world: World) -> None:
        self._draw = world.streams
        communes = world.communes
        codes = [list(c) or [""] for c in communes.postal_codes]
        self._postal = pa.array([code or None for several in codes for code in several])
        self._first_postal = np.cumsum([0, *(len(several) for several in codes)])
        self._labels = pa.array(communes.labels)
        self._codes = pa.array(communes.codes)
        self._small = communes.population < 2_000
        self._division = world.activities.division
        self._types = pa.array([name for name, _ in words.STREET_TYPES])
        self._type_weights = np.array([weight for _, weight in words.STREET_TYPES], dtype=np.float64)
        self._streets, self._zones = pa.array(words.STREETS), pa.array(words.ZONES)
        self._places, self._complements = pa.array(words.PLACES), pa.array(words.COMPLEMENTS)
        self._digits = pa.array([str(number) for number in range(100_000)])

    def columns(self, sites: Sites) -> dict[str, pa.Array]:
        """Return the columns of the first address, by official name."""
        draw, rows = self._draw, (sites.counter, sites.slot)
        industry = (self._division[sites.first_naf] >= _ZONED[0]) & (self._division[sites.first_naf] <= _ZONED[1])
        zoned = draw.chance("zone", np.where(industry, 0.45, 0.06), *rows)
        hamlet = ~zoned & self._small[sites.commune] & draw.chance("hamlet", 0.35, *rows)
        number = 1 + np.minimum(draw.below("way number", 90, *rows), draw.below("way number 2", 320, *rows))
        cedex = draw.chance("cedex", 0.008, *rows) & ~self._small[sites.commune]
        way = self._pick("way", self._streets, sites)
        elsewhere = self._pick("way place", self._places, sites)
        types = self._types.take(pa.array(draw.choose("way type", self._type_weights, *rows)))
        types = pc.if_else(pa.array(hamlet), "LD", pc.if_else(pa.array(zoned), self._pick("zone type", self._zones, sites), types))
        first = self._first_postal[sites.commune]
        postal = first + draw.below("postal", self._first_postal[sites.commune + 1] - first, *rows)
        label = self._labels.take(pa.array(sites.commune))
        postal_code = self._postal.take(pa.array(postal))
        return {
            "complementAdresseEtablissement": self._only(self._pick("complement", self._complements, sites),
                                                         draw.chance("has complement", 0.07, *rows)),
            "numeroVoieEtablissement": self._only(self._digits.take(pa.array(number)), ~hamlet & ~(zoned & (number > 40))),
            "indiceRepetitionEtablissement": self._only(
                pc.if_else(pa.array(number % 2 == 0), "B", "T"), ~hamlet & ~zoned & draw.chance("repeat", 0.04, *rows)),
            "typeVoieEtablissement": types,
            "libelleVoieEtablissement": pc.if_else(pa.array(hamlet | zoned), elsewhere, way),
            "codePostalEtablissement": postal_code,
            "libelleCommuneEtablissement": label,
            "codeCommuneEtablissement": self._codes.take(pa.array(sites.commune)),
            "distributionSpecialeEtablissement": self._only(
                pc.binary_join_element_wise("BP", self._digits.take(pa.array(number * 7)), " "), cedex),
            "codeCedexEtablissement": self._only(
                pc.binary_join_element_wise(pc.utf8_slice_codeunits(postal_code, 0, 3), "09", ""), cedex),
            "libelleCedexEtablissement": self._only(pc.binary_join_element_wise(label, "CEDEX", " "), cedex),
        }  # fmt: skip

    def _pick(self, attribute: str, values: pa.Array, sites: Sites) -> pa.Array:
        drawn: Integers = self._draw.below(attribute, len(values), sites.counter, sites.slot)
        return values.take(pa.array(drawn))

    @staticmethod
    def _only(values: pa.Array, where: np.ndarray) -> pa.Array:
        return pc.if_else(pa.array(where), values, pa.scalar(None, pa.string()))
