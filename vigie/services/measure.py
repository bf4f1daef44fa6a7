"""Measures of a table handed in: complexity, relatedness, location, change. Nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.french import listed
from vigie.errors import RequestFault
from vigie.measures import complexity as complex_measures
from vigie.measures.concentration import (
    hachman,
    herfindahl,
    krugman,
    location_quotient,
    locational_gini,
    specialisation,
)
from vigie.measures.dynamics import shift_share
from vigie.measures.relatedness import RelatednessKind, density, related
from vigie.measures.variety import entropy
from vigie.services.matrices import Matrix, read_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

KINDS = tuple(kind.value for kind in RelatednessKind)
PERIODS = ("valeur de départ", "valeur d’arrivée")
_NAMED = 5

Answer = dict[str, Any]
"""What a measure answers, ready for JSON: what has no value is `None`."""


def complexity(path: Path) -> Answer:
    """Return diversity, ECI and fitness of each territory; ubiquity, PCI and fitness of each activity.

    Raises `StructureFault` when the file is at fault. No filtering; fitness after 20 passes, divided by its mean.
    """
    matrix = read_matrix(path)
    held = complex_measures.presence(matrix.values[0])
    found, fit = complex_measures.complexity(held), complex_measures.fitness(held)
    return {
        "territories": _records(matrix.territories, diversity=held.sum(axis=1), eci=found.eci, fitness=fit.territories),
        "activities": _records(matrix.activities, ubiquity=held.sum(axis=0), pci=found.pci, fitness=fit.activities),
    }


def relatedness(path: Path, kind: str) -> Answer:
    """Return how near each two activities of a table are, each pair once, in the order of their codes.

    Raises `RequestFault` for a kind that does not exist, `StructureFault` when the file is at fault.
    """
    asked = _kind(kind)
    matrix = read_matrix(path)
    near = related(complex_measures.presence(matrix.values[0]), asked)
    ones, others = np.triu_indices(len(matrix.activities), k=1)
    codes = matrix.activities
    values = zip(ones.tolist(), others.tolist(), near[ones, others].tolist(), strict=True)
    return {"pairs": [{"a": codes[one], "b": codes[other], "value": value} for one, other, value in values]}


def densities(path: Path, kind: str) -> Answer:
    """Return, for each territory and activity, the share (0 to 1) of what is near the activity that it holds.

    By proximity an activity is near itself (Atlas of Economic Complexity); by the other kinds it is not (EconGeo, as a
    share and not in hundredths). Raises like `relatedness`.
    """
    asked = _kind(kind)
    matrix = read_matrix(path)
    held = complex_measures.presence(matrix.values[0])
    return {"density": _cells(matrix, density(held, related(held, asked)))}


def location(path: Path) -> Answer:
    """Return the indices of each territory, the locational Gini of each activity and every location quotient.

    The reference is the sum of the territories; entropy in bits; Krugman 0 to 2. Raises `StructureFault`.
    """
    matrix = read_matrix(path)
    table = matrix.values[0]
    return {
        "territories": _records(
            matrix.territories,
            krugman=krugman(table),
            hhi=herfindahl(table),
            entropy_bits=np.array([entropy(row) for row in table]),
            specialisation=specialisation(table),
            hachman=hachman(table),
        ),
        "activities": _records(matrix.activities, gini=locational_gini(table)),
        "lq": _cells(matrix, location_quotient(table)),
    }


def shiftshare(path: Path, territory: str, reference: str | None = None) -> Answer:
    """Split the change of a territory between two dates; the reference is the sum of all territories unless named.

    Raises `RequestFault` for a territory that the table does not hold, or a reference without anything at the start,
    `StructureFault` when the file is at fault.
    """
    matrix = read_matrix(path, PERIODS, least=1)
    before, after = matrix.values
    here = _row(matrix, territory)
    whole = (before.sum(axis=0), after.sum(axis=0))
    if reference is not None:
        whole = before[_row(matrix, reference)], after[_row(matrix, reference)]
    if not whole[0].any():
        raise RequestFault(f"La référence « {reference} » n’avait rien au départ : choisissez-en une autre.")
    split = shift_share(before[here], after[here], *whole)
    lacking = [code for code, value in zip(matrix.activities, split.structural, strict=True) if np.isnan(value)]
    if lacking:
        raise RequestFault(
            f"La référence « {reference} » n’avait pas au départ {listed(lacking[:_NAMED])}, que « {territory} » "
            "avait : choisissez une référence qui contient le territoire."
        )
    parts = {"total": split.total, "national": split.national, "structural": split.structural, "local": split.local}
    return {name: float(part.sum()) for name, part in parts.items()}


def _kind(kind: str) -> RelatednessKind:
    if kind not in KINDS:
        raise RequestFault(f"« {kind} » n’est pas une mesure de proximité : {', '.join(KINDS)}.")
    return RelatednessKind(kind)


def _row(matrix: Matrix, territory: str) -> int:
    if territory not in matrix.territories:
        known = listed([f"« {code} »" for code in matrix.territories[:_NAMED]])
        more = " pour commencer" if len(matrix.territories) > _NAMED else ""
        raise RequestFault(f"Le territoire « {territory} » n’est pas dans ce tableau, qui contient{more} {known}.")
    return matrix.territories.index(territory)


def _records(codes: Sequence[str], **columns: NDArray[Any]) -> list[Answer]:
    told = {name: _known(values) for name, values in columns.items()}
    return [{"id": code, **{name: told[name][rank] for name in told}} for rank, code in enumerate(codes)]


def _cells(matrix: Matrix, values: NDArray[np.float64]) -> list[Answer]:
    rows = zip(matrix.territories, map(_known, values), strict=True)
    return [
        {"territory": territory, "activity": activity, "value": value}
        for territory, row in rows
        for activity, value in zip(matrix.activities, row, strict=True)
    ]


def _known(values: NDArray[Any]) -> list[Any]:
    """Return values as JSON takes them: what is not known is `None`."""
    known = ~np.isnan(values)
    return [value if held else None for value, held in zip(values.tolist(), known.tolist(), strict=True)]
