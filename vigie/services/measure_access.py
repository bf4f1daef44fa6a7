"""What places reach, from two files handed in: places, and minutes from each to each. Nothing of it is kept."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.errors import StructureFault
from vigie.measures import access as reach
from vigie.services.lever_files import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Answer = dict[str, Any]
CATCHMENT, FARTHEST, SPREAD, DECAY = 30.0, 60.0, 15.0, 0.1
"""Minutes within which supply is shared, of the farthest step, spread of the Gaussian; loss by minute of Hansen."""
# Weights by minutes: Luo and Qi (2009), Wan, Zou and Sternberg (2012).
TWO_STEPS = {10.0: 1.0, 20.0: 0.68, 30.0: 0.22}
# The same, with a fourth step.
THREE_STEPS = {10.0: 0.962, 20.0: 0.704, 30.0: 0.377, 60.0: 0.042}
_CORRECT = "Corrigez le fichier, puis recommencez."


def access(places: Path, cost: Path, demand: str = "pop", supply: str = "jobs") -> list[Answer]:
    """Return, for each place in the order of its file, what it reaches of the supply, by nine measures.

    `places` has geoid and both columns; `cost` has one column per place, titled by its geoid, and one row per
    place in the same order, in minutes. Catchments are under 30 minutes, cumulative opportunities up to 30.
    Raises `StructureFault`.
    """
    rows = read_rows(places, ("geoid", demand, supply), ("geoid", demand, supply))
    names = [row["geoid"] for row in rows]
    if doubled := next((name for rank, name in enumerate(names) if name in names[:rank]), None):
        raise StructureFault(f"le lieu « {doubled} » est écrit deux fois.", file=places.name, column="geoid",
                             remedy="Gardez une ligne par lieu.")  # fmt: skip
    asking, offered = _amounts(places, rows, demand), _amounts(places, rows, supply)
    minutes = _minutes(cost, names)
    near = reach.within(minutes, CATCHMENT)
    two = reach.stepped(minutes, TWO_STEPS) * near
    three = reach.stepped(minutes, THREE_STEPS) * reach.within(minutes, FARTHEST)
    bell = reach.gaussian(minutes, SPREAD) * reach.within(minutes, FARTHEST, strict=False)
    with np.errstate(divide="ignore"):
        squared = np.where(minutes > 0, minutes, np.inf) ** -2.0
    columns = {
        f"fca2_{supply}": reach.two_step(near, asking, offered),
        f"e2sfca_{supply}": reach.two_step(two, asking, offered),
        f"fca3_{supply}": reach.three_step(three, asking, offered),
        f"gauss_{supply}": reach.opportunities(bell, offered),
        f"fcar_{supply}": reach.floating_ratio(near, asking, offered),
        "cumulative_30": reach.opportunities(reach.within(minutes, CATCHMENT, strict=False), offered),
        f"hansen_exp_{DECAY}": reach.opportunities(np.exp(-DECAY * minutes), offered),
        "hansen_pow_2": reach.opportunities(squared, offered),
    }
    told = {name: values.tolist() for name, values in columns.items()}
    return [
        {"geoid": name, demand: asking[rank], supply: offered[rank]} | {key: told[key][rank] for key in told}
        for rank, name in enumerate(names)
    ]


def _minutes(cost: Path, names: Sequence[str]) -> NDArray[np.float64]:
    lines = _lines(cost)
    titles = lines[0]
    strangers = [name for name in titles if name not in names]
    lacking = [name for name in names if name not in titles]
    if strangers or lacking:
        what = f"le lieu « {strangers[0]} » n’est pas dans le fichier des lieux." if strangers else (
            f"il manque la colonne du lieu « {lacking[0]} ».")  # fmt: skip
        raise StructureFault(what, file=cost.name, remedy="Donnez une colonne par lieu, titrée par son geoid.")
    if len(titles) != len(names) or len(lines) - 1 != len(names):
        raise StructureFault(
            f"il y a {len(lines) - 1} lignes et {len(titles)} colonnes pour {len(names)} lieux.", file=cost.name,
            remedy="Le tableau doit être carré : une ligne et une colonne par lieu, dans le même ordre.",
        )  # fmt: skip
    found = np.empty((len(names), len(names)))
    for number, line in enumerate(lines[1:]):
        if len(line) != len(titles):
            raise StructureFault(f"cette ligne a {len(line)} cases pour {len(titles)} colonnes.", file=cost.name,
                                 line=number + 2, remedy=_CORRECT)  # fmt: skip
        for column, written in enumerate(line):
            found[number, column] = _number(cost, written, number + 2, titles[column], "une durée")
    order = [titles.index(name) for name in names]
    return found[np.ix_(order, order)]


def _lines(cost: Path) -> list[list[str]]:
    text = cost.read_bytes().decode("utf-8-sig", "replace")
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(text.splitlines(), delimiter=separator) if line]
    except csv.Error as error:
        raise StructureFault("ce fichier ne peut pas être lu comme un CSV.", file=cost.name, remedy=_CORRECT) from error
    if not lines:
        raise StructureFault("le fichier est vide.", file=cost.name, remedy="Vérifiez que c’est le bon fichier.")
    return lines


def _amounts(places: Path, rows: Sequence[Mapping[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([_number(places, row[name], int(row[""]), name, "une quantité") for row in rows])


def _number(path: Path, written: str, line: int, column: str, called: str) -> float:
    try:
        found = float(written.replace(",", "."))
    except ValueError:
        found = math.nan
    if math.isfinite(found) and found >= 0:
        return found
    what = (
        f"« {written[:40]} » n’est pas {called}."
        if math.isnan(found)
        else f"{called} ne peut pas valoir {written[:40]}."
    )
    raise StructureFault(what, file=path.name, line=line, column=column, remedy="Écrivez un nombre positif ou nul.")
