"""Positions in a network of ties beside networkx on the same graph, in turn, after both have been loaded.

`python -m benchmarks.networks` keeps `results/networks-<ties>.json`: processor seconds of each measure and their ratio.
Triangles are counted once, within the constraint: effective size and clustering then cost nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

import networkx
import numpy as np

from benchmarks.machine import describe
from benchmarks.run import RESULTS, code_hash
from vigie.measures.networks import position, shape
from vigie.measures.networks.draws import by_territory, redrawn
from vigie.measures.networks.graph import Graph, graph

_PLACES = 300
COMPARED, ALONE = 5_000, 100_000
"""Ties on which both are run, and ties on which Vigie is run alone: betweenness by networkx would take hours there."""


def measure(ties: int, *, beside: bool) -> dict[str, Any]:
    """Return the processor seconds of each measure on a drawn network of `ties` ties, and of networkx when asked."""
    held = networkx.barabasi_albert_graph(ties // 4, 4, seed=1)
    first, second = np.array(held.edges).T
    known = graph(first, second, ties // 4)
    inside = np.arange(known.size)
    ours: dict[str, Callable[[], Any]] = {
        "betweenness": lambda: position.shortest_paths(known, inside),
        "constraint": lambda: position.constraint(known),
        "effective_size": lambda: position.effective_size(known),
        "clustering": lambda: shape.clustering(known),
        "core_number": lambda: shape.core_numbers(known),
    }
    if known.size <= shape.MOST_FOR_CORE:
        ours["core_periphery"] = lambda: shape.core_periphery(known)
    theirs: dict[str, Callable[[], Any]] = {
        "betweenness": lambda: networkx.betweenness_centrality(held, normalized=False),
        "constraint": lambda: networkx.constraint(held),
        "effective_size": lambda: networkx.effective_size(held),
        "clustering": lambda: networkx.clustering(held),
        "core_number": lambda: networkx.core_number(held),
    }
    found: dict[str, Any] = {"ties": known.ties, "nodes": known.size}
    found["seconds"] = {name: _worked(done) for name, done in ours.items()}
    if beside:
        found["networkx_seconds"] = {name: _worked(done) for name, done in theirs.items()}
        found["times_faster"] = {
            name: round(taken / max(found["seconds"][name], 1e-4), 1)
            for name, taken in found["networkx_seconds"].items()
        }
    found["draws"] = _drawn(known, held if beside else None)
    found["peak_memory_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _drawn(known: Graph, held: networkx.Graph | None) -> dict[str, Any]:
    """Return the seconds of a draw of the same degrees and of the measures of 300 places on it.

    networkx swaps as many ties as ours tries in a first draw.
    """
    places = np.arange(known.size)[None, :] % _PLACES == np.arange(_PLACES)[:, None]
    told = {
        "first": _worked(lambda: list(redrawn(known, 1, 1))),
        "two_hundred": _worked(lambda: list(redrawn(known, 200, 1))),
        "measures_once": _worked(lambda: by_territory(places)(known)),
    }
    if held is not None:
        swaps = 10 * held.number_of_edges()
        told["networkx_first"] = _worked(lambda: networkx.double_edge_swap(held, swaps, 100 * swaps, seed=1))
        told["times_faster"] = round(told["networkx_first"] / max(told["first"], 1e-4), 1)
    return told


def _worked(done: Callable[[], Any]) -> float:
    start = time.process_time()
    done()
    return round(time.process_time() - start, 4)


def main() -> None:
    """Run both sizes and keep what was measured, with the machine and the code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--ties", type=int, default=COMPARED)
    asked.add_argument("--alone", type=int, default=ALONE)
    options = asked.parse_args()
    told = {
        "machine": describe(),
        "code": code_hash(),
        "compared": measure(options.ties, beside=True),
        "alone": measure(options.alone, beside=False),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"networks-{options.ties}.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
