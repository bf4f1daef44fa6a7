"""How days are written and which can be meant: one rule for forms, the API and spreadsheets.

A spreadsheet writes 01/01/1900 for an empty day and 31/12/9999 for « never »; neither is a day on which people met.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from vigie.domain.french import short_date

EARLIEST = date(1950, 1, 1)
"""Before it nobody followed by an organisation of today was met."""
REMINDED_WITHIN = timedelta(days=5 * 366)
"""Above it a year was mistyped: nobody notes a reminder for later than a term of office."""


def past(day: date, today: date) -> str:
    """Return why a day cannot be one on which something happened, empty when it can; both are days of one zone."""
    if day > today:
        return "Ce jour est à venir."
    if day < EARLIEST:
        return f"Le {short_date(day)} est trop ancien pour être vrai : donnez un jour depuis 1950."
    return ""


def due(day: date, today: date) -> str:
    """Return why something cannot be due on a day, empty when it can."""
    said = short_date(day)
    if day < today - REMINDED_WITHIN:
        return f"Le {said} est passé depuis plus de cinq ans : donnez un jour plus proche."
    if day > today + REMINDED_WITHIN:
        return f"Le {said} est dans plus de cinq ans : donnez un jour plus proche."
    return ""


def months_before(day: date, months: int) -> date:
    """Return the same day some months before, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?: .*)?|(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(
    r"(?:le )?(?:[^\W\d_]+[.,]? )?(\d{1,2})(?:er)? ?[/.\- ] ?(\d{1,2}|[^\W\d_]+)\.? ?[/.\- ] ?(\d{2}|\d{4})"
    r"(?:,? (?:a )?\d{1,2} ?[:h].*)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("janvier janv jan", "fevrier fevr fev", "mars mar", "avril avr", "mai", "juin", "juillet juil", "aout",
         "septembre sept sep", "octobre oct", "novembre nov", "decembre dec"), start=1)
    for name in names.split()
}  # fmt: skip
_THIS_CENTURY = 70
EXAMPLES = "12/03/2026, 12 mars 2026 ou 2026-03-12"
"""Ways of writing a day, as sentences offer them."""


def read_day(text: str) -> date | None:
    """Return the day that a text writes: 2026-03-12, 2026/03/12, 12/03/2026, 12.03.26, 12 mars 2026; else `None`.

    Days come before months, and two digits are a year from 1970 to 2069; an hour that follows is left out.
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    written = " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())
    if first := _YEAR_FIRST.fullmatch(written.replace("t", " ", 1) if written[:4].isdigit() else written):
        return _day(*(int(one) for one in (first[1] or first[5], first[3] or first[6], first[4] or first[7])))
    french = _DAY_FIRST.fullmatch(written)
    if not french:
        return None
    month = int(french[2]) if french[2].isdigit() else _MONTHS.get(french[2], 0)
    year = int(french[3])
    if len(french[3]) == 2:
        year += 2000 if year < _THIS_CENTURY else 1900
    return _day(year, month, int(french[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
