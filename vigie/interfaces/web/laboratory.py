"""The page of the laboratory: settings chosen among what is loaded, kept in its address, and what can be concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from vigie.errors import RequestFault
from vigie.interfaces import declared_questions
from vigie.interfaces.asking import read
from vigie.interfaces.present_laboratory import (
    LaboratoryChoice,
    LaboratoryPage,
    cases_table,
    graphics,
    sources_told,
)
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Link
from vigie.interfaces.web.frame import show, with_services
from vigie.services.laboratory.answering import BEYOND, HYPOTHESIS, METHOD, NOTHING, ExaminedCountry
from vigie.services.laboratory.country import LEVELS
from vigie.services.laboratory.examining import LaboratoryAsked
from vigie.services.laboratory.named_cases import CASES
from vigie.services.laboratory.offered import choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vigie.bootstrap import Services
    from vigie.services.laboratory.offered import LaboratoryChoices
    from vigie.services.questions import AnswerTable

WITHOUT = {"paris": "Paris", "outre-mer": "l’outre-mer"}


@with_services
def laboratory(request: Request, services: Services) -> Response:
    """Show an examination; its address gives the same one again, and a setting that cannot be followed is named."""
    pairs = request.query_params.multi_items()
    asked = read(declared_questions.parameters(HYPOTHESIS), pairs)
    settings = LaboratoryAsked(**asked.values)
    faults, told = tuple(asked.faults.values()), None
    if not faults:
        try:
            told = HYPOTHESIS.answer(services, "", asked.values)
        except RequestFault as said:
            faults = (str(said),)
    view = _view(settings, choices(services, settings), told, CASES.answer(services, "", {}), faults, pairs)
    return show(request, services, "laboratory.html", view, section="territoires", status=422 if faults else 200)


def _view(
    asked: LaboratoryAsked, offered: LaboratoryChoices, told: AnswerTable | None, cases: AnswerTable,
    faults: tuple[str, ...], pairs: Iterable[tuple[str, str]],
) -> LaboratoryPage:  # fmt: skip
    query = urlencode([(name, value) for name, value in pairs if value])
    tail = f"?{query}" if query else ""
    found = told if isinstance(told, ExaminedCountry) else None
    lead = "La question n’a pas été comprise : corrigez-la ci-dessous."
    if told is not None:
        lead = found.conclusion if found else f"{told.lead} {told.note}"
    return LaboratoryPage(
        title="Métropoles ou réseaux ?", lead=lead,
        trail=(Link("Territoires", "/territoires"), Link("Métropoles ou réseaux ?")),
        settings=_settings(asked, offered, found.years if found else ("", "")),
        kept=(("voisins", asked.w),) if asked.w != LaboratoryAsked().w else (),
        faults=faults,
        subject=found.subject if found else "",
        graphics=graphics(found) if found else (),
        cases=cases_table(cases),
        cases_said=f"{cases.lead} {cases.note}",
        left_out=found.left_out if found else (),
        limits=found.limits if found else (),
        method=METHOD,
        onward=(Link(BEYOND.title, f"/{BEYOND.slug}{tail}"), Link(CASES.title, f"/{CASES.slug}")),
        downloads=tuple(Link(label, f"/{HYPOTHESIS.slug}.{ending}{tail}") for ending, label in FILE_LABELS.items())
        if found else (),
        sources=sources_told(told, cases),
    )  # fmt: skip


def _settings(
    asked: LaboratoryAsked, offered: LaboratoryChoices, used: tuple[int | str, int | str]
) -> tuple[LaboratoryChoice, ...]:
    years = tuple((str(year), str(year)) for year in offered.years)
    start, end = ("" if year is None else str(year) for year in (asked.start, asked.end))
    return (
        LaboratoryChoice("niveau", "Niveau", _words(LEVELS), (asked.level,)),
        LaboratoryChoice("resultat", "Résultat", _words(offered.outcomes), (asked.outcome,)),
        LaboratoryChoice("de", "De l’année", years, (start,), f"La première bien connue : {used[0] or NOTHING}"),
        LaboratoryChoice("a", "À l’année", years, (end,), f"La dernière : {used[1] or NOTHING}"),
        LaboratoryChoice("sans", "Sans", _words(WITHOUT), (asked.without,), "Personne"),
        LaboratoryChoice(
            "atouts", "Atouts connus avant la période", _words(offered.assets), asked.regressors, many=True
        ),
    )


def _words(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items())
