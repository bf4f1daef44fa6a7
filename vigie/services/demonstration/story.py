"""The time of a story: what happens is told in days ago, and the clock moves from one happening to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Act = Callable[[], object]
SATURDAY = 5
_A_MOMENT = timedelta(minutes=1)


class StoryClock:
    """A clock that the story moves, up to the present, where it stays."""

    def __init__(self, present: datetime) -> None:
        self.present = self.now = present

    def __call__(self) -> datetime:
        """Return the moment of the story."""
        return self.now

    def begin(self, days_ago: float) -> None:
        """Go back to the day when the story begins."""
        self.now = self.present - timedelta(days=days_ago)

    def move(self, days_ago: float, hour: int) -> None:
        """Move to an hour of a working day, later than the former moment and never after the present."""
        asked = (self.present - timedelta(days=days_ago)).replace(hour=hour, minute=0, second=0, microsecond=0)
        asked -= timedelta(days=max(0, asked.weekday() - SATURDAY + 1))
        self.now = min(max(asked, self.now + _A_MOMENT), self.present)


class Story:
    """What happens, in the order of time; things of the same hour happen in the order in which they were told."""

    def __init__(self, clock: StoryClock) -> None:
        self._clock = clock
        self._acts: list[tuple[float, int, Act]] = []

    def tell(self, days_ago: float, act: Act, hour: int = 9) -> None:
        """Say what happens on a day."""
        self._acts.append((-days_ago, hour, act))

    def play(self) -> None:
        """Make it all happen."""
        for day, hour, act in sorted(self._acts, key=lambda one: one[:2]):
            self._clock.move(-day, hour)
            act()
