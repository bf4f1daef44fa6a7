"""Prepare official rows by the real expressions, written once to SQL: a hundred loads take seconds, not minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from tests import official_files as official
from vigie.sources import events, jobs, sirene
from vigie.sources.base import RECORD, PreparedTable
from vigie.sources.faults import reason
from vigie.store.engines.duckdb.compiling import Compiler
from vigie.store.steps.reference import published_communes
from vigie.store.tables import LEGAL_UNIT

Found = list[dict[str, Any]]

COMMUNES = "published_communes"


def raw_table(name: str, header: Sequence[str], *, numbered: bool = True) -> ibis.Table:
    """Return a raw table of text, to be filled later."""
    record = {RECORD: "int64"} if numbered else {}
    return ibis.table(record | dict.fromkeys(header, "string"), name=name)


@dataclass
class Part:
    """A prepared source with its SQL."""

    prepared: PreparedTable
    accepted: str
    faults: str


class Loader:
    """Loads rows given as dictionaries; extra columns may be added to the official ones."""

    def __init__(self, *extra: str) -> None:
        self._extra = extra
        self._connection = duckdb.connect()
        self._compiler = Compiler()
        communes = published_communes()
        [carried] = self._compiler.compile(communes).carried.values()
        self._connection.register(COMMUNES, carried)
        self._communes = ibis.table(communes.schema(), name=COMMUNES)

    @cached_property
    def units(self) -> Part:
        return self._part(sirene.legal_units(raw_table("raw_units", (*official.UNIT_35, *self._extra))))

    @cached_property
    def establishments(self) -> Part:
        raw = raw_table("raw_establishments", (*official.ESTABLISHMENT_54, *self._extra))
        stored = ibis.table(LEGAL_UNIT.schema, name="legal_unit")
        return self._part(sirene.establishments(raw, stored, self._communes))

    @cached_property
    def periods(self) -> Part:
        return self._part(events.periods(raw_table("raw_periods", official.HISTORY)))

    @cached_property
    def links(self) -> Part:
        return self._part(events.successions(raw_table("raw_links", official.SUCCESSION)))

    @cached_property
    def jobs(self) -> Part:
        names = ("code_commune", "code_ape", "jobs_2023", "establishments_2023", "jobs_2024", "establishments_2024")
        return self._part(jobs.jobs(raw_table("raw_jobs", names), self._communes))

    def load_units(self, rows: Sequence[official.Row]) -> tuple[Found, Found]:
        """Return legal units and faults; the units stay for the establishments."""
        self._fill("raw_units", (*official.UNIT_35, *self._extra), rows)
        self._connection.execute(f"CREATE OR REPLACE TABLE legal_unit AS {self.units.accepted}")
        return self._rows("FROM legal_unit ORDER BY siren"), self._faults(self.units)

    def load_establishments(self, rows: Sequence[official.Row]) -> tuple[Found, Found]:
        """Return establishments and faults, beside the legal units loaded before."""
        self._fill("raw_establishments", (*official.ESTABLISHMENT_54, *self._extra), rows)
        return self._rows(f"FROM ({self.establishments.accepted}) ORDER BY siret"), self._faults(self.establishments)

    def load_periods(self, rows: Sequence[official.Row]) -> tuple[Found, Found]:
        self._fill("raw_periods", official.HISTORY, rows)
        return self._rows(f"FROM ({self.periods.accepted}) ORDER BY siret, start"), self._faults(self.periods)

    def load_links(self, rows: Sequence[official.Row]) -> tuple[Found, Found]:
        self._fill("raw_links", official.SUCCESSION, rows)
        return self._rows(f"FROM ({self.links.accepted}) ORDER BY ALL"), self._faults(self.links)

    def load_jobs(self, rows: Sequence[official.Row]) -> tuple[Found, Found]:
        renamed = [
            {"code_commune": row["code_commune"], "code_ape": row["code_ape"]}
            | {f"jobs_{year}": row[f"effectifs_salaries_{year}"] for year in (2023, 2024)}
            | {f"establishments_{year}": row[f"nombre_d_etablissements_{year}"] for year in (2023, 2024)}
            for row in rows
        ]
        names = ("code_commune", "code_ape", "jobs_2023", "establishments_2023", "jobs_2024", "establishments_2024")
        self._fill("raw_jobs", names, renamed)
        return self._rows(f"FROM ({self.jobs.accepted}) ORDER BY commune, naf, year"), self._faults(self.jobs)

    def _part(self, prepared: PreparedTable) -> Part:
        write: Callable[[ibis.Table], str] = lambda table: self._compiler.compile(table).sql  # noqa: E731
        return Part(prepared, write(prepared.accepted), write(prepared.faults))

    def _fill(self, name: str, header: Sequence[str], rows: Sequence[official.Row]) -> None:
        columns = {RECORD: pa.array(range(1, len(rows) + 1), pa.int64())}
        columns |= {column: pa.array([row.get(column) for row in rows], pa.string()) for column in header}
        self._connection.register(name, pa.table(columns))

    def _rows(self, sql: str) -> Found:
        return self._connection.execute(sql).to_arrow_table().to_pylist()

    def _faults(self, part: Part) -> Found:
        found = self._rows(f"FROM ({part.faults}) ORDER BY {RECORD}")
        return [fault | {"reason": reason(fault["code"], fault["value"])} for fault in found]
