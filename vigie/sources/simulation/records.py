"""Succession links, history of establishments, and the simulator's own record of what happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vigie.domain.relations import EventKind
from vigie.sources.simulation import periods
from vigie.sources.simulation.blocks import UnitBlock
from vigie.sources.simulation.columns import (
    Columns,
    Texts,
    digits,
    either,
    known,
    nothing,
    only,
    repeated,
    spaced,
    taken,
    texts,
)
from vigie.sources.simulation.days import NEVER, iso
from vigie.sources.simulation.evolution import KINDS, MOVES
from vigie.sources.simulation.history import breaks
from vigie.sources.simulation.identifiers import Identifiers
from vigie.sources.simulation.places import SimulatedPlace
from vigie.sources.simulation.sites import Sites
from vigie.sources.simulation.stock import StockMaker
from vigie.sources.simulation.streams import Integers
from vigie.sources.simulation.workforce import EMPLOYER, SimulatedWorkforce
from vigie.sources.simulation.world import World

TRUTH = ("kind", "siret", "siren", "commune", "date", "before", "after", "other_commune")
_POSITION = {kind: position for position, kind in enumerate(KINDS)}


class RecordMaker:
    """Lays out links, periods and events."""

    def __init__(self, world: World, place: SimulatedPlace, stock: StockMaker) -> None:
        self._place = place
        self._world, self._stock, self._draw = world, stock, world.streams
        self._codes = texts(world.communes.codes)
        self._kinds = texts([kind.value for kind in KINDS])
        self._naf = texts(world.activities.codes)

    def links(self, part: UnitBlock) -> Columns:
        """Return the columns of StockEtablissementLiensSuccession."""
        links, sites = part.links, part.sites
        same = sites.counter[links.old] == sites.counter[links.new]
        seat = same & ((sites.slot[links.old] == 0) | (sites.slot[links.new] == 0) | (links.month == 0))
        time = repeated("T08:00:00", len(same))
        return {
            "siretEtablissementPredecesseur": self._siret(sites, links.old),
            "siretEtablissementSuccesseur": self._siret(sites, links.new),
            "dateLienSuccession": iso(links.day),
            "transfertSiege": either(seat, "true", "false"),
            "continuiteEconomique": repeated("true", len(same)),
            "dateDernierTraitementLienSuccession": spaced(iso(links.day + 3), time, by=""),
        }

    def truth(self, part: UnitBlock) -> Columns:
        """Return what happened in the month, as the events that a comparison of two snapshots should find.

        A move or a transfer is told of the new establishment, with the former one's SIRET before; of the former one
        when the new one is outside the territory. A band that was not published does not change.
        """
        part = self._told(part)
        events, units, sites = part.events, part.units, part.sites
        ends = np.isin(events.kind, MOVES) & self._place.inside[sites.commune[events.new]]
        told = np.where(ends, events.new, events.old)
        other = only(self._commune(sites, events.old), ends)
        before, after = self._values(part)
        return {
            "kind": taken(self._kinds, events.kind),
            "siret": self._siret(sites, told),
            "siren": digits(self._world.identifiers.siren(units.counter[sites.unit[told]]), 9),
            "commune": self._commune(sites, told),
            "date": iso(
                events.day, np.isin(events.kind, [_POSITION[EventKind.SIZE], _POSITION[EventKind.STATUS]], invert=True)
            ),
            "before": before,
            "after": after,
            "other_commune": other,
        }

    def _told(self, part: UnitBlock) -> UnitBlock:
        sites = part.sites.take(part.events.old)
        unpublished = ~known(self._stock.band(part.units, sites)) & (part.events.kind == _POSITION[EventKind.SIZE])
        return replace(part, events=part.events.take(np.flatnonzero(~unpublished)))

    def periods(self, sites: Sites, workforce: SimulatedWorkforce) -> Columns:
        """Return the columns of StockEtablissementHistorique, oldest period first."""
        days, exist = breaks(self._draw, sites)
        row, column = np.nonzero(exist)
        start = days[row, column]
        last = np.append(row[1:] != row[:-1], True)
        following = np.where(last, NEVER, np.append(start[1:], 0))
        first = np.insert(row[1:] != row[:-1], 0, True)
        siret = self._world.identifiers.siret(self._world.identifiers.siren(sites.counter[row]), sites.number[row])
        shut = (start >= np.minimum(sites.closed, sites.shut)[row]) & ~((column == 4) & (sites.closed[row] == NEVER))
        naf, nomenclature = self._activity(sites, row, start)
        return {
            "siren": digits(siret // 100_000, 9),
            "nic": digits(siret % 100_000, 5),
            "siret": digits(siret, 14),
            "dateFin": iso(np.where(last, NEVER, following - 1), ~last),
            "dateDebut": iso(start),
            "etatAdministratifEtablissement": either(shut, "F", "A"),
            "changementEtatAdministratifEtablissement": either(
                ~first & ((column == 3) | ((column == 4) & (sites.shut[row] != NEVER))), "true", "false"
            ),
            "changementEnseigneEtablissement": either(first & False, "true", "false"),
            "changementDenominationUsuelleEtablissement": either(first & False, "true", "false"),
            "activitePrincipaleEtablissement": naf,
            "nomenclatureActivitePrincipaleEtablissement": nomenclature,
            "changementActivitePrincipaleEtablissement": either(
                ~first & ((column == 1) | ((column == 4) & (sites.formerly[row] >= 0))), "true", "false"
            ),
            "caractereEmployeurEtablissement": self._employer(sites, workforce, row, exist, start, days),
            "changementCaractereEmployeurEtablissement": either(~first & (column == 2), "true", "false"),
        }

    def _activity(self, sites: Sites, row: Integers, start: Integers) -> tuple[Texts, Texts]:
        """Return the code of each period in the nomenclature of its day, as in the stock for the last one."""
        before = (sites.formerly[row] >= 0) & (start < sites.since[row])
        naf = np.where(before, sites.formerly[row], sites.naf[row])
        ended = np.minimum(sites.closed, sites.shut)[row]
        ended = np.where(ended < periods.REV2, ended, NEVER)
        code, nomenclature = self._stock.activity(naf, ended, sites.counter[row], sites.slot[row])
        old = (start < periods.REV2) & (ended == NEVER) & (sites.created[row] < periods.REV2)
        former, name = self._stock.activity(
            naf, np.where(old, periods.REV1, NEVER), sites.counter[row], sites.slot[row]
        )
        return either(old, former, code), either(old, name, nomenclature)

    def _employer(
        self,
        sites: Sites,
        workforce: SimulatedWorkforce,
        row: Integers,
        exist: np.ndarray,
        start: Integers,
        days: np.ndarray,
    ) -> Texts:
        """Return the flag of the stock since it last changed, the other one before."""
        flag = workforce.employer[row]
        before = exist[row, 2] & (start < days[row, 2]) & (flag != EMPLOYER.index(""))
        flag = np.where(before, len(EMPLOYER) - flag, flag)
        return taken(texts(EMPLOYER), flag)

    def _values(self, part: UnitBlock) -> tuple[Texts, Texts]:
        """Return what changed, before and after."""
        events, units, sites = part.events, part.units, part.sites
        new_sites = sites.take(events.old)
        old_sites = replace(new_sites, resized=np.zeros(len(events.old), dtype=np.int64))
        bands = [self._stock.band(units, rows) for rows in (old_sites, new_sites)]
        owners = units.take(sites.unit[events.old])
        names = [self._stock.names.names(owners, renamed).name for renamed in (owners.renamed * 0, owners.renamed)]
        status = either(new_sites.partial, "P", "O")
        former_status = either(new_sites.partial, "O", "P")
        code = [taken(self._naf, np.maximum(naf, 0)) for naf in (new_sites.formerly, new_sites.naf)]
        siret = [self._siret(sites, rows) for rows in (events.old, events.new)]
        none = nothing(len(events.old))
        before, after = none, none
        for kinds, (earlier, later) in (
            ((EventKind.MOVE, EventKind.TRANSFER), siret), ((EventKind.ACTIVITY,), code), ((EventKind.SIZE,), bands),
            ((EventKind.NAME,), names), ((EventKind.STATUS,), (former_status, status)),
        ):  # fmt: skip
            concerned = np.isin(events.kind, [_POSITION[kind] for kind in kinds])
            before, after = either(concerned, earlier, before), either(concerned, later, after)
        return before, after

    def _siret(self, sites: Sites, rows: Integers) -> Texts:
        siren = self._world.identifiers.siren(sites.counter[rows])
        return digits(Identifiers.siret(siren, sites.number[rows]), 14)

    def _commune(self, sites: Sites, rows: Integers) -> Texts:
        return taken(self._codes, sites.commune[rows])
