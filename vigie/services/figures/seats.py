"""Where employers are led from: the commune of each one's head office, counted for the whole country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.store.derivation import Derivation, recipe
from vigie.store.derived_tables import SEAT
from vigie.store.tables import ESTABLISHMENT, LEGAL_UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from vigie.store.derivation import BuildReader

NOT_LOADED = ""
"""What stands for the commune of a head office that is known and is nowhere in the data loaded."""


def seats(establishment: ir.Table, unit: ir.Table) -> ir.Table:
    """Count open employers by commune, commune of their head office, division and size band.

    One that is its own head office is led from where it is; the head office of another is that of its legal unit,
    null where it is not known.
    """
    open_ = establishment.filter(establishment.state == "A", establishment.employer == "O")
    led = open_.filter(open_.commune.notnull()).select(
        "siren", "commune", "size_band", own=open_.head_office, division=open_.naf[:2]
    )
    of_unit = unit.filter(unit.head_office.notnull()).select("siren", "head_office")
    heads = establishment.select(head_office=establishment.siret, there=establishment.commune, found=True)
    known = led.left_join(of_unit, "siren").drop("siren_right").left_join(heads, "head_office")
    seat = ibis.cases(
        (known.own.fill_null(False), known.commune),
        (known.head_office.isnull(), ibis.null("string")),
        else_=ibis.ifelse(known.found.isnull(), NOT_LOADED, known.there.fill_null(NOT_LOADED)),
    )
    counted = known.mutate(seat=seat)
    return counted.group_by("commune", "seat", "division", "size_band").agg(establishments=counted.count())


def _told(tables: Mapping[str, ir.Table], _: BuildReader) -> ir.Table:
    return seats(tables[ESTABLISHMENT.name], tables[LEGAL_UNIT.name]).cast(SEAT.schema)


SEATS = Derivation(SEAT, (ESTABLISHMENT, LEGAL_UNIT), recipe("services/figures/seats.py"), _told)
