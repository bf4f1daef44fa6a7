"""The portrait of a territory, the page of one finding, the search of territories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.naming import short_name
from vigie.interfaces import present_story as story
from vigie.interfaces import sheets
from vigie.interfaces.pages import FiguresPage, FindingPage, PortraitPage, Territories
from vigie.interfaces.present import place_line, source_lines, territory_href
from vigie.interfaces.present_comparing import further
from vigie.interfaces.present_figures import five_figures, opening
from vigie.interfaces.present_findings import finding_fact, finding_graphics, finding_note, finding_value
from vigie.interfaces.views import Fact, Graphic, Link, Plate, TableView

if TYPE_CHECKING:
    from vigie.domain.finding import Finding
    from vigie.domain.territory import Territory
    from vigie.interfaces.pages import MapSection
    from vigie.interfaces.present_story import Recent
    from vigie.services.indicator_cards import IndicatorCard
    from vigie.services.kin import Kin
    from vigie.services.portrait.answer import Evidence, Portrait
    from vigie.services.portrait.beside import Beside


@dataclass(frozen=True, slots=True)
class Drawings:
    """The maps of a portrait: located establishments of a commune, parts of a larger territory.

    `inside` are the parts to read instead of a territory that is loaded in part.
    """

    points: Graphic | None = None
    by_parts: MapSection | None = None
    inside: Sequence[Territory] = ()


TERRITORIES = Link("Territoires", "/territoires")


def portrait(
    found: Portrait,
    drawings: Drawings,
    kin: Kin,
    beside: Beside | None,
    recent: Recent,
    former: str = "",
) -> PortraitPage:
    """Return the page of a portrait: five figures, then chapters."""
    place = found.territory
    here = territory_href(place)
    return PortraitPage(
        title=short_name(place),
        kind=f"{french.capital(place.kind.label)} · communes de {place.vintage}",
        lead=opening(found, beside),
        trail=story.trail(place, kin),
        figures=five_figures(found, beside, recent.renewed),
        chapters=() if found.partial else (story.making(found, beside), story.changing(found, beside, recent)),
        references=story.references(beside),
        map=drawings.points,
        by_parts=drawings.by_parts,
        all_figures=f"{here}/chiffres",
        further=further(place),
        inside=tuple(Link(short_name(one), territory_href(one)) for one in drawings.inside),
        near=tuple(Link(short_name(one), territory_href(one)) for one in kin.beside),
        kept=(("montrer", drawings.by_parts.shown),) if drawings.by_parts else (),
        redirected=redirection(place, former),
        events_href=f"{here}/evenements",
        directory_href=f"/annuaire?territoire={place.key}",
        api_href=f"/api/v1/territories/{place.key}/portrait",
        downloads=_files(here),
        notes=tuple(found.notes),
        sources=source_lines(found.sources),
    )


def figures_page(found: Portrait, cards: Mapping[str, IndicatorCard], beside: Beside | None, kin: Kin) -> FiguresPage:
    """Return the page of all the figures of a portrait: one plate for each theme."""
    place = found.territory
    here = territory_href(place)
    return FiguresPage(
        title=f"Tous les chiffres : {short_name(place)}",
        lead="Chaque chiffre mène à sa formule, à ses sources et à ses limites.",
        trail=(*story.trail(place, kin)[:-1], Link(short_name(place), here), Link("Tous les chiffres")),
        plates=_plates(found.findings, cards, here, beside),
        references=story.references(beside),
        notes=tuple(found.notes),
        downloads=_files(here),
        api_href=f"/api/v1/territories/{place.key}/portrait",
        sources=source_lines(found.sources),
    )


def _files(here: str) -> tuple[Link, ...]:
    return tuple(Link(label, f"{here}/constats.{kind}") for kind, label in sheets.FILE_LABELS.items())


def finding_page(evidence: Evidence) -> FindingPage:
    """Return the page of a finding: how it is made, its parts, the same measure elsewhere, its limits."""
    found, place, card = evidence.finding, evidence.territory, evidence.card
    here = territory_href(place)
    known = found.value is not None
    return FindingPage(
        title=f"{found.label} : {place.name}",
        lead=_answer(evidence),
        trail=(TERRITORIES, Link(place.name, here), Link(found.label)),
        value=_bare(found) if known else None,
        unit=found.unit,
        facts=_making(found, place, card),
        formula=card.formula,
        why_unknown="" if known else (found.note or "La source ne le dit pas."),
        limits=card.limits,
        graphics=finding_graphics(here, found, whole=True),
        detail=_detail(evidence),
        elsewhere=_elsewhere(found, evidence.elsewhere),
        indicator=Link(card.label, f"/indicateur/{card.id}"),
        rows=Link("Les entreprises du territoire", f"/annuaire?territoire={place.key}"),
        api_href=f"/api/v1/territories/{place.key}/findings/{found.id}" + (f"?key={found.key}" if found.key else ""),
        sources=source_lines(found.sources),
    )


def redirection(place: Territory, former: str) -> str:
    """Return the sentence that tells which former code led here, empty when none did."""
    if not former:
        return ""
    what = "Le code" if any(letter.isdigit() for letter in former) else "Le nom"
    shown = former if what == "Le code" else f"« {former} »"
    return f"{what} {shown} n’est plus en usage : voici {place.name} ({place.code}), qui le remplace."


def territories(
    query: str, results: Sequence[Territory], groups: Sequence[tuple[str, Sequence[Territory]]]
) -> Territories:
    """Return the page that searches territories."""
    if query and results:
        verb = french.plural(len(results), "répond", "répondent")
        lead = f"{french.counted(len(results), 'territoire')} {verb} à « {query} »."
    elif query:
        lead = f"Aucun territoire ne répond à « {query} » : essayez un nom de commune, d’intercommunalité ou un code."
    else:
        lead = "Choisissez un territoire, ou cherchez-le par son nom ou son code."
    return Territories(
        lead,
        query,
        tuple(map(place_line, results)),
        tuple((title, tuple(map(place_line, places))) for title, places in groups if places),
    )


def _plates(
    findings: Sequence[Finding], cards: Mapping[str, IndicatorCard], here: str, beside: Beside | None
) -> tuple[Plate, ...]:
    by_theme: dict[str, list[Finding]] = {}
    for one in findings:
        by_theme.setdefault(cards[one.id].theme, []).append(one)
    return tuple(
        Plate(
            anchor=theme.casefold().replace("é", "e").replace(" ", "-"),
            title=theme,
            note=cards[members[0].id].question,
            facts=tuple(_with_reference(finding_fact(here, one), one, beside) for one in members),
            graphics=tuple(graphic for one in members for graphic in finding_graphics(here, one)),
        )
        for theme, members in by_theme.items()
    )


def _with_reference(fact: Fact, found: Finding, beside: Beside | None) -> Fact:
    """Set the same figure of the reference beside a fact, where it can be compared."""
    other = beside.findings.get(found.id) if beside else None
    if beside is None or other is None or other.value is None or found.value is None:
        return fact
    told = f"{beside.reference.name} : {finding_value(other)}"
    return replace(fact, note=f"{told} ; {fact.note[:1].lower()}{fact.note[1:]}" if fact.note else told)


def _making(found: Finding, place: Territory, card: IndicatorCard) -> tuple[Fact, ...]:
    facts = [Fact("Territoire", f"{place.name} ({place.kind.label} {place.code})", territory_href(place))]
    if found.coverage is not None:
        facts.append(Fact("Part connue", french.percent(found.coverage, 1), note=card.coverage))
    if found.interval is not None:
        facts.append(Fact("Intervalle", finding_note(replace(found, coverage=None, note=None))))
    if found.note and found.value is not None:
        facts.append(Fact("Remarque", found.note))
    facts.append(Fact("Comment le lire", card.reading))
    facts.append(Fact("Code géographique", f"millésime {place.vintage}"))
    return tuple(facts)


def _answer(evidence: Evidence) -> str:
    """Return the question of the indicator and its answer here."""
    found, asked = evidence.finding, evidence.card.question
    what = f"{found.label} : " if found.key else ""
    value = f"{what}{finding_value(found)}."
    return f"{asked} {french.capital(value)}"


def _detail(evidence: Evidence) -> TableView | None:
    """Return the communes behind a figure; parts and years are already beside their drawing."""
    if evidence.columns.get("name") != "Commune":
        return None
    rows = tuple(
        (Link(str(row["name"]), f"/territoire/commune/{row['code']}"), str(row["code"]), french.number(row["value"]))
        for row in evidence.rows
    )
    kept = (
        f" (les {len(rows)} premières sur {french.number(evidence.total_rows)})"
        if len(rows) < evidence.total_rows
        else ""
    )
    columns = ("Commune", "Code", f"{evidence.finding.label} ({evidence.finding.unit})")
    return TableView(f"{evidence.finding.label}, commune par commune{kept}", columns, rows, (False, False, True))


def _bare(found: Finding) -> str:
    return finding_value(replace(found, unit="")).strip()


def _elsewhere(found: Finding, others: Sequence[tuple[Territory, Finding]]) -> TableView | None:
    if not others:
        return None
    rows = tuple((Link(place.name, territory_href(place)), finding_value(other)) for place, other in others)
    return TableView(f"{found.label} ailleurs", ("Territoire", f"{found.label}"), rows, (False, True))
