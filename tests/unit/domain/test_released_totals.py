"""Totals summed by owner and released by closed periods: no two readings differ by fewer than three owners."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.secrecy import Contribution, released

PERIODS = ("2025-1", "2025-2", "2025-3", "2025-4", "2026-1")
OWNERS = st.frozensets(st.sampled_from("abcdefg"), min_size=1, max_size=2)
CONTRIBUTIONS = st.lists(st.builds(Contribution, st.sampled_from(PERIODS), OWNERS, st.integers(0, 1000)), max_size=40)


def test_one_firm_that_makes_most_hides_the_total() -> None:
    firms = [frozenset({"big", other}) for other in ("b", "c", "d")]
    assert released([Contribution("2025-1", pair, 97) for pair in firms], "2026-1") is None
    even = [Contribution("2025-1", frozenset({one}), 10) for one in "abc"]
    assert released(even, "2026-1") == 30
    assert released(even, "2025-1") is None, "the period is not closed"


@given(CONTRIBUTIONS)
def test_no_difference_of_two_readings_isolates_fewer_than_three_owners(found: list[Contribution]) -> None:
    for first in range(len(PERIODS)):
        for second in range(first + 1, len(PERIODS)):
            before, after = (released(found, PERIODS[at]) for at in (first, second))
            if after is None or after == before:
                continue
            told = after - (before or 0)
            between = [one for one in found if one.period < PERIODS[second] and one.value]
            assert len({owner for one in between for owner in one.owners}) >= 3
            for owner in "abcdefg":
                mine = sum(one.value for one in between if one.owners == {owner})
                assert told != mine or mine == 0 or len(between) > 1
