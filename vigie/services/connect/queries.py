"""Judging orders on queries handed in: a seeker, who came, and others drawn beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.errors import StructureFault
from vigie.sources.handed_tables import columns_of, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def judge_queries(path: Path, rows: Mapping[int, int], scores: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return MRR, Hits@10 and Hits@1 of each order on queries: columns source, target, then one per other candidate.

    `rows` gives the row of each known organisation in the scores (n × n). The rank is 1 + those above + half of the
    equals. Raises `StructureFault` for a file that is no list of queries, or that names somebody unknown.
    """
    others = [name for name in columns_of(path) if name not in ("source", "target")]
    table = read_table(path, ("source", "target", *others))
    named = np.stack([_numbered(table[name], rows, path.name) for name in table.column_names], axis=1)
    if named.shape[1] < 3:
        raise StructureFault("il n’y a aucun candidat à côté de la cible.", file=path.name,
                             remedy="Donnez source, cible, puis un candidat par colonne.")  # fmt: skip
    sources, listed = named[:, :1], named[:, 1:]
    return {name: _quality(values[sources, listed]) for name, values in scores.items()}


def _quality(values: Any) -> dict[str, float]:
    own, rest = values[:, :1], values[:, 1:]
    ranks = 1.0 + (rest > own).sum(axis=1) + (rest == own).sum(axis=1) / 2.0
    return {
        "MRR": float((1 / ranks).mean()),
        "Hits10": float((ranks <= 10).mean()),
        "Hits1": float((ranks <= 1).mean()),
    }


def _numbered(column: Any, rows: Mapping[int, int], file: str) -> Any:
    told = [int(cell) if cell and cell.isdigit() else -1 for cell in column.to_pylist()]
    unknown = next((line for line, number in enumerate(told, start=2) if number not in rows), None)
    if unknown is not None:
        raise StructureFault("cette ligne nomme une organisation inconnue des années où l’on apprend.", file=file,
                             line=unknown, remedy="Donnez des questions faites sur ces participations.")  # fmt: skip
    return np.array([rows[number] for number in told])
