"""A regression of a table handed in: robust intervals, tests of likeness between neighbours, models of space."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from vigie.domain.french import listed
from vigie.errors import RequestFault, StructureFault
from vigie.measures.hypotheses import regression as plain
from vigie.measures.hypotheses import spatial
from vigie.services.lever_files import read_object, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Answer = dict[str, Any]
CONSTANT = "constante"
_CORRECT = "Corrigez le fichier, puis recommencez."
_NAMED = 5
_WANTED = "Donnez un objet { « identifiant » : [voisins] }, ou un tableau carré de poids."


def regression(table: Path, outcome: str, regressors: Sequence[str], weights: Path | None = None) -> Answer:
    """Return `{ols, tests, lag, error}`; the last three are `None` without a file of neighbours.

    Every coefficient comes with its standard error, its interval at 95 % and the number of rows. Rows of the table are
    named by its column `id` where there is one, else counted from the least number that the neighbours use.
    Raises `RequestFault` for regressors that cannot be told apart, `StructureFault` when a file is at fault.
    """
    _refuse_repeated(outcome, regressors)
    rows = read_rows(table, (outcome, *regressors), ("id", outcome, *regressors))
    values, columns = _numbers(table, rows, outcome), [_numbers(table, rows, name) for name in regressors]
    for name, column in zip((outcome, *regressors), (values, *columns), strict=True):
        if np.ptp(column) == 0:
            raise RequestFault(f"« {name} » vaut {column[0]:g} partout : une constante n’explique rien, retirez-la.")
    design = np.column_stack([np.ones(values.size), *columns])
    names = (CONSTANT, *regressors)
    fitted = _fitted(values, design, names)
    told: Answer = {"ols": _ols(fitted, names), "tests": None, "lag": None, "error": None}
    if weights is None:
        return told
    near = _weights(weights, [row["id"] for row in rows])
    found = spatial.dependence(fitted, values, design, near)
    told["tests"] = _tests(found)
    told["lag"] = _model(spatial.lag_model(values, design, near), names, "rho")
    told["error"] = _model(spatial.error_model(values, design, near), names, "lambda")
    return told


def _refuse_repeated(outcome: str, regressors: Sequence[str]) -> None:
    if not regressors:
        raise RequestFault("Il faut au moins une colonne qui explique : nommez-la après --x.")
    if outcome in regressors:
        raise RequestFault(f"« {outcome} » ne peut pas s’expliquer elle-même : retirez-la de --x.")
    if doubled := [name for rank, name in enumerate(regressors) if name in regressors[:rank]]:
        raise RequestFault(f"« {doubled[0]} » est donnée deux fois après --x.")


def _fitted(values: NDArray[np.float64], design: NDArray[np.float64], names: Sequence[str]) -> plain.LeastSquares:
    try:
        return plain.least_squares(values, design)
    except plain.TooFewRows:
        raise RequestFault(
            f"Il y a {values.size} lignes pour {len(names)} coefficients, constante comprise : "
            "donnez plus de lignes, ou moins de colonnes."
        ) from None
    except plain.CollinearRegressors as fault:
        before = listed([f"« {name} »" for name in names[: fault.column]])
        raise RequestFault(
            f"« {names[fault.column]} » se déduit exactement de {before} : retirez l’une de ces colonnes."
        ) from None


def _ols(fitted: plain.LeastSquares, names: Sequence[str]) -> Answer:
    bounds = zip(names, fitted.coefficients, fitted.errors, fitted.robust, fitted.low, fitted.high, strict=True)
    return {
        "n": fitted.rows,
        "r2": fitted.r2,
        "adjusted_r2": fitted.adjusted_r2,
        "betas": fitted.coefficients.tolist(),
        "coefficients": [
            {"name": name, "value": value, "error": error, "robust_error": robust, "low": low, "high": high}
            for name, value, error, robust, low, high in _floats(bounds)
        ],
        "interval": "95 %, HC3",
    }


def _tests(found: spatial.Dependence) -> Answer:
    pairs = {"LM_lag": found.lag, "LM_error": found.error, "RLM_lag": found.robust_lag, "RLM_error": found.robust_error}
    told: Answer = {name: [one.value, one.probability] for name, one in pairs.items()}
    told["moran_res"] = [found.moran.value, found.score, found.moran.probability]
    told["called_for"] = spatial.called_for(found)
    return told


def _model(found: spatial.SpatialModel, names: Sequence[str], called: str) -> Answer:
    values = [*found.coefficients.tolist(), found.dependence]
    half = (1.959964 * found.errors).tolist()
    return {
        "n": int(found.residuals.size),
        "betas": found.coefficients.tolist(),
        called: found.dependence,
        "log_likelihood": found.log_likelihood,
        "coefficients": [
            {"name": name, "value": value, "error": error, "low": value - wide, "high": value + wide}
            for name, value, error, wide in zip((*names, called), values, found.errors.tolist(), half, strict=True)
        ],
        "interval": "95 %, maximum de vraisemblance",
    }


def _floats(rows: Any) -> list[tuple[Any, ...]]:
    return [(name, *(float(one) for one in values)) for name, *values in rows]


def _numbers(table: Path, rows: Sequence[Mapping[str, str]], name: str) -> NDArray[np.float64]:
    found = np.empty(len(rows))
    for rank, row in enumerate(rows):
        try:
            found[rank] = float(row[name].replace(",", "."))
        except ValueError:
            found[rank] = math.nan
        if not math.isfinite(found[rank]):
            what = f"« {row[name][:40]} » n’est pas un nombre." if row[name] else "cette case est vide."
            raise StructureFault(what, file=table.name, line=int(row[""]), column=name,
                                 remedy="Retirez la ligne, ou donnez sa valeur.")  # fmt: skip
    return found


def _weights(path: Path, names: Sequence[str]) -> Any:
    read = read_object(path)
    if isinstance(read, dict):
        read = next((read[key] for key in ("neighbors", "neighbours", "voisins") if key in read), read)
    if isinstance(read, dict):
        return _from_neighbours(path, read, names)
    if not isinstance(read, list):
        _refuse(path, "ce ne sont pas des voisins.", _WANTED)
    return _from_square(path, read, len(names))


def _from_neighbours(path: Path, held: Mapping[str, Any], names: Sequence[str]) -> Any:
    if len(held) != len(names):
        _refuse(path, f"il y a les voisins de {len(held)} lignes, et le tableau en a {len(names)}.",
                "Donnez les voisins de chaque ligne, et d’elles seules.")  # fmt: skip
    if not all(names):
        if not all(key.isdecimal() for key in held):
            _refuse(path, "les lignes sont nommées par des mots, et le tableau n’a pas de colonne « id ».",
                    "Ajoutez au tableau une colonne « id », ou numérotez les lignes.")  # fmt: skip
        least = min(map(int, held))
        names = [str(least + rank) for rank in range(len(names))]
    ranks = {name: rank for rank, name in enumerate(names)}
    found: list[list[int]] = [[] for _ in names]
    for key, near in held.items():
        if not isinstance(near, list):
            _refuse(path, f"les voisins de « {key} » ne sont pas une liste.", _WANTED)
        for one in (key, *near):
            if str(one) not in ranks:
                _refuse(
                    path, f"« {str(one)[:40]} » n’est pas une ligne du tableau.", "Retirez-le, ou ajoutez sa ligne."
                )
        found[ranks[key]] = sorted({ranks[str(one)] for one in near} - {ranks[key]})
    if islands := [name for name, near in zip(names, found, strict=True) if not near]:
        _refuse_islands(path, islands)
    return spatial.weights_of(found)


def _from_square(path: Path, held: Sequence[Any], size: int) -> Any:
    try:
        square = np.array(held, dtype=float)
    except (TypeError, ValueError):
        _refuse(path, "des nombres sont attendus, en lignes d’égale longueur.", _WANTED)
    if square.shape != (size, size):
        _refuse(path, f"le tableau de poids est de {' × '.join(map(str, square.shape))}, et il y a {size} lignes.",
                f"Donnez {size} lignes de {size} poids.")  # fmt: skip
    if not np.isfinite(square).all() or (square < 0).any():
        _refuse(path, "un poids manque ou est négatif.", _CORRECT)
    np.fill_diagonal(square, 0.0)
    if not square.any(axis=1).all():
        _refuse_islands(path, [str(rank + 1) for rank in np.flatnonzero(~square.any(axis=1)).tolist()])
    return spatial.row_standardised(square)


def _refuse_islands(path: Path, islands: Sequence[str]) -> NoReturn:
    told = listed([f"« {name} »" for name in islands[:_NAMED]])
    _refuse(path, f"{told}{', entre autres,' if len(islands) > _NAMED else ''} n’a aucun voisin.",
            "Donnez-lui un voisin, ou retirez sa ligne du tableau.")  # fmt: skip


def _refuse(path: Path, what: str, remedy: str) -> NoReturn:
    raise StructureFault(what, file=path.name, remedy=remedy)
