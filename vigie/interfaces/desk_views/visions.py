"""The pages of a vision: whole, as a story to print, as five results; and the one on which officers write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.vision import ActionState, VisionState, waiting
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.acts import ActForm, act_form
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Fact, Link, TableView
from vigie.services.vision.reading import evidence_of, place_of
from vigie.services.vision.writing import LIST, PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.vision.answers import (
        ActionTold,
        ForeseenTold,
        PriorityTold,
        ResultsTold,
        StorySentence,
        TargetTold,
        VisionLine,
        VisionTold,
        YearTold,
    )

ALL = "/projet"


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action: what is said of it, what it rests on, what may be done with it."""

    id: str
    title: str
    state: str
    facts: tuple[str, ...]
    note: str
    warning: str
    uses: tuple[Link, ...]
    ways: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PriorityView:
    """A priority with its actions and the table of its targets."""

    id: str
    title: str
    text: tuple[str, ...]
    actions: tuple[ActionView, ...]
    targets: TableView | None


@dataclass(frozen=True, slots=True)
class VisionPage:
    """`vision.html`: a vision, whole; for its officers, what they may do with it."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    kicker: str
    text: tuple[str, ...]
    values: tuple[str, ...]
    scenario: tuple[str, ...]
    workshop: Link | None
    signs: TableView | None
    priorities: tuple[PriorityView, ...]
    former: tuple[Link, ...]
    years: tuple[Fact, ...]
    links: tuple[Link, ...]
    done: str = ""
    publish: ActForm | None = None


@dataclass(frozen=True, slots=True)
class VisionsPage:
    """`visions.html`: the visions in force, or those of an organisation."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    rows: tuple[tuple[Link, str], ...]
    add_href: str = ""


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A part of the story: its title, and its sentences with what each rests on."""

    title: str
    sentences: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """`vision_story.html`: the story, to read in five minutes and to print."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    parts: tuple[StoryPart, ...]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """`vision_results.html`: five results on one screen."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]


def list_page(lines: Sequence[VisionLine]) -> VisionsPage:
    """Return the page of the visions in force."""
    return VisionsPage(
        title="Projets de territoire",
        lead="Ce que les territoires veulent, ce qu’ils font, ce que cela donne."
        if lines
        else "Aucun projet n’est encore publié : une organisation inscrite en écrit un depuis son bureau.",
        trail=(Link("Projets"),),
        rows=tuple((Link(one.title, place_of(one.id)), _note(one)) for one in lines),
    )


def desk_list_page(lines: Sequence[VisionLine]) -> VisionsPage:
    """Return the page of the officers."""
    return VisionsPage(
        title="Projets",
        lead="Une vision, ses priorités, ses actions et ses buts chiffrés, du texte au résultat.",
        trail=(DESK, Link("Projets")),
        rows=tuple((Link(one.title, f"{LIST}/{one.id}"), f"Projet {VisionState(one.state).label}.") for one in lines),
        add_href=f"{LIST}/nouveau",
    )


def _note(one: VisionLine) -> str:
    since = f", depuis le {french.long_date(french.day_of(one.published_at))}" if one.published_at else ""
    return f"{one.organisation}{since}."


def vision_page(told: VisionTold, *, desk: bool = False, done: str = "", refusals: Mapping[str, Form]) -> VisionPage:
    """Return a vision, whole; on the desk, with what its officers may do."""
    line, place = told.line, place_of(told.line.id)
    links = [Link("Le récit, à imprimer", f"{place}/recit"), Link("Cinq résultats", f"{place}/resultats")]
    if desk:
        links = _ways(told)
    words = {"vision": line.id}
    return VisionPage(
        title=line.title,
        lead=f"{line.organisation} : {_counts(told)}.",
        trail=(DESK, Link("Projets", LIST), Link(line.title)) if desk else (Link("Projets", ALL), Link(line.title)),
        kicker=_kicker(line),
        text=french.paragraphs(told.text),
        values=told.values,
        scenario=(*french.paragraphs(french.capital(told.scenario)), *_hypotheses(told.foreseen)),
        workshop=_workshop(told.foreseen),
        signs=_signs(told.foreseen),
        priorities=tuple(_priority(one, desk=desk and bool(told.may)) for one in told.priorities),
        former=tuple(
            Link(f"{one.title}, jusqu’au {french.long_date(french.day_of(one.replaced_at))}", place_of(one.id))
            for one in told.former
            if one.replaced_at
        ),
        years=tuple(map(_year, told.years)),
        links=tuple(links),
        done=done,
        publish=act_form(PUBLISHED, words, None, refusals.get(PUBLISHED.kind))
        if desk and "publish" in told.may
        else None,
    )


def _hypotheses(told: ForeseenTold | None) -> tuple[str, ...]:
    return (f"Ce qu’il suppose : {french.listed(f'« {one} »' for one in told.hypotheses)}.",) if told else ()


def _workshop(told: ForeseenTold | None) -> Link | None:
    return (
        Link(f"L’atelier d’où vient ce scénario : {told.title}", f"/atelier/{told.workshop}/resultat") if told else None
    )


def _signs(told: ForeseenTold | None) -> TableView | None:
    """Return what would tell that the future chosen comes, and what is seen of it; each figure leads to its source."""
    rows = tuple(
        (
            one.descriptor,
            one.hypothesis,
            Link(f"{one.label}{f' ({one.unit})' if one.unit else ''}", evidence_of(one.territory, one.indicator)),
            french.number(one.seen) if one.seen is not None else "pas encore mesuré",
            french.short_date(french.day_of(one.seen_at)) if one.seen_at else "–",
        )
        for one in (told.signs if told else ())
    )
    columns = (
        "Composante",
        "Ce que l’on veut voir venir",
        "À quoi on le verra",
        "Ce qu’on en voit aujourd’hui",
        "Lu le",
    )
    return TableView("À quoi l’on verra qu’il vient", columns, rows, (False,) * 3 + (True, False)) if rows else None


def _year(one: YearTold) -> Fact:
    return Fact(f"Fin {one.year}", f"{one.done} sur {french.counted(one.actions, 'action faite', 'actions faites')}")


def _kicker(line: VisionLine) -> str:
    if line.replaced_at and line.published_at:
        return (
            f"Ancienne version : en vigueur du {french.long_date(french.day_of(line.published_at))} au "
            f"{french.long_date(french.day_of(line.replaced_at))}."
        )
    if line.published_at:
        return f"Publié le {french.long_date(french.day_of(line.published_at))}."
    return "En préparation : lu par l’organisation seule."


def _counts(told: VisionTold) -> str:
    actions = [one for priority in told.priorities for one in priority.actions]
    done = sum(one.state == ActionState.DONE.value for one in actions)
    still = sum(one.stalled for one in actions)
    said = (
        f"{french.counted(len(told.priorities), 'priorité')}, {french.counted(len(actions), 'action')}, dont "
        f"{french.counted(done, 'faite')}"
    )
    return f"{said} et {french.counted(still, 'sans nouvelle')} depuis quatre mois" if still else said


def _ways(told: VisionTold) -> list[Link]:
    place = f"{LIST}/{told.line.id}"
    found = [Link("Corriger", f"{place}/modifier")] if "edit" in told.may else []
    if "fill" in told.may:
        found.append(Link("Ajouter une priorité", f"{place}/priorites"))
        if told.priorities:
            found += [Link("Ajouter une action", f"{place}/actions"), Link("Ajouter un but chiffré", f"{place}/buts")]
    if told.line.state != VisionState.DRAFT.value:
        found.append(Link("La page publique", place_of(told.line.id)))
    return found


def _priority(told: PriorityTold, *, desk: bool) -> PriorityView:
    rows = tuple(map(_target, told.targets))
    columns = ("But", "Départ", "Voulu", "Vu", "Où l’on en est")
    return PriorityView(
        told.id, told.title, french.paragraphs(told.text), tuple(_action(one, desk=desk) for one in told.actions),
        TableView(f"Buts chiffrés : {told.title}", columns, rows) if rows else None,
    )  # fmt: skip


def _target(told: TargetTold) -> tuple[Link | str, ...]:
    unit = f" ({told.unit})" if told.unit else ""
    return (
        Link(f"{told.label}{unit}", evidence_of(told.territory, told.indicator)),
        f"{french.number(told.baseline)}, {french.short_date(told.baseline_on)}",
        f"{french.number(told.target)}, {french.short_date(told.due_on)}",
        french.number(told.seen) if told.seen is not None else "pas encore mesuré",
        told.progress,
    )


def _action(told: ActionTold, *, desk: bool) -> ActionView:
    facts = (
        *((f"Portée par {told.carrier}.",) if told.carrier else ()),
        *((f"Avec {told.partners}.",) if told.partners else ()),
        *((f"Moyens : {told.means}.",) if told.means else ()),
        *((f"Attendue le {french.long_date(told.due_on)}.",) if told.due_on else ()),
        f"Dernier acte le {french.long_date(told.said_on)}.",
    )
    warning = f"Rien depuis {waiting(told.silent_days)}." if told.stalled else ""
    warning += " Le terme est passé." if told.late else ""
    ways = (
        Link("Dire où elle en est", f"/bureau/actions/{told.id}/avancement"),
        Link("Ajouter un appui", f"/bureau/actions/{told.id}/appuis"),
    )
    return ActionView(
        told.id, told.title, french.capital(ActionState(told.state).label), facts, told.note, warning.strip(),
        tuple(Link(one.label, one.address) for one in told.uses), ways if desk else (),
    )  # fmt: skip


def story_page(told: VisionTold, sentences: Sequence[StorySentence]) -> StoryPage:
    """Return the story, each sentence leading to what it rests on."""
    parts = tuple(
        StoryPart(title, tuple(Link(one.text, one.address) for one in some))
        for title, some in groupby(sentences, key=lambda one: one.of)
    )
    return StoryPage(
        title=f"Le récit : {told.line.title}",
        lead="Chaque phrase mène à ce sur quoi elle s’appuie.",
        trail=(Link("Projets", ALL), Link(told.line.title, place_of(told.line.id)), Link("Le récit")),
        parts=parts,
    )


def results_page(told: ResultsTold) -> ResultsPage:
    """Return the five results; one that is hidden or unknown says why."""
    facts = tuple(
        Fact(
            one.label,
            "non dit"
            if one.value is None
            else f"{french.number(one.value)}{french.NBSP + one.unit if one.unit else ''}",
            one.address,
            one.note,
        )
        for one in told.results
    )
    return ResultsPage(
        title="Ce que le projet donne",
        lead=f"« {told.line.title} », en cinq résultats.",
        trail=(Link("Projets", ALL), Link(told.line.title, place_of(told.line.id)), Link("Résultats")),
        facts=facts,
        links=(Link("Le récit, à imprimer", f"{place_of(told.line.id)}/recit"),),
    )
