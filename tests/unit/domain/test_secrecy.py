"""What may be told of few, and what nobody finds by difference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.secrecy import SMALLEST, protected, protected_between

CELLS = "abcd"
COUNTS = st.fixed_dictionaries({cell: st.integers(0, 8) for cell in CELLS})


@given(COUNTS)
def test_what_is_hidden_of_a_partition_is_not_its_total_less_the_rest(counts: dict[str, int]) -> None:
    told = protected(counts)
    hidden = [cell for cell in CELLS if told[cell] is None]
    assert all(told[cell] in (None, counts[cell]) for cell in CELLS)
    assert all(counts[cell] >= SMALLEST for cell in CELLS if told[cell] is not None)
    if hidden and len(hidden) < len(CELLS):
        assert len(hidden) > 1 and sum(counts[cell] for cell in hidden) >= SMALLEST


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_no_owner_finds_one_or_two_units_of_the_others(owners: list[dict[str, int]]) -> None:
    told = protected_between(owners)
    for own in owners:
        for cell in CELLS:
            count = told[cell]
            assert count is None or count - own[cell] == 0 or count - own[cell] >= SMALLEST


def test_what_many_made_is_told() -> None:
    assert protected_between([{"a": 3, "b": 4}, {"a": 5, "b": 3}]) == {"a": 8, "b": 7}
    assert protected_between([{"a": 3, "b": 4, "c": 2}, {"a": 2, "b": 3, "c": 2}]) == {"a": None, "b": 7, "c": None}
