"""Territories like one another, of the same level, with what brings them together and what sets them apart in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np

from vigie.domain.declared import Hint, InUnit, Label, Named, NumberRange, TextShape
from vigie.domain.french import counted, listed, number, quantity
from vigie.domain.territory import TerritoryKind
from vigie.measures.likeness import FARTHEST, differences, distances
from vigie.services.capabilities import Capability
from vigie.services.comparing.level_figures import SIZE, level_figures
from vigie.services.figures.rules import LEVELS
from vigie.services.places import Places
from vigie.services.questions import AnswerTable, DataInService, Of, Question
from vigie.sources.indicator_uses import Aggregation

if TYPE_CHECKING:
    from vigie.domain.finding_table import Floats
    from vigie.domain.territory import Territory
    from vigie.services.comparing.level_figures import LevelFigures
    from vigie.services.indicator_cards import IndicatorCard

_USUAL, _MOST = 10, 50
FEWEST_DESCRIPTORS, FEWEST_THEMES = 5, 2
"""Below, likeness would be that of one subject only."""
_KNOWN_BY = 0.5
"""Share of the territories of a level of which a descriptor must be known."""
_SHARED = 2 / 3
"""Share of the descriptors, by weight, that a territory must share with the one asked about."""
_MARKED, _NEAR, _APART = 0.5, 0.5, 1.0
"""In spreads: how far from the median a common trait is, how near two values are, how far apart."""
_ALIKE, _UNLIKE = 3, 2
_NO_DECIMALS = 1000
"""Values from which a decimal tells nothing more."""
_SHORT_UNIT = 10
"""Letters of a unit that is said after each value; the others are in the card of the indicator."""
_SIZE_THEME = "Taille"


@dataclass(frozen=True, slots=True)
class SimilarAsked:
    """What can be asked of similar territories."""

    most: Annotated[int, Label("Nombre de territoires"), Named("nombre"), NumberRange(1, _MOST)] = _USUAL


@dataclass(frozen=True, slots=True)
class SimilarTerritory:
    """One territory like the one asked about."""

    name: Annotated[str, Label("Territoire")]
    key: Annotated[str, Label("Clé"), TextShape("code")]
    distance: Annotated[
        float, Label("Écart"), InUnit("écarts habituels"),
        Hint("0 quand tout est semblable ; 1 est l’écart habituel entre deux territoires pris au hasard, à peu près."),
    ]  # fmt: skip
    alike: Annotated[str, Label("Ce qui les rapproche")]
    unlike: Annotated[str, Label("Ce qui les sépare")]
    descriptors: Annotated[int, Label("Indicateurs comparés"), InUnit("indicateurs")]


SIMILAR = Question(
    "similar", "semblables", of=Of.TERRITORY, group="observe", title="Territoires semblables",
    summary="Territoires du même niveau qui ressemblent à un territoire, et pourquoi", takes=SimilarAsked,
    rows=SimilarTerritory,
)  # fmt: skip
SIMILAR.about = (Of.TERRITORY, lambda row: row.key)
CAPABILITY = Capability("Territoires semblables", questions=(SIMILAR,))


@dataclass(frozen=True, slots=True, eq=False)
class _Likeness:
    """A territory among its likes: descriptors (columns of `values`), their spreads, and weights."""

    level: LevelFigures
    cards: tuple[IndicatorCard, ...]
    shown: Floats
    values: Floats
    spread: Floats
    middle: Floats
    weight: Floats
    row: int


@SIMILAR.answered
def similar(data: DataInService, key: str, asked: SimilarAsked) -> AnswerTable:
    """Return the territories of the same level most like one, the nearest first.

    Every theme weighs the same, whatever the number of its indicators. Where too little is known, or for a kind of
    territory that has no level, there is no row and the note says why.
    """
    place = Places(data.warehouse).territory(key)
    found, why = _likeness(data, place)
    rows = _rows(found, asked.most) if found else ()
    among = counted(len(found.level.codes) - 1, "autre") if found else ""
    return AnswerTable(
        title=f"Territoires semblables : {place.name}",
        lead=f"Les plus proches de {place.name}, parmi {among} : {listed([row.name for row in rows[:3]])}."
        if rows
        else f"Rien ne peut être dit de ce qui ressemble à {place.name}.",
        rows=rows,
        sources=data.loaded.cite(*dict.fromkeys(s for card in found.cards for s in found.level.sources[card.id]))
        if found
        else (),
        simulated=data.loaded.simulated,
        note=why or _note(found),
    )


def _likeness(data: DataInService, place: Territory) -> tuple[_Likeness | None, str]:
    if place.kind not in LEVELS or place.kind is TerritoryKind.FRANCE:
        known = listed([kind.label for kind in LEVELS if kind is not TerritoryKind.FRANCE])
        return None, f"Les ressemblances se mesurent entre territoires d’un même niveau : {known}."
    level = level_figures(data, place.kind.value)
    row = level.row(place.code)
    if row is None:
        return None, f"{place.name} n’est pas un territoire du découpage en vigueur."
    kept = _descriptors(level, row)
    cards = tuple(level.cards[column] for column in kept)
    if len(kept) < FEWEST_DESCRIPTORS or len({_theme(card) for card in cards}) < FEWEST_THEMES:
        return None, (
            f"Il faut au moins {FEWEST_DESCRIPTORS} indicateurs de {FEWEST_THEMES} thèmes, connus ici et dans la "
            f"moitié des territoires du même niveau : {counted(len(kept), 'l’est', 'le sont')}."
        )
    themes = [_theme(card) for card in cards]
    weight = np.array([1 / themes.count(theme) for theme in themes])
    spread = level.spread[kept]
    weight[~np.isfinite(spread)] = 0.0
    return _Likeness(
        level, cards, level.values[:, kept], level.compared[:, kept], spread, level.middle[kept], weight, row
    ), ""


def _descriptors(level: LevelFigures, row: int) -> list[int]:
    """Return the columns that compare territories of any size: known here and in half of them; and their size."""
    known = np.isfinite(level.values[row])
    return [
        column
        for column, card in enumerate(level.cards)
        if level.known[column] >= _KNOWN_BY
        and known[column]
        and (card.aggregation is not Aggregation.SUM or card.id == SIZE)
    ]


def _theme(card: IndicatorCard) -> str:
    return _SIZE_THEME if card.id == SIZE else card.theme


def _rows(found: _Likeness, most: int) -> tuple[SimilarTerritory, ...]:
    near, shared = distances(found.values, found.row, found.spread, found.weight)
    near[found.row] = np.nan
    near[shared < _SHARED] = np.nan
    order = np.argsort(near, kind="stable")[: min(most, int(np.isfinite(near).sum()))]
    apart = differences(found.values, found.row, found.spread)
    return tuple(_row(found, int(other), float(near[other]), apart[other]) for other in order)


def _row(found: _Likeness, other: int, distance: float, apart: Floats) -> SimilarTerritory:
    code = found.level.codes[other]
    return SimilarTerritory(
        found.level.names[code],
        f"{found.level.kind}:{code}",
        round(distance, 3),
        _alike(found, other, apart),
        _unlike(found, other, apart),
        int(np.isfinite(apart[found.weight > 0]).sum()),
    )


def _alike(found: _Likeness, other: int, apart: Floats) -> str:
    """Say the traits that both have and that most territories have not, the most marked first."""
    own = (found.values[found.row] - found.middle) / found.spread
    theirs = (found.values[other] - found.middle) / found.spread
    marked = np.where(np.sign(own) == np.sign(theirs), np.minimum(np.abs(own), np.abs(theirs)), 0.0)
    near = (np.abs(apart) <= _NEAR) & (marked >= _MARKED)
    chosen = [column for column in np.argsort(-marked, kind="stable").tolist() if near[column]][:_ALIKE]
    if not chosen:
        return "des valeurs voisines, sans trait marqué"
    told = [
        f"{found.cards[column].label} {'au-dessus' if own[column] > 0 else 'au-dessous'} de la médiane "
        f"({_said(found, other, column)}, ici {_said(found, found.row, column)})"
        for column in chosen
    ]
    return " ; ".join(told)


def _unlike(found: _Likeness, other: int, apart: Floats) -> str:
    """Say what is the farthest apart, when it is; numbers that read the same on both sides set nothing apart."""
    far = np.where(np.isfinite(apart) & (found.weight > 0), np.abs(apart), 0.0)
    chosen = [column for column in np.argsort(-far, kind="stable").tolist() if far[column] >= _APART]
    sides = ((column, _said(found, other, column), _said(found, found.row, column)) for column in chosen)
    told = [f"{found.cards[column].label} : {there}, ici {here}" for column, there, here in sides if there != here]
    return " ; ".join(told[:_UNLIKE]) or "rien de marqué"


def _said(found: _Likeness, row: int, column: int) -> str:
    unit = found.cards[column].unit
    value = float(found.shown[row, column])
    decimals = 0 if abs(value) >= _NO_DECIMALS else None
    return quantity(value, unit if len(unit) <= _SHORT_UNIT else "", decimals)


def _note(found: _Likeness | None) -> str:
    if found is None:
        return ""
    themes = dict.fromkeys(_theme(card) for card in found.cards)
    return (
        f"{counted(len(found.cards), 'indicateur comparé', 'indicateurs comparés')} de "
        f"{counted(len(themes), 'thème', 'thèmes')} ({listed(themes)}), chaque thème comptant autant. L’écart de "
        "chacun se mesure à son étendue habituelle (écart interquartile / 1,349) et s’arrête à "
        f"{number(FARTHEST)} ; les nombres qui dépendent de la taille sont laissés de côté, la population compte par "
        "son logarithme. Un territoire dont moins des deux tiers sont connus n’est pas comparé."
    )
