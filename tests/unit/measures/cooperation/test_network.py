"""Features, orders and weights on networks small enough to be counted by hand, or drawn from planted weights."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pytest
from scipy import sparse

from tests.not_empty import not_empty
from vigie.measures.cooperation import features
from vigie.measures.cooperation.features import (
    adamic_adar,
    common_neighbours,
    jaccard,
    preferential_attachment,
    resource_allocation,
    shared_partners,
    similar_partners,
    theme_activity,
)
from vigie.measures.cooperation.network import Network, Participations, network
from vigie.measures.cooperation.ordering import broken_ties, placed
from vigie.measures.cooperation.recipes import NetworkFeature
from vigie.measures.cooperation.weights import learn, standardised


def _taken(groups: dict[tuple[int, str], list[int]], foreign: tuple[int, ...] = ()) -> Participations:
    """Return participations: year and theme of each group to its members."""
    rows = [
        (member, number, year, member not in foreign)
        for number, ((year, _), members) in enumerate(groups.items())
        for member in members
    ]
    organisation, group, years, local = (np.array(column) for column in zip(*rows, strict=True))
    names = sorted({theme for _, theme in groups})
    themes = np.array([[float(theme == name) for name in names] for _, theme in groups])
    return Participations(organisation, group, years, local, sparse.csr_array(themes))


def _square() -> Network:
    """Return four local organisations in a path 0-1-2-3, and a foreign one, 4, that works with 0 and 3."""
    return network(_taken({(1, "a"): [0, 1], (2, "a"): [1, 2], (3, "b"): [2, 3], (4, "b"): [0, 3, 4]}, (4,)))


def test_simple_features_are_those_counted_by_hand() -> None:
    path = network(_taken({(1, "a"): [0, 1], (2, "a"): [1, 2], (3, "b"): [2, 3]}))
    assert common_neighbours.FEATURE.measure(path)[0].tolist() == [1, 0, 1, 0]
    assert adamic_adar.FEATURE.measure(path)[0, 2] == pytest.approx(1 / np.log(2), rel=1e-12)
    assert resource_allocation.FEATURE.measure(path)[0, 2] == 0.5
    assert jaccard.FEATURE.measure(path)[0, 2] == 0.5
    assert preferential_attachment.FEATURE.measure(path)[1].tolist() == [2, 4, 4, 2]


def test_partners_abroad_count_only_where_all_countries_are_asked() -> None:
    met = _square()
    assert met.size == 4
    assert common_neighbours.FEATURE.measure(met)[0, 2] == 2
    assert common_neighbours.EVERYWHERE.measure(met)[0, 3] == 1
    assert common_neighbours.FEATURE.measure(met)[0, 3] == 0


def test_a_shared_partner_counts_more_when_it_is_tied_closely_and_to_few() -> None:
    close = network(_taken({(1, "a"): [0, 1], (2, "a"): [1, 2]}))
    loose = network(_taken({(1, "a"): [0, 1, 3, 4], (2, "a"): [1, 2, 5, 6]}))
    near, far = (shared_partners.FEATURE.measure(one)[0, 2] for one in (close, loose))
    assert near == pytest.approx(1 / np.sqrt(2), rel=1e-12)
    assert 0 < far < near


def test_similar_partners_are_three_normalised_steps() -> None:
    path = network(_taken({(1, "a"): [0, 1], (2, "a"): [1, 2], (3, "b"): [2, 3]}))
    step = path.ties.toarray() / np.sqrt(np.outer(path.degrees, path.degrees))
    assert similar_partners.FEATURE.measure(path) == pytest.approx(step @ step @ step, rel=1e-12)


def test_activity_is_counted_in_the_themes_of_the_one_that_seeks() -> None:
    held = network(_taken({(1, "a"): [0, 1], (2, "a"): [2, 3], (3, "a"): [2, 4], (4, "b"): [5, 6], (5, "b"): [5, 7]}))
    row = theme_activity.FEATURE.measure(held)[0]
    assert row[2] > row[4] > row[5] == 0


def test_every_feature_module_declares_features_that_say_in_french_what_they_are() -> None:
    modules = [
        importlib.import_module(f"{features.__name__}.{found.name}")
        for found in pkgutil.iter_modules(features.__path__)
    ]
    for module in not_empty(modules):
        declared = [value for value in vars(module).values() if isinstance(value, NetworkFeature)]
        assert declared, module.__name__
        for feature in not_empty(declared):
            assert len(feature.docstring.split()) >= 6, feature.name
    mute = NetworkFeature("mute", "muette", lambda met: met.degrees)
    with pytest.raises(ValueError, match="mute"):
        _ = mute.docstring


def test_new_pairs_join_known_organisations_for_the_first_time() -> None:
    taken = _taken({(1, "a"): [0, 1], (2, "a"): [1, 2], (3, "a"): [0, 2], (4, "a"): [0, 1], (5, "a"): [2, 3]})
    came = network(taken.between(1, 2)).new_pairs(taken.between(3, 5))
    assert sorted(zip(*came.nonzero(), strict=True)) == [(0, 2), (2, 0)]


def test_ranks_share_ties_and_set_aside_what_else_came() -> None:
    scores = np.array([[0.0, 3.0, 2.0, 2.0, 1.0]])
    came = sparse.csr_array(np.array([[0, 0, 1, 0, 1]]))
    found = placed(scores, np.array([[False, True, True, True, True]]), came)
    assert found.ranks.tolist() == [2.5, 3.0]
    assert found.recalls.tolist() == [1.0]
    assert placed(broken_ties(scores, np.arange(5.0)), np.ones((1, 5), dtype=bool), came).ranks.tolist() == [3.0, 3.0]


def test_planted_weights_are_found_within_their_intervals_and_a_useless_feature_gets_none() -> None:
    chance = np.random.default_rng(7)
    size, planted = 160, (1.2, 0.6, 0.0)
    candidates = ~np.eye(size, dtype=bool)
    named = [(name, chance.normal(size=(size, size))) for name in ("strong", "weak", "useless")]
    odds = sum(weight * values for weight, (_, values) in zip(planted, named, strict=True)) - 4.0
    came = sparse.csr_array(((chance.random((size, size)) < 1 / (1 + np.exp(-odds))) & candidates).astype(float))
    weights = learn(named, candidates, came)
    for weight, expected in not_empty(list(zip(weights[:2], planted[:2], strict=True))):
        assert weight.interval is not None
        assert weight.interval.low is not None
        assert weight.interval.high is not None
        assert weight.interval.low < expected < weight.interval.high
    useless = weights[2]
    assert useless.value >= 0
    assert useless.value == 0 or (useless.interval is not None and (useless.interval.low or 0) < 0.05)


def test_no_weight_is_below_zero_and_nothing_is_learned_from_nothing() -> None:
    chance = np.random.default_rng(3)
    size = 60
    candidates = ~np.eye(size, dtype=bool)
    against = chance.normal(size=(size, size))
    came = sparse.csr_array(((against < -1) & candidates).astype(float))
    (weight,) = learn([("against", against)], candidates, came)
    assert (weight.value, weight.interval) == (0.0, None)
    with pytest.raises(ValueError, match="nothing came"):
        learn([("against", against)], candidates, sparse.csr_array((size, size)))


def test_a_feature_that_never_varies_is_zero_everywhere() -> None:
    assert not standardised(np.full((3, 3), 4.0), ~np.eye(3, dtype=bool)).any()
    assert not standardised(np.zeros((3, 3)), ~np.eye(3, dtype=bool)).any()
