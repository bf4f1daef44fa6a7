"""Which days can be meant: one rule for forms, the API and spreadsheets.

A spreadsheet writes 01/01/1900 for an empty day and 31/12/9999 for « never »; neither is a day on which people met.
"""

from __future__ import annotations

from datetime import date, timedelta

EARLIEST = date(1950, 1, 1)
"""Before it nobody followed by an organisation of today was met."""
REMINDED_WITHIN = timedelta(days=5 * 366)


def past(day: date, today: date) -> str:
    """Return why a day cannot be one on which something happened, empty when it can; both are days of one zone."""
    if day > today:
        return "Ce jour est à venir."
    if day < EARLIEST:
        return f"Le {day:%d/%m/}{day.year} est trop ancien pour être vrai : donnez un jour depuis 1950."
    return ""


def due(day: date, today: date) -> str:
    """Return why something cannot be due on a day, empty when it can."""
    if not today - REMINDED_WITHIN <= day <= today + REMINDED_WITHIN:
        return "Un rappel se pose à moins de cinq ans."
    return ""
