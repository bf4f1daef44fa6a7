"""The default examinations of a generation, as they are written in it and read again: the same to the last digit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.measures.hypotheses.laboratory import Beyond, Effect, Nearness
from vigie.services.laboratory.country import NothingToExamine, Outcome
from vigie.services.laboratory.examination import Examination
from vigie.store.warehouse import parameter

if TYPE_CHECKING:
    from vigie.domain.finding_table import Floats
    from vigie.services.questions import DataInService

_SIDES = ("expected", "left", "low", "high")


def written(found: Examination | NothingToExamine) -> str:
    """Return an examination, or why there is none, as JSON; numbers keep every digit."""
    if isinstance(found, NothingToExamine):
        return json.dumps({"lacking": str(found)}, ensure_ascii=False)
    outcome, one, near = found.outcome, found.beyond, found.nearness
    told: dict[str, Any] = {
        "outcome": {
            "card": outcome.card.id, "codes": outcome.codes, "names": dict(outcome.names), "years": outcome.years,
            "values": _numbers(outcome.values),
        },
        "years": found.years, "cards": [card.id for card in found.cards], "rows": found.rows.tolist(),
        "growth": _numbers(found.growth), "effects": [_effect(effect) for effect in found.effects],
        "beyond": None if one is None
        else {side: _numbers(getattr(one, side)) for side in _SIDES} | {"named": one.named.tolist()},
        "nearness": None if near is None else [near.moran, near.probability, near.model],
        "size_r2": found.size_r2, "verdict": found.verdict, "acting": [_effect(effect) for effect in found.acting],
        "left_out": found.left_out, "limits": found.limits, "cases": found.cases,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def read(data: DataInService, level: str) -> str | None:
    """Return what a generation holds of the default examination of a level; `None` where it holds nothing."""
    table = data.warehouse.table("laboratory")
    rows = data.warehouse.rows(table.filter(table.level == parameter("level")).select("content"), {"level": level})
    return str(rows[0]["content"]) if rows else None


def understood(data: DataInService, content: str) -> Examination:
    """Return an examination as it was written. Raises `NothingToExamine` where that is what was found."""
    from vigie.services.portrait.imported import (  # noqa: PLC0415 - Ibis: only who asks waits for it
        all_cards,
        published_uses,
    )

    told = json.loads(content)
    if "lacking" in told:
        raise NothingToExamine(told["lacking"])
    cards, published, of = all_cards(data.loaded), published_uses(data.loaded), told["outcome"]
    card = cards[of["card"]]
    outcome = Outcome(
        card, published[card.id].sources if card.id in published else card.sources, tuple(of["codes"]), of["names"],
        tuple(of["years"]), _array(of["values"]),
    )  # fmt: skip
    one, near = told["beyond"], told["nearness"]
    return Examination(
        outcome, (told["years"][0], told["years"][1]), tuple(cards[name] for name in told["cards"]),
        np.asarray(told["rows"], dtype=np.int64), _array(told["growth"]),
        tuple(Effect(*effect) for effect in told["effects"]),
        None if one is None
        else Beyond(**{side: _array(one[side]) for side in _SIDES}, named=np.asarray(one["named"], dtype=np.bool_)),
        None if near is None else Nearness(*near), told["size_r2"], told["verdict"],
        tuple(Effect(*effect) for effect in told["acting"]), tuple(told["left_out"]), tuple(told["limits"]),
        tuple(told["cases"]),
    )  # fmt: skip


def _effect(one: Effect) -> list[Any]:
    return [one.specification, one.regressor, one.value, one.low, one.high, one.rows, one.r2]


def _numbers(values: Floats) -> Any:
    """Return an array as lists, `None` where a number is not known: JSON has no other word for it."""
    if values.ndim > 1:
        return [_numbers(row) for row in values]
    return [None if np.isnan(one) else one for one in values.tolist()]


def _array(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)
