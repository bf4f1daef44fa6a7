"""How much an event matters: what puts the first ones first, written beside each when it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.relations import EventKind
from vigie.sources import nomenclature

if TYPE_CHECKING:
    import ibis.expr.types as ir

_COMES_OR_GOES = (
    EventKind.CREATION,
    EventKind.CLOSURE,
    EventKind.REOPENING,
    EventKind.MOVE,
    EventKind.TRANSFER,
    EventKind.SAFEGUARD,
    EventKind.RECOVERY,
    EventKind.LIQUIDATION,
)


def matter(event: ir.Table) -> ir.IntegerValue:
    """Return how much events matter, to put the first ones first.

    The least number of employees of the size band, one where it is not known, five times that when the establishment
    itself comes or goes (a new name or a new band changes nothing on the ground), twice that in manufacturing, which
    this observatory is about.
    """
    comes_or_goes = event.kind.isin([kind.value for kind in _COMES_OR_GOES])
    weight = ibis.greatest(at_least(event.size_band), 1)
    return weight * ibis.ifelse(comes_or_goes, 5, 1) * ibis.ifelse(manufacturing(event), 2, 1)


def at_least(size_band: ir.StringValue) -> ir.IntegerValue:
    """Return the least number of employees of size bands, zero where it is not known."""
    bands = nomenclature.SIZE_BANDS.items()
    return size_band.cases(*((code, band.low or 0) for code, band in bands), else_=0)


def manufacturing(table: ir.Table) -> ir.BooleanValue:
    """Tell which rows with an activity are in section C (NAF rev. 2 or 2025); false when it is not known."""
    return table.naf[:2].isin(nomenclature.MANUFACTURING).fill_null(False)
