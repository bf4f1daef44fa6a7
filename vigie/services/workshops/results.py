"""What comes out of the counts of a room: cells with their disagreement, places of factors, balance of actors.

Computed again from the counts that are kept, never from papers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.domain.french import counted, listed, number
from vigie.domain.workshop import FEWEST_ANSWERS, STEPS, ItemKind, cells_of, marks_of, middle
from vigie.services.workshops.answers import ActorPlace, CellTold, FactorPlace, ItemTold, ObjectiveTold, RoomRoundTold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vigie.domain.workshop import RoomStep

Counts = dict[str, dict[str, int]]
_AGREED, _SPLIT = 0.75, 0.5
"""Tastle and Wierman's consensus: above .75 answers lie on marks side by side, below .5 a room is cut in two."""
_NAMED = 3
_ORDERS_ALIKE = ((0.7, "range nettement"), (0.5, "range à peu près"), (0.0, "ne range pas"))
"""Schmidt's reading of Kendall's W: .7 strong, .5 moderate agreement (Decision Sciences 28, 1997)."""


def by_kind(items: Sequence[ItemTold]) -> dict[ItemKind, list[str]]:
    """Return the identifiers of kept items, by kind."""
    found: dict[ItemKind, list[str]] = {kind: [] for kind in ItemKind}
    for item in items:
        found[ItemKind(item.kind)].append(item.id)
    return found


def cells_asked(step: RoomStep, items: Sequence[ItemTold], round_: int) -> list[str]:
    """Return the names of the cells of a step in a round."""
    return cells_of(step, by_kind(items), round_, {item.id: item.within for item in items if item.within})


def cells_told(items: Sequence[ItemTold], counts: Counts, rounds: int) -> tuple[CellTold, ...]:
    """Return every cell of every step; below three answers, how many answered and nothing else."""
    names = {item.id: item.text for item in items}
    found = []
    for step in STEPS.values():
        many = 1 if step.columns else rounds
        for cell in [cell for round_ in range(1, many + 1) for cell in cells_asked(step, items, round_)]:
            found.append(_cell(step, cell, names, counts.get(cell, {})))
    return tuple(found)


def _cell(step: RoomStep, cell: str, names: Mapping[str, str], counts: Mapping[str, int]) -> CellTold:
    from vigie.measures.delphi import agreement  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    _, line, column = cell.split(":")
    marks = marks_of(counts)
    shown = names.get(column, f"tour {column}" if step.columns is None else "")
    if len(marks) < FEWEST_ANSWERS:
        return CellTold(step.key, names.get(line, ""), shown, len(marks), None, (), "moins de trois réponses")
    consensus = agreement(marks, step.scale).consensus
    word = "accord" if consensus >= _AGREED else "désaccord" if consensus < _SPLIT else "partagé"
    told = tuple((int(mark), many) for mark, many in sorted(counts.items(), key=lambda pair: int(pair[0])))
    return CellTold(step.key, names.get(line, ""), shown, len(marks), middle(marks), told, word)


def room_matrix(step: str, lines: Sequence[ItemTold], columns: Sequence[ItemTold], counts: Counts) -> list[list[int]]:
    """Return the marks of a step; a cell with fewer than three answers counts as 0, which the sentences say."""
    return [[_mark(counts.get(f"{step}:{one.id}:{other.id}", {})) for other in columns] for one in lines]


def _mark(counts: Mapping[str, int]) -> int:
    marks = marks_of(counts)
    return middle(marks) if len(marks) >= FEWEST_ANSWERS else 0


def factors_told(items: Sequence[ItemTold], counts: Counts) -> tuple[FactorPlace, ...]:
    """Return where factors stand by MICMAC, the most influential first; empty while nothing acts on anything."""
    from vigie.services.envision.foresight import influence_paths  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    factors = [item for item in items if item.kind == ItemKind.FACTOR.value]
    rows = room_matrix("influence", factors, factors, counts)
    if not any(map(any, rows)):
        return ()
    powers = influence_paths(rows)["powers"]
    direct, far = powers["1"], _furthest(powers)
    shares = {way: _shares(far[way]) for way in ("influence", "dependence")}
    ranks = _ranks(direct["influence"]), _ranks(far["influence"])
    means = {way: sum(direct[way]) / len(factors) for way in ("influence", "dependence")}
    told = [
        FactorPlace(
            name=factor.text,
            direct_influence=direct["influence"][at],
            direct_dependence=direct["dependence"][at],
            indirect_influence=shares["influence"][at],
            indirect_dependence=shares["dependence"][at],
            rank_direct=ranks[0][at],
            rank_indirect=ranks[1][at],
            role=_role(direct["influence"][at] > means["influence"], direct["dependence"][at] > means["dependence"]),
        )
        for at, factor in enumerate(factors)
    ]
    return tuple(sorted(told, key=lambda one: (one.rank_direct, one.name)))


def _furthest(powers: Mapping[str, Mapping[str, Sequence[int]]]) -> Mapping[str, Sequence[int]]:
    """Return the longest paths that there are: without a loop they end before eight influences."""
    return next(one for _, one in sorted(powers.items(), key=lambda pair: -int(pair[0])) if any(one["influence"]))


def _shares(sums: Sequence[int]) -> list[float]:
    return [round(100 * one / (sum(sums) or 1), 1) for one in sums]


def _ranks(sums: Sequence[int]) -> list[int]:
    ordered = sorted(sums, reverse=True)
    return [ordered.index(one) + 1 for one in sums]


def _role(moves: bool, moved: bool) -> str:
    if moves:
        return "relais (agit et subit)" if moved else "moteur"
    return "résultat" if moved else "à part"


def actors_told(items: Sequence[ItemTold], counts: Counts) -> tuple[tuple[ActorPlace, ...], tuple[ObjectiveTold, ...]]:
    """Return the balance of actors and what stands for and against each objective, by MACTOR; empty without actors."""
    actors, objectives = (
        [item for item in items if item.kind == kind.value] for kind in (ItemKind.ACTOR, ItemKind.OBJECTIVE)
    )
    if len(actors) < 2 or not objectives:
        return (), ()
    import numpy as np  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    from vigie.services.envision.foresight import game  # noqa: PLC0415

    power: list[list[float]] = [list(map(float, row)) for row in room_matrix("power", actors, actors, counts)]
    stands = np.array(room_matrix("stand", actors, objectives, counts), dtype=np.float64)
    found = game([one.text for one in actors], [one.text for one in objectives], power, stands)
    weighed = [ActorPlace(one.text, weight) for one, weight in zip(actors, found["Ri"], strict=True)]
    return (
        tuple(sorted(weighed, key=lambda one: (-(one.weight or 0), one.name))),
        tuple(ObjectiveTold(one["objective"], one["for"], one["against"]) for one in found["mobilisation"]),
    )


def rounds_told(papers: Sequence[Mapping[str, int]], items: Sequence[ItemTold], rounds: int) -> dict[str, list[float]]:
    """Return for each round how many answered every question, and Kendall's W of their orders, from three people on.

    It is reckoned once, before papers are erased: the counts of cells do not tell who answered what together.
    """
    from vigie.measures.delphi import concordance  # noqa: PLC0415 - NumPy is not loaded to fill a cell

    found = {}
    for round_ in range(1, rounds + 1):
        asked = cells_asked(STEPS["delphi"], items, round_)
        whole = [[paper[cell] for cell in asked] for paper in papers if all(cell in paper for cell in asked)]
        if len(asked) >= 2 and len(whole) >= FEWEST_ANSWERS and (alike := concordance(whole)) is not None:
            found[str(round_)] = [float(len(whole)), round(alike, 2)]
    return found


def round_sentences(rounds: Sequence[RoomRoundTold]) -> tuple[str, ...]:
    """Return in French how far a room orders its questions alike, round by round."""
    return tuple(
        f"Au tour {one.round}, la salle {next(word for least, word in _ORDERS_ALIKE if one.concordance >= least)} les "
        f"questions dans le même ordre (W de Kendall\u00a0: {number(one.concordance, 2)}, de 0 à 1, "
        f"{counted(one.people, 'personne')} ayant répondu à toutes)."
        for one in rounds
    )


def sentences_of(people: int, cells: Sequence[CellTold], factors: Sequence[FactorPlace]) -> tuple[str, ...]:
    """Return in French what a room said, what divides it, and what could not be told."""
    told = [cell for cell in cells if cell.mark is not None]
    said = [
        f"{counted(people, 'personne a répondu', 'personnes ont répondu')} ; "
        f"{counted(len(told), 'case a', 'cases ont')} trois réponses au moins, sur {counted(len(cells), 'case')}."
    ]
    if movers := [one.name for one in factors if one.role == "moteur"][:_NAMED]:
        said.append(f"Ce qui entraîne le reste : {listed(map(_quoted, movers))}.")
    if relays := [one.name for one in factors if one.role.startswith("relais")][:_NAMED]:
        said.append(f"Ce qui agit et subit à la fois, donc reste instable : {listed(map(_quoted, relays))}.")
    if hidden := [one for one in factors if one.rank_indirect < one.rank_direct][:_NAMED]:
        names = listed(_quoted(one.name) for one in hidden)
        said.append(f"Plus influent à travers les autres que directement : {names}.")
    if split := [one for one in told if one.word == "désaccord"][:_NAMED]:
        pairs = listed(_quoted(f"{one.line} → {one.column}" if one.step != "delphi" else one.line) for one in split)
        said.append(f"Désaccord, à reprendre de vive voix : {pairs}.")
    if unknown := [cell for cell in cells if cell.mark is None and cell.step != "delphi"]:
        said.append(
            f"{counted(len(unknown), 'case n’a', 'cases n’ont')} pas trois réponses : les calculs la comptent à zéro, "
            "ce qui n’est pas connu."
            if len(unknown) == 1
            else f"{counted(len(unknown), 'case')} n’ont pas trois réponses : les calculs les comptent à zéro, faute "
            "de savoir."
        )
    return tuple(said)


def _quoted(text: str) -> str:
    return f"« {text.rstrip('. ')} »"
