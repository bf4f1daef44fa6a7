"""What explains a growth, under several specifications, and who does other than size and assets let expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from vigie.measures.hypotheses.regression import (
    CollinearRegressors,
    LeastSquares,
    TooFewRows,
    false_discovery,
    least_squares,
    standardised,
)
from vigie.measures.hypotheses.spatial import Weights, called_for, dependence, error_model, lag_model

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
DISCOVERIES = 0.1
"""Share of the territories named that may be so by mistake."""
_TESTED_AT = 0.07
"""Less than what is promised: where nothing acts, whoever is named is so by mistake, and estimating how the spread
goes with size costs some precision. Measured on 250 areas: 8 draws in 100 name somebody, 12 at the promise itself."""
FEWEST_ROWS = 30
"""Territories below which nothing is concluded: robust intervals are too narrow on fewer (Long and Ervin, 2000)."""
_SMALLEST, _WIDEST = 1e-4, 2.0
"""Squares below this share of their mean say nothing of a spread; a spread is tilted by e² either way at most."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What goes with one standard deviation of a regressor, in those of the growth, with its interval at 95 %."""

    specification: str
    regressor: str
    value: float
    low: float
    high: float
    rows: int
    r2: float | None

    @property
    def sign(self) -> int:
        """Return 1 or −1 where the interval excludes zero, else 0."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """What was expected of each territory and what was left over: shape (n,); `named` are those no chance explains."""

    expected: Floats
    left: Floats
    low: Floats
    high: Floats
    named: Booleans


@dataclass(frozen=True, slots=True)
class Nearness:
    """Likeness of what is left over between neighbours: Moran's I, its probability, the model that tests call for."""

    moran: float
    probability: float
    model: str


def effects(
    specification: str, growth: Floats, columns: Floats, names: Sequence[str], told: int | None = None
) -> list[Effect]:
    """Return the standardised effect of each column (n, k) on a growth (n,), the constant being added.

    Only the first `told` are returned, where the others are controls. Empty where they cannot be told apart, or
    where there are too few rows. Cost: O(n·k²).
    """
    if growth.size < FEWEST_ROWS or growth.size <= columns.shape[1] + 1:
        return []
    design = np.column_stack([np.ones(growth.size), columns])
    try:
        fitted = least_squares(growth, design)
    except (CollinearRegressors, TooFewRows):
        return []
    scale = design.std(axis=0, ddof=1) / growth.std(ddof=1)
    values = standardised(fitted, growth, design)
    return [
        Effect(
            specification, name, float(values[rank]), float(scale[rank] * fitted.low[rank]),
            float(scale[rank] * fitted.high[rank]), growth.size, fitted.r2,
        )
        for rank, name in enumerate(names[:told], start=1)
    ]  # fmt: skip


def nearness(growth: Floats, columns: Floats, names: Sequence[str], weights: Weights) -> tuple[Nearness, list[Effect]]:
    """Return the tests of likeness between neighbours, and the effects in the model of space that they call for.

    No effect is returned where they call for none. Raises `CollinearRegressors`, `TooFewRows`.
    """
    design = np.column_stack([np.ones(growth.size), columns])
    fitted = least_squares(growth, design)
    found = dependence(fitted, growth, design, weights)
    model = called_for(found)
    told = Nearness(found.moran.value, found.moran.probability, model)
    if model == "ols":
        return told, []
    fit = (lag_model if model == "lag" else error_model)(growth, design, weights)
    scale = design.std(axis=0, ddof=1) / growth.std(ddof=1)
    half = special.ndtri(0.975) * fit.errors
    return told, [
        Effect(
            model, name, float(scale[rank] * fit.coefficients[rank]),
            float(scale[rank] * (fit.coefficients[rank] - half[rank])),
            float(scale[rank] * (fit.coefficients[rank] + half[rank])), growth.size, None,
        )
        for rank, name in enumerate(names, start=1)
    ]  # fmt: skip


def beyond(growth: Floats, columns: Floats, rate: float = _TESTED_AT) -> Beyond:
    """Return what is left of each growth once size and assets are taken away, and which of it no chance explains.

    The spread of what is left is let differ with size, the first column: both sides are divided by exp(ĝ/2), ĝ being
    ln e² fitted on it, else small territories, which vary more, are named too often. Then tᵢ = eᵢ / s₍ᵢ₎√(1−hᵢ), the
    deviation s₍ᵢ₎ being that of the others; a territory is named where its probability is rejected while a share `rate`
    of rejections may be wrong. Bounds are at 95 %, of `left`. Raises `CollinearRegressors`, `TooFewRows`. O(n·k²).
    Source: Harvey (1976); Belsley, Kuh and Welsch (1980); Benjamini and Hochberg (1995).
    """
    design = np.column_stack([np.ones(growth.size), columns])
    first = least_squares(growth, design)
    free = first.rows - first.columns - 1
    if free < 1:
        raise TooFewRows(f"{first.rows} rows for {first.columns} columns")
    scale = _spread_by_size(first.residuals, columns[:, 0])
    fitted = least_squares(growth / scale, design / scale[:, None])
    spread = _spread_of_others(fitted, free) * scale
    left = fitted.residuals * scale
    chances = 2 * special.stdtr(free, -np.abs(left / spread))
    half = float(special.stdtrit(free, 0.975)) * spread
    return Beyond(growth - left, left, left - half, left + half, false_discovery(chances, rate))


def _spread_by_size(residuals: Floats, size: Floats) -> Floats:
    """Return how far what is left spreads at each size, about 1 on the whole: shape (n,)."""
    squares = residuals**2
    slope = least_squares(
        np.log(np.maximum(squares, squares.mean() * _SMALLEST)), np.column_stack([np.ones(size.size), size])
    )
    tilt = slope.coefficients[1] * (size - size.mean()) / 2
    spread: Floats = np.exp(np.clip(tilt, -_WIDEST, _WIDEST))
    return spread


def _spread_of_others(fitted: LeastSquares, free: int) -> Floats:
    open_part = np.maximum(1 - fitted.leverages, 1e-9)
    squares = float(fitted.residuals @ fitted.residuals) - fitted.residuals**2 / open_part
    return np.sqrt(np.maximum(squares, 1e-300) / free) * np.sqrt(open_part)


def agreed(found: Sequence[Effect]) -> int:
    """Return 1 or −1 where every effect excludes zero on the same side, else 0; 0 where there is none.

    >>> agreed([Effect("a", "x", .2, .1, .3, 50, .1), Effect("b", "x", .1, -.1, .3, 50, .1)])
    0
    """
    signs = {effect.sign for effect in found}
    return signs.pop() if len(signs) == 1 else 0
