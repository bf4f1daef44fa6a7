"""A portrait told: five figures beside a reference, what is made there, what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.graphics import intervals_graphic, lines_graphic
from vigie.interfaces.pages import SearchOption
from vigie.interfaces.plots import ChartWording, Estimate, Series
from vigie.interfaces.present import territory_href
from vigie.interfaces.present_events import event_line, factories_sentence
from vigie.interfaces.present_findings import finding_href, finding_value
from vigie.interfaces.views import Figure, Graphic, Link, Plate
from vigie.services.figures.employment import base_year

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.portrait.answer import Portrait
    from vigie.services.portrait.beside import Beside
    from vigie.services.watch import Factories, WatchedEvent

BARS = 8
"""Activities drawn: what comes after weighs little and makes the chart a list."""
SPAN = 10
"""Years of the chart of jobs before its last one: the base year of all changes is among them."""
_LIKES = {
    TerritoryKind.EPCI: "intercommunalités",
    TerritoryKind.DEPARTEMENT: "départements",
    TerritoryKind.REGION: "régions",
    TerritoryKind.ZE: "zones d’emploi",
}


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened lately in a territory: the sites of industry, and the events that matter most."""

    factories: Factories | None
    events: Sequence[WatchedEvent]


def trail(found: Portrait) -> tuple[Link, ...]:
    """Return the way down to a territory: région, département, itself."""
    above = [one.territory for one in found.comparisons if one.territory.kind is not TerritoryKind.FRANCE]
    links = [Link(place.name, territory_href(place)) for place in reversed(above)]
    return (Link("Territoires", "/territoires"), *links, Link(found.territory.name))


def references(beside: Beside | None) -> tuple[SearchOption, ...]:
    """Return the territories that the figures may be read beside."""
    if beside is None:
        return ()
    return tuple(SearchOption(place.key, place.name, place == beside.reference) for place in beside.choices)


def five_figures(found: Portrait, beside: Beside | None) -> tuple[Figure, ...]:
    """Return the figures that come first, each beside the same one of the reference where it is known."""
    here = territory_href(found.territory)
    by_id = {one.id: one for one in found.findings}
    made = (
        _jobs(by_id, beside),
        _industry(by_id, beside, found.territory.kind),
        _speciality(_above(found, beside)),
        _renewal(by_id, beside),
        _plain(by_id["medium_sites"], ""),
    )
    return tuple(
        Figure(label, value, finding_href(here, one), remark) for one, label, value, remark in filter(None, made)
    )


def making(found: Portrait, beside: Beside | None) -> Plate:
    """Return the chapter on what is made there: activities by the jobs that they hold beyond the reference."""
    above = _above(found, beside)
    parts = [part for part in above.breakdown if isinstance(part.value, int | float)][:BARS]
    if not parts:
        return Plate("activites", "Ce qu’on y fait", sentence=above.note or "")
    rows = [
        Estimate(
            part.label,
            float(part.value or 0),
            part.interval.low if part.interval else None,
            part.interval.high if part.interval else None,
            href=f"/annuaire?territoire={found.territory.key}&naf={part.key}&employeur=oui",
        )
        for part in parts
    ]
    first = parts[0]
    title = f"{first.label} : {finding_value(first)} de plus que la référence"
    words = ChartWording(title, f"{above.label}, avec leur intervalle à 95 %. {above.note or ''}", "emplois", 0)
    return Plate(
        "activites",
        "Ce qu’on y fait",
        "En emplois de plus que si chaque activité pesait comme dans la référence ; chaque ligne mène à ses sites. "
        f"{above.note or ''}",
        graphics=(intervals_graphic(words, rows, ("la référence", 0.0)),),
        links=(Link("D’où vient ce chiffre", finding_href(territory_href(found.territory), above)),),
    )


def changing(found: Portrait, beside: Beside | None, recent: Recent) -> Plate:
    """Return the chapter on what changed: industry's sites, the events that matter, jobs beside the reference."""
    here = territory_href(found.territory)
    return Plate(
        "changements",
        "Ce qui a changé",
        factories_sentence(recent.factories),
        events=tuple(map(event_line, recent.events)),
        graphics=_if(_index(found.finding("jobs"), found.territory, beside)),
        links=(
            Link("Tous les événements", f"{here}/evenements"),
            Link("Ce qui a fermé, par activité", f"{here}/fermetures"),
        ),
    )


Made = tuple["Finding", str, str, str] | None
"""A finding, what it is called among the first five, its value, the remark beside."""


def _jobs(by_id: Mapping[str, Finding], beside: Beside | None) -> Made:
    jobs, change = by_id["jobs"], by_id["jobs_change"]
    if jobs.value is None:
        return _plain(by_id["employers"], "")
    if change.value is None:
        return _plain(jobs, "")
    span = (change.note or "").removesuffix(".")
    told = f"{finding_value(change)} {french.capital(span)[:1].lower()}{span[1:]}"
    return _plain(jobs, _versus(told, "jobs_change", beside))


def _industry(by_id: Mapping[str, Finding], beside: Beside | None, kind: TerritoryKind) -> Made:
    share = by_id["industry_share"]
    if share.value is None:
        return None
    told, rank = "", beside.rank if beside else None
    if rank:
        place = "1ᵉʳ" if rank.position == 1 else f"{rank.position}ᵉ"
        told = f"{place} rang sur {rank.among} {_LIKES.get(kind, 'territoires')}"
    return _plain(share, _versus(told, "industry_share", beside))


def _speciality(above: Finding) -> Made:
    if not above.breakdown:
        return None
    first = above.breakdown[0]
    return above, first.label, f"+{_bare(first)}", "emplois de plus que si l’activité pesait comme dans la référence"


def _renewal(by_id: Mapping[str, Finding], beside: Beside | None) -> Made:
    created, closed = by_id["creations"], by_id["closures"]
    if not isinstance(created.value, int) or not isinstance(closed.value, int):
        return None
    balance = created.value - closed.value
    told = f"{french.signed(balance, 0)} : {french.number(closed.value)} fermetures"
    return _plain(created, _versus(told, "creation_rate", beside, f"taux {finding_value(by_id['creation_rate'])}"))


def _plain(finding: Finding, remark: str) -> Made:
    return finding, finding.label, _bare(finding), remark


def _bare(finding: Finding) -> str:
    """Return a value without the unit that its label says; one in percent keeps its sign."""
    return finding_value(finding if finding.unit == "%" else replace(finding, unit="")).strip()


def _above(found: Portrait, beside: Beside | None) -> Finding:
    return beside.above if beside and beside.above else found.finding("jobs_above")


def _versus(told: str, indicator: str, beside: Beside | None, own: str = "") -> str:
    """Say a figure of the reference after a remark on that of the territory."""
    parts = [part for part in (told, own) if part]
    other = beside.findings.get(indicator) if beside else None
    if beside and other is not None and other.value is not None:
        parts.append(f"{beside.reference.name} : {finding_value(other)}")
    return " · ".join(parts)


def _index(jobs: Finding, place: Territory, beside: Beside | None) -> Graphic | None:
    """Draw jobs here and in the reference, 100 in the first year that both know."""
    mine = {int(year): value for year, value in jobs.series if value}
    theirs = {int(year): value for year, value in beside.jobs.series if value} if beside and beside.jobs else {}
    years = sorted(year for year in mine if not theirs or year in theirs)
    years = [year for year in years if year >= years[-1] - SPAN]
    if len(years) < 2:
        return None
    first, last = base_year(years) or years[0], years[-1]
    lines = [(place.name, mine)] + ([(beside.reference.name, theirs)] if beside and theirs else [])
    told = [f"{name} {french.percent(values[last] / values[first] - 1, 1, sign=True)}" for name, values in lines]
    words = ChartWording(
        f"Emploi salarié privé de {first} à {last} : {', '.join(told)}",
        f"Indice, {first} = 100.",
        f"indice, {first} = 100",
        1,
    )
    series = [
        Series(name, [(float(year), values[year] / values[first] * 100) for year in years], second=rank > 0)
        for rank, (name, values) in enumerate(lines)
    ]
    return lines_graphic(words, series, ("", 100.0))


def _if(drawing: Graphic | None) -> tuple[Graphic, ...]:
    return (drawing,) if drawing else ()
