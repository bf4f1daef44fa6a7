"""Networks drawn again with the same degrees: planted closure is told, chance is not, and draws are the same twice."""

from __future__ import annotations

import networkx
import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.measures.networks.draws import by_territory, deviations, redrawn
from vigie.measures.networks.graph import Graph, graph

NODES, PLACES = 240, 4


def chance_graph(seed: int) -> Graph:
    held = networkx.gnm_random_graph(NODES, 600, seed=seed)
    first, second = (np.array(side) for side in zip(*held.edges, strict=True))
    return graph(first, second, NODES)


def quarters() -> np.ndarray:
    """Each node is in one of four places, whatever its ties."""
    return np.arange(NODES)[None, :] % PLACES == np.arange(PLACES)[:, None]


def test_draws_keep_every_degree_and_make_no_double() -> None:
    known = chance_graph(1)
    drawn = list(redrawn(known, draws=5, seed=3))
    for one in not_empty(drawn):
        assert one.degrees.tolist() == known.degrees.tolist()
        assert one.ties == known.ties
    shared = len(
        set(zip(drawn[0].first, drawn[0].second, strict=True)) & set(zip(known.first, known.second, strict=True))
    )
    assert shared < known.ties / 10
    again = next(redrawn(known, draws=5, seed=3))
    assert again.first.tolist() == drawn[0].first.tolist()


def test_ties_drawn_by_chance_deviate_by_nothing() -> None:
    """Four places, five measures, five networks: the interval at 95 % holds what is observed nearly always."""
    held, tried = 0, 0
    for seed in range(5):
        found = deviations(chance_graph(seed), by_territory(quarters()), draws=100, seed=7)
        for one in not_empty(list(found.values())):
            held += int(((one.low <= one.observed) & (one.observed <= one.high)).sum())
            tried += PLACES
    assert held / tried >= 0.88


def test_planted_closure_is_found_again_and_only_there() -> None:
    """Sixty firms of one place are tied three by three; the others by chance, with as many ties each."""
    trios = [(a + i, a + j) for a in range(0, 60, 3) for i, j in ((0, 1), (1, 2), (0, 2))]
    others = networkx.random_regular_graph(2, 180, seed=5)
    ties = trios + [(60 + one, 60 + other) for one, other in others.edges]
    first, second = (np.array(side) for side in zip(*ties, strict=True))
    places = np.array([np.arange(NODES) < 60, np.arange(NODES) >= 60])
    found = deviations(graph(first, second, NODES), by_territory(places), draws=100, seed=7)
    for name in not_empty(("density", "clustering", "constraint")):
        assert found[name].observed[0] > found[name].high[0], name
    assert found["external_internal"].observed[0] == -1 < found["external_internal"].low[0]
    assert found["clustering"].observed[1] <= found["clustering"].high[1]


def test_measures_are_those_of_networkx() -> None:
    known = chance_graph(2)
    held = networkx.Graph(zip(known.first.tolist(), known.second.tolist(), strict=True))
    found = by_territory(quarters())(known)
    mine = [node for node in range(NODES) if node % PLACES == 0]
    assert found["density"][0] == pytest.approx(networkx.density(held.subgraph(mine)))
    closed = networkx.clustering(held)
    assert found["clustering"][0] == pytest.approx(np.mean([closed.get(node, 0) for node in mine]))
    beside = networkx.average_neighbor_degree(held)
    assert found["partners_degree"][0] == pytest.approx(np.mean([beside.get(node, 0) for node in mine]))
