"""A network of ties handed in as a file: its shape, and where each node stands. Nothing of it is kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from vigie.domain import french
from vigie.domain.french import counted, listed
from vigie.errors import StructureFault
from vigie.measures.networks import position, shape
from vigie.measures.networks.graph import Graph, graph
from vigie.services.lever_files import read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

Answer = dict[str, Any]
_MOST_FOR_MODULARITY = 2_000
"""Nodes above which communities are not sought: merging them one by one takes minutes."""
_NAMED = 5
_CORRECT = "Corrigez le fichier, puis recommencez."


def networks(edges: Path, groups: Path | None = None) -> Answer:
    """Return the shape of a network (`global`), its nodes (`nodes`) and what was left out or estimated (`notes`).

    `edges` has columns a, b and optionally weight; `groups` has node and group, and adds E-I indices and roles. A loop
    is left out, a tie written twice counts once with its weights added, and both are told. Raises `StructureFault`.
    """
    names, known, notes = _read(edges)
    labels = None if groups is None else _groups(groups, names)
    inside = np.flatnonzero(shape.giant(known))
    paths = position.shortest_paths(known, inside)
    if paths.sources < known.size:
        notes.append(
            f"L’intermédiarité et la longueur des chemins sont estimées depuis {paths.sources} nœuds tirés au sort "
            f"parmi {counted(known.size, 'nœud')}, toujours les mêmes."
        )
    columns = {
        "degree": known.degrees,
        "betweenness_raw": paths.betweenness,
        "constraint_burt": position.constraint(known),
        "effective_size": position.effective_size(known),
        "core_number": shape.core_numbers(known),
        "clustering": shape.clustering(known),
    }
    whole = _whole(known, paths.mean_length, inside.size, notes) | {"max_core": int(columns["core_number"].max())}
    if labels is not None:
        columns["EI_node"], whole["EI_index"] = position.external_internal(known, labels)
        whole["attr_assortativity"] = position.group_assortativity(known, labels)
        columns |= dict(zip(position.ROLES, position.brokerage(known, labels).T, strict=True))
    found = shape.core_periphery(known) if known.size <= shape.MOST_FOR_CORE else None
    if known.size > shape.MOST_FOR_CORE:
        notes.append(f"Le cœur n’est pas cherché au-delà de {french.number(shape.MOST_FOR_CORE)} nœuds.")
    whole["core_periphery"] = None if found is None else {"corr": found[0], "core": [names[one] for one in found[1]]}
    told = {name: _known(values) for name, values in columns.items()}
    nodes = [{"node": node} | {name: told[name][rank] for name in told} for rank, node in enumerate(names)]
    return {"global": whole, "nodes": nodes, "notes": notes}


def memberships(edges: Path) -> Answer:
    """Return the shape of a network of members (a) and of what they take part in (b). Raises `StructureFault`."""
    rows = _pairs(edges)
    members, groups = _numbers([row["a"] for row in rows]), _numbers([row["b"] for row in rows])
    if both := sorted(set(members) & set(groups)):
        raise StructureFault(
            f"{listed([f'« {one} »' for one in both[:_NAMED]])} se trouve dans les deux colonnes.",
            file=edges.name, column="b",
            remedy="Un membre ne peut pas être ce à quoi il participe : renommez l’un des deux.",
        )  # fmt: skip
    first, second = (np.array([ranks[row[side]] for row in rows]) for side, ranks in (("a", members), ("b", groups)))
    return {"global": {"members": len(members), "groups": len(groups)} | shape.bipartite(first, second)}


def _whole(known: Graph, length: float | None, largest: int, notes: list[str]) -> Answer:
    dense, closed = shape.density(known), float(shape.clustering(known).mean())
    mean_degree = 2 * known.ties / known.size
    expected = math.log(known.size) / math.log(mean_degree) if mean_degree > 1 else None
    small = closed / dense / (length / expected) if length and expected else None
    modularity = None
    if known.size <= _MOST_FOR_MODULARITY:
        modularity = shape.greedy_modularity(known)
    else:
        notes.append(f"La modularité n’est pas cherchée au-delà de {french.number(_MOST_FOR_MODULARITY)} nœuds.")
    return {
        "n": known.size,
        "m": known.ties,
        "density": dense,
        "transitivity": shape.transitivity(known),
        "avg_clustering": closed,
        "giant_share": largest / known.size,
        "avg_path_giant": length,
        "assortativity": shape.degree_assortativity(known),
        "small_world_C_rand_ER": dense,
        "small_world_L_rand_ER": expected,
        "sigma_ER": small,
        "degree_centralization_freeman": shape.degree_centralization(known),
        "modularity_greedy": modularity,
    }


def _read(edges: Path) -> tuple[list[str], Graph, list[str]]:
    rows = _pairs(edges)
    ranks = _numbers([row[side] for row in rows for side in ("a", "b")])
    names = list(ranks)
    first, second = (np.array([ranks[row[side]] for row in rows]) for side in ("a", "b"))
    known = graph(first, second, len(names), _weights(edges, rows))
    if not known.ties:
        raise StructureFault(
            f"toutes les lignes relient « {names[0]} » à lui-même." if len(names) == 1 else
            "toutes les lignes relient un nœud à lui-même.", file=edges.name,
            remedy="Il faut au moins un lien entre deux nœuds.",
        )  # fmt: skip
    loops = int((first == second).sum())
    doubles = len(rows) - loops - known.ties
    notes = []
    if loops:
        notes.append(f"{counted(loops, 'ligne')} d’un nœud vers lui-même : mises de côté.")
    if doubles:
        notes.append(f"{counted(doubles, 'ligne')} en double : chaque lien compte une fois, ses poids s’ajoutent.")
    return names, known, notes


def _pairs(edges: Path) -> list[dict[str, str]]:
    rows = read_rows(edges, ("a", "b"), ("a", "b", "weight"))
    for row in rows:
        for side in ("a", "b"):
            if not row[side]:
                raise StructureFault("ce nœud n’a pas de nom.", file=edges.name, line=int(row[""]), column=side,
                                     remedy=_CORRECT)  # fmt: skip
    return rows


def _weights(edges: Path, rows: Sequence[dict[str, str]]) -> NDArray[np.float64] | None:
    if not any(row["weight"] for row in rows):
        return None
    found = np.empty(len(rows))
    for rank, row in enumerate(rows):
        try:
            found[rank] = float(row["weight"].replace(",", "."))
        except ValueError:
            found[rank] = math.nan
        if not math.isfinite(found[rank]) or found[rank] <= 0:
            what = (
                f"« {row['weight'][:40]} » n’est pas un poids positif."
                if row["weight"]
                else "le poids de ce lien manque."
            )
            raise StructureFault(what, file=edges.name, line=int(row[""]), column="weight",
                                 remedy="Donnez un poids positif à chaque lien, ou retirez la colonne.")  # fmt: skip
    return found


def _groups(path: Path, names: Sequence[str]) -> NDArray[np.int64]:
    held = {row["node"]: row["group"] for row in read_rows(path, ("node", "group"), ("node", "group"))}
    if lacking := [name for name in names if not held.get(name)]:
        raise StructureFault(
            f"il manque le groupe de {listed([f'« {name} »' for name in lacking[:_NAMED]])}"
            f"{' entre autres' if len(lacking) > _NAMED else ''}.", file=path.name, column="group",
            remedy="Donnez un groupe à chaque nœud du réseau.",
        )  # fmt: skip
    ranks = _numbers([held[name] for name in names])
    return np.array([ranks[held[name]] for name in names])


def _numbers(names: Sequence[str]) -> dict[str, int]:
    """Return the rank of each name, numbers in their order before words in theirs."""
    ordered = sorted(set(names), key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
    return {name: rank for rank, name in enumerate(ordered)}


def _known(values: NDArray[Any]) -> list[Any]:
    return [None if isinstance(one, float) and math.isnan(one) else one for one in values.tolist()]
