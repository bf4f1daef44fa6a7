"""The five figures and the sentence that open a portrait, each beside the reference and leading to its firms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.naming import place_name, short_name
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.present import territory_href
from vigie.interfaces.present_findings import finding_href, finding_value
from vigie.interfaces.views import Figure
from vigie.services.portrait.lead import activity_phrase

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.services.portrait.answer import Portrait
    from vigie.services.portrait.beside import Beside
    from vigie.services.portrait.renewed import Renewed, RenewedSite

LIKES = {
    TerritoryKind.EPCI: "intercommunalités",
    TerritoryKind.DEPARTEMENT: "départements",
    TerritoryKind.REGION: "régions",
    TerritoryKind.ZE: "zones d’emploi",
}
MOST_NAMED = 2
"""Activities that the opening sentence names: a third one is read in the chapter."""


def five_figures(found: Portrait, beside: Beside | None, renewed: Renewed) -> tuple[Figure, ...]:
    """Return the figures that come first; none of a territory that the data loaded hold in part."""
    if found.partial:
        return ()
    here, place = territory_href(found.territory), found.territory
    by_id = {one.id: one for one in found.findings}
    firms = f"/annuaire?territoire={quote(place.key, safe=':')}&employeur=oui"
    made = (
        _jobs(by_id, beside, firms),
        _industry(by_id, beside, place.kind, f"{firms}&naf=C"),
        _balance(by_id["employer_balance"], renewed, firms),
        _speciality(above_of(found, beside), firms),
        _medium(by_id["medium_sites"], firms),
    )
    return tuple(replace(figure, href=finding_href(here, one)) for one, figure in filter(None, made))


def opening(found: Portrait, beside: Beside | None) -> str:
    """Return the sentence that opens a portrait: each figure with that of its reference.

    Of a territory loaded in part it says so first, and nothing of its jobs. Where nothing is known of jobs, the
    sentence of the portrait stands.
    """
    by_id = {one.id: one for one in found.findings}
    jobs = by_id["jobs"]
    if found.partial or jobs.value is None:
        return found.lead
    sentences = [_told_jobs(place_name(found.territory).opening, by_id, beside), _told_industry(by_id, beside, found)]
    sentences.append(_told_speciality(above_of(found, beside)))
    return " ".join(sentence for sentence in sentences if sentence)


def above_of(found: Portrait, beside: Beside | None) -> Finding:
    """Return the jobs beyond the share of the reference chosen, or of everything loaded."""
    return beside.above if beside and beside.above else found.finding("jobs_above")


Made = tuple["Finding", Figure] | None
"""A figure, and the finding that proves it."""
Written = Callable[["Finding"], str]
"""How a value is written."""


def _jobs(by_id: Mapping[str, Finding], beside: Beside | None, firms: str) -> Made:
    jobs, change = by_id["jobs"], by_id["jobs_change"]
    if jobs.value is None:
        employers = by_id["employers"]
        return (employers, Figure(employers.label, _bare(employers), "", "", firms)) if employers.value else None
    told = ""
    if change.value is not None:
        span = (change.note or "").removesuffix(".")
        told = f"{_change(change)} {span[:1].lower()}{span[1:]}"
    return jobs, Figure(jobs.label, _bare(jobs), "", _versus(told, "jobs_change", beside, _change), firms)


def _industry(by_id: Mapping[str, Finding], beside: Beside | None, kind: TerritoryKind, firms: str) -> Made:
    share = by_id["industry_share"]
    if share.value is None:
        return None
    return share, Figure(share.label, _bare(share), "", _versus(_rank(beside, kind), "industry_share", beside), firms)


def _balance(balance: Finding, renewed: Renewed, firms: str) -> Made:
    if not isinstance(balance.value, int):
        return None
    named = [
        f"{what} : {_named(site)}"
        for what, site in (("le plus grand ouvert", renewed.opened), ("fermé", renewed.closed))
        if site
    ]
    opened, closed = (int(_number(part)) for part in balance.breakdown)
    told = f"{french.counted(opened, 'ouvert')}, {french.counted(closed, 'fermé')} en {renewed.year}"
    period = f"&cree_apres={renewed.year}-01-01&cree_avant={renewed.year}-12-31" if renewed.year else ""
    remark = " ; ".join([told, *named])
    return balance, Figure(balance.label, french.signed(balance.value), "", remark, f"{firms}{period}")


def _speciality(above: Finding, firms: str) -> Made:
    if not above.breakdown:
        return None
    first = above.breakdown[0]
    remark = f"emplois de plus que si l’activité pesait comme dans la référence{_bounds(first)}"
    return above, Figure(first.label, f"+{_bare(first)}", "", remark, f"{firms}&naf={first.key}")


def _medium(sites: Finding, firms: str) -> Made:
    return sites, Figure(sites.label, _bare(sites), "", "", f"{firms}&taille=10-49&taille=50-249")


def _told_jobs(opening: str, by_id: Mapping[str, Finding], beside: Beside | None) -> str:
    jobs, change = by_id["jobs"], by_id["jobs_change"]
    kind = "imaginaires" if jobs.simulated else "salariés privés"
    many = french.counted(_number(jobs), f"emploi {kind.removesuffix('s')}", f"emplois {kind}")
    told = f"{opening} : {many}"
    if change.value is not None:
        years = [word.strip(".") for word in (change.note or "").split() if word.strip(".").isdigit()]
        told += f", {_change(change)} depuis {years[0]}{_reference(beside, 'jobs_change', _change)}" if years else ""
    return f"{told}."


def _told_industry(by_id: Mapping[str, Finding], beside: Beside | None, found: Portrait) -> str:
    share = by_id["industry_share"]
    if share.value is None:
        return ""
    rank = _rank(beside, found.territory.kind)
    told = f"L’industrie en tient {_share(share)}{_reference(beside, 'industry_share', _share)}"
    return f"{told}, {rank}." if rank else f"{told}."


def _told_speciality(above: Finding) -> str:
    named = [
        f"{activity_phrase(part.label)} ({french.counted(_number(part), 'emploi')} de plus)"
        for part in above.breakdown[:MOST_NAMED]
    ]
    return f"On y travaille plus qu’ailleurs dans {french.listed(named)}." if named else ""


def _share(finding: Finding) -> str:
    """Return a share without decimals: an estimate, or a place among others, has no tenths."""
    return french.percent(_number(finding) / 100, 0)


def _change(finding: Finding) -> str:
    return french.percent(_number(finding) / 100, 1, sign=True)


def _reference(beside: Beside | None, indicator: str, written: Written = finding_value) -> str:
    """Return the same figure of the reference in brackets, where it is known."""
    other = beside.findings.get(indicator) if beside else None
    if beside is None or other is None or other.value is None:
        return ""
    return f" ({short_name(beside.reference)} {written(other)})"


def _versus(told: str, indicator: str, beside: Beside | None, written: Written = finding_value) -> str:
    """Say a figure of the reference after a remark on that of the territory."""
    other = beside.findings.get(indicator) if beside else None
    known = beside is not None and other is not None and other.value is not None
    shown = f"{short_name(beside.reference)} : {written(other)}" if known and beside and other else ""
    return " · ".join(part for part in (told, shown) if part)


def _rank(beside: Beside | None, kind: TerritoryKind) -> str:
    if beside is None or beside.rank is None:
        return ""
    place = "1ᵉʳ" if beside.rank.position == 1 else f"{beside.rank.position}ᵉ"
    return f"{place} rang sur {beside.rank.among} {LIKES.get(kind, 'territoires')}"


def _named(site: RenewedSite) -> str:
    return usual_case(site.name)


def _bounds(part: Finding) -> str:
    if part.interval is None or part.interval.low is None or part.interval.high is None:
        return ""
    return f" (de {french.number(part.interval.low)} à {french.number(part.interval.high)})"


def _bare(finding: Finding) -> str:
    """Return a value without the unit that its label says; one in percent keeps its sign."""
    return finding_value(finding if finding.unit == "%" else replace(finding, unit="")).strip()


def _number(finding: Finding) -> float:
    return finding.value if isinstance(finding.value, int | float) else 0.0
