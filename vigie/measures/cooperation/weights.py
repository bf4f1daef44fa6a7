"""Weights of features: learned from who came to work together, by a regularised logistic regression.

Importing this module loads scikit-learn: only what learns imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from vigie.domain.finding import Interval
from vigie.measures.cooperation.network import Booleans, Floats, Ints, Matrix

# With a hundred thousand pairs the penalty hardly matters; with a few dozens it keeps weights from running away.
PENALTY = 1.0
# Added before the logarithm: below what a weak tie is worth, so that zero stays apart from it, and not infinitely.
_LOW_QUANTILE = 0.1
# Half-width of a 95 % interval, in standard errors of a normal law.
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Weight:
    """What a feature is worth in log-odds per standard deviation, and its 95 % interval; 0 when it was left out."""

    name: str
    value: float
    interval: Interval | None


def standardised(measured: Floats, candidates: Booleans) -> Floats:
    """Return ln(x + q) put on mean 0 and deviation 1 over the candidates, q being the 10 % quantile of positive values.

    The logarithm keeps a few very tied organisations from deciding alone. Zero everywhere when nothing varies.
    """
    values = measured[candidates]
    positive = values[values > 0]
    if not positive.size:
        return np.zeros_like(measured)
    spread = np.log(np.maximum(measured, 0.0) + np.quantile(positive, _LOW_QUANTILE))
    mean, deviation = spread[candidates].mean(), spread[candidates].std()
    found: Floats = (spread - mean) / deviation if deviation > 0 else np.zeros_like(spread)
    return found


def learn(features: Sequence[tuple[str, Floats]], candidates: Booleans, came: Matrix) -> tuple[Weight, ...]:
    """Return the weight of each standardised feature (n × n), from the pairs that `came` to work together (n × n).

    Only the rows of those to whom something came are read, and each feature is taken about its mean over the
    candidates of its row, since an order compares candidates of one seeker and never two seekers. A weight that comes
    out below zero is left out and the others are learned again: no feature may count against what it says. Intervals
    are those of Wald with the variance clustered by seeker. Raises `ValueError` when nothing came.
    Source: scikit-learn's L2 logistic regression; Liang and Zeger (1986) for the variance.
    """
    happened = came.toarray() > 0
    seekers = happened.any(axis=1)
    rows = candidates & seekers[:, None]
    outcomes, groups = happened[rows], np.nonzero(rows)[0]
    if not outcomes.any():
        raise ValueError("nothing came of any pair")
    table = np.stack([_centred(values, candidates)[rows] for _, values in features], axis=1)
    kept = [place for place in range(len(features)) if table[:, place].any()]
    fitted = np.zeros(0)
    while kept:
        fit = LogisticRegression(C=1.0 / PENALTY).fit(table[:, kept], outcomes)
        fitted = fit.coef_[0]
        if fitted.min() >= 0:
            break
        kept.pop(int(fitted.argmin()))
    if not kept:
        return tuple(Weight(name, 0.0, None) for name, _ in features)
    errors = _clustered_errors(table[:, kept], outcomes - fit.predict_proba(table[:, kept])[:, 1], groups)
    found = dict(zip(kept, zip(fitted, errors, strict=True), strict=True))
    return tuple(_weight(name, found.get(place)) for place, (name, _) in enumerate(features))


def _weight(name: str, found: tuple[float, float] | None) -> Weight:
    if found is None:
        return Weight(name, 0.0, None)
    value, error = (float(part) for part in found)
    return Weight(name, value, Interval(value - _NORMAL * error, value + _NORMAL * error, "confidence", 0.95))


def _centred(values: Floats, candidates: Booleans) -> Floats:
    counts = np.maximum(candidates.sum(axis=1), 1)
    means = np.where(candidates, values, 0.0).sum(axis=1) / counts
    centred: Floats = values - means[:, None]
    return centred


def _clustered_errors(table: Floats, residuals: Floats, groups: Ints) -> Floats:
    """Return the standard errors of a logistic regression, observations of one group being dependent."""
    whole = np.column_stack([table, np.ones(len(table))])
    chances = np.abs(residuals) * (1.0 - np.abs(residuals))
    curvature = whole.T @ (whole * chances[:, None])
    curvature[np.arange(table.shape[1]), np.arange(table.shape[1])] += PENALTY
    parts = np.zeros((int(groups.max()) + 1, whole.shape[1]))
    np.add.at(parts, groups, whole * residuals[:, None])
    inverse = np.linalg.inv(curvature)
    errors: Floats = np.sqrt(np.diag(inverse @ (parts.T @ parts) @ inverse))[:-1]
    return errors
