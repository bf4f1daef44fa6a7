"""Births: every establishment that was ever created, by what it made when it was, those closed since included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import Making, Nomenclature
from vigie.sources.nomenclature import MANUFACTURING
from vigie.store.derivation import Derivation, recipe
from vigie.store.derived import announced, continued
from vigie.store.derived_tables import BIRTH
from vigie.store.tables import ESTABLISHMENT, PERIOD, SUCCESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.store.derivation import BuildReader

_MADE_BEFORE = tuple(f"{division:02d}" for division in range(15, 37))
"""Divisions of manufacturing in NAF rev. 1 and in NAF 1993."""
_PUBLISHING_BEFORE = "22.1"
"""Publishing, which both counted among it and NAF rev. 2 does not."""


def births(establishment: ir.Table, succession: ir.Table, period: ir.Table) -> ir.Table:
    """Count creations by commune, year and what was made then; `still_open` are those of them open today.

    An establishment is created on the first day of its first period, and made then what its first known activity
    says; without a period it counts on the day that the stock gives, its activity unknown. What a succession
    carries on is no creation, nor is what is only announced.
    """
    taken_over = continued(succession).select(siret=succession.successor).distinct()
    here = establishment.filter(~announced(establishment)).anti_join(taken_over, "siret")
    known = here.left_join(_first(period), "siret").drop("siret_right")
    born = ibis.ifelse(known.undated.fill_null(True), known.created, known.began)
    told = known.mutate(year=born.year(), making=_making(known))
    kept = told.filter(told.year.notnull(), told.commune.notnull())
    return kept.group_by("commune", "year", "making").agg(
        born=kept.count(), still_open=(kept.state == "A").sum().cast("int64")
    )


def _first(period: ir.Table) -> ir.Table:
    """Return the beginning of each history, whether it is unknown, and the first activity known in it."""
    rank = period.start.fill_null(ibis.date(1, 1, 1))
    return period.group_by("siret").agg(
        began=period.start.min(),
        undated=period.start.isnull().any(),
        first_naf=period.naf.argmin(rank, where=period.naf.notnull()),
        first_nomenclature=period.naf_nomenclature.argmin(rank, where=period.naf.notnull()),
    )


def _making(known: ir.Table) -> ir.StringValue:
    division, scheme = known.first_naf[:2], known.first_nomenclature
    present = scheme.isin([str(Nomenclature.NAF_REV2), str(Nomenclature.NAF_2025)])
    former = scheme.isin([str(Nomenclature.NAF_REV1), str(Nomenclature.NAF_1993)])
    publishing = known.first_naf.startswith(_PUBLISHING_BEFORE)
    made = (present & division.isin(MANUFACTURING)) | (former & division.isin(_MADE_BEFORE) & ~publishing)
    return ibis.cases(
        (made.fill_null(False), Making.MANUFACTURE.value),
        (known.craft_code.notnull(), Making.CRAFT.value),
        ((present | former).fill_null(False), Making.OTHER.value),
        else_=Making.UNKNOWN.value,
    )


def _told(tables: Mapping[str, ir.Table], reader: BuildReader) -> ir.Table:
    """Return the births; none where the history is not loaded: the stock tells the activity of today only."""
    period = tables[PERIOD.name]
    if not reader.rows(period.select("siret").limit(1)):
        return ibis.memtable([], schema=BIRTH.schema)
    return births(tables[ESTABLISHMENT.name], tables[SUCCESSION.name], period).cast(BIRTH.schema)


BIRTHS = Derivation(
    BIRTH, (ESTABLISHMENT, SUCCESSION, PERIOD), recipe("services/figures/births.py", "store/derived.py"), _told
)
