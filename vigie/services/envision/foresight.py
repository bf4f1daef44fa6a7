"""MICMAC, MACTOR and Delphi of a file handed in. Nothing of it is kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain.french import counted
from vigie.measures import actors_game, delphi, influence
from vigie.services.envision.judgements import CORRECT, JudgementFile, JudgementTable, Rows, read_judgements, square

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Answer = dict[str, Any]
MOST_POWER = 50
"""Longest paths told: sums of powers of a matrix of threes and thirty factors then have a hundred digits."""
_STRONGEST, _FURTHEST = 4, 4
"""Godet's scales: an actor weighs 0 to 4 on another, and stands -4 to 4 on an objective."""
_ROUND_NAME = "tour n° {}"


def micmac(path: Path, powers: int = influence.POWERS) -> Answer:
    """Return, by factor, influence and dependence along paths of 1 to `powers` influences, and their limit shares.

    `potential`, where the file has it, is a second matrix of influences that may come: the same figures are given with
    both added. Raises `StructureFault` when the file is at fault.
    """
    file = read_judgements(path, "matrix")
    field = file.named("matrix", "T")
    names = file.names("factors", len(file.rows(field)), "facteur")
    now = _influences(file, field, names)
    answer = {"factors": names, **influence_paths(now, powers)}
    if "potential" in file.values:
        more = _influences(file, "potential", names)
        both = [[one + other for one, other in zip(*rows, strict=True)] for rows in zip(now, more, strict=True)]
        answer["potential"] = influence_paths(both, powers)
    return answer


def mactor(path: Path) -> Answer:
    """Return the balance of power of actors and their alliances, under Godet's names; raises `StructureFault`.

    The file holds MDI (actors, actors) and 2MAO (actors, objectives); `actors` and `objectives` name them.
    """
    file = read_judgements(path)
    direct, stands = file.named("MDI"), file.named("2MAO")
    actors = file.names("actors", len(file.rows(direct)), "acteur")
    objectives = file.names("objectives", len(file.rows(stands)[0]), "objectif")
    table = square(file, direct, actors)
    rows = table.numbers(least=0, most=_STRONGEST)
    table.empty_diagonal(rows)
    positions = np.array(
        JudgementTable(file, stands, actors, objectives).numbers(least=-_FURTHEST, most=_FURTHEST), dtype=np.float64
    )
    return game(actors, objectives, rows, positions)


def game(actors: Sequence[str], objectives: Sequence[str], direct: Rows, positions: NDArray[np.float64]) -> Answer:
    """Return the balance of power and the alliances of actors, from MDI (n, n) and 2MAO (n, m)."""
    found = actors_game.balance(direct)
    weighed = found.weight[:, None] * positions
    counts, second, third = (
        actors_game.counted_alliances(positions),
        actors_game.weighed_alliances(positions),
        actors_game.weighed_alliances(weighed),
    )
    told = {
        "MIDI": found.both, "Ii": found.influence, "Di": found.dependence, "Ri": found.weight,
        "1CAA": counts.together, "1DAA": counts.apart, "2CAA": second.together, "2DAA": second.apart,
        "3MAO": weighed, "3CAA": third.together, "3DAA": third.apart,
    }  # fmt: skip
    sides = zip(objectives, *actors_game.mobilised(weighed), strict=True)
    return {
        "actors": list(actors),
        "objectives": list(objectives),
        **{name: plain(values) for name, values in told.items()},
        "mobilisation": [{"objective": name, "for": _known(pro), "against": _known(con)} for name, pro, con in sides],
    }


def delphi_rounds(path: Path) -> Answer:
    """Return what a panel answers on each item, how far it agrees, and its concordance, round by round.

    The file holds `items`, or `rounds` of them; an item has `ratings`, one for each member of the panel in the same
    order, null for one who did not answer; `scale` gives the lowest and highest mark (1 and 5). Concordance is that of
    members who answered everything. Raises `StructureFault`.
    """
    file = read_judgements(path, "items")
    scale = _scale(file)
    if "rounds" not in file.values:
        file.named("items")
        return _round(file, scale)
    rounds = file.values["rounds"]
    if not isinstance(rounds, list) or not rounds or not all(isinstance(one, dict) for one in rounds):
        file.fault("« rounds » : une liste de tours est attendue, chacun avec ses « items ».")
    told = []
    for rank, one in enumerate(rounds, start=1):
        if "items" not in one:
            file.fault(f"{_ROUND_NAME.format(rank)} : il manque « items ».")
        told.append(_round(JudgementFile(file.name, one), scale))
    if len({tuple(item["name"] for item in one["items"]) for one in told}) > 1:
        file.fault("les tours ne portent pas sur les mêmes items.", "Gardez les mêmes items, dans le même ordre.")
    return {"rounds": told, "moves": _moves(told[0]["items"], told[-1]["items"])}


def plain(values: NDArray[np.float64]) -> list[Any]:
    """Return a table as JSON takes it: whole numbers without decimals, what is not known `None`."""
    if values.ndim > 1:
        return [plain(row) for row in values]
    return [_known(value) for value in values.tolist()]


def _known(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else value


def _influences(file: JudgementFile, field: str, names: Sequence[str]) -> list[list[int]]:
    table = square(file, field, names)
    rows = table.numbers(whole=True, least=0)
    table.empty_diagonal(rows)
    return [[int(cell) for cell in row] for row in rows]


def influence_paths(rows: Sequence[Sequence[int]], powers: int = influence.POWERS) -> Answer:
    """Return influence and dependence along paths of 1 to `powers` influences, and their limit shares."""
    reaches, limit = influence.reaches(rows, powers), influence.limit(rows)
    perron = None
    if limit is not None:
        perron = {
            "rho": limit.growth,
            "influence_limit_share": limit.influence,
            "dependence_limit_share": limit.dependence,
        }
    return {
        "powers": {
            str(rank): {"influence": one.influence, "dependence": one.dependence}
            for rank, one in enumerate(reaches, start=1)
        },
        "settled_from": influence.settled(reaches),
        "perron": perron,
    }


def _scale(file: JudgementFile) -> tuple[int, int]:
    found = file.values.get("scale", [1, 5])
    whole = isinstance(found, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in found)
    if not whole or len(found) != 2 or found[0] >= found[1]:
        file.fault("« scale » : la note la plus basse et la plus haute sont attendues, comme [1, 5].")
    return found[0], found[1]


def _round(file: JudgementFile, scale: tuple[int, int]) -> Answer:
    items = file.values["items"]
    if not isinstance(items, list) or not items or not all(isinstance(one, dict) for one in items):
        file.fault("« items » : une liste d’objets est attendue, chacun avec ses « ratings ».")
    answers, told = [], []
    for rank, item in enumerate(items, start=1):
        name = str(item.get("name") or f"item {rank}")
        given = _ratings(file, item, f"item n° {rank}", scale)
        found = delphi.agreement([one for one in given if one is not None], scale)
        answers.append(given)
        told.append(
            {
                "name": name, "answers": found.answers, "median": found.median, "iqr": found.spread,
                "sd": found.deviation, "share_agree": found.high,
                "tastle_wierman_consensus": found.consensus,
            }
        )  # fmt: skip
    for rank, given in enumerate(answers, start=1):
        if len(given) != len(answers[0]):
            file.fault(
                f"item n° {rank} : {counted(len(given), 'réponse')} là où le premier en a {len(answers[0])}.",
                "Donnez une réponse par personne, dans le même ordre, et null pour qui n’a pas répondu.",
            )
    complete: Rows = [list(row) for row in zip(*answers, strict=True) if None not in row]
    return {"items": told, "kendall_W_tie_corrected": delphi.concordance(complete) if complete else None}


def _ratings(file: JudgementFile, item: Answer, place: str, scale: tuple[int, int]) -> list[Any]:
    given = item.get("ratings")
    if not isinstance(given, list) or all(one is None for one in given):
        file.fault(f"{place} : « ratings » doit être une liste de notes.", CORRECT)
    for rank, one in enumerate(given, start=1):
        number = isinstance(one, int | float) and not isinstance(one, bool)
        if one is not None and not (number and scale[0] <= one <= scale[1]):
            file.fault(
                f"{place}, réponse n° {rank} : « {str(one)[:40]} » n’est pas une note de {scale[0]} à {scale[1]}."
            )
    return given


def _moves(first: list[Answer], last: list[Answer]) -> list[Answer]:
    return [
        {
            "name": one["name"],
            "median": other["median"] - one["median"],
            "iqr": other["iqr"] - one["iqr"],
            "tastle_wierman_consensus": other["tastle_wierman_consensus"] - one["tastle_wierman_consensus"],
        }
        for one, other in zip(first, last, strict=True)
    ]
