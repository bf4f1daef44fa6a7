"""Findings in words and drawings: value with its unit, what must be known to read it, chart of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from vigie.domain import french
from vigie.interfaces.graphics import bars_graphic, lines_graphic, sizes_graphic
from vigie.interfaces.plots import Bar, ChartWording, Series
from vigie.interfaces.views import Fact, Graphic
from vigie.services.indicator_cards import Display, Parts, indicator_cards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.domain.finding import Finding

LONGEST = 8
_COUNTING = ("01", "02", "03", "11", "12", "21", "22", "31", "32", "41", "42", "51", "52", "53")
_PLAIN = Display()


def finding_value(finding: Finding) -> str:
    """Return the value of a finding with its unit; one that is not known says so."""
    if isinstance(finding.value, str):
        return finding.value
    written = french.quantity(finding.value, finding.unit, decimals_of(finding.value))
    return f"+{written}" if _display(finding).signed and finding.value and finding.value > 0 else written


def finding_note(finding: Finding) -> str:
    """Return what must be known to read a finding: its bounds, the share of the base that was known, its remark."""
    parts = []
    if finding.interval is not None:
        low, high = (
            french.number(bound, decimals_of(bound)) for bound in (finding.interval.low, finding.interval.high)
        )
        parts.append(f"de {low} à {high}")
    if finding.coverage is not None and finding.coverage < 1:
        parts.append(f"part connue : {french.percent(finding.coverage, 0)}")
    if finding.note:
        parts.append(finding.note)
    return " ; ".join(part.rstrip(".") for part in parts)


def finding_href(territory_href: str, finding: Finding) -> str:
    """Return the address of a finding's page."""
    key = f"?cle={quote(finding.key)}" if finding.key else ""
    return f"{territory_href}/constat/{finding.id}{key}"


def finding_fact(territory_href: str, finding: Finding) -> Fact:
    """Return a finding as a line of facts, leading to its page."""
    return Fact(finding.label, finding_value(finding), finding_href(territory_href, finding), finding_note(finding))


def finding_graphics(territory_href: str, finding: Finding, *, whole: bool = False) -> tuple[Graphic, ...]:
    """Return the drawings of a finding: its parts, its series.

    `whole` keeps every part and every year on the page, with its table; otherwise the drawing leads to them.
    """
    made = []
    if (whole or _display(finding).parts is not Parts.LISTED) and any(
        _amount(part) is not None for part in finding.breakdown
    ):
        made.append(_parts(territory_href, finding, whole=whole))
    if sum(value is not None for _, value in finding.series) > 1:
        made.append(_series(finding))
    if whole:
        return tuple(made)
    return tuple(replace(drawn, twin=None, twin_at=finding_href(territory_href, finding)) for drawn in made)


def _parts(territory_href: str, finding: Finding, *, whole: bool) -> Graphic:
    shown = _display(finding)
    if shown.parts is Parts.BANDS:
        return _bands(finding)
    meaning = [part for part in finding.breakdown if not _too_small(part, finding)]
    kept = finding.breakdown if whole else meaning[:LONGEST]
    unit = kept[0].unit
    bars = [Bar(part.label, _amount(part), href=finding_href(territory_href, part)) for part in kept]
    left_out = len(finding.breakdown) - len(kept)
    ranked = shown.parts is Parts.RANKED and not whole
    others = french.counted(left_out, "autre poste se lit", "autres postes se lisent")
    ending = f" {others} dans le constat." if left_out else ""
    title = _ranked_title(finding, kept) if ranked else finding.label
    words = ChartWording(title, f"{finding.label}, en {unit}.{ending}", unit, decimals_of(bars[0].value))
    return bars_graphic(words, bars, ("Poste", f"{finding.label} ({unit})" if unit else finding.label))


def _display(finding: Finding) -> Display:
    """Return how the card of a finding has it shown; what an installation brings as files has no card here."""
    card = indicator_cards().get(finding.id)
    return card.display if card else _PLAIN


def _too_small(part: Finding, whole: Finding) -> bool:
    """Tell the parts too small for their figure to mean something: they exceed the value retained."""
    value, most = _amount(part), _amount(whole)
    return _display(whole).large_enough and value is not None and most is not None and value > most


def _bands(finding: Finding) -> Graphic:
    """Draw the bands that count employees; those that do not are told in words, never drawn as a size."""
    counted = [part for part in finding.breakdown if part.key in _COUNTING]
    others = [f"{part.label} : {finding_value(part)}" for part in finding.breakdown if part.key not in _COUNTING]
    bars = [Bar(part.label.removesuffix(" salariés"), _amount(part)) for part in counted]
    aside = f" Hors du dessin : {' ; '.join(others)}." if others else ""
    words = ChartWording(_ranked_title(finding, counted), f"{finding.label}, en salariés.{aside}", finding.unit, 0)
    return sizes_graphic(words, bars, ("Salariés", f"{finding.label} ({finding.unit})"))


def _ranked_title(finding: Finding, kept: Sequence[Finding]) -> str:
    best = max(kept, key=lambda part: _amount(part) or float("-inf"), default=None)
    return f"{finding.label} : « {best.label} » vient en tête ({finding_value(best)})" if best else finding.label


def _series(finding: Finding) -> Graphic:
    points = [(float(year), value) for year, value in finding.series]
    known = [(year, value) for year, value in finding.series if value is not None]
    (first, start), (last, end) = known[0], known[-1]
    decimals = decimals_of(end)
    title = (
        f"{finding.label} : {french.number(start, decimals)} en {first}, "
        f"{french.quantity(end, finding.unit, decimals)} en {last}"
    )
    words = ChartWording(title, f"{finding.label} de {first} à {last}.", finding.unit, decimals)
    return lines_graphic(words, [Series("", points)])


def _amount(finding: Finding) -> float | None:
    return finding.value if isinstance(finding.value, int | float) else None


def decimals_of(value: float | None) -> int | None:
    """Keep two decimals below ten, one below a hundred, none for whole or large numbers."""
    if value is None or float(value).is_integer() or abs(value) >= 1000:
        return 0
    return 2 if abs(value) < 10 else 1
