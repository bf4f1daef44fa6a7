"""Judging who else works for a buyer one day, on public contracts handed in (consolidated DECP)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from vigie.domain.french import long_date
from vigie.errors import RequestFault, StructureFault
from vigie.measures.cooperation.contracts import LEARNED, STATED, activity, shared_buyers
from vigie.measures.cooperation.contracts.market import BuyerDays, Contracts, market, meetings
from vigie.measures.cooperation.ordering import broken_ties, placed, weighted
from vigie.measures.cooperation.weights import Weight, learn, standardised
from vigie.measures.ranking import bootstrap_by_group
from vigie.services.connect.weighing import LEAST_FIRMS, LEAST_OUTCOMES
from vigie.sources.handed_tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = ("acheteur_id", "titulaire_id", "dateNotification", "acheteur_departement_code")
_LEARNED_SHARE = 2 / 3
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)
_REMEDY = "Vérifiez que c’est le bon fichier."


def evaluate_meetings(path: Path, since: date | None = None) -> dict[str, Any]:
    """Return how well an order places who else works for a buyer the same day, from `since` on (mid-way by default).

    Candidates are the firms that already worked in the département of the buyer before. Weights are learned on the last
    third of the days before `since`, from what was known before them; stated ones stay where too little came.
    Raises `StructureFault` for files, `RequestFault` when nothing can be judged.
    """
    held, left_out = _read(path)
    first, last = int(held.day.min()), int(held.day.max())
    cut = (first + last) // 2 if since is None else since.toordinal()
    firms = int(held.firm.max()) + 1
    past = held.where(held.day < cut)
    if not past.firm.size:
        raise RequestFault(f"Aucun contrat avant le {long_date(date.fromordinal(cut))} : rien n’est connu ce jour-là.")
    known = market(past, firms)
    asked = meetings(known, held.where(held.day >= cut))
    if not asked.firm.size:
        raise RequestFault(
            f"Aucun acheteur n’a retenu le même jour deux entreprises connues à partir du "
            f"{long_date(date.fromordinal(cut))} : rien à juger."
        )
    weights, learned = _weights(past, first + round((cut - first) * _LEARNED_SHARE), firms)
    table = [standardised(feature.measure(known, asked), asked.candidates) for feature in LEARNED]
    scores = weighted(table, [weight.value for weight in weights])
    popular = activity.measure(known, asked)
    orders = {
        "random": np.zeros_like(scores),
        "popularity": popular,
        "shared_buyers": shared_buyers.measure(known, asked),
    }
    rankings = {name: placed(values, asked.candidates, asked.came) for name, values in orders.items()}
    model = placed(broken_ties(scores, popular[0]), asked.candidates, asked.came)
    gain = bootstrap_by_group(model.reciprocal, rankings["shared_buyers"].reciprocal, asked.firm[model.seekers])
    return {
        "protocol": "buyer-day",
        "since": date.fromordinal(cut).isoformat(),
        "queries": int(asked.firm.size),
        "pairs": int(model.ranks.size),
        "mean_candidates": float(asked.candidates.sum(axis=1).mean()),
        "left_out": left_out,
        "model": {
            **model.quality(),
            "interval": [gain.low, gain.high],
            "interval_of": "Gain de MRR sur shared_buyers, intervalle à 95 % par tirage des entreprises",
            "weights": "learned" if learned else "stated",
            "features": [_told(weight) for weight in weights],
        },
        "baselines": {name: ranking.quality() for name, ranking in rankings.items()},
        "new_pairs": _new_pairs(past, asked, orders | {"model": scores}, firms),
        "notes": []
        if learned
        else [
            f"Moins de {LEAST_OUTCOMES} rencontres de {LEAST_FIRMS} entreprises pour apprendre : "
            "les poids énoncés restent."
        ],
    }


def _weights(past: Contracts, cut: int, firms: int) -> tuple[tuple[Weight, ...], bool]:
    before = market(past.where(past.day < cut), firms)
    asked = meetings(before, past.where(past.day >= cut))
    if asked.came.nnz < LEAST_OUTCOMES or np.unique(asked.firm).size < LEAST_FIRMS:
        return tuple(Weight(one.name, value, None) for one, value in zip(LEARNED, STATED, strict=True)), False
    table = [(one.name, standardised(one.measure(before, asked), asked.candidates)) for one in LEARNED]
    return learn(table, asked.candidates, asked.came), True


def _new_pairs(past: Contracts, asked: BuyerDays, orders: dict[str, Any], firms: int) -> dict[str, Any]:
    """Return the quality on the pairs that had never been retained the same day before, the others set aside."""
    held = market(past, firms).meetings
    met = (held[asked.firm] @ held.T).toarray() > 0
    came = asked.came.multiply(~met).tocsr()
    came.eliminate_zeros()
    if not came.nnz:
        return {"pairs": 0}
    candidates = asked.candidates & ~met
    return {"pairs": int(came.nnz)} | {
        name: placed(values, candidates, came).quality() for name, values in orders.items()
    }


def _read(path: Path) -> tuple[Contracts, dict[str, int]]:
    """Read a file of contracts; holders, buyers and days that are none are counted and left out."""
    table = read_table(path, COLUMNS, ("codeCPV", "donneesActuelles"))
    days = np.array([_day(cell) for cell in table["dateNotification"].to_pylist()])
    reasons = {
        "données remplacées depuis": _outdated(table),
        "acheteur sans SIRET": ~_siret(table["acheteur_id"]),
        "titulaire sans SIRET": ~_siret(table["titulaire_id"]),
        "date impossible": days < 0,
        "sans département d’acheteur": np.asarray(pc.is_null(table["acheteur_departement_code"])),
    }
    kept, left_out = np.ones(table.num_rows, dtype=bool), {}
    for reason, wrong in reasons.items():
        faulty = wrong & kept
        if faulty.any():
            left_out[reason] = int(faulty.sum())
        kept &= ~faulty
    if not kept.any():
        raise StructureFault("aucune ligne n’a d’acheteur, de titulaire, de jour et de département.", file=path.name,
                             remedy=_REMEDY)  # fmt: skip
    firm = _numbered([cell[:9] for cell in _cells(table, "titulaire_id", kept)])
    columns = [_numbered(_cells(table, name, kept)) for name in ("acheteur_id", "acheteur_departement_code")]
    trade = np.full(firm.size, -1)
    if "codeCPV" in table.column_names:
        codes = [cell or "" for cell in _cells(table, "codeCPV", kept)]
        trade = np.where(np.array(codes) == "", -1, _numbered(codes))
    return Contracts(firm, columns[0], days[kept], trade, columns[1]), left_out


def _cells(table: Any, name: str, kept: Any) -> list[Any]:
    return [cell for cell, keep in zip(table[name].to_pylist(), kept.tolist(), strict=True) if keep]


def _numbered(codes: list[str]) -> Any:
    return np.unique(np.array(codes), return_inverse=True)[1]


def _siret(column: Any) -> Any:
    return np.asarray(pc.fill_null(pc.match_substring_regex(column, r"^[0-9]{14}$"), False))


def _outdated(table: Any) -> Any:
    if "donneesActuelles" not in table.column_names:
        return np.zeros(table.num_rows, dtype=bool)
    words = pc.utf8_lower(table["donneesActuelles"])
    return np.asarray(pc.fill_null(pc.match_substring_regex(words, r"^(non|false|0)$"), False))


def _day(cell: str | None) -> int:
    """Return the ordinal of a day, -1 where it is none: « 0218-10-29 » is a slip of the pen, not an age."""
    try:
        found = date.fromisoformat((cell or "")[:10])
    except ValueError:
        return -1
    return found.toordinal() if _EARLIEST <= found < _LATEST else -1


def _told(weight: Weight) -> dict[str, Any]:
    feature = next(one for one in LEARNED if one.name == weight.name)
    bounds = None if weight.interval is None else [weight.interval.low, weight.interval.high]
    return {"name": weight.name, "label": feature.label, "weight": weight.value, "interval": bounds,
            "docstring": feature.docstring}  # fmt: skip
