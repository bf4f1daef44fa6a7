"""What a learned order of partners is worth on participations handed in: it learns from the past, is judged on what
came next, and is set beside the simple orders that it must beat.

The features, the weights and the ranking are those that proposals use; nothing of the years judged is read before the
order is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.errors import RequestFault
from vigie.measures.cooperation.features import BASELINES, LEARNED
from vigie.measures.cooperation.network import Network, network
from vigie.measures.cooperation.ordering import Placed, broken_ties, placed, weighted
from vigie.measures.cooperation.weights import Weight, learn, standardised
from vigie.measures.ranking import bootstrap_by_group
from vigie.services.connect.participations import HandedIn, read_participations
from vigie.services.connect.queries import judge_queries

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.domain.finding import Interval

Years = tuple[int, int]
BEST_BASELINE = "adamic_adar_all_countries"
FAIRER_BASELINE = "adamic_adar_all_countries_ties_by_degree"
# The share of organisations whose partners are so many that any order finds them: what is left without them is told.
_HUBS = 0.01
WITHOUT_THEMES = (
    "Sans les thèmes des projets (--themes), l’activité d’un candidat est comptée tous thèmes confondus : mesuré sur "
    "les projets européens de la France, cela coûte un dixième du MRR (0,140 au lieu de 0,155)."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is evaluated: the country ranked, the years learned from, those judged, and the optional files."""

    country: str
    train: Years
    test: Years
    queries: Path | None = None
    themes: Path | None = None


def evaluate(path: Path, asked: Asked) -> dict[str, Any]:
    """Return how well the learned order and the simple ones place the pairs first joined in the years judged.

    Raises `RequestFault` for periods or a country on which nothing can be judged, `StructureFault` for files.
    """
    _refuse_periods(asked)
    handed = read_participations(path, asked.country, asked.themes)
    weights, learned_from = _learn(handed, asked)
    present = _known(handed.taken.between(*asked.train), asked, asked.train)
    came = present.new_pairs(handed.taken.between(*asked.test))
    if not came.nnz:
        raise RequestFault(f"Aucune paire nouvelle de {_said(asked.test)} entre organisations connues : rien à juger.")
    candidates = present.candidates()
    simple = {feature.name: feature.measure(present) for feature in BASELINES}
    standard = [standardised(feature.measure(present), candidates) for feature in LEARNED]
    scores = weighted(standard, [weight.value for weight in weights])
    rankings = {name: placed(values, candidates, came) for name, values in simple.items() if name != "jaccard"}
    rankings[FAIRER_BASELINE] = placed(broken_ties(simple[BEST_BASELINE], present.degrees), candidates, came)
    ordered = broken_ties(scores, present.degrees)
    model = placed(ordered, candidates, came)
    gains = {name: _gain(model, rankings[name]) for name in (BEST_BASELINE, FAIRER_BASELINE)}
    answer: dict[str, Any] = {
        "country": asked.country,
        "train": _said(asked.train),
        "test": _said(asked.test),
        "nodes": present.size,
        "train_edges": present.local_ties.nnz // 2,
        "new_pairs": came.nnz // 2,
        "directed_queries": int(model.ranks.size),
        "sources": int(np.unique(model.seekers).size),
        "left_out": handed.left_out,
        "model": {
            **model.quality(),
            "interval": _bounds(gains[BEST_BASELINE]),
            "interval_of": f"Gain de MRR sur {BEST_BASELINE}, intervalle à 95 % par tirage des organisations",
            "gains": {name: _bounds(gain) for name, gain in gains.items()},
            "themes": handed.themed,
            "learned_from": learned_from,
            "features": [_told(weight) for weight in weights],
        },
        "baselines": {name: ranking.quality() for name, ranking in rankings.items()},
        "subsets": _subsets(handed, present, came, {"model": ordered, BEST_BASELINE: simple[BEST_BASELINE]}),
        "notes": [] if handed.themed else [WITHOUT_THEMES],
    }
    if asked.queries is not None:
        numbers = {int(handed.identifiers[number]): row for row, number in enumerate(present.known.tolist())}
        answer["queries"] = judge_queries(asked.queries, numbers, {"model": scores, **simple})
    return answer


def _learn(handed: HandedIn, asked: Asked) -> tuple[tuple[Weight, ...], dict[str, Any]]:
    """Learn from the last year of the training years, seen from those before it."""
    first, last = asked.train
    before = _known(handed.taken.between(first, last - 1), asked, (first, last - 1))
    came, candidates = before.new_pairs(handed.taken.between(last, last)), before.candidates()
    if not came.nnz:
        raise RequestFault(f"Aucune paire nouvelle en {last} entre organisations connues avant : rien à apprendre.")
    measured = [(feature.name, standardised(feature.measure(before), candidates)) for feature in LEARNED]
    seen = {"features": _said((first, last - 1)), "outcomes": str(last), "new_pairs": came.nnz // 2}
    return learn(measured, candidates, came), seen


def _known(taken: Any, asked: Asked, years: Years) -> Network:
    found = network(taken)
    if found.size < 3:
        raise RequestFault(
            f"Moins de trois organisations du pays « {asked.country} » ont travaillé ensemble de {_said(years)} : "
            "rien à comparer."
        )
    return found


def _refuse_periods(asked: Asked) -> None:
    first, last = asked.train
    if first >= last:
        raise RequestFault("Il faut au moins deux années pour apprendre : écrivez --train 2014-2017.")
    if asked.test[0] <= last or asked.test[0] > asked.test[1]:
        raise RequestFault("Les années jugées (--test) viennent après celles où l’on apprend (--train).")


def _subsets(handed: HandedIn, present: Network, came: Any, orders: dict[str, Any]) -> dict[str, Any]:
    """Return the quality of orders among companies alone, and once the most connected are taken away."""
    degrees = present.degrees
    kinds = {"without_hubs": degrees <= np.quantile(degrees, 1.0 - _HUBS)}
    if handed.firms is not None:
        kinds["firm_to_firm"] = handed.firms[present.known]
    told: dict[str, Any] = {}
    for name, kept in kinds.items():
        inside = came.multiply(np.outer(kept, kept)).tocsr()
        inside.eliminate_zeros()
        if inside.nnz:
            candidates = present.candidates() & kept[None, :]
            told[name] = {"directed_queries": int(inside.nnz)}
            told[name] |= {order: placed(values, candidates, inside).quality() for order, values in orders.items()}
    return told


def _gain(model: Placed, other: Placed) -> Interval:
    return bootstrap_by_group(model.reciprocal, other.reciprocal, model.seekers)


def _bounds(interval: Interval) -> list[float | None]:
    return [interval.low, interval.high]


def _told(weight: Weight) -> dict[str, Any]:
    feature = next(one for one in LEARNED if one.name == weight.name)
    bounds = None if weight.interval is None else _bounds(weight.interval)
    return {"name": weight.name, "label": feature.label, "weight": weight.value, "interval": bounds,
            "docstring": feature.docstring}  # fmt: skip


def _said(years: Years) -> str:
    return f"{years[0]}-{years[1]}"
