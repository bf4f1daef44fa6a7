"""Whether what a regression leaves over is alike between neighbours, and the models of space that allow for it.

Closed forms of dense and sparse algebra rather than spreg, whose first call compiles for a minute: the answers are
compared with those of spreg on Columbus in `tests/oracles/test_regression.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from vigie.measures.hypotheses.regression import LeastSquares, least_squares

Floats = NDArray[np.float64]
Weights = Any
"""A sparse matrix of SciPy (n × n), each row of which sums to one."""

_REACH = 0.999
"""Bound of the dependence sought: rows of W sum to one, so that 1 is where I − ρW has no inverse."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic and the probability of one as large where nothing is at work."""

    value: float
    probability: float


@dataclass(frozen=True, slots=True)
class Dependence:
    """Likeness between neighbours: Moran's I of residuals with its standard score, four Lagrange multipliers."""

    moran: Statistic
    score: float
    lag: Statistic
    error: Statistic
    robust_lag: Statistic
    robust_error: Statistic


@dataclass(frozen=True, slots=True)
class SpatialModel:
    """A model of space: k coefficients, the dependence last in `errors`, log-likelihood. `residuals` has shape (n,)."""

    coefficients: Floats
    dependence: float
    errors: Floats
    log_likelihood: float
    residuals: Floats


def weights_of(neighbours: Sequence[Sequence[int]]) -> Weights:
    """Return W from the neighbours of each row, each row sharing a weight of one. Raises `ValueError` for an island.

    >>> weights_of([[1], [0, 2], [1]]).toarray().tolist()
    [[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 1.0, 0.0]]
    """
    sizes = np.array([len(near) for near in neighbours])
    if not sizes.all():
        raise ValueError(f"row {int(np.argmin(sizes))} has no neighbour")
    rows = np.repeat(np.arange(sizes.size), sizes)
    columns = np.array([one for near in neighbours for one in near])
    return sparse.csr_array((1.0 / sizes[rows], (rows, columns)), shape=(sizes.size, sizes.size))


def row_standardised(square: Floats) -> Weights:
    """Return W from a table of weights (n, n), each row made to sum to one. Raises `ValueError` for an island."""
    totals = square.sum(axis=1)
    if not (totals > 0).all():
        raise ValueError(f"row {int(np.argmin(totals))} has no neighbour")
    return sparse.csr_array(square / totals[:, None])


def nearest(points: Floats, count: int) -> Weights:
    """Return W of the `count` nearest points (n, 2), in any plane unit. Cost: O(n log n)."""
    _, found = cKDTree(points).query(points, k=count + 1)
    kept = [[int(one) for one in row if one != rank][:count] for rank, row in enumerate(found)]
    return weights_of(kept)


def dependence(fitted: LeastSquares, outcome: Floats, design: Floats, weights: Weights) -> Dependence:
    """Return the tests of likeness between neighbours of a regression.

    Moran's I = n/S₀ · e'We/e'e, its mean and variance those of residuals. With σ² = e'e/n, T = tr(W'W + W²) and
    J = (WXb)'M(WXb)/σ² + T: LM error = (e'We/σ²)²/T, LM lag = (e'Wy/σ²)²/J, and each corrected for the other.
    Cost: O(n·k² + nnz·k). Source: Cliff and Ord (1981); Anselin, Bera, Florax and Yoon (1996).
    """
    left, rows = fitted.residuals, fitted.rows
    variance = float(left @ left) / rows
    spread = weights @ left
    by_error, by_lag = float(left @ spread) / variance, float(left @ (weights @ outcome)) / variance
    trace = float((weights.multiply(weights)).sum() + (weights.multiply(weights.T)).sum())
    carried = weights @ (design @ fitted.coefficients)
    apart = carried - design @ (fitted.inverse @ (design.T @ carried))
    joint = float(carried @ apart) / variance + trace
    total = float(weights.sum())
    index = rows / total * by_error / rows
    mean, deviation = _moran_moments(design, fitted.inverse, weights, total)
    score = (index - mean) / deviation
    return Dependence(
        moran=Statistic(index, float(2 * special.ndtr(-abs(score)))),
        score=score,
        lag=_multiplier(by_lag**2 / joint),
        error=_multiplier(by_error**2 / trace),
        robust_lag=_multiplier((by_lag - by_error) ** 2 / (joint - trace)) if joint > trace else Statistic(0.0, 1.0),
        robust_error=_multiplier((by_error - trace / joint * by_lag) ** 2 / (trace * (1 - trace / joint)))
        if joint > trace
        else Statistic(0.0, 1.0),
    )


def called_for(found: Dependence, threshold: float = 0.05) -> str:
    """Return the model that the tests ask for: `ols`, `lag` or `error`.

    Neither multiplier significant: `ols`; one: that one; both: the one whose corrected form is the more significant.
    Source: Anselin (2005), the usual decision rule.
    """
    lag, error = found.lag.probability < threshold, found.error.probability < threshold
    if lag and error:
        return "lag" if found.robust_lag.probability <= found.robust_error.probability else "error"
    return "lag" if lag else "error" if error else "ols"


def lag_model(outcome: Floats, design: Floats, weights: Weights) -> SpatialModel:
    """Return y = ρWy + Xb + e by maximum likelihood, concentrated on ρ; |I − ρW| by sparse LU.

    Raises what `least_squares` raises. Cost: some thirty factorisations and one inverse, O(n³). Source: Ord (1975).
    """
    own, carried = least_squares(outcome, design), least_squares(weights @ outcome, design)
    identity = sparse.eye_array(outcome.size, format="csc")

    def unlikely(rho: float) -> float:
        left = own.residuals - rho * carried.residuals
        return outcome.size / 2 * float(np.log(left @ left / outcome.size)) - _log_determinant(identity, weights, rho)

    rho = _sought(unlikely)
    found = own.coefficients - rho * carried.coefficients
    left = own.residuals - rho * carried.residuals
    variance = float(left @ left) / outcome.size
    reach = weights @ np.linalg.inv(np.eye(outcome.size) - rho * weights.toarray())
    carried_mean = reach @ (design @ found)
    columns = design.shape[1]
    information = np.zeros((columns + 2, columns + 2))
    information[:columns, :columns] = design.T @ design / variance
    information[:columns, columns] = information[columns, :columns] = design.T @ carried_mean / variance
    information[columns, columns] = (
        float((reach * reach.T).sum() + (reach * reach).sum()) + float(carried_mean @ carried_mean) / variance
    )
    information[columns, -1] = information[-1, columns] = float(np.trace(reach)) / variance
    information[-1, -1] = outcome.size / (2 * variance**2)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))[: columns + 1]
    return SpatialModel(found, rho, errors, _likelihood(unlikely(rho), outcome.size), left)


def error_model(outcome: Floats, design: Floats, weights: Weights) -> SpatialModel:
    """Return y = Xb + u, u = λWu + e by maximum likelihood, concentrated on λ; in all else like `lag_model`."""
    identity = sparse.eye_array(outcome.size, format="csc")
    carried, spread = weights @ outcome, weights @ design

    def fitted(rate: float) -> LeastSquares:
        return least_squares(outcome - rate * carried, design - rate * spread)

    def unlikely(rate: float) -> float:
        left = fitted(rate).residuals
        return outcome.size / 2 * float(np.log(left @ left / outcome.size)) - _log_determinant(identity, weights, rate)

    rate = _sought(unlikely)
    found = fitted(rate)
    variance = float(found.residuals @ found.residuals) / outcome.size
    reach = weights @ np.linalg.inv(np.eye(outcome.size) - rate * weights.toarray())
    crossed = float((reach * reach.T).sum() + (reach * reach).sum())
    own = 1 / (crossed - 2 * float(np.trace(reach)) ** 2 / outcome.size)
    errors = np.append(np.sqrt(np.diag(found.inverse) * variance), np.sqrt(own))
    return SpatialModel(found.coefficients, rate, errors, _likelihood(unlikely(rate), outcome.size), found.residuals)


def _multiplier(value: float) -> Statistic:
    return Statistic(value, float(special.chdtrc(1, value)))


def _moran_moments(design: Floats, inverse: Floats, weights: Weights, total: float) -> tuple[float, float]:
    """Return mean and deviation of Moran's I of residuals, M = I − X(X'X)⁻¹X' being never written out."""
    rows, columns = design.shape
    even = (weights + weights.T) / 2
    spread = even @ design
    inner = inverse @ (design.T @ spread)
    first = -float(np.trace(inner))  # tr(MW): the trace of W itself is zero
    square = float(even.multiply(even).sum())
    second = square - 2 * float(np.trace(inverse @ (spread.T @ spread))) + float(np.trace(inner @ inner))
    free = rows - columns
    mean = rows / total * first / free
    variance = (rows / total) ** 2 * (2 * second + first**2) / (free * (free + 2)) - mean**2
    return mean, float(np.sqrt(max(variance, 1e-300)))


def _log_determinant(identity: Any, weights: Weights, rate: float) -> float:
    return float(np.log(np.abs(splu((identity - rate * weights).tocsc()).U.diagonal())).sum())


def _sought(unlikely: Callable[[float], float]) -> float:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - half a second that a server does not wait for

    found = minimize_scalar(unlikely, bounds=(-_REACH, _REACH), method="bounded", options={"xatol": 1e-9})
    return float(found.x)


def _likelihood(unlikely: float, rows: int) -> float:
    return -unlikely - rows / 2 * (float(np.log(2 * np.pi)) + 1)
