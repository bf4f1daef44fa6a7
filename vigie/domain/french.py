"""Numbers, dates, plurals, lists and spaces as French readers write them (CLDR ``fr`` through Babel).

The only module that writes them: pages, letters, exports, charts and the command line all call it. A number is rounded
half away from zero, on the digits that it is written with: 2.675 is « 2,68 » and 0.125 is « 0,13 », as a reader does it
by hand, where half-even gives « 0,12 » and binary fractions « 2,67 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

from vigie.domain.zones import PARIS, day_in, zone_info

LOCALE = "fr_FR"
THIN = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
UNKNOWN = "non connu"
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
"""More digits than the largest float has before its comma (309), so that none is refused for its size."""
_COUNTED_UNITS = frozenset({"bits", "emplois", "habitants", "lignes", "ménages", "salariés", "établissements"})
"""Units in the plural, as cards write them, that agree with their number; the others never change."""
_ZONE: ContextVar[str] = ContextVar("zone", default=PARIS)
"""The zone of whom is answered."""

_BEFORE_HIGH = re.compile(r"(?<=\S)[ \u00a0\u202f]+([;!?])|(?<=[\w»)])([;!?])(?=\s|$)")
_BEFORE_COLON = re.compile(r"(?<=\S)[ \u00a0\u202f]+:(?=\s|$)")
_BEFORE_UNIT = re.compile(r"(?<=\d)[ \u202f]+([%€])")
_TO_SET = re.compile(r"[;!?:%€«»']|\d \d")
"""What a text must hold for a rule of `typeset` to change it."""
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?!\d| \d)")
_ARTICLES = {"Les ": ("des ", "aux "), "Le ": ("du ", "au ")}
_ELIDING = "AÀÂÄEÉÈÊËIÎÏOÔÖUÙÛÜYŒÆHaàâäeéèêëiîïoôöuùûüyœæh"
_ASPIRATED = ("Haute", "Haut", "Hauts", "Hautes", "Hague", "Havre", "Hayange", "Halluin", "Ham")


# By type too: 2.675 of 32 bits and the number of 64 bits equal to it do not round alike.
@lru_cache(maxsize=8192, typed=True)
def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """A number with U+202F between thousands and a comma; ``None`` reads « non connu », never zero.

    Without ``decimals`` an integer keeps none and another number keeps at most one. Halves are rounded away from zero;
    what rounds to zero has no sign.

    >>> number(2.675, 2), number(-0.125, 2), number(-0.04, 1)
    ('2,68', '−0,13', '0,0')
    """
    if value is None:
        return UNKNOWN
    rounded = _rounded(value, decimals)
    places = -int(rounded.as_tuple().exponent)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    with localcontext(_ROUNDING):
        written = format_decimal(rounded, format=pattern, locale=LOCALE)
    return written.replace("-", MINUS if rounded else "")


def signed(value: float | Decimal | None, decimals: int | None = None) -> str:
    """A number that always shows its sign, for changes: « +12 », « −3,4 », « 0 »."""
    written = number(value, decimals)
    return f"+{written}" if value is not None and _rounded(value, decimals) > 0 else written


def percent(ratio: float | None, decimals: int = 1, *, sign: bool = False) -> str:
    """A ratio (0.123) as « 12,3 % », the space before the sign being U+00A0."""
    if ratio is None:
        return UNKNOWN
    # A float times a hundred is another number: 0.285 would read 28,499… and round down.
    return f"{(signed if sign else number)(Decimal(str(ratio)).scaleb(2), decimals)}{NBSP}%"


def euros(value: float | None, decimals: int = 0) -> str:
    """An amount in euros: « 1 234 € »."""
    return UNKNOWN if value is None else f"{number(value, decimals)}{NBSP}€"


def quantity(value: float | None, unit: str, decimals: int | None = None) -> str:
    """A value followed by its unit, tied by U+00A0; a ratio with unit « % » is not rescaled.

    A unit that is one counted thing agrees: « 1 établissement ».
    """
    if value is None:
        return UNKNOWN
    agreed = plural(_rounded(value, decimals), unit.removesuffix("s"), unit) if unit in _COUNTED_UNITS else unit
    return f"{number(value, decimals)}{NBSP}{agreed}" if unit else number(value, decimals)


def plural(count: float | Decimal, singular: str, many: str | None = None) -> str:
    """The word that agrees with ``count``: French says the singular below two."""
    return singular if -2 < count < 2 else many or f"{singular}s"


def counted(count: float, singular: str, many: str | None = None) -> str:
    """A count and its word: « 1 établissement », « 1 234 établissements »."""
    return f"{number(count)}{NBSP}{plural(_rounded(count, None), singular, many)}"


def use_zone(zone: str) -> None:
    """Say, for the rest of this request, in which zone moments are told."""
    _ZONE.set(zone)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in the zone of whom is answered."""
    return day_in(_ZONE.get(), moment)


def today() -> date:
    """Return the day that it is there."""
    return day_of(datetime.now(UTC))


def long_date(day: date | str | None) -> str:
    """« 15 août 2026 », « 1er janvier 2026 »: CLDR writes « 1 », French usage « 1er »."""
    parsed = _as_date(day)
    if parsed is None:
        return UNKNOWN
    return f"{'1er' if parsed.day == 1 else parsed.day}{NBSP}{format_date(parsed, 'MMMM y', LOCALE)}"


def weekday(day: date) -> str:
    """« lundi 30 novembre »: a day of this week."""
    return format_date(day, "EEEE d MMMM", LOCALE).replace(" 1 ", " 1er ")


def short_date(day: date | str | None) -> str:
    """« 01/02/2026 », where figures stand in a row."""
    parsed = _as_date(day)
    return UNKNOWN if parsed is None else f"{parsed:%d/%m/}{parsed.year}"


def moment(at: datetime | None) -> str:
    """« 23 novembre 2026 à 9 h 05 », as clocks show it where the reader's organisation is."""
    if at is None:
        return UNKNOWN
    local = at.astimezone(zone_info(_ZONE.get()))
    return f"{long_date(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def month(day: date | str | None) -> str:
    """« janvier 2026 », for facts dated to the month."""
    parsed = _as_date(day)
    return UNKNOWN if parsed is None else format_date(parsed, "MMMM y", LOCALE)


def listed(words: Iterable[str]) -> str:
    """An enumeration: « a, b et c »."""
    items = list(words)
    return " et ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def capital(text: str) -> str:
    """A text with a capital letter first, the others left as they are."""
    return text[:1].upper() + text[1:]


def paragraphs(text: str | None) -> tuple[str, ...]:
    """A text cut where its writer left a line."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def of_place(name: str) -> str:
    """A commune's name after « de », its article contracted: « de Metz », « d’Angers », « des Herbiers »."""
    return _contracted(name, 0) or (f"d’{name}" if _elides(name) else f"de {name}")


def at_place(name: str) -> str:
    """A commune's name after « à », its article contracted: « à Metz », « au Mans », « aux Herbiers »."""
    return _contracted(name, 1) or f"à {name}"


def identifier(code: str) -> str:
    """A SIREN or a SIRET cut in readable groups tied by U+00A0: « 123 456 789 00012 »."""
    groups = [code[:3], code[3:6], code[6:9], code[9:]]
    return NBSP.join(group for group in groups if group)


def telephone(text: str) -> str:
    """A French telephone number by pairs of digits: « 02 51 00 00 00 »; any other is left as it was written."""
    digits = re.sub(r"[\s.-]", "", text)
    return NBSP.join(re.findall("..", digits)) if re.fullmatch(r"0\d{9}", digits) else text


def typeset(text: str) -> str:
    """Running French text with its spaces put right: thin before ; ! ?, no-break before : % €, inside « »."""
    if _TO_SET.search(text) is None:
        return text
    spaced = _BEFORE_HIGH.sub(lambda hit: THIN + (hit[1] or hit[2]), text)
    spaced = _BEFORE_COLON.sub(f"{NBSP}:", spaced)
    spaced = _THOUSANDS.sub(lambda hit: hit[0].replace(" ", THIN), spaced)
    spaced = _BEFORE_UNIT.sub(lambda hit: NBSP + hit[1], spaced)
    spaced = re.sub(r"«[ \u00a0\u202f]*", f"«{NBSP}", spaced)
    return re.sub(r"[ \u00a0\u202f]*»", f"{NBSP}»", spaced).replace("'", "’")


def _rounded(value: float | Decimal, decimals: int | None) -> Decimal:
    """Return a number as it will be read, on which its sign and its word agree: 1.96 reads « 2,0 », a plural."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    kept = (0 if exact == exact.to_integral_value() else 1) if decimals is None else decimals
    return exact.quantize(Decimal(1).scaleb(-kept), context=_ROUNDING)


def _as_date(day: date | str | None) -> date | None:
    if isinstance(day, datetime):
        return day_of(day)
    return date.fromisoformat(day[:10]) if isinstance(day, str) else day


def _contracted(name: str, column: int) -> str:
    for article, forms in _ARTICLES.items():
        if name.startswith(article):
            return forms[column] + name[len(article) :]
    return ""


def _elides(name: str) -> bool:
    return name[:1] in _ELIDING and not re.split(r"[-’' ]", name)[0].startswith(_ASPIRATED)
