"""A week of the territories an officer watches: what closed that employed many, what arrived, what else happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.relations import LARGE, EventKind
from vigie.errors import NotFound, RequestFault
from vigie.services.communes import communes_of, territory_name
from vigie.services.followup.answers import JsonAnswer

if TYPE_CHECKING:
    from datetime import date

    from vigie.services.watch import Watch, WatchedEvent

READ = 120
"""Events of a territory that are sorted out, those that matter most: two screens hold fewer."""
SHOWN = 3
"""Lines of each part of the week: with what waits, they hold in two screens."""
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
    """What closed that employed ten or more, what arrived, then what else happened by territory; nothing said twice."""

    closures: tuple[WatchedEvent, ...] = ()
    arrivals: tuple[WatchedEvent, ...] = ()
    territories: tuple[WeekEvents, ...] = ()


def territory_week(watch: Watch, since: date, keys: Sequence[str], told: Sequence[WatchedEvent]) -> TerritoryWeek:
    """Return the week of some territories, without what is `told` elsewhere.

    An arrival opened there or moved in from outside; those that matter most come first, hence industry before the rest.
    A territory whose zoning is not loaded any more has no event.
    """
    said = {_mark(event) for event in told}
    closures: list[WatchedEvent] = []
    arrivals: list[WatchedEvent] = []
    territories: list[WeekEvents] = []
    for key in keys:
        try:
            seen = watch.foremost(since, READ, territory=key)
        except (RequestFault, NotFound):
            territories.append(WeekEvents(key, territory_name(key), 0, ()))
            continue
        rest = [event for event in seen.events if _mark(event) not in said]
        inside = communes_of(key)
        closed = [event for event in rest if event.kind is EventKind.CLOSURE and (event.employees or 0) >= LARGE]
        came = [event for event in rest if event.kind in _ARRIVES and event.other_commune not in inside]
        closures += closed[:SHOWN]
        arrivals += came[:SHOWN]
        said |= {_mark(event) for event in (*closed[:SHOWN], *came[:SHOWN])}
        others = tuple(event for event in rest if _mark(event) not in said)[:SHOWN]
        said |= {_mark(event) for event in others}
        name = seen.territory.name if seen.territory else key
        territories.append(WeekEvents(key, name, seen.total, others))
    return TerritoryWeek(tuple(closures), tuple(arrivals), tuple(territories))


def _mark(event: WatchedEvent) -> tuple[str, str, date | None]:
    return event.kind.value, event.siret, event.date
