"""French working days: every day but Saturdays, Sundays and public holidays (article L3133-1 of the labour code)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_SATURDAY = 5
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday, in days after Easter."""


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on a day, in France outside Alsace and Moselle.

    >>> is_working_day(date(2026, 12, 25)), is_working_day(date(2026, 12, 28))
    (False, True)
    """
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def working_day_after(day: date, count: int) -> date:
    """Return the working day that comes some working days after a day.

    >>> working_day_after(date(2026, 11, 27), 3)
    datetime.date(2026, 12, 2)
    """
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found


@cache
def _holidays(year: int) -> frozenset[date]:
    moving = (_easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *moving))


def _easter(year: int) -> date:
    """Return Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
