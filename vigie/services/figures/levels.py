"""All the territories of a kind as what measures are computed on, read within a build."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.domain.territory import TerritoryKind
from vigie.services.figures import placing
from vigie.services.figures.basis import Basis, Births, Censuses, Coded, Flows, Groups, JobCells, Seats, Statuses
from vigie.services.figures.cores import city, core_among, ground
from vigie.services.figures.exchanges import exchanges
from vigie.services.figures.reach import share_of
from vigie.services.figures.renewals import openings_and_closures
from vigie.services.loaded import SUCCESSION
from vigie.services.places import city_of, is_district

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.domain.finding_table import Floats
    from vigie.measures.cores import Core, Ground
    from vigie.services.figures.basis import Places
    from vigie.services.figures.cores import CoreFound
    from vigie.services.figures.exchanges import Exchanges
    from vigie.services.figures.placing import Placing
    from vigie.store.derivation import BuildReader


class CountryTables:
    """What every level is read from, and what is read once for all: the country, the communes, the dates."""

    def __init__(self, tables: Mapping[str, ir.Table], reader: BuildReader) -> None:
        self.tables, self.reader = tables, reader
        self.staged: LevelBasis | None = None

    def level(self, kind: TerritoryKind) -> LevelBasis:
        """Return the territories of a kind."""
        if kind is TerritoryKind.FRANCE:
            return self.whole
        return LevelBasis(self, kind, self.members(kind))

    @cached_property
    def whole(self) -> LevelBasis:
        """The whole country, in one row."""
        return LevelBasis(self, TerritoryKind.FRANCE, None)

    def members(self, kind: TerritoryKind) -> pa.Table:
        """Return the communes of the territories of a kind in its latest vintage, by `code` then `commune`.

        The arrondissements of Paris, Lyon and Marseille are no level of their own.
        """
        table = self.tables["membership"].filter(lambda rows: rows.kind == kind.value)
        latest = table.filter(table.vintage == table.vintage.max()).select("code", "commune")
        found = self.reader.arrow(latest.order_by("code", "commune"))
        if kind is TerritoryKind.COMMUNE:
            own = [not is_district(code) for code in _texts(found["code"])]
            found = found.filter(pa.array(own, pa.bool_()))
        return found

    @cached_property
    def people(self) -> Mapping[str, int]:
        """Population of each commune, in the latest vintage."""
        table = self.tables["territory"]
        communes = table.filter(table.kind == "commune", table.detail.isnull(), table.population.notnull())
        latest = communes.filter(communes.vintage == communes.vintage.max())
        return {row["code"]: row["population"] for row in self.reader.rows(latest.select("code", "population"))}

    @cached_property
    def covered(self) -> frozenset[str]:
        """Communes where establishments are loaded, and the cities of those that are arrondissements."""
        rows = self.reader.rows(self.tables["active_count"].select("commune").distinct())
        codes = {row["commune"] for row in rows if row["commune"]}
        return frozenset(codes | {city_of(code) for code in codes})

    @cached_property
    def last_year(self) -> int:
        """Last year of the source of jobs, 0 when none is loaded."""
        jobs = self.tables["jobs"]
        return self.reader.rows(jobs.agg(last=jobs.year.max()))[0]["last"] or 0

    @cached_property
    def stock_day(self) -> str:
        """Latest date that the establishments bear: that of the files; empty without any."""
        table = self.tables["establishment"]
        latest = self.reader.rows(table.agg(latest=table.processed.max()))[0]["latest"]
        return "" if latest is None else str(latest)

    @cached_property
    def renewed(self) -> ir.Table | None:
        """Employers opened and closed in the last full year, by commune; `None` where nothing is dated."""
        if not self.stock_day:
            return None
        year = ibis.literal(int(self.stock_day[:4]) - 1, "int16")
        table = openings_and_closures(self.tables.__getitem__, year)
        counted = table.group_by("commune").agg(
            opened=table.opened.sum().cast("int64"), closed=(~table.opened).sum().cast("int64")
        )
        found = self.reader.stage("renewed", counted.filter(counted.commune.notnull()))
        return found if self.reader.rows(found.limit(1)) else None

    @cached_property
    def ground(self) -> Ground:
        """What cores are found from."""
        return ground(self.tables.__getitem__, self.reader.rows)

    @cached_property
    def has_births(self) -> bool:
        """Tell whether the history of establishments told of any creation."""
        return bool(self.reader.rows(self.tables["birth"].select("year").limit(1)))

    @cached_property
    def has_seats(self) -> bool:
        """Tell whether some employer is counted by its head office."""
        return bool(self.reader.rows(self.tables["seat"].select("commune").limit(1)))

    @cached_property
    def exchanges(self) -> Exchanges | None:
        """The input-output table."""
        return exchanges(self.tables.__getitem__, self.reader.rows)

    @property
    def has_links(self) -> bool:
        """Tell whether successions are loaded."""
        return SUCCESSION in self.reader.cards


class LevelBasis(Basis):
    """The territories of a kind; `members` has their communes, `None` for the whole country."""

    def __init__(self, country: CountryTables, kind: TerritoryKind, members: pa.Table | None) -> None:
        self._country, self._kind, self._members = country, kind, members
        codes = ["FR"] if members is None else list(dict.fromkeys(_texts(members["code"])))
        self.codes: tuple[str, ...] = tuple(codes)
        self.territories = tuple(f"{kind.value}:{code}" for code in codes)
        self.stock_day, self.has_links = country.stock_day, country.has_links
        self._held = {"FR": list(country.people)} if members is None else _by_code(members)
        shares = [share_of(code, self._held[code], country.people, country.covered) for code in codes]
        self.reach = np.asarray([np.nan if one is None else one for one in shares], dtype=np.float64)

    @property
    def national(self) -> Basis:
        """The whole country."""
        return self._country.whole

    @cached_property
    def sizes(self) -> ir.Table:
        """Number of communes of each place, arrondissements aside, as `place` and `base`."""
        if self._members is None:
            return ibis.memtable(pa.table({"place": pa.array([0], pa.int64()), "base": pa.array([0], pa.int64())}))
        counts = [len({city_of(one) for one in communes}) for communes in self._held.values()]
        columns = {"place": pa.array(range(len(counts)), pa.int64()), "base": pa.array(counts, pa.int64())}
        return ibis.memtable(pa.table(columns))

    @property
    def placed(self) -> Placing:
        """What puts rows of communes in the places of this level, in an expression that is executed at once."""
        return self._by(self._staged)

    @cached_property
    def placed_later(self) -> Placing:
        """What puts rows of communes in the places of this level, in an expression of any later time."""
        return self._by(None if self._members is None else self._stage(f"members_{self._kind.value}"))

    @staticmethod
    def _by(members: ir.Table | None) -> Placing:
        return placing.alone if members is None else lambda table: table.inner_join(members, "commune")

    @property
    def _staged(self) -> ir.Table | None:
        """Communes of each place, under one name for every level; `None` for the whole country.

        Ibis takes ten times as long to write a query as DuckDB to answer it on a small country: under one name, what
        counts a level is written once and read of all.
        """
        if self._members is None:
            return None
        if self._country.staged is not self:
            self._stage("members")
            self._country.staged = self
        return ibis.table({"place": "int64", "commune": "string"}, name="members")

    def _stage(self, name: str) -> ir.Table:
        """Keep the communes of each place as a working table. Only called where there are members."""
        ranks = {code: rank for rank, code in enumerate(self.codes)}
        place = [ranks[code] for code, communes in self._held.items() for _ in communes]
        commune = [commune for communes in self._held.values() for commune in communes]
        held = pa.table({"place": pa.array(place, pa.int64()), "commune": pa.array(commune, pa.string())})
        return self._country.reader.stage(name, ibis.memtable(held))

    @cached_property
    def groups(self) -> Groups:
        """Open establishments by activity, size band and employer flag."""
        found = self._read(placing.groups(self._country.tables["active_count"], self.placed))
        naf, nomenclature, band, employer = (
            _coded(found[name]) for name in ("naf", "nomenclature", "band", "employer")
        )
        return Groups(_whole(found["place"]), naf, nomenclature, band, employer, _numbers(found["establishments"]))

    @cached_property
    def statuses(self) -> Statuses:
        """Open establishments by flags."""
        found = self._read(placing.statuses(self._country.tables["active_count"], self.placed))
        employer, craft, head_office = (_coded(found[name]) for name in ("employer", "craft", "head_office"))
        return Statuses(_whole(found["place"]), employer, craft, head_office, _numbers(found["establishments"]))

    @cached_property
    def flows(self) -> Flows:
        """Creations, closures and moves by year."""
        found = self._read(placing.flows(self._country.tables["demography"], self.placed))
        columns = (_numbers(found[name]) for name in placing.FLOWS)
        return Flows(_whole(found["place"]), _whole(found["year"]), *columns)

    @cached_property
    def births(self) -> Births | None:
        """Creations by year and making, in the core of each territory and outside."""
        if not self._country.has_births:
            return None
        found = self._read(placing.births(self._country.tables["birth"], self._cored))
        amounts = (_numbers(found[name]) for name in ("born", "still_open"))
        core = np.asarray(found["core"].to_numpy(), dtype=bool)
        return Births(_whole(found["place"]), _whole(found["year"]), _coded(found["making"]), core, *amounts)

    @cached_property
    def seats(self) -> Seats | None:
        """Employers by where they are led from."""
        if not self._country.has_seats:
            return None
        found = self._read(placing.seats(self._country.tables["seat"], self._led))
        state, division, band = (_coded(found[name]) for name in ("state", "division", "size_band"))
        return Seats(_whole(found["place"]), state, division, band, _numbers(found["establishments"]))

    @property
    def exchanges(self) -> Exchanges | None:
        """The input-output table of the country."""
        return self._country.exchanges

    @cached_property
    def cores(self) -> tuple[CoreFound, ...]:
        """What is told of the core of each territory."""
        return tuple(found for _, found in self._found_cores)

    @cached_property
    def _found_cores(self) -> list[tuple[Core, CoreFound]]:
        return [core_among(communes, self._country.ground) for communes in self._held.values()]

    def _led(self, table: ir.Table) -> ir.Table:
        """Put rows of employers in the places of this level, and tell whose head office is of the same place."""
        placed, members = self.placed(table), self._staged
        if members is None:
            return placed.mutate(inside=placed.seat.notnull())
        heads = members.select(place=members.place, seat=members.commune, inside=True)
        joined = placed.left_join(heads, ["place", "seat"])
        return joined.mutate(inside=joined.inside.fill_null(False))

    def _cored(self, table: ir.Table) -> ir.Table:
        """Put rows of communes in the places of this level, and tell which are of the core of theirs."""
        placed = self.placed(table)
        rows = [
            (place, commune) for place, (core, _) in enumerate(self._found_cores) for commune in core.communes
        ]  # fmt: skip
        inside = pa.table({
            "place": pa.array([place for place, _ in rows], pa.int64()),
            "city": pa.array([commune for _, commune in rows], pa.string()),
        })  # fmt: skip
        cores = self._country.reader.stage("cores", ibis.memtable(inside)).mutate(core=True)
        joined = placed.mutate(city=city(placed.commune)).left_join(cores, ["place", "city"])
        return joined.mutate(core=joined.core.fill_null(False))

    @cached_property
    def censuses(self) -> Censuses:
        """Populations by vintage: a former commune counts in the one that replaced it."""
        found = self._read(placing.by_vintage(self._people()))
        whole = _numbers(found["known"]) == _numbers(found["communes"])
        people = np.where(whole, _numbers(found["population"]), np.nan)
        rest = (_numbers(found[name]) for name in ("communes", "known"))
        return Censuses(_whole(found["place"]), _whole(found["vintage"]), _numbers(found["year"]), people, *rest)

    @cached_property
    def jobs(self) -> JobCells:
        """Jobs by activity in the last year, in all in those before."""
        last = ibis.literal(self._country.last_year, "int16")
        table = placing.jobs(self._country.tables["jobs"], self.placed, last, lambda _: ibis.literal(""))
        found = self._read(table)
        columns = (_numbers(found[name]) for name in ("jobs", "cells", "secret"))
        return JobCells(_whole(found["place"]), _coded(found["naf"]), _whole(found["year"]), *columns)

    @cached_property
    def renewal(self) -> tuple[Floats, Floats] | None:
        """Employers opened and closed in the last full year."""
        if self._country.renewed is None:
            return None
        table = self.placed(self._country.renewed)
        counted = table.group_by("place").agg(opened=table.opened.sum(), closed=table.closed.sum())
        found = self._read(counted)
        place = _whole(found["place"])
        return self.total(place, _numbers(found["opened"])), self.total(place, _numbers(found["closed"]))

    def _people(self) -> ir.Table:
        table = self._country.tables["territory"]
        if self._members is None:
            return placing.alone(table.filter(table.kind == TerritoryKind.FRANCE.value))
        communes = table.filter(table.kind == TerritoryKind.COMMUNE.value, table.detail.isnull())
        former = self._country.tables["former_commune"].rename(replaced_by="commune")
        today = communes.left_join(former, communes.code == former.former)
        return self.placed(today.mutate(commune=ibis.coalesce(today.replaced_by, today.code)))

    def _read(self, table: ir.Table) -> pa.Table:
        return self._country.reader.arrow(table)


def _by_code(members: pa.Table) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    for code, commune in zip(_texts(members["code"]), _texts(members["commune"]), strict=True):
        held.setdefault(code, []).append(commune)
    return held


def _coded(column: Any) -> Coded:
    found: Any = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    return Coded(tuple(found.dictionary.to_pylist()), found.indices.to_numpy(zero_copy_only=False).astype(np.int64))


def _numbers(column: Any) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _whole(column: Any) -> Places:
    return np.asarray(column.cast(pa.int64()).to_numpy(), dtype=np.int64)


def _texts(column: Any) -> list[str]:
    found: list[str] = column.to_pylist()
    return found
