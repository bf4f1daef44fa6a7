"""Value capture, by proxy: who decides elsewhere, how few hold the jobs, what is bought abroad.

None of it measures value: a seat that is here may have a parent elsewhere, and what a firm pays to its own seat is
published nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vigie.domain.actors import SIZE_BANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = NDArray[np.float64]


class Bounded(NamedTuple):
    """Shares of 0 to 1 and their bounds, one a territory; NaN where nothing is known."""

    value: Floats
    low: Floats
    high: Floats


class Amounts(NamedTuple):
    """Least, middle and greatest amounts, one a territory; `high` is infinite where nothing bounds it."""

    low: Floats
    middle: Floats
    high: Floats


class ImportContent(NamedTuple):
    """What sectors buy abroad by unit of what they buy: at once (`direct`), with their suppliers' imports (`whole`)."""

    direct: Floats
    whole: Floats


def known_share(part: Floats, rest: Floats, unknown: Floats) -> Bounded:
    """Return part / (part + rest), bounded by what the unknown units may be: none of the part, or all of it.

    Three arrays of counts of shape (territories,). Cost: O(territories).

    >>> [float(bound[0]) for bound in known_share(np.array([2.0]), np.array([6.0]), np.array([2.0]))]
    [0.25, 0.2, 0.4]
    """
    known, total = part + rest, part + rest + unknown
    return Bounded(_over(part, known), _over(part, np.where(known > 0, total, 0)), _over(part + unknown, total))


def amount_share(part: Amounts, rest: Amounts) -> Bounded:
    """Return the share of a part in jobs known by bands: middle of bands, bounds from their least and greatest.

    low = part_low / (part_low + rest_high), high = part_high / (part_high + rest_low): each bound takes one side at
    its least and the other at its greatest. Cost: O(territories).

    >>> ten, more = (Amounts(*(np.array([x]) for x in band)) for band in ((10.0, 15.0, 20.0), (20.0, 30.0, 40.0)))
    >>> [round(float(bound[0]), 3) for bound in amount_share(ten, more)]
    [0.333, 0.2, 0.5]
    """
    low = _over(part.low, part.low + rest.high)
    high = 1 - _over(rest.low, rest.low + part.high)
    value = _over(part.middle, part.middle + rest.middle)
    known = np.isfinite(value)
    return Bounded(value, np.where(known, np.nan_to_num(low), np.nan), np.where(known, high, np.nan))


def amounts_of(counts: Mapping[str | None, Floats]) -> Amounts:
    """Return the jobs of establishments counted by size band; bands that count nobody add nothing.

    An open band is infinite above and counts its least in the middle. Cost: O(bands × territories).
    Source: Insee, variable trancheEffectifsEtablissement.

    >>> found = amounts_of({"11": np.array([2.0]), "NN": np.array([9.0])})
    >>> float(found.low[0]), float(found.middle[0]), float(found.high[0])
    (20.0, 29.0, 38.0)
    """
    size = max((len(one) for one in counts.values()), default=0)
    low, middle, high = np.zeros(size), np.zeros(size), np.zeros(size)
    for band, count in counts.items():
        least, most = SIZE_BANDS.get(band or "", (None, None))
        if least is None:
            continue
        low += least * count
        middle += (least if most is None else (least + most) / 2) * count
        high += np.where(count > 0, np.inf, 0.0) if most is None else most * count
    return Amounts(low, middle, high)


def largest(
    counts: Mapping[str | None, float], most: int
) -> tuple[Mapping[str | None, float], dict[str | None, float]]:
    """Part establishments counted by band: the `most` largest, and the rest. Cost: O(bands log bands).

    >>> largest({"11": 5, "21": 2}, 3)
    ({'21': 2, '11': 1}, {'11': 4})
    """
    taken: dict[str | None, float] = {}
    rest = dict(counts)
    for band in sorted(counts, key=lambda one: -(SIZE_BANDS.get(one or "", (None, None))[0] or -1)):
        some = min(counts[band], most - sum(taken.values()))
        if some > 0:
            taken[band] = some
            rest[band] = counts[band] - some
    return taken, {band: count for band, count in rest.items() if count > 0}


def import_content(domestic: Floats, imported: Floats, output: Floats) -> ImportContent:
    """Return the import content of what each sector buys, at once and through its suppliers.

    With D and M the domestic and imported purchases (suppliers × users) and x the output: direct = Σᵢ Mᵢⱼ / Σᵢ (Dᵢⱼ +
    Mᵢⱼ); the imports in a unit of output are c = m (I − A)⁻¹, with m = Σᵢ Mᵢⱼ / xⱼ and A = D / x; whole adds Σᵢ cᵢ Dᵢⱼ
    to the imports of j. A sector without output passes nothing on. NaN where a sector buys nothing. Raises `ValueError`
    for shapes that do not match. Cost: O(n³), n the sectors. Source: Leontief (1936); Hummels, Ishii and Yi (2001).

    >>> found = import_content(np.array([[0.0, 50.0], [0.0, 0.0]]), np.array([[20.0, 0.0], [0.0, 0.0]]),
    ...                        np.array([100.0, 100.0]))
    >>> found.direct.tolist(), found.whole.tolist()
    ([1.0, 0.0], [1.0, 0.2])
    """
    if domestic.shape != imported.shape or domestic.shape != (len(output), len(output)):
        raise ValueError("purchases are squares of as many sectors as outputs")
    per_unit = np.divide(1.0, output, out=np.zeros_like(output, dtype=np.float64), where=output > 0)
    bought, abroad = domestic.sum(axis=0) + imported.sum(axis=0), imported.sum(axis=0)
    chains = np.linalg.solve((np.eye(len(output)) - domestic * per_unit).T, abroad * per_unit)
    return ImportContent(_over(abroad, bought), _over(abroad + chains @ domestic, bought))


def _over(part: Floats, total: Floats) -> Floats:
    found: Floats = np.divide(part, total, out=np.full(np.shape(part), np.nan), where=total > 0)
    return found
