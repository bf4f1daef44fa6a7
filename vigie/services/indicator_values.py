"""The figures of one indicator for all territories of a level, ranked with ties; what is unknown says why."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from vigie.domain.declared import Hint, Label, Named, TextShape, Words
from vigie.domain.finding_table import Unknown
from vigie.domain.french import counted, percent
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound, RequestFault
from vigie.services.capabilities import Capability
from vigie.services.comparing.level_figures import absent, names_within
from vigie.services.figures.rules import LEVELS
from vigie.services.loaded import REFERENCE
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.services.indicator_cards import IndicatorCard

LEVEL_WORDS = {kind.value: kind.label for kind in LEVELS}


@dataclass(frozen=True, slots=True)
class ValuesAsked:
    """What can be asked of an indicator's figures."""

    level: Annotated[
        str, Label("Niveau"), Named("niveau"), Words(LEVEL_WORDS), Hint(f"Parmi {', '.join(LEVEL_WORDS)}.")
    ] = TerritoryKind.EPCI.value
    within: Annotated[
        str, Label("Dans"), Named("dans"), Hint("Code d’un territoire\u00a0: 85, region:52… Tout le pays par défaut.")
    ] = ""
    vintage: Annotated[str, Label("Millésime"), Named("millesime"), Hint("Le plus récent par défaut.")] = ""


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """The figure of one territory; equal values share a rank."""

    rank: Annotated[int | None, Label("Rang")]
    code: Annotated[str, Label("Code"), TextShape("code")]
    name: Annotated[str, Label("Territoire")]
    value: Annotated[float | None, Label("Valeur")]
    low: Annotated[float | None, Label("Borne basse")]
    high: Annotated[float | None, Label("Borne haute")]
    coverage: Annotated[float | None, Label("Part connue"), Hint("De 0 à 1.")]
    why: Annotated[str, Label("Pourquoi la valeur n’est pas connue")]


VALUES = Question(
    "values",
    "valeurs",
    of=Of.INDICATOR,
    group="observe",
    command="indicator",
    title="Valeurs d’un indicateur par territoire",
    summary="Les valeurs d’un indicateur pour tous les territoires d’un niveau",
    takes=ValuesAsked,
    rows=IndicatorValue,
)
CAPABILITY = Capability("Indicateurs par territoire", questions=(VALUES,))


@VALUES.answered
def values(data: DataInService, key: str, asked: ValuesAsked) -> AnswerTable:
    """Return the figures of an indicator, the largest first, those that are not known last with the reason.

    Raises `NotFound` for an indicator that does not exist, `RequestFault` for a level its card does not allow or a
    vintage that is not there.
    """
    from vigie.services.portrait.imported import published_uses  # noqa: PLC0415 - Ibis: only who asks waits for it

    card = card_of(data, key)
    uses = published_uses(data.loaded)
    published = uses.get(card.id)
    if asked.level not in {kind.value for kind in card.levels}:
        known = ", ".join(kind.value for kind in card.levels)
        raise RequestFault(f"«\u00a0{card.label}\u00a0» n’existe pas à ce niveau\u00a0: choisissez parmi {known}.")
    found = _figures(data, card.id, asked.level)
    vintages = sorted({row["vintage"] for row in found})
    vintage = asked.vintage or (vintages[-1] if vintages else "")
    if asked.vintage and asked.vintage not in vintages:
        raise RequestFault(
            f"Aucune valeur de {asked.vintage[:20]}\u00a0: les millésimes sont {', '.join(vintages) or 'absents'}."
        )
    rows = _ranked(
        names_within(data, asked.level, asked.within),
        {row["code"]: row for row in found if row["vintage"] == vintage},
        absent(card, uses),
    )
    known_rows = sum(row.value is not None for row in rows)
    where = f", {Places(data.warehouse).territory(asked.within).name}" if asked.within else ""
    return AnswerTable(
        title=f"{card.label} ({card.unit})" if card.unit else card.label,
        lead=f"Par {LEVEL_WORDS[asked.level]}{where}, {vintage or 'aucun millésime'}\u00a0: "
        f"{counted(known_rows, 'valeur connue', 'valeurs connues')} sur {counted(len(rows), 'territoire')}.",
        rows=tuple(rows),
        sources=data.loaded.cite(*(published.sources if published else card.sources)),
        simulated=data.loaded.simulated and card.sources != (REFERENCE,) and published is None,
        note=_note(card, rows),
    )


def usual_level(card: IndicatorCard) -> str:
    """Return the level at which an indicator is shown when none is asked for: intercommunalities, else its first."""
    return TerritoryKind.EPCI.value if TerritoryKind.EPCI in card.levels else card.levels[0].value


def card_of(data: DataInService, indicator: str) -> IndicatorCard:
    """Return the card of an indicator; raises `NotFound` with those that exist."""
    from vigie.services.portrait.imported import all_cards  # noqa: PLC0415 - Ibis: only who asks waits for it

    cards = all_cards(data.loaded)
    if indicator not in cards:
        known = ", ".join(sorted(cards))
        raise NotFound(f"Aucun indicateur «\u00a0{indicator[:60]}\u00a0». Indicateurs\u00a0: {known}.")
    return cards[indicator]


def _figures(data: DataInService, indicator: str, level: str) -> list[dict[str, Any]]:
    table = data.warehouse.table("figure")
    chosen = table.filter(table.indicator == parameter("indicator"), table.kind == parameter("kind"))
    kept = chosen.select("code", "vintage", "value", "low", "high", "coverage", "why")
    return data.warehouse.rows(kept, {"indicator": indicator, "kind": level})


def _ranked(names: Mapping[str, str], found: Mapping[str, Mapping[str, Any]], absent: Unknown) -> list[IndicatorValue]:
    known = sorted((row["value"] for code, row in found.items() if code in names and row["value"] is not None))
    rows = []
    for code, name in names.items():
        row = found.get(code)
        if row is None:
            rows.append(IndicatorValue(None, code, name, None, None, None, None, absent.label))
            continue
        value = row["value"]
        rank = None if value is None else len(known) - bisect_right(known, value) + 1
        why = "" if row["why"] is None else Unknown(row["why"]).label
        rows.append(IndicatorValue(rank, code, name, value, row["low"], row["high"], row["coverage"], why))
    return sorted(rows, key=lambda one: (one.rank is None, one.rank or 0, one.name, one.code))


def _note(card: IndicatorCard, rows: Sequence[IndicatorValue]) -> str:
    told = f"Agrégation\u00a0: {card.aggregation.label}."
    partial = [row.coverage for row in rows if row.value is not None and row.coverage is not None and row.coverage < 1]
    if partial:
        told += (
            f" {counted(len(partial), 'valeur ne couvre', 'valeurs ne couvrent')} qu’une part de leur base, "
            f"{percent(min(partial), 0)} pour la moins couverte."
        )
    return f"{told} {card.secrecy}".strip()
