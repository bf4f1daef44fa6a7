"""The scenarios of a room that hold together: their families, and how far each resists what the room said otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.domain.french import counted, listed, number
from vigie.domain.workshop import EXCLUDES, FEWEST_ANSWERS, ItemKind, marks_of
from vigie.services.workshops.answers import ScenarioTold
from vigie.services.workshops.results import Counts, room_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from vigie.services.workshops.answers import CellTold, ItemTold

DRAWS = 200
"""Rooms drawn again: a share is known within 3.5 points of deviation, which is enough for « la plupart »."""
_SEED = 20_260_101
"""The same counts give the same page."""
_MOST = 20
"""A room speaks of three or four scenarios; those after twenty say that judgements tell too little."""


def scenarios_told(items: Sequence[ItemTold], counts: Counts) -> tuple[ScenarioTold, ...]:
    """Return the consistent scenarios of a room by cross-impact balances, without two hypotheses of which one excludes
    the other, those that hold best first; empty while nothing bears on anything, or when they are too many to weigh.

    `holds` is in how many of `DRAWS` rooms a scenario is consistent, each cell of a room being answered by as many
    people drawn with replacement among its answers: what the disagreement of the room leaves of it.
    """
    parts = _parts(items)
    ours = [one for part in parts for one in part]
    rows = room_matrix("fits", ours, ours, counts)
    if len(parts) < 2 or not any(map(any, rows)):
        return ()
    from vigie.measures import crossimpact  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    sizes = [len(part) for part in parts]
    try:
        found = crossimpact.consistent(rows, sizes).scenarios.tolist()
    except ValueError:
        return ()
    starts = [sum(sizes[:rank]) for rank in range(len(sizes))]
    chosen = [[start + at for start, at in zip(starts, scenario, strict=True)] for scenario in found]
    kept = [rank for rank, one in enumerate(chosen) if not any(rows[at][by] == EXCLUDES for at in one for by in one)]
    scores = {rank: float(crossimpact.balances(rows, sizes, found[rank])[chosen[rank]].sum()) for rank in kept}
    kept = sorted(kept, key=lambda rank: (-scores[rank], [ours[at].text for at in chosen[rank]]))[:_MOST]
    if not kept:
        return ()
    rooms = _rooms(ours, counts)
    told = [
        ScenarioTold(
            tuple(ours[at].text for at in chosen[rank]),
            margin=float(crossimpact.margins(rows, sizes, found[rank]).min()),
            score=scores[rank],
            family=family,
            holds=crossimpact.holding(rooms, sizes, found[rank]),
            items=tuple(ours[at].id for at in chosen[rank]),
        )
        for rank, family in zip(kept, crossimpact.families([found[rank] for rank in kept]), strict=True)
    ]
    return _by_family(sorted(told, key=lambda one: (-one.score, -one.holds)))


def _by_family(told: Sequence[ScenarioTold]) -> tuple[ScenarioTold, ...]:
    """Return scenarios family by family, the family of the best one first, under numbers that follow."""
    numbers = {family: rank for rank, family in enumerate(dict.fromkeys(one.family for one in told), start=1)}
    return tuple(sorted((replace(one, family=numbers[one.family]) for one in told), key=lambda one: one.family))


def family_sentences(scenarios: Sequence[ScenarioTold], cells: Sequence[CellTold]) -> tuple[str, ...]:
    """Return in French what the scenarios of each family share, and how far the best one resists disagreement; where
    the room said what goes with what and nothing holds together, that.
    """
    if not scenarios and any(cell.step == "fits" and cell.mark is not None for cell in cells):
        return ("Aucun scénario ne se tient tel quel : dans chacun, une hypothèse au moins est battue par une autre.",)
    families: dict[int, list[ScenarioTold]] = {}
    for one in scenarios:
        families.setdefault(one.family, []).append(one)
    said = []
    for family, ours in families.items():
        shared = [text for text in ours[0].hypotheses if all(text in one.hypotheses for one in ours)]
        best = max(one.holds for one in ours)
        what = f"ont en commun {listed(f'« {text} »' for text in shared)}" if shared else "n’ont rien en commun"
        if len(ours) == 1:
            what = f"dit {listed(f'« {text} »' for text in shared)}"
        said.append(
            f"Famille {family} ({counted(len(ours), 'scénario')})\u00a0: {'il' if len(ours) == 1 else 'ils'} {what}. "
            f"{'Il' if len(ours) == 1 else 'Le plus solide'} tient dans {number(best)} salles sur {DRAWS} tirées parmi "
            "les réponses."
        )
    return tuple(said)


def _parts(items: Sequence[ItemTold]) -> list[list[ItemTold]]:
    """Return the hypotheses of each descriptor that has two at least."""
    homes = [item.id for item in items if item.kind == ItemKind.DESCRIPTOR.value]
    parts = [[one for one in items if one.within == home] for home in homes]
    return [part for part in parts if len(part) > 1]


def _rooms(ours: Sequence[ItemTold], counts: Counts) -> NDArray[np.float64]:
    """Return matrices (draws, n, n) of judgements of rooms drawn again, the lower median of each cell."""
    import numpy as np  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    chance, rooms = np.random.default_rng(_SEED), np.zeros((DRAWS, len(ours), len(ours)))
    for line, one in enumerate(ours):
        for column, other in enumerate(ours):
            marks = marks_of(counts.get(f"fits:{one.id}:{other.id}", {}))
            if len(marks) >= FEWEST_ANSWERS:
                drawn = np.sort(chance.choice(marks, size=(DRAWS, len(marks))), axis=1)
                rooms[:, line, column] = drawn[:, (len(marks) - 1) // 2]
    return rooms
