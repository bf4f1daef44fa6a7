"""A week of the territories an officer watches: what closed that employed many, what arrived, what else happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain.relations import EventKind
from vigie.errors import NotFound, NotPlaced, RequestFault
from vigie.services.communes import communes_of, territory_name
from vigie.services.followup.answers import JsonAnswer

if TYPE_CHECKING:
    from datetime import date

    from vigie.domain.relations import Wanted
    from vigie.services.followup.thresholds import Thresholds
    from vigie.services.watch import ForemostEvents, Watch, WatchedEvent

READ = 120
"""Events of a territory that are sorted out, those that matter most: two screens hold fewer."""
SHOWN, OTHERS = 2, 3
"""Lines of each part of the week, which hold in two screens with what waits; events told of a territory beside."""
_ARRIVES = (EventKind.CREATION, EventKind.MOVE)


@dataclass(frozen=True, slots=True)
class WeekEvents(JsonAnswer):
    """What happened in a territory, or to the firms of one's portfolios: how many events, and the last ones."""

    key: str
    name: str
    total: int
    events: tuple[WatchedEvent, ...]


@dataclass(frozen=True, slots=True)
class TerritoryWeek:
    """What closed that employed many, what arrived, then what else happened by territory; nothing said twice.

    `whole` tells that a circle was asked for and could not be drawn: all of the territory is there.
    """

    closures: tuple[WatchedEvent, ...] = ()
    arrivals: tuple[WatchedEvent, ...] = ()
    territories: tuple[WeekEvents, ...] = ()
    whole: bool = False


def territory_week(
    watch: Watch, since: date, keys: Sequence[str], told: Sequence[WatchedEvent], chosen: Thresholds
) -> TerritoryWeek:
    """Return the week of some territories, without what is `told` elsewhere.

    An arrival opened there or moved in from outside; those that matter most come first, hence industry before the rest.
    `chosen` narrows it to an activity, a circle, closures from a size; the size of what arrives is seldom known yet.
    A territory whose zoning is not loaded any more has no event.
    """
    said = {_mark(event) for event in told}
    closures: list[WatchedEvent] = []
    arrivals: list[WatchedEvent] = []
    territories: list[WeekEvents] = []
    whole = False
    for key in keys:
        try:
            seen, placed = _seen(watch, since, key, chosen.wanted)
        except (RequestFault, NotFound):
            territories.append(WeekEvents(key, territory_name(key), 0, ()))
            continue
        whole = whole or not placed
        rest = [event for event in seen.events if _mark(event) not in said]
        inside = communes_of(key)
        closed = [event for event in rest if event.kind is EventKind.CLOSURE and (event.employees or 0) >= chosen.least]
        came = [event for event in rest if event.kind in _ARRIVES and event.other_commune not in inside]
        closures += closed[:SHOWN]
        arrivals += came[:SHOWN]
        said |= {_mark(event) for event in (*closed[:SHOWN], *came[:SHOWN])}
        others = tuple(event for event in rest if _mark(event) not in said)[:OTHERS]
        said |= {_mark(event) for event in others}
        name = seen.territory.name if seen.territory else key
        territories.append(WeekEvents(key, name, seen.total, others))
    return TerritoryWeek(tuple(closures), tuple(arrivals), tuple(territories), whole)


def _seen(watch: Watch, since: date, key: str, wanted: Wanted) -> tuple[ForemostEvents, bool]:
    """Return the events of a territory, and whether the circle that was asked for could be drawn."""
    try:
        return watch.foremost(since, READ, territory=key, wanted=wanted), True
    except NotPlaced:
        return watch.foremost(since, READ, territory=key, wanted=replace(wanted, around="")), False


def _mark(event: WatchedEvent) -> tuple[str, str, date | None]:
    return event.kind.value, event.siret, event.date
