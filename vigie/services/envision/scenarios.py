"""Consistent scenarios of a cross-impact matrix handed in. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.french import counted, number
from vigie.errors import RequestFault
from vigie.measures import crossimpact
from vigie.services.envision.foresight import plain
from vigie.services.envision.judgements import JudgementFile, read_judgements, square

if TYPE_CHECKING:
    from pathlib import Path

Answer = dict[str, Any]
# Judgements written with decimals may miss zero by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class _Descriptors:
    names: list[str]
    variants: list[list[str]]

    @property
    def sizes(self) -> list[int]:
        return [len(one) for one in self.variants]

    def labels(self) -> list[str]:
        return [
            f"{letters(rank)}{at} {variant}"
            for rank, ours in enumerate(self.variants)
            for at, variant in enumerate(ours, start=1)
        ]


def cib(path: Path, tolerance: float = 0.0) -> Answer:
    """Return every scenario where no descriptor has a variant that beats its own by more than the tolerance.

    `code` names a scenario by the letter of each descriptor and the rank of its variant (A3 B1 C3…); `balance` is that
    of every variant, in the order of the matrix; `margin` the least by which a variant beats the others of its
    descriptor; `score` the sum of the balances of its variants. Raises `StructureFault` when the file is at fault,
    before anything is tried when there are too many combinations; `RequestFault` for a tolerance below zero, and when
    judgements rule out too little to enumerate.
    """
    if not 0 <= tolerance < np.inf:
        raise RequestFault(
            "La tolérance est un nombre positif ou nul : 0 pour des scénarios cohérents, 1 ou 2 au-delà."
        )
    file = read_judgements(path)
    told = _descriptors(file)
    _refuse_too_many(file, told)
    matrix, sizes = _judgements(file, told), told.sizes
    try:
        found = crossimpact.consistent(matrix, sizes, tolerance)
    except ValueError:
        raise RequestFault(
            "Ces jugements écartent trop peu de scénarios pour qu’on les pèse tous : retirez un descripteur, ou "
            "complétez les jugements."
        ) from None
    return {
        "descriptors": [
            {"name": name, "variants": variants} for name, variants in zip(told.names, told.variants, strict=True)
        ],
        "combinations": crossimpact.combinations(sizes),
        "tolerance": tolerance,
        "count": len(found.scenarios),
        "complete": found.whole,
        "scenarios": [_told(matrix, told, scenario.tolist()) for scenario in found.scenarios],
    }


def letters(rank: int) -> str:
    """Return the letter of a descriptor, from 0: A to Z, then AA, AB…

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(rank, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _told(matrix: crossimpact.Table, told: _Descriptors, scenario: list[int]) -> Answer:
    sums = crossimpact.balances(matrix, told.sizes, scenario)
    margins = crossimpact.margins(matrix, told.sizes, scenario)
    starts = np.cumsum([0, *told.sizes[:-1]])
    return {
        "code": " ".join(f"{letters(rank)}{at + 1}" for rank, at in enumerate(scenario)),
        "variants": [variants[at] for variants, at in zip(told.variants, scenario, strict=True)],
        "balance": plain(sums),
        "margin": plain(margins.min(keepdims=True))[0],
        "score": plain(sums[starts + scenario].sum(keepdims=True))[0],
    }


def _descriptors(file: JudgementFile) -> _Descriptors:
    found = file.values[file.named("descriptors")]
    if not isinstance(found, list) or len(found) < 2 or not all(isinstance(one, dict) for one in found):
        file.fault("« descriptors » : une liste de deux descripteurs au moins est attendue, avec nom et variantes.")
    names, variants = [], []
    for rank, one in enumerate(found, start=1):
        ours = one.get("variants")
        if not isinstance(ours, list) or len(ours) < 2 or not all(isinstance(name, str) and name for name in ours):
            file.fault(f"descripteur n° {rank} : « variants » est une liste de deux noms au moins.")
        if len(set(ours)) < len(ours):
            file.fault(f"descripteur n° {rank} : deux de ses variantes ont le même nom.")
        names.append(str(one.get("name") or letters(rank - 1)))
        variants.append(ours)
    return _Descriptors(names, variants)


def _refuse_too_many(file: JudgementFile, told: _Descriptors) -> None:
    """Raise before the matrix is read when there are too many combinations, and say what would fit."""
    most = crossimpact.MOST_COMBINATIONS
    if crossimpact.combinations(told.sizes) <= most:
        return
    fit = len(told.sizes)
    while crossimpact.combinations(told.sizes[:fit]) > most:
        fit -= 1
    file.fault(
        f"{counted(len(told.sizes), 'descripteur')} font plus de {number(most)} scénarios : ils ne peuvent pas être "
        "tous pesés.",
        f"Gardez {counted(fit, 'descripteur')} (les {fit} premiers tiennent), ou réunissez-en : 20 de trois variantes "
        "ou 31 de deux sont pesés.",
    )


def _judgements(file: JudgementFile, told: _Descriptors) -> crossimpact.Table:
    """Return the matrix of judgements; raises for the first group of them whose sum is not zero."""
    field, labels = file.named("matrix"), told.labels()
    rows = file.rows(field)
    if len(rows) != len(labels):
        file.fault(
            f"« {field} » a {counted(len(rows), 'ligne')} là où il en faut {len(labels)}, une pour chaque variante."
        )
    table = square(file, field, labels)
    matrix = np.array(table.numbers(), dtype=np.float64)
    starts = np.cumsum([0, *told.sizes])
    for row in range(len(labels)):
        for rank, name in enumerate(told.names):
            start, end = int(starts[rank]), int(starts[rank + 1])
            group = matrix[row, start:end]
            if start <= row < end:
                if group.any():
                    table.fault(
                        "la diagonale est remplie : un descripteur n’agit pas sur lui-même.", "Mettez-y 0.",
                        row=row, column=start + int(np.flatnonzero(group)[0]),
                    )  # fmt: skip
            elif abs(group.sum()) > _ROUNDING:
                table.fault(
                    f"les jugements sur « {name} » (colonnes {start + 1} à {end}) ont pour somme "
                    f"{number(float(group.sum()))}, et non 0 : ce qui favorise une variante en défavorise une autre.",
                    "Corrigez ces jugements.", row=row,
                )  # fmt: skip
    return matrix
