"""One examination: a level, an outcome, a period, what is kept, what explains; the default ones are made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import numpy as np

from vigie.domain.declared import Hint, Label, Missing, Named, TextShape, Words
from vigie.domain.french import counted, listed
from vigie.errors import RequestFault
from vigie.measures.hypotheses import laboratory
from vigie.measures.hypotheses.regression import CollinearRegressors, TooFewRows
from vigie.measures.hypotheses.spatial import nearest
from vigie.services.kept import kept_with
from vigie.services.laboratory import kept
from vigie.services.laboratory.country import LEVELS, Outcome, Setting, assets, outcome_of, setting_of
from vigie.services.laboratory.examination import PLACEBO, Examination

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from vigie.domain.finding_table import Floats
    from vigie.measures.hypotheses.laboratory import Effect, Nearness
    from vigie.services.questions import DataInService

SIZE, SQUARE, METROPOLIS = "taille (logarithme)", "taille au carré", "métropole"
WELL_KNOWN = 0.9
"""Share of the territories of which a year must be known to begin the period when none is asked for."""
_SHOWN = 10
"""Territories left out that a sentence names; the others are counted."""
_USUAL_NEIGHBOURS, _MOST_NEIGHBOURS = 5, 20
"""Neighbours of a territory: about as many as share a border with it, and the most that still are a neighbourhood."""


@dataclass(frozen=True, slots=True)
class LaboratoryAsked:
    """The settings of an examination; they are in the address, so that a link gives the same result again."""

    level: Annotated[str, Label("Niveau"), Named("niveau"), Words(LEVELS), Missing("Par défaut : zone d’emploi")] = "ze"
    outcome: Annotated[
        str, Label("Résultat"), Named("resultat"), TextShape("code"),
        Hint("Un indicateur qui s’additionne : population, jobs, creations…"),
    ] = "population"  # fmt: skip
    start: Annotated[
        int | None,
        Label("De l’année"),
        Named("de"),
        Hint("Année du recensement ou de la source ; la première bien connue si vide."),
    ] = None
    end: Annotated[int | None, Label("À l’année"), Named("a"), Hint("La dernière si vide.")] = None
    regressors: Annotated[
        tuple[str, ...], Label("Atouts"), Named("atouts"), TextShape("code"),
        Hint("Indicateurs d’avant la période, séparés par des virgules ; six au plus sont choisis si vide."),
    ] = ()  # fmt: skip
    without: Annotated[
        str, Label("Sans"), Named("sans"), Words({"paris": "Paris", "outre-mer": "l’outre-mer"}), Missing("Personne")
    ] = ""
    w: Annotated[
        str, Label("Voisins"), Named("voisins"), Hint("« knn:5 » : les cinq plus proches."), TextShape("code")
    ] = f"knn:{_USUAL_NEIGHBOURS}"  # fmt: skip


_SPACE = {"lag": "décalage spatial", "error": "erreur spatiale"}


def examine(data: DataInService, asked: LaboratoryAsked) -> Examination:
    """Return the examination of some settings; that of the default ones was made with the generation, for each level.

    Raises `RequestFault` naming the setting that cannot be followed and what can be chosen instead.
    """
    if asked == LaboratoryAsked(level=asked.level) and asked.level in LEVELS:
        return kept_with(data.warehouse, f"laboratory {asked.level}", lambda: _kept_or_made(data, asked))
    return examined(data, asked)


def _kept_or_made(data: DataInService, asked: LaboratoryAsked) -> Examination:
    content = kept.read(data, asked.level)
    return examined(data, asked) if content is None else kept.understood(data, content)


@dataclass(slots=True)
class _Attempt:
    """What an examination gathers while it goes."""

    growth: Floats
    size: Floats
    values: Floats
    names: tuple[str, ...]
    effects: list[Effect] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def tried(
        self, specification: str, columns: Sequence[Floats], names: Sequence[str],
        kept: NDArray[np.bool_] | None = None, told: int | None = None,
    ) -> None:  # fmt: skip
        """Add the effects of a specification, or say that it could not be tried."""
        rows = np.ones(self.growth.size, dtype=bool) if kept is None else kept
        matrix = np.column_stack(columns)[rows]
        found = laboratory.effects(specification, self.growth[rows], matrix, names, told)
        if not found:
            self.limits.append(f"« {specification} » n’a pas pu être essayé : trop peu de territoires, ou redites.")
        self.effects += found


def examined(data: DataInService, asked: LaboratoryAsked) -> Examination:
    """Make the examination of some settings. Raises what `examine` does."""
    neighbours = _neighbours(asked.w)
    outcome = outcome_of(data, asked.level, asked.outcome)
    start, end = _period(outcome, asked)
    setting = setting_of(data, asked.level, outcome.codes)
    cards, values = assets(data, asked.level, asked.regressors, start)
    rows, left_out = _kept(outcome, (start, end), values, setting, asked.without)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log(outcome.at(start))[rows]
        growth = np.log(outcome.at(end) / outcome.at(start))[rows]
    work = _Attempt(growth, size, values[rows], tuple(card.label for card in cards))
    _try_sizes(work, setting, rows)
    _try_assets(work, setting, rows)
    _try_before(work, outcome, start, rows)
    near = _try_space(work, setting.centres[rows], neighbours)
    try:
        found = (
            laboratory.beyond(growth, np.column_stack([size, work.values]))
            if growth.size >= laboratory.FEWEST_ROWS
            else None
        )
    except (CollinearRegressors, TooFewRows):
        found = None
    sized = [effect for effect in work.effects if effect.regressor == SIZE and effect.specification != PLACEBO]
    alone = next((effect.r2 for effect in work.effects if effect.specification == "taille seule"), None)
    acting = [
        [effect for effect in work.effects if effect.regressor == name and effect.specification != PLACEBO]
        for name in work.names
    ]
    return Examination(
        outcome, (start, end), cards, rows, growth, tuple(work.effects), found, near, alone,
        laboratory.agreed(sized), tuple(one[0] for one in acting if laboratory.agreed(one)),
        left_out, tuple(work.limits), setting.case,
    )  # fmt: skip


def _try_sizes(work: _Attempt, setting: Setting, rows: NDArray[np.int64]) -> None:
    size, paris, overseas = work.size, setting.paris[rows], setting.overseas[rows]
    work.tried("taille seule", [size], [SIZE])
    if paris.any():
        work.tried("taille seule, sans Paris", [size], [SIZE], ~paris)
    if overseas.any():
        work.tried("taille seule, sans l’outre-mer", [size], [SIZE], ~overseas)
    centred = size - size.mean() if size.size else size
    work.tried("taille et carré", [centred, centred**2], [SIZE, SQUARE])
    if setting.metropolis[rows].any():
        work.tried("métropole ou non", [setting.metropolis[rows].astype(float)], [METROPOLIS])


def _try_assets(work: _Attempt, setting: Setting, rows: NDArray[np.int64]) -> None:
    regions = np.array(setting.region)[rows]
    apart = [(regions == one).astype(float) for one in sorted(set(regions.tolist()))[1:]]
    columns = [work.size, *work.values.T]
    if work.names:
        work.tried("taille et atouts", columns, [SIZE, *work.names])
        if (paris := setting.paris[rows]).any():
            work.tried("taille et atouts, sans Paris", columns, [SIZE, *work.names], ~paris)
    else:
        work.limits.append("Aucun atout connu avant la période n’est chargé : la taille est seule à expliquer.")
    if apart:
        work.tried("à région égale", [*columns, *apart], [SIZE, *work.names], told=1 + len(work.names))


def _try_before(work: _Attempt, outcome: Outcome, start: int, rows: NDArray[np.int64]) -> None:
    """Try the size of the start on what had grown before: an effect there says that size follows growth too."""
    earlier = [year for year in outcome.years if year < start]
    if not earlier:
        work.limits.append("Placebo non fait : aucune date d’avant la période n’est chargée.")
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        before = np.log(outcome.at(start) / outcome.at(earlier[0]))[rows]
    known = np.isfinite(before)
    work.effects += laboratory.effects(PLACEBO, before[known], work.size[known][:, None], [SIZE])


def _try_space(work: _Attempt, centres: Floats, neighbours: int) -> Nearness | None:
    known = np.isfinite(centres).all(axis=1)
    if known.sum() < max(laboratory.FEWEST_ROWS, neighbours + 2):
        work.limits.append("Voisinage non essayé : les centres des territoires ne sont pas chargés.")
        return None
    columns = np.column_stack([work.size, work.values])[known]
    try:
        found, told = laboratory.nearness(
            work.growth[known], columns, [SIZE, *work.names], nearest(centres[known], neighbours)
        )
    except (CollinearRegressors, TooFewRows):
        work.limits.append("Voisinage non essayé : les atouts se redisent entre eux.")
        return None
    work.effects += [
        laboratory.Effect(_SPACE[one.specification], one.regressor, one.value, one.low, one.high, one.rows, one.r2)
        for one in told
    ]
    return found


def _neighbours(w: str) -> int:
    kind, _, count = w.partition(":")
    if kind != "knn" or not count.isdecimal() or not 1 <= int(count) <= _MOST_NEIGHBOURS:
        raise RequestFault(f"« {w[:20]} » n’est pas un voisinage : écrivez knn:5, de 1 à {_MOST_NEIGHBOURS} voisins.")
    return int(count)


def _period(outcome: Outcome, asked: LaboratoryAsked) -> tuple[int, int]:
    years = outcome.years
    known = np.isfinite(outcome.values).mean(axis=0)
    first = next((year for year, share in zip(years, known, strict=True) if share >= WELL_KNOWN), years[0])
    start, end = asked.start or first, asked.end or years[-1]
    for year in (start, end):
        if year not in years:
            raise RequestFault(
                f"« {outcome.card.label} » n’est pas connu en {year} : choisissez parmi "
                f"{listed([str(one) for one in years])}."
            )
    if start >= end:
        raise RequestFault(f"La période va de {start} à {end} : choisissez une fin après le début.")
    return start, end


def _kept(
    outcome: Outcome, period: tuple[int, int], values: Floats, setting: Setting, without: str
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the territories kept, and in sentences those that are left out."""
    here = np.isfinite(outcome.at(period[0])) & np.isfinite(outcome.at(period[1]))
    here &= (outcome.at(period[0]) > 0) & (outcome.at(period[1]) > 0)
    assets_known = np.isfinite(values).all(axis=1)
    apart = {"paris": setting.paris, "outre-mer": setting.overseas}.get(without, np.zeros(here.size, dtype=bool))
    told: list[str] = []
    for lost, why in (
        (~here, "faute de résultat aux deux dates"),
        (here & ~assets_known, "faute d’un atout"),
        (here & assets_known & apart, "à votre demande"),
    ):
        told += _named(outcome, lost, why)
    return np.flatnonzero(here & assets_known & ~apart), tuple(told)


def _named(outcome: Outcome, lost: NDArray[np.bool_], why: str) -> list[str]:
    names = [outcome.names[outcome.codes[rank]] for rank in np.flatnonzero(lost).tolist()]
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + ("…" if len(names) > _SHOWN else "")
    return [f"{counted(len(names), 'territoire laissé de côté', 'territoires laissés de côté')} {why} : {shown}."]
