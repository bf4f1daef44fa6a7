"""Exchanges that flows said since a week make possible: what an officer could propose on Monday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.matter import FlowWay, Matter, same_matter
from vigie.services.symbiosis.flows import FlowOrigin, SiteFlow, matter_book, matter_name, said_by_firms, sites_named
from vigie.services.symbiosis.matching import REACH_KM

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from vigie.services.firms.flows import DeclaredFlow
    from vigie.services.questions import DataInService
    from vigie.services.symbiosis.flows import MatterSite

_SHOWN = 2
"""Exchanges told in a week: with the rest they hold in two screens; each firm's page has all of its own."""


@dataclass(frozen=True, slots=True)
class NewExchange:
    """An exchange that was not possible a week ago: who could give what to whom, how far, how it is known."""

    giver: str
    taker: str
    matter: str
    giver_siren: str
    taker_siren: str
    kilometres: float | None
    because: str

    @property
    def sentence(self) -> str:
        """The exchange in one line."""
        far = f", à {french.number(self.kilometres, 1)} km" if self.kilometres is not None else ""
        return f"{self.giver} pourrait donner à {self.taker}{far} : {self.matter}"


def new_exchanges(
    data: DataInService,
    said: Sequence[DeclaredFlow],
    since: datetime,
    watched: tuple[Collection[str], Collection[str]],
) -> tuple[NewExchange, ...]:
    """Return the exchanges that flows said since a moment make possible with any other, the nearest first.

    `said` is what the asker may read; `watched` holds the SIREN of their portfolios and the communes of their
    organisation: one end at least is among them, portfolios first. Cost: O(fresh flows · flows), one question to the
    data.
    """
    fresh = said_by_firms(one for one in said if one.said and one.said >= since)
    others = (*said_by_firms(said), *matter_book(data).flows)
    pairs = [
        (one, other)
        for one in fresh
        for other in others
        if other.siren != one.siren and other.way is one.way.other and _meets(one, other)
    ]
    named = sites_named(data, {flow.site for pair in pairs for flow in pair})
    found: dict[tuple[str, str, str], tuple[tuple[int, int, float], NewExchange]] = {}
    for one, other in pairs:
        ends = named.get(one.site), named.get(other.site)
        if ends[0] is None or ends[1] is None:
            continue
        told, order = _told(one, other, (ends[0], ends[1])), _order(other, (ends[0], ends[1]), watched)
        if order is not None and (told.kilometres is None or told.kilometres <= REACH_KM):
            known = (told.giver_siren, told.taker_siren, told.matter)
            far = REACH_KM if told.kilometres is None else told.kilometres
            found.setdefault(known, ((*order, far), told))
    ranked = sorted(found.values(), key=lambda pair: (pair[0], pair[1].giver_siren, pair[1].taker_siren))
    return tuple(told for _, told in ranked[:_SHOWN])


def _meets(one: SiteFlow, other: SiteFlow) -> bool:
    given, sought = (one, other) if one.way is FlowWay.GIVES else (other, one)
    return same_matter(given.matter, sought.matter) and not sought.operation.startswith("D")


def _order(
    other: SiteFlow, ends: tuple[MatterSite, MatterSite], watched: tuple[Collection[str], Collection[str]]
) -> tuple[int, int] | None:
    """Return how near an exchange is to the asker, portfolios first, then what firms say; `None` when it is not."""
    sirens, communes = watched
    own = any(site.siren in sirens for site in ends)
    if not own and not any(site.commune in communes for site in ends):
        return None
    return int(not own), int(other.origin is not FlowOrigin.DECLARED)


def _told(one: SiteFlow, other: SiteFlow, ends: tuple[MatterSite, MatterSite]) -> NewExchange:
    giver, taker = ends if one.way is FlowWay.GIVES else ends[::-1]
    matter: Matter = one.matter if one.matter.waste else other.matter
    far = giver.kilometres(taker)
    return NewExchange(
        giver.name, taker.name, matter_name(matter), giver.siren, taker.siren,
        None if far is None else round(far, 1), _because(other),
    )  # fmt: skip


def _because(other: SiteFlow) -> str:
    if other.origin is FlowOrigin.DECLARED:
        return "les deux entreprises le disent"
    return f"l’une le dit, l’autre le déclare au registre ({other.year})"
