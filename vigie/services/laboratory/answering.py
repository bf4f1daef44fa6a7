"""The laboratory: what growth goes with, under every specification, and what can be concluded of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1
from typing import TYPE_CHECKING, Annotated

from vigie.domain.declared import Hint, InUnit, Label, TextShape
from vigie.domain.french import counted, listed, number, percent
from vigie.services.capabilities import Capability
from vigie.services.laboratory.country import LEVELS, NothingToExamine
from vigie.services.laboratory.examination import Examination
from vigie.services.laboratory.examining import LaboratoryAsked, examine
from vigie.services.loaded import REFERENCE
from vigie.services.questions import AnswerTable, DataInService, Of, Question

if TYPE_CHECKING:
    from vigie.domain.provenance import Provenance
    from vigie.measures.hypotheses.laboratory import Effect

NOTHING = "On ne peut pas conclure"
_SAID = {1: "va avec la croissance", -1: "va contre la croissance", 0: "on ne peut pas conclure"}
_MODELS = {
    "ols": "les tests n’appellent aucun modèle spatial",
    "lag": "les tests appellent un modèle à décalage spatial",
    "error": "les tests appellent un modèle à erreur spatiale",
}
METHOD = (
    "Effets en centièmes d’écart-type, intervalles robustes à 95 % (HC3) ; une association n’est pas une cause. "
    "La taille compte si son intervalle exclut zéro, du même côté, sous toutes les spécifications."
)


@dataclass(frozen=True, slots=True)
class EffectLine:
    """The effect of one regressor under one specification."""

    specification: Annotated[str, Label("Spécification")]
    regressor: Annotated[str, Label("Ce qui explique")]
    effect: Annotated[
        float, Label("Effet (centièmes d’écart-type)"), InUnit("centièmes d’écart-type"),
        Hint("De la croissance, pour un écart-type de ce qui explique."),
    ]  # fmt: skip
    low: Annotated[float, Label("Borne basse"), InUnit("centièmes d’écart-type")]
    high: Annotated[float, Label("Borne haute"), InUnit("centièmes d’écart-type")]
    said: Annotated[str, Label("Lecture")]
    territories: Annotated[int, Label("Territoires"), InUnit("territoires")]
    r2: Annotated[
        float | None,
        Label("R² (%)"),
        InUnit("%"),
        Hint("Part expliquée ; sans objet pour un modèle spatial."),
    ]


@dataclass(frozen=True, slots=True)
class BeyondLine:
    """A territory that did other than its size and assets let expect."""

    name: Annotated[str, Label("Territoire")]
    key: Annotated[str, Label("Clé"), TextShape("code")]
    growth: Annotated[float, Label("Évolution (%)"), InUnit("%")]
    expected: Annotated[float, Label("Attendu (%)"), InUnit("%")]
    gap: Annotated[float, Label("Écart à l’attendu (%)"), InUnit("%")]
    low: Annotated[float, Label("Borne basse"), InUnit("%")]
    high: Annotated[float, Label("Borne haute"), InUnit("%")]


HYPOTHESIS = Question(
    "hypothesis", "laboratoire", of=Of.EVERYTHING, group="observe", title="Métropoles ou réseaux",
    summary="Ce qui va avec la croissance des territoires : la taille, les atouts, ou rien qu’on puisse conclure",
    takes=LaboratoryAsked, rows=EffectLine,
)  # fmt: skip
BEYOND = Question(
    "beyond", "mieux-que-leurs-atouts", of=Of.EVERYTHING, group="observe", title="Ceux qui font mieux que leurs atouts",
    summary="Territoires dont la croissance dépasse ce que taille et atouts laissaient attendre",
    takes=LaboratoryAsked, rows=BeyondLine,
)  # fmt: skip
BEYOND.about = (Of.TERRITORY, lambda row: row.key)
CAPABILITY = Capability("Laboratoire de la métropolisation", questions=(HYPOTHESIS, BEYOND))


@dataclass(frozen=True, slots=True)
class ExaminedCountry(AnswerTable):
    """The effects, and apart from the note: what is concluded, on what, what was left out, what could not be tried."""

    conclusion: str = ""
    subject: str = ""
    years: tuple[int, int] = (0, 0)
    left_out: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@HYPOTHESIS.answered
def hypothesis(data: DataInService, _: str, asked: LaboratoryAsked) -> AnswerTable:
    """Return the effects under every specification; the sentence above says what can be concluded.

    Raises `RequestFault` naming the setting that cannot be followed.
    """
    try:
        found = examine(data, asked)
    except NothingToExamine as lacking:
        return _silent(data, HYPOTHESIS.title, lacking)
    return ExaminedCountry(
        title="Métropoles ou réseaux ?",
        lead=f"{conclusion(found)} {subject(found, asked.level)}",
        rows=tuple(_line(effect) for effect in found.effects),
        sources=sources_of(data, found),
        simulated=simulated(data, found),
        note=" ".join([beside_size(found), *_fit(found), METHOD, *found.left_out, *found.limits]),
        conclusion=conclusion(found),
        subject=f"{subject(found, asked.level)} {beside_size(found)}",
        years=found.years,
        left_out=found.left_out,
        limits=(*_fit(found), *found.limits),
    )


@BEYOND.answered
def beyond(data: DataInService, _: str, asked: LaboratoryAsked) -> AnswerTable:
    """Return the territories whose growth no chance explains beside their size and assets, the best first.

    Never a ranking of all: a share of a tenth of those named at most may be so by mistake. Raises `RequestFault`.
    """
    try:
        found = examine(data, asked)
    except NothingToExamine as lacking:
        return _silent(data, BEYOND.title, lacking)
    rows = () if found.beyond is None else _beyond_lines(found, asked.level)
    better = [row for row in rows if row.gap > 0]
    told = (
        f"{counted(len(better), 'territoire fait mieux', 'territoires font mieux')} que leur taille et leurs atouts "
        f"ne le laissaient attendre, {counted(len(rows) - len(better), 'fait moins bien', 'font moins bien')}"
        if rows
        else f"{NOTHING} : aucun territoire ne s’écarte assez de ce que sa taille et ses atouts laissaient attendre"
    )
    return AnswerTable(
        title="Ceux qui font mieux que leurs atouts",
        lead=f"{told}. {subject(found, asked.level)}",
        rows=rows,
        sources=sources_of(data, found),
        simulated=simulated(data, found),
        note=" ".join([
            "Fausses découvertes tenues à 10 % : un territoire nommé sur dix au plus peut l’être par erreur. "
            "Ce n’est pas un classement : les autres ne se distinguent pas de ce qui était attendu.",
            beside_size(found), *found.left_out, *found.limits,
        ]),
    )  # fmt: skip


def _silent(data: DataInService, title: str, lacking: NothingToExamine) -> AnswerTable:
    return AnswerTable(title, f"{NOTHING}.", (), (), data.loaded.simulated, str(lacking))


def subject(found: Examination, level: str) -> str:
    """Return what is examined: outcome, period, level."""
    return (
        f"{found.outcome.card.label} de {found.years[0]} à {found.years[1]}, "
        f"{counted(found.rows.size, LEVELS[level], _many(level))}."
    )


def beside_size(found: Examination) -> str:
    """Return which assets explain beside size, in a sentence."""
    if not found.cards:
        return "Seule la taille explique."
    return f"À côté de la taille : {listed([f'« {card.label} »' for card in found.cards])}."


def _many(level: str) -> str:
    head, *rest = LEVELS[level].split(" ")
    return " ".join([f"{head}s", *rest])


def conclusion(found: Examination) -> str:
    """Return in one or two sentences what can be concluded, by the rule of `METHOD`; often, that nothing can."""
    part = (
        f"La taille seule explique {percent(found.size_r2, 0)} des écarts de croissance."
        if found.size_r2 is not None
        else ""
    )
    told = {
        1: "Les plus grands ont crû davantage, sous toutes les spécifications essayées.",
        -1: "Les plus grands ont crû moins, sous toutes les spécifications essayées.",
        0: f"{NOTHING} que la taille aille avec la croissance.",
    }[found.verdict]
    if found.placebo and found.verdict:
        told += " Mais la taille « explique » aussi ce qui avait crû avant : ce n’est donc pas un effet de la taille."
    if found.acting:
        told += f" {listed([f'« {one.regressor} » {_SAID[one.sign]}' for one in found.acting])}, à taille égale."
    return f"{told} {part}".strip()


def _fit(found: Examination) -> list[str]:
    if found.nearness is None:
        return []
    near = found.nearness
    return [
        f"Résidus entre voisins : I de Moran {number(near.moran, 3)} (p = {number(near.probability, 3)}) ; "
        f"{_MODELS[near.model]}."
    ]


def _line(effect: Effect) -> EffectLine:
    value, low, high = (round(100 * one, 2) for one in (effect.value, effect.low, effect.high))
    r2 = None if effect.r2 is None else round(100 * effect.r2, 2)
    return EffectLine(effect.specification, effect.regressor, value, low, high, _SAID[effect.sign], effect.rows, r2)


def _beyond_lines(found: Examination, level: str) -> tuple[BeyondLine, ...]:
    lines = [beyond_line(found, level, rank) for rank in range(found.rows.size)]
    named = [] if found.beyond is None else found.beyond.named.tolist()
    kept = [line for line, is_named in zip(lines, named, strict=True) if is_named]
    return tuple(sorted(kept, key=lambda line: (-line.gap, line.name)))


def beyond_line(found: Examination, level: str, rank: int) -> BeyondLine:
    """Return what one of the territories kept did beside what was expected, all in per cent."""
    if found.beyond is None:
        raise ValueError("nothing was expected of the territories")
    code = found.outcome.codes[int(found.rows[rank])]
    one = found.beyond
    points = [100 * expm1(values[rank]) for values in (found.growth, one.expected, one.left, one.low, one.high)]
    return BeyondLine(found.outcome.names[code], f"{level}:{code}", *(round(value, 2) for value in points))


def sources_of(data: DataInService, found: Examination) -> tuple[Provenance, ...]:
    """Return how the sources of an examination are cited."""
    return data.loaded.cite(*_used(data, found), REFERENCE)


def simulated(data: DataInService, found: Examination) -> bool:
    """Tell whether something examined is imaginary: populations of communes are not."""
    return data.loaded.simulated and any(source != REFERENCE for source in _used(data, found))


def _used(data: DataInService, found: Examination) -> tuple[str, ...]:
    from vigie.services.portrait.imported import published_uses  # noqa: PLC0415 - Ibis: only who asks waits for it

    published = published_uses(data.loaded)
    used = list(found.outcome.sources)
    for card in found.cards:
        used += published[card.id].sources if card.id in published else card.sources
    return tuple(dict.fromkeys(one for one in used if one != REFERENCE))
