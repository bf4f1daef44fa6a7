"""The exchanges of a territory: the best set as a minimum-cost flow, and the loops that lack one actor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vigie.domain.matter import TONNES, FlowWay, Matter, same_matter
from vigie.measures import symbiosis
from vigie.measures.symbiosis import Precedent
from vigie.services.symbiosis.flows import FlowOrigin, MatterBook, MatterSite, SiteFlow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_FLOWS = 500
"""Flows reckoned with on each side, the largest first: the programme is solved in seconds."""
LEAST_TONNES = 0.05
"""Below half a tenth of a tonne, what the solver moves is its rounding."""


@dataclass(frozen=True, slots=True)
class MatterExchange:
    """So many tonnes of a matter, in its unit, from a site to another, over so many kilometres."""

    giver: MatterSite
    taker: MatterSite
    matter: Matter
    tonnes: float
    kilometres: float
    given: SiteFlow
    taken: SiteFlow

    @property
    def banded(self) -> bool:
        """Tell whether a firm says one side of it: its amount is then told as a band."""
        return FlowOrigin.DECLARED in (self.given.origin, self.taken.origin)


@dataclass(frozen=True, slots=True)
class MissingActor:
    """A matter that lacks a taker here, or a giver; `division` is the activity that took it elsewhere, if one did.

    `tonnes` is in the unit of the matter; `banded` tells that a firm says part of it.
    """

    matter: Matter
    missing: FlowWay
    sites: tuple[MatterSite, ...]
    tonnes: float | None
    division: str
    precedent: str
    banded: bool = False


def best_exchanges(flows: Sequence[SiteFlow], sites: Mapping[str, MatterSite]) -> list[MatterExchange]:
    """Return the exchanges that move the most and, among these, cost the fewest tonne-kilometres, unit by unit.

    Only matter whose two amounts are known, between sites with a position, of two firms. What is given to disposal
    elsewhere counts like the rest: the register says where it went, not whether it had to. Weights come first.
    """
    units = dict.fromkeys((TONNES, *(flow.matter.unit for flow in flows)))
    return [one for unit in units for one in _best_of([flow for flow in flows if flow.matter.unit == unit], sites)]


def _best_of(flows: Sequence[SiteFlow], sites: Mapping[str, MatterSite]) -> list[MatterExchange]:
    givers = _largest(flows, sites, FlowWay.GIVES)
    takers = _largest(flows, sites, FlowWay.TAKES)
    if not givers or not takers:
        return []
    kilometres = np.zeros((len(givers), len(takers)))
    feasible = np.zeros_like(kilometres, dtype=bool)
    for row, given in enumerate(givers):
        for column, taken in enumerate(takers):
            far = sites[given.site].kilometres(sites[taken.site])
            if given.siren != taken.siren and far is not None and same_matter(given.matter, taken.matter):
                kilometres[row, column], feasible[row, column] = far, True
    supply, demand = [one.tonnes or 0.0 for one in givers], [one.tonnes or 0.0 for one in takers]
    amounts = symbiosis.fullest(supply, demand, kilometres, feasible).amounts
    rows, columns = np.nonzero(amounts > LEAST_TONNES)
    made = [
        MatterExchange(
            sites[givers[row].site], sites[takers[column].site],
            givers[row].matter if givers[row].matter.waste else takers[column].matter,
            float(amounts[row, column]), float(kilometres[row, column]), givers[row], takers[column],
        )
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.tonnes, one.giver.siret, one.taker.siret, one.matter.key))


def missing_actors(book: MatterBook, flows: Sequence[SiteFlow], sites: Mapping[str, MatterSite]) -> list[MissingActor]:
    """Return what lacks a taker or a giver in a territory, the heaviest first; disposal is no taker."""
    here = [flow for flow in flows if flow.site in sites]
    sides: dict[FlowWay, dict[Matter, list[SiteFlow]]] = {way: defaultdict(list) for way in FlowWay}
    for flow in here:
        if not (flow.way is FlowWay.TAKES and flow.operation.startswith("D")):
            sides[flow.way][flow.matter].append(flow)
    found = []
    for way in FlowWay:
        for matter, known in sides[way].items():
            pairs = ((matter, other) if way is FlowWay.GIVES else (other, matter) for other in sides[way.other])
            if not any(same_matter(given, sought) for given, sought in pairs):
                found.append(_missing(book, matter, way.other, known, sites))
    return sorted(found, key=lambda one: (-(one.tonnes or 0.0), one.missing.value, one.matter.key))


def _missing(
    book: MatterBook, matter: Matter, missing: FlowWay, known: Sequence[SiteFlow], sites: Mapping[str, MatterSite]
) -> MissingActor:
    amounts = [one.tonnes for one in known if one.tonnes is not None]
    speaking = [one for one in book.precedents if one.waste == matter.waste]
    division = ""
    if speaking and missing is FlowWay.TAKES:
        giver = sites[known[0].site].naf.replace(".", "")
        likely = symbiosis.ranked(symbiosis.receivers(book.precedents, Precedent("", "", giver, "", matter.waste)))
        took = {one.taker[:2]: one for one in reversed(speaking)}
        division = next((one for one in likely if one in took), "")
        speaking = [took[division]] if division else []
    elif speaking:
        division = speaking[0].giver[:2]
    return MissingActor(
        matter, missing, tuple(dict.fromkeys(sites[one.site] for one in known)), sum(amounts) if amounts else None,
        division, speaking[0].id if speaking else "", any(one.origin is FlowOrigin.DECLARED for one in known),
    )  # fmt: skip


def _largest(flows: Sequence[SiteFlow], sites: Mapping[str, MatterSite], way: FlowWay) -> list[SiteFlow]:
    kept = [
        flow
        for flow in flows
        if flow.way is way
        and flow.tonnes
        and flow.site in sites
        and not (way is FlowWay.TAKES and flow.operation.startswith("D"))
    ]
    return sorted(kept, key=lambda flow: (-(flow.tonnes or 0.0), flow.site, flow.matter.key))[:MOST_FLOWS]
