"""The week of a territory: what closed, what arrived, what else, each said once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from vigie.domain.relations import EventKind
from vigie.errors import NotFound
from vigie.services.followup.territory_week import OTHERS, SHOWN, territory_week
from vigie.services.followup.thresholds import Thresholds
from vigie.services.watch import WatchedEvent

DAY = date(2026, 11, 20)
HERE, INSIDE, OUTSIDE = "epci:248500621", "85109", "44109"


def event(number: int, kind: EventKind, employees: int | None = None, left: str | None = None) -> WatchedEvent:
    return WatchedEvent(
        kind=kind, label=kind.label, sentence=kind.label, siret=f"{number:014d}", siren=f"{number:09d}", name=None,
        masked=False, commune=INSIDE, commune_name=None, date=DAY, seen=DAY, before=None, after=None,
        other_commune=left, other_commune_name=None, employees=employees,
    )  # fmt: skip


def week(
    *events: WatchedEvent,
    told: Sequence[WatchedEvent] = (),
    keys: Sequence[str] = (HERE,),
    chosen: Thresholds = Thresholds(),  # noqa: B008 - it cannot change
) -> Any:
    def seen(*_: Any, **asked: Any) -> Any:
        if asked["territory"] == "ze:0":
            raise NotFound("pas chargé")
        return SimpleNamespace(events=events, total=len(events), territory=SimpleNamespace(name="Ici"))

    return territory_week(SimpleNamespace(foremost=seen), DAY, keys, told, chosen)  # type: ignore[arg-type]


def test_only_large_closures_and_what_comes_from_outside_stand_apart() -> None:
    large, small = event(1, EventKind.CLOSURE, 10), event(2, EventKind.CLOSURE, 9)
    born, came = event(3, EventKind.CREATION), event(4, EventKind.MOVE, left=OUTSIDE)
    moved, unknown = event(5, EventKind.MOVE, left=INSIDE), event(6, EventKind.CLOSURE)
    found = week(large, small, born, came, moved, unknown)
    assert found.closures == (large,)
    assert found.arrivals == (born, came)
    assert week(large, small, chosen=Thresholds(least=9)).closures == (large, small)
    assert week(large, chosen=Thresholds(least=11)).closures == ()
    (place,) = found.territories
    assert place.events == (small, moved, unknown) and place.total == 6


def test_what_is_told_of_a_portfolio_or_of_another_territory_is_not_said_again() -> None:
    closed, born = event(1, EventKind.CLOSURE, 50), event(2, EventKind.CREATION)
    assert week(closed, born, told=(closed,)).closures == ()
    twice = week(closed, born, keys=(HERE, "commune:85109"))
    assert (twice.closures, twice.arrivals) == ((closed,), (born,))
    assert [place.events for place in twice.territories] == [(), ()]


def test_lines_are_few_and_a_zoning_that_left_says_nothing() -> None:
    found = week(*(event(number, EventKind.CREATION) for number in range(10)), keys=(HERE, "ze:0"))
    assert (len(found.arrivals), len(found.territories[0].events)) == (SHOWN, OTHERS)
    assert (found.territories[1].total, found.territories[1].events) == (0, ())
