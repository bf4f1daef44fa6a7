"""SIREN and SIRET: valid, unique by construction, never La Poste's."""

from __future__ import annotations

import numpy as np
import pytest

from tests.not_empty import not_empty
from vigie.domain.actors import LA_POSTE_SIREN, is_siren, is_siret
from vigie.errors import RequestFault
from vigie.sources.simulation import identifiers
from vigie.sources.simulation.columns import digits
from vigie.sources.simulation.identifiers import Identifiers
from vigie.sources.simulation.streams import Streams

COUNTERS = np.concatenate((np.arange(20_000), 60_000_000 + np.arange(20_000)))


@pytest.mark.parametrize("seed", [0, 1, 2, 987_654_321])
def test_valid_and_unique(seed):
    made = Identifiers(Streams(seed))
    siren = made.siren(COUNTERS)
    siret = made.siret(siren, 1 + COUNTERS % 9_999)
    assert all(not_empty(map(is_siren, digits(siren, 9).to_pylist())))
    assert all(not_empty(map(is_siret, digits(siret, 14).to_pylist())))
    assert len(np.unique(siren)) == len(COUNTERS)


def test_a_permutation_leaves_out_zero_and_la_poste(monkeypatch):
    monkeypatch.setattr(identifiers, "_ROOTS", 998)
    monkeypatch.setattr(identifiers, "_LA_POSTE_ROOT", 356)
    roots = Identifiers(Streams(1)).siren(np.arange(998)) // 10
    assert sorted(roots) == [root for root in range(1, 1_000) if root != 356]
    assert int(LA_POSTE_SIREN) // 10 == 35_600_000


def test_too_many_units_are_refused():
    with pytest.raises(RequestFault, match="cent millions"):
        Identifiers(Streams(1)).siren(np.array([10**8]))


def test_numbers_keep_their_leading_zeros():
    assert digits(np.array([42, 0, 123_456_789]), 9).to_pylist() == ["000000042", "000000000", "123456789"]
