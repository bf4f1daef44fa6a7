"""The facts of a portrait as what measures are computed on: a table of one territory."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.services.figures.basis import Basis, Births, Censuses, Coded, Flows, Groups, JobCells, Seats, Statuses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vigie.domain.finding_table import Floats
    from vigie.services.figures.basis import Places
    from vigie.services.figures.cores import CoreFound
    from vigie.services.figures.exchanges import Exchanges
    from vigie.services.loaded import Loaded
    from vigie.services.portrait.reading import Facts

_SUCCESSION, _STOCK = "sirene_succession", "sirene_etablissement"


class FactsBasis(Basis):
    """The facts of one perimeter, in one row; `national` are those of what it is compared with, itself by default."""

    def __init__(
        self, key: str, facts: Facts, loaded: Loaded, reach: float | None = None, national: Basis | None = None
    ) -> None:
        self.territories, self._facts, self._national = (key,), facts, national
        self.reach = _numbers([reach])
        self.stock_day, self.has_links = loaded.vintage.get(_STOCK) or "", loaded.has(_SUCCESSION)

    @property
    def national(self) -> Basis:
        """Return what the territory is compared with."""
        return self._national or self

    @cached_property
    def groups(self) -> Groups:
        """Open establishments by activity, size band and employer flag."""
        rows = self._facts.groups
        naf, nomenclature, band, employer = (
            Coded.of([getattr(row, name) for row in rows]) for name in ("naf", "nomenclature", "band", "employer")
        )
        amounts = _numbers(row.establishments for row in rows)
        return Groups(_one_place(rows), naf, nomenclature, band, employer, amounts)

    @cached_property
    def statuses(self) -> Statuses:
        """Open establishments by flags."""
        rows = self._facts.statuses
        employer, craft, head_office = (
            Coded.of([getattr(row, name) for row in rows]) for name in ("employer", "craft", "head_office")
        )
        return Statuses(_one_place(rows), employer, craft, head_office, _numbers(row.establishments for row in rows))

    @cached_property
    def flows(self) -> Flows:
        """Creations, closures and moves by year."""
        rows = self._facts.flows
        columns = (_numbers(getattr(flow, name) for flow in rows.values()) for name in Flows._fields[2:])
        return Flows(_one_place(rows), np.asarray(list(rows), dtype=np.int64), *columns)

    @cached_property
    def births(self) -> Births | None:
        """Creations by year and making, in the core and outside."""
        rows = self._facts.births
        if rows is None:
            return None
        years = np.asarray([row.year for row in rows], dtype=np.int64)
        core = np.asarray([row.core for row in rows], dtype=np.bool_)
        amounts = (_numbers(getattr(row, name) for row in rows) for name in ("born", "still_open"))
        return Births(_one_place(rows), years, Coded.of([row.making for row in rows]), core, *amounts)

    @cached_property
    def seats(self) -> Seats | None:
        """Employers by where they are led from."""
        rows = self._facts.seats
        if rows is None:
            return None
        state, division, band = (
            Coded.of([getattr(row, name) for row in rows]) for name in ("state", "division", "size_band")
        )
        return Seats(_one_place(rows), state, division, band, _numbers(row.establishments for row in rows))

    @property
    def exchanges(self) -> Exchanges | None:
        """The input-output table of the country."""
        return self._facts.exchanges

    @property
    def cores(self) -> tuple[CoreFound, ...]:
        """What is told of the core."""
        return (self._facts.core,)

    @cached_property
    def censuses(self) -> Censuses:
        """Populations by vintage."""
        rows = self._facts.censuses
        columns = (_numbers(getattr(row, name) for row in rows) for name in Censuses._fields[2:])
        return Censuses(_one_place(rows), np.asarray([row.vintage for row in rows], dtype=np.int64), *columns)

    @cached_property
    def jobs(self) -> JobCells:
        """Jobs by activity and year."""
        rows = self._facts.jobs
        columns = (_numbers(getattr(row, name) for row in rows) for name in ("jobs", "cells", "secret"))
        years = np.asarray([row.year for row in rows], dtype=np.int64)
        return JobCells(_one_place(rows), Coded.of([row.naf for row in rows]), years, *columns)

    @cached_property
    def renewal(self) -> tuple[Floats, Floats] | None:
        """Employers opened and closed in the last full year."""
        found = self._facts.renewal
        return None if found is None else (_numbers([found.opened]), _numbers([found.closed]))


def _one_place(rows: Any) -> Places:
    return np.zeros(len(rows), dtype=np.int64)


def _numbers(values: Iterable[float | None]) -> Floats:
    return np.asarray([np.nan if value is None else value for value in values], dtype=np.float64)
