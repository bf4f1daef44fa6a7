"""Least squares with intervals that hold when errors are unequal, and why a regression cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

_DEPENDENT = 1e-10
"""Below this share of its own length, what a column adds to the others is rounding: they say the same thing."""


class CollinearRegressors(ValueError):
    """One column (its number) says nothing that those before it do not."""

    def __init__(self, column: int) -> None:
        super().__init__(f"column {column} depends on those before it")
        self.column = column


class TooFewRows(ValueError):
    """There are not more rows than columns."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """A regression: k coefficients, their errors and intervals, what is left over.

    `robust` holds the standard errors that allow unequal variances (HC3), `low` and `high` the interval at `level` made
    of them with Student's law of n − k degrees. `residuals` and `leverages`: shape (n,); `inverse` is (X'X)⁻¹ (k, k).
    """

    coefficients: Floats
    errors: Floats
    robust: Floats
    low: Floats
    high: Floats
    residuals: Floats
    leverages: Floats
    inverse: Floats
    r2: float
    level: float

    @property
    def rows(self) -> int:
        """Return how many observations there are: n."""
        return int(self.residuals.size)

    @property
    def columns(self) -> int:
        """Return how many coefficients there are, the constant included: k."""
        return int(self.coefficients.size)

    @property
    def adjusted_r2(self) -> float:
        """Return R² corrected for the number of columns."""
        return 1.0 - (1.0 - self.r2) * (self.rows - 1) / (self.rows - self.columns)


def least_squares(outcome: Floats, design: Floats, level: float = 0.95) -> LeastSquares:
    """Return the regression of an outcome (n,) on a design (n, k) that holds its constant.

    b = (X'X)⁻¹X'y; HC3: (X'X)⁻¹ X' diag(e²/(1−h)²) X (X'X)⁻¹. Unit of a coefficient: that of the outcome over that
    of its column. Raises `TooFewRows` unless n > k, `CollinearRegressors`. Cost: O(n·k²).
    Source: MacKinnon and White (1985); Long and Ervin (2000) for the choice of HC3 on few rows.

    >>> ramp = np.column_stack([np.ones(4), np.arange(4.0)])
    >>> least_squares(np.array([1.0, 3.1, 4.9, 7.0]), ramp).coefficients.round(3).tolist()
    [1.03, 1.98]
    """
    rows, columns = design.shape
    if rows <= columns:
        raise TooFewRows(f"{rows} rows for {columns} columns")
    _refuse_dependent(design)
    ortho, triangle = np.linalg.qr(design)
    back = np.linalg.inv(triangle)
    found = back @ (ortho.T @ outcome)
    residuals = outcome - design @ found
    leverages = np.einsum("ij,ij->i", ortho, ortho)
    inverse = back @ back.T
    # A row that alone decides a coefficient has leverage 1 and no residual: it tells nothing of the variance.
    spread = residuals / np.maximum(1.0 - leverages, 1e-9)
    meat = (design * spread[:, None]).T @ (design * spread[:, None])
    robust = np.sqrt(np.diag(inverse @ meat @ inverse))
    around = outcome - outcome.mean()
    total, left = float(around @ around), float(residuals @ residuals)
    half = float(special.stdtrit(rows - columns, 0.5 + level / 2)) * robust
    return LeastSquares(
        coefficients=found,
        errors=np.sqrt(np.diag(inverse) * left / (rows - columns)),
        robust=robust,
        low=found - half,
        high=found + half,
        residuals=residuals,
        leverages=leverages,
        inverse=inverse,
        r2=1.0 - left / total if total > 0 else 0.0,
        level=level,
    )


def standardised(fitted: LeastSquares, outcome: Floats, design: Floats) -> Floats:
    """Return the coefficients in standard deviations of the outcome for one of the column: (k,), 0 for a constant.

    Multiplying the bounds of an interval by the same ratio gives the interval of the effect. Cost: O(n·k).
    """
    spread: Floats = design.std(axis=0, ddof=1) / outcome.std(ddof=1)
    return spread * fitted.coefficients


def false_discovery(probabilities: Floats, rate: float = 0.1) -> NDArray[np.bool_]:
    """Return which hypotheses are rejected while at most a share `rate` of the rejections is expected to be wrong.

    Step-up: the largest i with p₍ᵢ₎ ≤ rate·i/n. Cost: O(n log n). Source: Benjamini and Hochberg (1995).

    >>> false_discovery(np.array([0.01, 0.5, 0.04, 0.9])).tolist()
    [True, False, True, False]
    """
    order = np.argsort(probabilities)
    bounds = rate * np.arange(1, probabilities.size + 1) / max(1, probabilities.size)
    under = np.flatnonzero(probabilities[order] <= bounds)
    rejected = np.zeros(probabilities.size, dtype=bool)
    if under.size:
        rejected[order[: under[-1] + 1]] = True
    return rejected


def _refuse_dependent(design: Floats) -> None:
    held = np.zeros((design.shape[0], 0))
    for column in range(design.shape[1]):
        values = design[:, column]
        left = values - held @ (held.T @ values)
        left -= held @ (held.T @ left)
        length = float(np.linalg.norm(left))
        if length <= _DEPENDENT * max(float(np.linalg.norm(values)), 1e-300):
            raise CollinearRegressors(column)
        held = np.column_stack([held, left / length])
