"""Exchanges of matter measured on files handed in: who takes what others give, and how much. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from vigie.errors import RequestFault, StructureFault
from vigie.measures import symbiosis as exchanges
from vigie.services.lever_files import Entry, read_mapping, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Answer = dict[str, Any]
METHODS = ("vigie", *exchanges.BASELINES)
_DRAWS = 2000
_FIRST = 5
_EXCHANGE = ("id", "case", "nace_from", "nace_to", "ewc")


def symbiosis(precedents: Path, queries: Path, method: str = "vigie") -> list[Answer]:
    """Return, for each query, the divisions (NACE) that could take what it gives, the likeliest first.

    A query that names its case study is answered from the others alone. Each division comes with its score and the
    precedents that speak for it. Raises `RequestFault` for a method that does not exist, `StructureFault`.
    """
    if method not in METHODS:
        raise RequestFault(f"« {method} » n’est pas une façon de classer : {', '.join(METHODS)}.")
    held = _exchanges(precedents, ("nace_from", "nace_to", "ewc"))
    return [_receivers(held, asked, method) for asked in _exchanges(queries, ("nace_from", "ewc"))]


def _receivers(held: Sequence[exchanges.Precedent], asked: exchanges.Precedent, method: str) -> Answer:
    known = exchanges.others(held, asked.case)
    if not known:
        raise RequestFault(
            f"Tous les précédents sont de l’étude « {asked.case} », celle de la question « {asked.id} » : "
            "ajoutez des précédents d’autres études."
        )
    scores = exchanges.receivers(known, asked) if method == "vigie" else exchanges.baseline(known, asked, method)
    return {
        "query": asked.id,
        "receivers": [
            {
                "division": one,
                "score": scores[one],
                "precedents": [by.id for by in exchanges.support(known, asked, one)],
            }
            for one in exchanges.ranked(scores)
        ],
    }


def symbiosis_evaluation(precedents: Path) -> dict[str, Answer]:
    """Return how each method finds the true receivers again, one case study left out at a time.

    `n`, `hits1`, `hits5`, `MRR` (a receiver that the other cases never name counts zero); with the 95 % interval of the
    MRR and of its gap with the best simple ranking, cases drawn again 2 000 times. Raises `StructureFault`.
    """
    held = _exchanges(precedents, _EXCHANGE)
    cases = sorted({one.case for one in held})
    if len(cases) == 1:
        raise RequestFault("Il faut au moins deux études pour en laisser une de côté : ajoutez des précédents.")
    rates = {method: np.array([_reciprocal(held, one, method) for one in held]) for method in METHODS}
    best = max(exchanges.BASELINES, key=lambda name: float(rates[name].mean()))
    drawn = _drawn([cases.index(one.case) for one in held], len(cases))
    found = {}
    for method, reciprocal in rates.items():
        told = {
            "n": len(held),
            "hits1": float(np.mean(reciprocal == 1)),
            "hits5": float(np.mean(reciprocal >= 1 / _FIRST)),
            "MRR": float(reciprocal.mean()),
            "interval": _interval(reciprocal, drawn),
        }
        if method == "vigie":
            told |= {"beside": best, "gap": _interval(reciprocal - rates[best], drawn)}
        found[method] = told
    return found


def _reciprocal(held: Sequence[exchanges.Precedent], asked: exchanges.Precedent, method: str) -> float:
    ranks = [one["division"] for one in _receivers(held, replace(asked, taker=""), method)["receivers"]]
    return 1 / (ranks.index(asked.taker[:2]) + 1) if asked.taker[:2] in ranks else 0.0


def _drawn(cases: Sequence[int], count: int) -> NDArray[np.float64]:
    """Return how many times each row counts in each of 2 000 draws of the cases, with replacement."""
    draws = np.random.default_rng(1).multinomial(count, [1 / count] * count, size=_DRAWS)
    weights: NDArray[np.float64] = draws[:, np.asarray(cases)].astype(float)
    return weights


def _interval(values: NDArray[np.float64], drawn: NDArray[np.float64]) -> list[float]:
    means = drawn @ values / drawn.sum(axis=1)
    return [float(bound) for bound in np.quantile(means, (0.025, 0.975))]


def _exchanges(path: Path, needed: Sequence[str]) -> list[exchanges.Precedent]:
    """Read exchanges; several waste codes run together are kept as written, and ranked by the first."""
    found = []
    for rank, row in enumerate(read_rows(path, needed, _EXCHANGE), start=1):
        waste = "".join(row["ewc"].rstrip("*").split())
        if waste and (not waste.isdigit() or len(waste) % exchanges.WASTE_DIGITS):
            _refuse(path, row, "ewc", f"« {row['ewc'][:40]} » n’est pas un code déchet.",
                    "Écrivez six chiffres, suivis d’une étoile si le déchet est dangereux.")  # fmt: skip
        for column in ("nace_from", "nace_to"):
            if column in needed and not row[column][:2].isdigit():
                _refuse(path, row, column, f"« {row[column][:40]} » n’est pas une activité.",
                        "Écrivez au moins les deux chiffres de la division.")  # fmt: skip
        found.append(exchanges.Precedent(row["id"] or str(rank), row["case"], row["nace_from"], row["nace_to"], waste))
    return found


def _refuse(path: Path, row: Mapping[str, str], column: str, what: str, remedy: str) -> NoReturn:
    raise StructureFault(what, file=path.name, line=int(row[""]), column=column, remedy=remedy)


def flows(instance: Path) -> Answer:
    """Return the flows that save the most (`least_cost`) and those that move the most at least cost (`most_moved`).

    The instance gives `supply`, `demand`, `unit_cost` (rows give, columns take), optionally `feasible` and
    `disposal_cost_avoided_per_t`, which is taken away from each unit cost. Raises `StructureFault`.
    """
    told = Entry(instance.name, "cas", read_mapping(instance))
    supply, demand = _vector(told, "supply"), _vector(told, "demand")
    shape = (supply.size, demand.size)
    costs = _table(told, "unit_cost", shape)
    feasible = _table(told, "feasible", shape) > 0 if "feasible" in told.values else np.ones(shape, dtype=bool)
    avoided = told.number("disposal_cost_avoided_per_t") or 0.0
    least = exchanges.cheapest(supply, demand, costs - avoided, feasible)
    most = exchanges.fullest(supply, demand, costs, feasible)
    return {
        "least_cost": {"objective": least.cost, "moved": least.total, "flows": _told_flows(least)},
        "most_moved": {"objective": most.total, "cost": most.cost, "flows": _told_flows(most)},
    }


def _told_flows(found: exchanges.MatterFlows) -> list[Answer]:
    rows, columns = np.nonzero(found.amounts)
    moved = found.amounts[rows, columns]
    pairs = zip(rows.tolist(), columns.tolist(), moved.tolist(), strict=True)
    return [{"from": giver, "to": taker, "amount": amount} for giver, taker, amount in pairs]


def _vector(told: Entry, field: str) -> NDArray[np.float64]:
    found = _amounts(told, field)
    if found.ndim != 1 or not found.size:
        told.fault(field, "une liste de nombres est attendue.")
    if (found < 0).any():
        told.fault(field, "une quantité est négative.")
    return found


def _table(told: Entry, field: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    found = _amounts(told, field)
    if found.shape != shape:
        told.fault(field, f"un tableau de {shape[0]} lignes et {shape[1]} colonnes est attendu.",
                   "Une ligne par donneur, une colonne par receveur.")  # fmt: skip
    return found


def _amounts(told: Entry, field: str) -> NDArray[np.float64]:
    try:
        found = np.array(told.values.get(field), dtype=float)
    except (TypeError, ValueError):
        told.fault(field, "des nombres sont attendus, en lignes d’égale longueur.")
    if not np.isfinite(found).all():
        told.fault(field, "un nombre manque, ou n’a pas de fin.")
    return found
