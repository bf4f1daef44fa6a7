"""Numbers addressed by identity: the same everywhere, independent of grouping, evenly spread."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.sources.simulation.streams import Streams, cumulated, pick, pick_by_row

ROWS = np.arange(100_000)


def test_the_same_numbers_on_every_platform():
    # Computed once by hand from the definition of SplitMix64 with Python's own integers.
    assert [int(bits) for bits in Streams(1).bits("age", np.array([0, 1, 2]))] == [
        by_hand(1, "age", n) for n in range(3)
    ]


def by_hand(seed: int, name: str, identity: int) -> int:
    import zlib  # noqa: PLC0415

    mask, golden = (1 << 64) - 1, 0x9E3779B97F4A7C15

    def mixed(value: int) -> int:
        value = (value + golden) & mask
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & mask
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & mask
        return value ^ (value >> 31)

    return mixed(mixed(seed) ^ mixed(zlib.crc32(name.encode())) ^ (identity * golden & mask))


def test_rows_do_not_depend_on_the_others():
    streams = Streams(7)
    whole = streams.uniform("age", ROWS)
    assert np.array_equal(whole[500:600], streams.uniform("age", ROWS[500:600]))


def test_seed_attribute_and_identity_all_matter():
    reference = Streams(1).uniform("age", ROWS)
    for other in (
        Streams(2).uniform("age", ROWS),
        Streams(1).uniform("size", ROWS),
        Streams(1).uniform("age", ROWS, ROWS),
    ):
        assert abs(float(np.corrcoef(reference, other)[0, 1])) < 0.02


def test_numbers_are_evenly_spread():
    counts, _ = np.histogram(Streams(3).uniform("age", ROWS), bins=20, range=(0, 1))
    assert counts.min() > 4_700 and counts.max() < 5_300
    below = Streams(3).below("age", 7, ROWS)
    assert set(np.unique(below)) == set(range(7))


def test_classes_are_drawn_in_proportion():
    found = np.bincount(Streams(4).choose("class", np.array([1.0, 2.0, 7.0]), ROWS)) / len(ROWS)
    assert found == pytest.approx([0.1, 0.2, 0.7], abs=0.01)


def test_each_row_follows_its_own_distribution():
    shares = np.stack([cumulated(np.array([1.0, 0.0, 0.0])), cumulated(np.array([0.0, 1.0, 1.0]))])
    row = ROWS % 2
    found = pick_by_row(Streams(5).uniform("class", ROWS), shares, row)
    assert set(found[row == 0]) == {0}
    assert set(found[row == 1]) == {1, 2}


def test_the_largest_number_stays_in_the_last_class():
    assert pick(np.array([np.nextafter(1.0, 0.0)]), cumulated(np.array([1.0, 1.0]))).tolist() == [1]
