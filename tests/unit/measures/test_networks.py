"""Measures of networks beside networkx on drawn graphs, and on the shapes where formulas break."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

from vigie.measures.networks import position, shape
from vigie.measures.networks.graph import Graph, graph


def drawn(seed: int) -> tuple[Graph, networkx.Graph]:
    held = networkx.barabasi_albert_graph(80, 3, seed=seed)
    held.remove_edges_from(list(held.edges)[::7])
    chance = np.random.default_rng(seed)
    for one, other in held.edges:
        held[one][other]["weight"] = float(chance.integers(1, 5))
    first, second, weight = (np.array(column) for column in zip(*held.edges(data="weight"), strict=True))
    return graph(first, second, 80, weight.astype(float)), held


@pytest.mark.parametrize("seed", range(5))
def test_positions_are_those_of_networkx(seed: int) -> None:
    known, held = drawn(seed)
    paths = position.shortest_paths(known, np.flatnonzero(shape.giant(known)))
    expected = networkx.betweenness_centrality(held, normalized=False)
    assert paths.betweenness == pytest.approx([expected[node] for node in range(80)], abs=1e-9)
    largest = held.subgraph(max(networkx.connected_components(held), key=len))
    assert paths.mean_length == pytest.approx(networkx.average_shortest_path_length(largest))
    burt = networkx.constraint(held, weight="weight")
    assert position.constraint(known) == pytest.approx([burt[node] for node in range(80)], nan_ok=True)
    free = networkx.effective_size(held)
    assert position.effective_size(known) == pytest.approx([free[node] for node in range(80)], nan_ok=True)
    assert shape.core_numbers(known).tolist() == [networkx.core_number(held)[node] for node in range(80)]
    assert shape.clustering(known) == pytest.approx([networkx.clustering(held)[node] for node in range(80)])


def test_planted_brokers_are_found_again() -> None:
    """Four groups of ten, all tied within; one member of each is tied to one outsider who belongs to none of them."""
    ties = [(ten + a, ten + b) for ten in range(0, 40, 10) for a in range(10) for b in range(a)]
    ties += [(40, ten) for ten in range(0, 40, 10)]
    first, second = (np.array(side) for side in zip(*ties, strict=True))
    known = graph(first, second, 42)
    groups = np.array([*np.repeat(np.arange(4), 10), 4, 0])
    roles = position.brokerage(known, groups)
    assert roles[40].tolist() == [0, 0, 0, 6]
    assert roles[:40, 3].tolist() == [0] * 40
    paths = position.shortest_paths(known, np.flatnonzero(shape.giant(known)))
    assert int(np.argmax(paths.betweenness)) == 40
    assert np.nanargmin(position.constraint(known)) in (0, 10, 20, 30, 40)
    assert np.flatnonzero(known.degrees == 0).tolist() == [41]
    assert np.isnan(position.constraint(known)[41])


def test_a_hub_of_many_ties_is_no_burden() -> None:
    known = graph(np.zeros(200_000, dtype=np.int64), np.arange(1, 200_001), 200_001)
    assert known.triangles.shape == (0, 3)
    assert position.constraint(known)[0] == pytest.approx(1 / 200_000)
    assert position.effective_size(known)[0] == 200_000
    assert shape.degree_centralization(known) == pytest.approx(1.0)
    assert shape.core_numbers(known).max() == 1


def test_a_complete_network_has_neither_assortativity_nor_core() -> None:
    first, second = np.triu_indices(5, k=1)
    known = graph(first, second, 5)
    assert shape.degree_assortativity(known) is None
    assert shape.core_periphery(known) is None
    assert shape.transitivity(known) == 1.0
