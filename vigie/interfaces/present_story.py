"""A portrait told: five figures beside a reference, what is made there, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.naming import short_name
from vigie.interfaces.graphics import bars_graphic, intervals_graphic, lines_graphic
from vigie.interfaces.pages import SearchOption
from vigie.interfaces.plots import Bar, ChartWording, Estimate, Series
from vigie.interfaces.present import territory_href
from vigie.interfaces.present_events import event_line, factories_sentence
from vigie.interfaces.present_figures import above_of
from vigie.interfaces.present_findings import finding_href, finding_value
from vigie.interfaces.views import Graphic, Link, Plate
from vigie.services.figures.employment import base_year

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.services.kin import Kin
    from vigie.services.portrait.answer import Portrait
    from vigie.services.portrait.beside import Beside
    from vigie.services.portrait.renewed import Renewed
    from vigie.services.watch import Factories, WatchedEvent

BARS = 6
"""Activities drawn: what comes after weighs little and makes the chart a list."""
SPAN = 10
"""Years of the chart of jobs before its last one: the base year of all changes is among them."""
NOT_WATCHED = "Ce qui ouvre et ferme n’est pas connu ici : aucun établissement n’est chargé pour ce territoire."


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened lately in a territory: sites of industry, events that matter most, the largest of the year."""

    factories: Factories | None
    events: Sequence[WatchedEvent]
    renewed: Renewed


def trail(place: Territory, kin: Kin) -> tuple[Link, ...]:
    """Return the way down to a territory: région, département, intercommunalité, itself."""
    links = [Link(short_name(one), territory_href(one)) for one in kin.above]
    return (Link("Territoires", "/territoires"), *links, Link(short_name(place)))


def references(beside: Beside | None) -> tuple[SearchOption, ...]:
    """Return the territories that the figures may be read beside."""
    if beside is None:
        return ()
    return tuple(SearchOption(place.key, place.name, place == beside.reference) for place in beside.choices)


def making(found: Portrait, beside: Beside | None) -> Plate:
    """Return the chapter on what is made there: activities by the jobs that they hold beyond the reference."""
    above = above_of(found, beside)
    parts = [part for part in above.breakdown if isinstance(part.value, int | float)][:BARS]
    if not parts:
        return _largest(found, above.note or "")
    rows = [
        Estimate(
            part.label,
            float(part.value or 0),
            part.interval.low if part.interval else None,
            part.interval.high if part.interval else None,
            href=_firms(found.territory, part),
        )
        for part in parts
    ]
    first = parts[0]
    title = f"{first.label} : {finding_value(first)} de plus que la référence"
    words = ChartWording(title, f"{above.label}, avec leur intervalle à 95 %. {above.note or ''}", "emplois", 0)
    return Plate(
        "activites",
        "Ce qu’on y fait",
        "En emplois de plus que si chaque activité pesait comme dans la référence ; chaque ligne mène à ses "
        f"entreprises. {above.note or ''}",
        graphics=(intervals_graphic(words, rows, ("la référence", 0.0)),),
        links=(Link("D’où vient ce chiffre", finding_href(territory_href(found.territory), above)),),
    )


def _largest(found: Portrait, why: str) -> Plate:
    """Return the same chapter where there is no reference: the activities that employ the most."""
    jobs, title = found.finding("jobs"), "Ce qu’on y fait"
    parts = [part for part in jobs.breakdown if isinstance(part.value, int | float)][:BARS]
    if found.partial or not parts:
        return Plate("activites", title, sentence=why)
    bars = [Bar(part.label, float(part.value or 0), href=_firms(found.territory, part)) for part in parts]
    told = f"{parts[0].label} : {finding_value(parts[0])}, la première activité"
    words = ChartWording(told, f"{jobs.label} par activité. {jobs.note or ''}", "emplois", 0)
    drawn = bars_graphic(words, bars, ("Activité", "Emplois"))
    return Plate(
        "activites",
        title,
        f"En emplois ; chaque ligne du tableau mène à ses entreprises. {why}",
        graphics=(drawn,),
        links=(Link("D’où vient ce chiffre", finding_href(territory_href(found.territory), jobs)),),
    )


def _firms(place: Territory, part: Finding) -> str:
    """Return the employers of a territory in one activity."""
    return f"/annuaire?territoire={place.key}&naf={part.key}&employeur=oui"


def changing(found: Portrait, beside: Beside | None, recent: Recent) -> Plate:
    """Return the chapter on what changed: industry's sites, the events that matter, jobs beside the reference."""
    here = territory_href(found.territory)
    known = found.finding("establishments").value is not None
    return Plate(
        "changements",
        "Ce qui a changé",
        factories_sentence(recent.factories) if known else NOT_WATCHED,
        events=tuple(map(event_line, recent.events)),
        graphics=_if(_index(found.finding("jobs"), found.territory, beside)),
        links=(
            Link("Tous les événements", f"{here}/evenements"),
            Link("Ce qui a fermé, par activité", f"{here}/fermetures"),
        ),
    )


def _index(jobs: Finding, place: Territory, beside: Beside | None) -> Graphic | None:
    """Draw jobs here and in the reference, 100 in the first year that both know."""
    mine = {int(year): value for year, value in jobs.series if value}
    theirs = {int(year): value for year, value in beside.jobs.series if value} if beside and beside.jobs else {}
    years = sorted(year for year in mine if not theirs or year in theirs)
    years = [year for year in years if year >= years[-1] - SPAN]
    if len(years) < 2:
        return None
    first, last = base_year(years) or years[0], years[-1]
    lines = [(short_name(place), mine)] + ([(short_name(beside.reference), theirs)] if beside and theirs else [])
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
