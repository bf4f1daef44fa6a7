"""What is shown to everybody of an inventory of land, kept in step with its units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.store.journal.land import LandOffer, LandUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.store.journal.port import Reader, Unit

COPIED = ("title", "kind", "commune", "area", "occupation", "tenure", "longitude", "latitude")
"""What everybody may read of a unit: neither who owns it, nor who is there."""


def follow(unit: Unit) -> None:
    """Put what is shown in step with the units of the asker's organisation, in the transaction that changed them."""
    unit.flush()
    offers = own_offers(unit)
    rows = unit.known(LandUnit, [one.unit_id for one in offers])
    for offer in offers:
        row = rows.get(offer.unit_id)
        if row is None or row.deleted_at is not None:
            unit.withdraw(offer)
            continue
        for name in COPIED:
            if getattr(offer, name) != getattr(row, name):
                setattr(offer, name, getattr(row, name))


def own_offers(reader: Reader) -> Sequence[LandOffer]:
    """Return what the asker's organisation shows."""
    mine = LandOffer.organisation_id == reader.scope.organisation
    return reader.all(select(LandOffer).where(LandOffer.deleted_at.is_(None), mine))
