"""Several territories side by side, with a reference: the figures of their portraits, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Hint, Label, Named, TextShape
from vigie.domain.finding_table import Unknown
from vigie.domain.french import counted, listed, percent
from vigie.errors import RequestFault
from vigie.services.capabilities import Capability
from vigie.services.comparing.level_figures import absent
from vigie.services.figures.rules import LEVELS
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.territory import Territory

MOST = 6
REFERENCE = "référence"


@dataclass(frozen=True, slots=True)
class CompareAsked:
    """What can be compared."""

    codes: Annotated[
        tuple[str, ...], Label("Territoires"), Named("avec"),
        Hint(f"De deux à {MOST} territoires, ou un seul et une référence : leurs codes."),
    ] = ()  # fmt: skip
    reference: Annotated[
        str, Label("Référence"), Named("reference"), Hint("Le territoire auquel les comparer : 85, region:52, FR…")
    ] = ""


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of one of the territories compared."""

    theme: Annotated[str, Label("Thème")]
    indicator: Annotated[str, Label("Identifiant"), TextShape("code")]
    label: Annotated[str, Label("Indicateur")]
    unit: Annotated[str, Label("Unité")]
    territory: Annotated[str, Label("Clé"), TextShape("code")]
    name: Annotated[str, Label("Territoire")]
    role: Annotated[str, Label("Rôle"), Hint("« référence » pour le territoire auquel les autres sont comparés.")]
    value: Annotated[float | None, Label("Valeur")]
    low: Annotated[float | None, Label("Borne basse")]
    high: Annotated[float | None, Label("Borne haute")]
    coverage: Annotated[float | None, Label("Part connue"), Hint("De 0 à 1.")]
    vintage: Annotated[str, Label("Millésime")]
    why: Annotated[str, Label("Pourquoi la valeur n’est pas connue")]


COMPARE = Question(
    "compare", "comparer", of=Of.EVERYTHING, group="observe", title="Comparer des territoires",
    summary=f"Les chiffres de plusieurs territoires ({MOST} au plus) côte à côte, avec une référence",
    takes=CompareAsked, rows=ComparedFigure, given="codes",
)  # fmt: skip
CAPABILITY = Capability("Comparaison", questions=(COMPARE,))


@COMPARE.answered
def compare(data: DataInService, _: str, asked: CompareAsked) -> AnswerTable:
    """Return every figure of the territories asked for, then of the reference, indicator after indicator.

    Each figure is of its latest year, that of the portrait. Raises `RequestFault` when there is nothing to compare, too
    much, or a kind of territory of which figures are not kept; `NotFound` for a territory that is not known.
    """
    places, reference = territories(data, asked)
    shown = [*places, *([reference] if reference else [])]
    rows, cited = _figures(data, shown, reference)
    beside = f", à côté de {reference.name}" if reference else ""
    return AnswerTable(
        title="Comparer : " + listed([place.name for place in places]),
        lead=f"{counted(len({row.indicator for row in rows}), 'indicateur')} de {listed([p.name for p in places])}"
        f"{beside}.",
        rows=rows,
        sources=data.loaded.cite(*cited),
        simulated=data.loaded.simulated,
        note=_note(rows),
    )


def territories(data: DataInService, asked: CompareAsked) -> tuple[list[Territory], Territory | None]:
    """Return the territories to compare, each once, and the reference; see `compare` for what is raised."""
    places = Places(data.warehouse)
    found = {place.key: place for place in map(places.territory, dict.fromkeys(asked.codes))}
    reference = places.territory(asked.reference) if asked.reference else None
    if reference:
        found.pop(reference.key, None)
    for place in [*found.values(), *([reference] if reference else [])]:
        if place.kind not in LEVELS:
            raise RequestFault(
                f"{place.name} ne se compare pas : choisissez parmi {listed([kind.label for kind in LEVELS])}."
            )
    if len(found) + bool(reference) < 2:
        raise RequestFault("Donnez au moins deux territoires, ou un territoire et une référence.")
    if len(found) > MOST:
        raise RequestFault(f"{len(found)} territoires sont demandés : {MOST} se lisent côte à côte, au plus.")
    return list(found.values()), reference


def _figures(
    data: DataInService, shown: Sequence[Territory], reference: Territory | None
) -> tuple[tuple[ComparedFigure, ...], list[str]]:
    from vigie.services.portrait.imported import (  # noqa: PLC0415 - Ibis: only who asks waits for it
        all_cards,
        published_uses,
    )

    published = published_uses(data.loaded)
    found = _present(data, shown)
    rows, cited = list[ComparedFigure](), dict[str, None]()
    for card in all_cards(data.loaded).values():
        told = [(place, found.get((card.id, place.key))) for place in shown if place.kind in card.levels]
        if not any(row for _, row in told):
            continue
        cited |= dict.fromkeys(published[card.id].sources if card.id in published else card.sources)
        rows += [
            _figure((card.theme, card.id, card.label, card.unit), place, place is reference, row,
                    absent(card, published))
            for place, row in told
        ]  # fmt: skip
    return tuple(rows), list(cited)


def _figure(
    about: tuple[str, str, str, str], place: Territory, is_reference: bool, row: Mapping[str, Any] | None,
    otherwise: Unknown,
) -> ComparedFigure:  # fmt: skip
    told = row or {"why": otherwise.value}
    return ComparedFigure(
        *about, place.key, place.name, REFERENCE if is_reference else "", told.get("value"), told.get("low"),
        told.get("high"), told.get("coverage"), told.get("vintage", ""),
        Unknown(told["why"]).label if told["why"] else "",
    )  # fmt: skip


def _present(data: DataInService, shown: Sequence[Territory]) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the latest figure of each territory by indicator and key."""
    table = data.warehouse.table("figure")
    asked = parameter("codes", "array<string>").unnest().name("code").as_table()
    rows = data.warehouse.rows(table.semi_join(asked, "code"), {"codes": [place.code for place in shown]})
    keys = {place.key for place in shown}
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: str(row["vintage"])):
        key = f"{row['kind']}:{row['code']}"
        if key in keys:
            found[row["indicator"], key] = row
    return found


def _note(rows: Sequence[ComparedFigure]) -> str:
    partial = [row.coverage for row in rows if row.value is not None and row.coverage is not None and row.coverage < 1]
    told = "Chaque chiffre est celui du portrait, de sa dernière année connue."
    if partial:
        told += (
            f" {counted(len(partial), 'chiffre ne couvre', 'chiffres ne couvrent')} qu’une part de sa base, "
            f"{percent(min(partial), 0)} pour le moins couvert."
        )
    return told
