"""Tables derived from the others, as Ibis expressions: bridge between nomenclatures, counts, demography."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from vigie.domain.actors import Nomenclature
from vigie.sources.sirene import TO_COME

if TYPE_CHECKING:
    import ibis.expr.types as ir

_COUNTED = ("naf", "naf_nomenclature", "size_band", "employer")


def activity_bridge(establishment: ir.Table) -> ir.Table:
    """Pairs of codes seen together on open establishments, with the share each way (0 to 1)."""
    both = establishment.filter(
        establishment.state == "A",
        establishment.naf_nomenclature == str(Nomenclature.NAF_REV2),
        establishment.naf.notnull(),
        establishment.naf25.notnull(),
    )
    pairs = both.group_by("naf", "naf25").agg(establishments=ibis._.count())
    one_way = pairs.establishments.sum().over(group_by=pairs.naf)
    other_way = pairs.establishments.sum().over(group_by=pairs.naf25)
    return pairs.mutate(share=pairs.establishments / one_way, share_back=pairs.establishments / other_way)


def active_count(establishment: ir.Table) -> ir.Table:
    """Open establishments by commune, activity, size band, employer flag, craft and head office."""
    active = establishment.filter(establishment.state == "A").mutate(craft=establishment.craft_code.notnull())
    return active.group_by("commune", *_COUNTED, "craft", "head_office").agg(establishments=ibis._.count())


def france_count(counts: ir.Table) -> ir.Table:
    """Open establishments of everything loaded, by activity, size band and employer flag; from `active_count`."""
    return counts.group_by(*_COUNTED).agg(establishments=counts.establishments.sum())


def demography(establishment: ir.Table, succession: ir.Table) -> ir.Table:
    """Creations, closures, arrivals and departures by commune and calendar year.

    A succession that keeps the activity going is neither a creation nor a closure; when it changes commune it is
    an arrival in one and a departure from the other. What bears no date is not counted, nor what is only announced.
    """
    here = establishment.filter(~announced(establishment))
    links = continued(succession)
    taken_over = links.select(siret=links.successor).distinct()
    left = links.select(siret=links.predecessor).distinct()
    created = _yearly(here.anti_join(taken_over, "siret"), "created", "creations")
    closed = _yearly(establishment.filter(establishment.state == "F").anti_join(left, "siret"), "closed", "closures")
    counted = ibis.union(created, closed, *_moves(establishment, links))
    years = counted.group_by("commune", "year").agg(
        **{name: counted[name].sum() for name in ("creations", "closures", "arrivals", "departures")}
    )
    return years.cast({"year": "int16"})


def announced(establishment: ir.Table) -> ir.BooleanValue:
    """Tell which establishments open after the day of the load; never null."""
    return (establishment.state == TO_COME).fill_null(False)


def continued(succession: ir.Table) -> ir.Table:
    """Keep the successions that keep the activity going; those that do not say are taken to."""
    return succession.filter(succession.continuity.fill_null(True))


def _moves(establishment: ir.Table, links: ir.Table) -> tuple[ir.Table, ir.Table]:
    place = establishment.select("siret", "commune")
    before = place.select(predecessor=place.siret, left=place.commune)
    after = place.select(successor=place.siret, reached=place.commune)
    moved = links.inner_join(before, "predecessor").inner_join(after, "successor")
    moved = moved.filter(moved.left != moved.reached, moved.date.notnull())
    arrived = moved.select(commune=moved.reached, day=moved.date)
    departed = moved.select(commune=moved.left, day=moved.date)
    return _yearly(arrived, "day", "arrivals"), _yearly(departed, "day", "departures")


def _yearly(rows: ir.Table, day: str, counted: str) -> ir.Table:
    kept = rows.filter(rows[day].notnull(), rows.commune.notnull())
    number = kept.group_by(kept.commune, year=kept[day].year()).agg(number=ibis._.count())
    return number.select(
        "commune",
        "year",
        **{
            name: number.number if name == counted else ibis.literal(0, "int64")
            for name in ("creations", "closures", "arrivals", "departures")
        },
    )
