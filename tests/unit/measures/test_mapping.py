"""Classes of a map: quantiles, equal values together, unknown ones in none."""

from __future__ import annotations

from vigie.measures.mapping import quantile_classes


def test_classes_share_equal_values_and_leave_unknown_ones_out() -> None:
    ranks, bounds = quantile_classes([5, None, 1, 1, 3, 2, 4, 8, 9, 10])
    assert ranks[1] is None and ranks[2] == ranks[3] == 0 and ranks[-1] == 4
    assert bounds == tuple(sorted(bounds)) and bounds[-1] == 10
    assert quantile_classes([7, 7, None]) == ((4, 4, None), (7,))
    assert quantile_classes([None]) == ((None,), ())
