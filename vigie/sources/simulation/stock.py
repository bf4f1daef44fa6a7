"""The two stock files: attributes of units and establishments laid out in INSEE's columns, masks included."""

from __future__ import annotations

import numpy as np

from vigie.sources.simulation import layout, periods, words
from vigie.sources.simulation.bridge import former_codes
from vigie.sources.simulation.columns import (
    Columns,
    Texts,
    beginning,
    digits,
    either,
    nothing,
    numbers,
    only,
    repeated,
    spaced,
    taken,
    texts,
)
from vigie.sources.simulation.days import NEVER, UNKNOWN, iso
from vigie.sources.simulation.history import breaks
from vigie.sources.simulation.names import NameMaker
from vigie.sources.simulation.positions import PositionMaker
from vigie.sources.simulation.sites import SEAT, Sites, unchanged
from vigie.sources.simulation.streams import Flags, Integers, Streams
from vigie.sources.simulation.units import CATEGORIES, UnitMaker, Units
from vigie.sources.simulation.workforce import BANDS, EMPLOYER, SimulatedWorkforce, WorkforceMaker
from vigie.sources.simulation.world import World

_INDUSTRY = (10, 33)
_CRAFT_DIVISIONS = (10, 11, 13, 14, 15, 16, 18, 23, 25, 31, 32, 33, 41, 43, 45, 49, 56, 81, 95, 96)
_CRAFT_SUFFIX = "ZABCDPQ"
_SIGNED_DIVISIONS = (10, 45, 47, 55, 56, 96)
_SOCIAL = ("9220", "5458", "6317", "9300")


class StockMaker:
    """Lays out units and establishments in the columns of the official files."""

    def __init__(self, world: World, maker: UnitMaker, positions: PositionMaker | None) -> None:
        self._world, self._draw, self._positions = world, world.streams, positions
        self.names = NameMaker(world, maker)
        self.workforce = WorkforceMaker(world, maker)
        self._addresses = AddressMaker(world)
        codes = world.activities.codes
        self._naf = texts(codes)
        self._former = {name: texts(values) for name, values in former_codes(codes).items()}
        self._naf25 = texts(world.activities.bridge.codes)
        self._craft = texts([code.replace(".", "") + suffix for code in codes for suffix in _CRAFT_SUFFIX])
        self._bands = texts(BANDS)
        self._employer = texts(EMPLOYER)
        self._categories = texts(CATEGORIES)
        self._times = texts([f"T{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(0, 86_400, 7)])

    def establishments(self, units: Units, sites: Sites, workforce: SimulatedWorkforce) -> Columns:
        """Return the columns of StockEtablissement."""
        siren = self._world.identifiers.siren(sites.counter)
        siret = self._world.identifiers.siret(siren, sites.number)
        rows = (sites.counter, sites.slot)
        naf, nomenclature = self.activity(sites.naf, np.where(sites.open, NEVER, sites.closed), *rows)
        unknown = units.unknown_day[sites.unit] & (sites.nature == SEAT)
        columns = {
            "siren": digits(siren, 9),
            "nic": digits(siret % 100_000, 5),
            "siret": digits(siret, 14),
            "statutDiffusionEtablissement": either(sites.partial, "P", "O"),
            "dateCreationEtablissement": iso(np.where(unknown, UNKNOWN, sites.created)),
            "trancheEffectifsEtablissement": taken(self._bands, workforce.band),
            "anneeEffectifsEtablissement": self._year(workforce.dated),
            "activitePrincipaleRegistreMetiersEtablissement": self._craft_code(units, sites, workforce),
            "dateDernierTraitementEtablissement": self._processed("processed", sites.since, sites.open, *rows),
            "etablissementSiege": either(sites.number == units.seat[sites.unit], "true", "false"),
            "nombrePeriodesEtablissement": numbers(breaks(self._draw, sites)[1].sum(axis=1)),
            **self._addresses.columns(sites),
            "identifiantAdresseEtablissement": repeated(layout.IMAGINARY_ADDRESS, len(siren)),
            **(self._positions.columns(sites) if self._positions else {}),
            "dateDebut": iso(sites.since),
            "etatAdministratifEtablissement": either(sites.open, "A", "F"),
            "enseigne1Etablissement": self._sign(sites),
            "denominationUsuelleEtablissement": only(
                self.names.sign("usual site name", *rows), self._draw.chance("has usual site name", 0.02, *rows)
            ),
            "activitePrincipaleEtablissement": naf,
            "nomenclatureActivitePrincipaleEtablissement": nomenclature,
            "caractereEmployeurEtablissement": taken(self._employer, workforce.employer),
            "activitePrincipaleNAF25Etablissement": only(self.naf25(sites.naf, *rows), sites.open),
        }
        return _masked(columns, layout.MASKED_ESTABLISHMENT, sites.partial)

    def legal_units(self, units: Units) -> Columns:
        """Return the columns of StockUniteLegale."""
        counter = units.counter
        seats = _seats(units)
        workforce = self.workforce.workforce(units, seats, seats.resized)
        named = self.names.names(units, units.renamed)
        ended = np.where(units.active, NEVER, units.ceased)
        naf, nomenclature = self.activity(units.naf, ended, counter, seats.slot)
        known = units.active & (workforce.band > 0)
        columns = {
            "siren": digits(self._world.identifiers.siren(counter), 9),
            "statutDiffusionUniteLegale": either(units.partial, "P", "O"),
            "unitePurgeeUniteLegale": only(either(units.active, "", "true"), ended < periods.REV2),
            "dateCreationUniteLegale": iso(np.where(units.unknown_day, UNKNOWN, units.created)),
            "sigleUniteLegale": named.acronym,
            "sexeUniteLegale": named.sex,
            "prenom1UniteLegale": named.first,
            "prenom2UniteLegale": named.second,
            "prenomUsuelUniteLegale": named.first,
            "identifiantAssociationUniteLegale": self._association(units),
            "trancheEffectifsUniteLegale": taken(self._bands, workforce.band),
            "anneeEffectifsUniteLegale": self._year(workforce.dated),
            "dateDernierTraitementUniteLegale": self._processed("unit processed", seats.since, units.active, counter),
            "nombrePeriodesUniteLegale": numbers(1 + (units.created < periods.REV2) + ~units.active),
            "categorieEntreprise": only(self._company_category(units, workforce), known),
            "anneeCategorieEntreprise": self._year(known),
            "dateDebut": iso(seats.since),
            "etatAdministratifUniteLegale": either(units.active, "A", "C"),
            "nomUniteLegale": named.surname,
            "nomUsageUniteLegale": named.married,
            "denominationUniteLegale": named.name,
            "denominationUsuelle1UniteLegale": named.usual,
            "categorieJuridiqueUniteLegale": taken(self._categories, units.category),
            "activitePrincipaleUniteLegale": naf,
            "nomenclatureActivitePrincipaleUniteLegale": nomenclature,
            "nicSiegeUniteLegale": digits(
                self._world.identifiers.siret(self._world.identifiers.siren(counter), units.seat) % 100_000, 5
            ),
            "economieSocialeSolidaireUniteLegale": self._social(units),
            "societeMissionUniteLegale": only(
                either(self._draw.chance("mission", 0.002, counter), "O", "N"), ~units.natural & units.active
            ),
            "activitePrincipaleNAF25UniteLegale": only(self.naf25(units.naf, counter, seats.slot), units.active),
        }
        columns = _masked(columns, layout.MASKED_UNIT, units.partial)
        return _masked(columns, layout.MASKED_PERSON, units.partial & units.natural)

    def activity(self, naf: Integers, ended: Integers, *identity: Integers) -> tuple[Texts, Texts]:
        """Return the code and the nomenclature: what ended before 2008 keeps the codes of its day."""
        code, nomenclature = taken(self._naf, naf), repeated("NAFRev2", len(naf))
        ages = (
            ("NAFRev1", periods.REV1, periods.REV2),
            ("NAF1993", periods.NAF93, periods.REV1),
            ("NAP", -(10**6), periods.NAF93),
        )
        for name, start, end in ages:
            old = (ended >= start) & (ended < end)
            if old.any():
                code = either(old, taken(self._former[name], naf), code)
                nomenclature = either(old, name, nomenclature)
        lost = activity_lost(self._draw, *identity) & (ended >= periods.REV2)
        return either(lost, "00.00Z", code), nomenclature

    def band(self, units: Units, sites: Sites) -> Texts:
        """Return the size bands of establishments."""
        return taken(self._bands, self.workforce.workforce(units, sites, sites.resized).band)

    def naf25(self, naf: Integers, *identity: Integers) -> Texts:
        """Return codes of the imaginary NAF 2025; a NAF rev. 2 code may give several."""
        bridge = self._world.activities.bridge
        lot = self._draw.uniform("naf25", *identity)
        column = (lot[:, None] >= bridge.shares[naf][:, :2]).sum(axis=1)
        return taken(self._naf25, bridge.targets[naf, column])

    def _year(self, where: Flags) -> Texts:
        return only(str(self._world.epoch.year - 3), where)

    def _processed(self, attribute: str, since: Integers, alive: Flags, *identity: Integers) -> Texts:
        recent = np.int64((self._world.epoch.toordinal() - 719_163) - 3)
        back = self._draw.below(attribute, 900, *identity)
        day = np.where(
            alive, np.maximum(recent - back, since), np.minimum(since + back // 4, np.maximum(recent, since))
        )
        time = taken(self._times, self._draw.below(attribute + " time", len(self._times), *identity))
        return spaced(iso(day), time, by="")

    def _craft_code(self, units: Units, sites: Sites, workforce: SimulatedWorkforce) -> Texts:
        rows = (sites.counter, sites.slot)
        division = self._world.activities.division[sites.naf]
        small = workforce.band <= BANDS.index("11")
        craft = np.isin(division, _CRAFT_DIVISIONS) & small & ~units.group[sites.unit]
        craft &= np.isin(units.category[sites.unit], [CATEGORIES.index(c) for c in ("1000", "5499", "5710", "5720")])
        suffix = self._draw.below("craft", len(_CRAFT_SUFFIX), *rows)
        code = taken(self._craft, sites.naf * len(_CRAFT_SUFFIX) + suffix)
        return only(code, craft & self._draw.chance("is craft", 0.7, *rows))

    def _sign(self, sites: Sites) -> Texts:
        rows = (sites.counter, sites.slot)
        signed = np.isin(self._world.activities.division[sites.first_naf], _SIGNED_DIVISIONS)
        return only(self.names.sign("sign", *rows), self._draw.chance("has sign", np.where(signed, 0.35, 0.03), *rows))

    def _association(self, units: Units) -> Texts:
        number = 100_000_000 + self._draw.below("association", 899_999_999, units.counter)
        numbered = (units.category == CATEGORIES.index("9220")) & self._draw.chance("registered", 0.5, units.counter)
        return only(spaced("W", digits(number, 9), by=""), numbered)

    def _company_category(self, units: Units, workforce: SimulatedWorkforce) -> Texts:
        sizes = self._world.group_sizes[np.minimum(units.counter, self._world.groups - 1)]
        middle = (units.group & (sizes >= 20)) | (workforce.band >= BANDS.index("32"))
        giant = (units.group & (sizes >= 500)) | (workforce.band >= BANDS.index("52"))
        return either(giant, "GE", either(middle, "ETI", "PME"))

    def _social(self, units: Units) -> Texts:
        social = np.isin(units.category, [CATEGORIES.index(code) for code in _SOCIAL])
        social &= self._draw.chance("social", 0.8, units.counter)
        return only(either(social, "O", "N"), ~units.natural & units.active)


def activity_lost(draw: Streams, *identity: Integers) -> Flags:
    """Tell which rows have the code of an unknown activity (00.00Z)."""
    return draw.chance("unknown activity", 0.003, *identity)


def _seats(units: Units) -> Sites:
    """Return the head offices of units as establishments, in the units' order."""
    count = len(units.counter)
    zero = np.zeros(count, dtype=np.int64)
    same, _, never = unchanged(count)
    return Sites(
        np.arange(count), units.counter, zero, units.seat, zero, units.commune, units.naf, units.created, units.ceased,
        units.since, same, units.partial, units.resized, np.where(units.trade == units.naf, -1, units.trade), never,
    )  # fmt: skip


def _masked(columns: Columns, names: frozenset[str], partial: Flags) -> Columns:
    if not partial.any():
        return columns
    empty = nothing(len(partial))
    return columns | {name: either(partial, layout.NOT_PUBLISHED, columns.get(name, empty)) for name in names}


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
