"""How far a place is by road, where no network of roads is given: an estimate that says what it is."""

from __future__ import annotations

START_MINUTES, DETOUR, SPEED = 2.0, 1.3, 50.0
"""What the estimate stands on: minutes to leave and park, roads 1.3 times as long as the crow flies (the usual ratio in
France), 50 km/h door to door."""


def travel_minutes(crow_km: float) -> float:
    """Return the estimated minutes of a trip from the distance as the crow flies, in km.

    t = 2 + 60 · 1.3 · d / 50. Raises `ValueError` for a negative distance. Cost: O(1).
    Source: a choice of Vigie, until a network of roads is given.

    >>> travel_minutes(0), travel_minutes(10)
    (2.0, 17.6)
    """
    if crow_km < 0:
        raise ValueError("a distance is not negative")
    return round(START_MINUTES + 60.0 * DETOUR * crow_km / SPEED, 6)


def reached_km(minutes: float) -> float:
    """Return how far, as the crow flies and in km, one gets in some minutes; 0 below two. Cost: O(1).

    >>> round(reached_km(30), 2), reached_km(1)
    (17.95, 0.0)
    """
    return max(0.0, (minutes - START_MINUTES) * SPEED / 60.0 / DETOUR)
