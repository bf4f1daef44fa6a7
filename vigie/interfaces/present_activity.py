"""One activity: where it is, what is near it and why, the trades that it hires."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.french import capital, counted
from vigie.interfaces.present import source_lines
from vigie.interfaces.views import Link, Plate, SourceLine, TableView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.actors import Activity
    from vigie.domain.provenance import Provenance
    from vigie.services.questions import AnswerTable
    from vigie.services.relatedness.occupations import HiredOccupation
    from vigie.services.relatedness.related import ActivityPlace, RelatedActivity

_PLACES, _NEAR, _TRADES = 10, 5, 10


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """`activity.html`: an activity told in chapters; one that covers several leads to each of them."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    firms: Link
    plates: tuple[Plate, ...] = ()
    parts: tuple[Link, ...] = ()
    sources: tuple[SourceLine, ...] = ()


def activity_page(activity: Activity, above: Sequence[Activity], answers: Mapping[str, AnswerTable]) -> ActivityPage:
    """Return the page of a subclass; `answers` are those of where, near and trades, by these words."""
    here = f"/activite/{activity.code}"
    told = tuple(answers.values())
    sources: dict[str, Provenance] = {source.id: source for answer in told for source in answer.sources}
    return ActivityPage(
        title=activity.label or activity.code,
        lead=f"Code {activity.code} de la nomenclature d’activités (NAF rév. 2). {answers['where'].lead}",
        trail=_trail(activity, above),
        firms=_firms(activity),
        plates=(
            _where(answers["where"], here),
            *_near(answers["near"], here),
            _trades(answers["trades"], here),
        ),
        sources=source_lines(tuple(sources.values())),
    )


def wider_activity_page(activity: Activity, above: Sequence[Activity], parts: Sequence[Activity]) -> ActivityPage:
    """Return the page of a section, a division or a group: the activities that it covers."""
    return ActivityPage(
        title=activity.label or activity.code,
        lead=f"Code {activity.code} : {counted(len(parts), 'activité plus fine', 'activités plus fines')}.",
        trail=_trail(activity, above),
        firms=_firms(activity),
        parts=tuple(Link(f"{part.label} ({part.code})", f"/activite/{part.code}") for part in parts),
    )


def _trail(activity: Activity, above: Sequence[Activity]) -> tuple[Link, ...]:
    wider = tuple(Link(wide.label or wide.code, f"/activite/{wide.code}") for wide in reversed(above))
    return Link("Entreprises", "/annuaire"), *wider, Link(activity.label or activity.code)


def _firms(activity: Activity) -> Link:
    return Link("Les entreprises de cette activité", f"/annuaire?naf={activity.code}")


def _where(told: AnswerTable, here: str) -> Plate:
    rows: Sequence[ActivityPlace] = told.rows[:_PLACES]
    table = TableView(
        "Où elle est plus présente qu’ailleurs", ("Territoire", "Emplois connus", "Fois la moyenne"),
        tuple(
            (Link(row.area, f"/territoire/{row.key.replace(':', '/', 1)}"), french.number(row.jobs),
             french.number(row.quotient))
            for row in rows
        ),
        (False, True, True),
    )  # fmt: skip
    return Plate("lieux", "Où elle est", told.note, "" if rows else told.lead, tables=(table,) if rows else (),
                 links=(Link("Tous les lieux", f"{here}/lieux"),) if rows else ())  # fmt: skip


def _near(told: AnswerTable, here: str) -> tuple[Plate, ...]:
    found: Sequence[RelatedActivity] = told.rows
    tables = []
    for kind, rows in groupby(found, key=lambda row: row.kind):
        lines = tuple(
            (Link(row.activity, f"/activite/{row.naf}"), Link(row.evidence, f"{here}/pourquoi?avec={row.naf}"))
            for row in list(rows)[:_NEAR]
        )
        tables.append(TableView(capital(kind), ("Activité proche", "Parce que"), lines))
    links = (Link("Toutes les activités proches", f"{here}/proches"),) if tables else ()
    return (Plate("proches", "Ce qui est proche d’elle", told.note, "" if tables else told.lead, tables=tuple(tables),
                  links=links),)  # fmt: skip


def _trades(told: AnswerTable, here: str) -> Plate:
    rows: Sequence[HiredOccupation] = told.rows[:_TRADES]
    table = TableView(
        "Les métiers qu’elle embauche", ("Métier", "Part de ses embauches", "Fois la moyenne"),
        tuple((row.occupation, f"{french.number(row.share)}{french.NBSP}%", french.number(row.quotient))
              for row in rows),
        (False, True, True),
    )  # fmt: skip
    return Plate("metiers", "Ses métiers", told.note, "" if rows else told.lead, tables=(table,) if rows else (),
                 links=(Link("Tous ses métiers", f"{here}/metiers"),) if rows else ())  # fmt: skip
