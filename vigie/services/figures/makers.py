"""Craft and manufacturing by cohort of creation, and how much of it is created in the dense core of territories.

A cohort is five whole years. It counts all that was created then, closed since or not: the survivors of a cohort are
not a sample of it, places and trades where firms close sooner being missing from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vigie.domain.actors import Making
from vigie.domain.finding_table import Unknown
from vigie.services.figures.basis import Basis, measures, share
from vigie.services.figures.movements import last_full_year
from vigie.services.loaded import HISTORY, JOBS, STOCK, SUCCESSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.domain.finding_table import FindingTable, Floats

YEARS, COHORTS = 5, 4
"""Years of a cohort, and cohorts told."""
LEAST = 20
"""Creations of a cohort below which a share would only tell how few they are."""
MAKERS = (Making.MANUFACTURE.value, Making.CRAFT.value)
_SOURCES = (HISTORY, STOCK, SUCCESSION)
_OF_CORES = (*_SOURCES, JOBS)


class Cohort(NamedTuple):
    """Creations of a cohort, one number a territory: of makers and of all, in the core and everywhere.

    It goes from 1 January of `first` to 31 December of `last`, the year that its figures bear. `open_core` and
    `open_makers` are the makers of them that are still open; `known` are creations whose making is.
    """

    first: int
    last: int
    makers: Floats
    core_makers: Floats
    born: Floats
    core_born: Floats
    open_makers: Floats
    open_core: Floats
    known: Floats


def cohorts_of(basis: Basis) -> tuple[Cohort, ...]:
    """Return the cohorts of a basis, the last one last; none where nothing is dated or no history is loaded."""
    if "cohorts" not in basis.kept:
        basis.kept["cohorts"] = tuple(_cohorts(basis))
    found: tuple[Cohort, ...] = basis.kept["cohorts"]
    return found


@measures("makers_created")
def makers_created(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the craft and manufacturing establishments created in each cohort."""
    return _told(basis, "makers_created", lambda one: one.makers, whole=True)


@measures("core_makers_share")
def core_makers_share(basis: Basis) -> tuple[FindingTable, ...]:
    """Return the share of the core in the creations of makers, in per cent."""
    return _of_core(basis, "core_makers_share", lambda one: share(one.core_makers, one.makers) * 100, ratio=True)


@measures("core_makers_quotient")
def core_makers_quotient(basis: Basis) -> tuple[FindingTable, ...]:
    """Return that share over the share of the core in all creations."""
    return _of_core(basis, "core_makers_quotient", quotient)


def quotient(one: Cohort) -> Floats:
    """Return (makers in the core / makers) / (all creations in the core / all creations), NaN where undefined."""
    return share(share(one.core_makers, one.makers), np.nan_to_num(share(one.core_born, one.born)))


def _cohorts(basis: Basis) -> list[Cohort]:
    last, births = last_full_year(basis), basis.births
    if last is None or births is None:
        return []
    made = births.making.where(lambda making: making in MAKERS)
    known = births.making.where(lambda making: making != Making.UNKNOWN.value)
    found = []
    for end in range(last - YEARS * (COHORTS - 1), last + 1, YEARS):
        then = (births.year > end - YEARS) & (births.year <= end)
        sums = [
            basis.total(births.place, amounts, then & kept)
            for amounts, kept in (
                (births.born, made), (births.born, made & births.core), (births.born, then), (births.born, births.core),
                (births.still_open, made), (births.still_open, made & births.core), (births.born, known),
            )
        ]  # fmt: skip
        found.append(Cohort(end - YEARS + 1, end, *sums))
    return found


def _told(
    basis: Basis, indicator: str, value: Callable[[Cohort], Floats], *, whole: bool = False
) -> tuple[FindingTable, ...]:
    found = cohorts_of(basis)
    if not found:
        return (_nothing(basis, indicator),)
    return tuple(
        basis.table(
            indicator, str(one.last), value(one), sources=_SOURCES, why=Unknown.NOTHING,
            coverage=share(one.known, one.born), whole=whole,
        )
        for one in found
    )  # fmt: skip


def _of_core(
    basis: Basis, indicator: str, value: Callable[[Cohort], Floats], *, ratio: bool = False
) -> tuple[FindingTable, ...]:
    """Write a measure of the core: unknown without one, where it is all there is, or where creations are few."""
    found = cohorts_of(basis)
    if not found:
        return (_nothing(basis, indicator),)
    cores = basis.cores
    told = []
    for one in found:
        why = [
            Unknown.ALL_CORE if core.whole else Unknown.NO_CORE if core.rule is None else Unknown.FEW_CREATED
            for core in cores
        ]
        sure = np.asarray([core.rule is not None and not core.whole for core in cores], dtype=bool) & (
            one.makers >= LEAST
        )
        told.append(
            basis.table(
                indicator, str(one.last), np.where(sure, value(one), np.nan), sources=_OF_CORES, why=why,
                coverage=np.where(sure, share(one.known, one.born), np.nan),
                ratio=(np.where(sure, one.core_makers, np.nan), np.where(sure, one.makers, np.nan)) if ratio else None,
            )
        )  # fmt: skip
    return tuple(told)


def _nothing(basis: Basis, indicator: str) -> FindingTable:
    why = Unknown.UNDATED if last_full_year(basis) is None else Unknown.NO_HISTORY
    return basis.unknown(indicator, "", why, STOCK)
