"""Randomness without a state: a hash of (seed, name of the attribute, identity of the row)."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bits = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


class Streams:
    """Independent streams of pseudo-random numbers, one per attribute, addressed by row identity.

    The mixing function is the finaliser of SplitMix64: integer operations modulo 2⁶⁴ only, hence the same
    numbers on every platform, whatever the order or the grouping of the rows.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def bits(self, attribute: str, *identity: Integers) -> Bits:
        """Return 64 pseudo-random bits for each row; `identity` is one or several aligned integer arrays."""
        start = (_mixed(self.seed & _MASK) ^ _mixed(zlib.crc32(attribute.encode()))) & _MASK
        state = np.full(len(identity[0]), start, dtype=np.uint64)
        for part in identity:
            state = _finalise(state ^ (part.astype(np.uint64) * np.uint64(_GOLDEN)))
        return state

    def uniform(self, attribute: str, *identity: Integers) -> Floats:
        """Return numbers in [0, 1), multiples of 2⁻⁵³."""
        return np.asarray((self.bits(attribute, *identity) >> np.uint64(11)).astype(np.float64) * 2.0**-53)

    def below(self, attribute: str, limit: int | Integers, *identity: Integers) -> Integers:
        """Return integers in [0, limit)."""
        high = (self.bits(attribute, *identity) >> np.uint64(32)).astype(np.int64)
        return (high * limit) >> 32

    def chance(self, attribute: str, probability: float | Floats, *identity: Integers) -> Flags:
        """Return true with the given probability."""
        return np.asarray(self.uniform(attribute, *identity) < probability)

    def choose(self, attribute: str, weights: Floats, *identity: Integers) -> Integers:
        """Return indices drawn in proportion to weights."""
        return pick(self.uniform(attribute, *identity), cumulated(weights))


def cumulated(weights: Floats) -> Floats:
    """Return cumulated shares, the last being exactly 1; summed in order, so the same everywhere."""
    total = np.cumsum(weights, dtype=np.float64)
    shares = total / total[-1]
    shares[-1] = 1.0
    return np.asarray(shares)


def pick(uniform: Floats, shares: Floats) -> Integers:
    """Return the index of the class that each number in [0, 1) falls in."""
    return np.asarray(np.searchsorted(shares, uniform, side="right"), dtype=np.int64)


def pick_by_row(uniform: Floats, shares: NDArray[np.float64], row: Integers) -> Integers:
    """Return the index drawn from the distribution `shares[row]`; `shares` has one cumulated distribution a row."""
    count, width = shares.shape
    joined = (shares + np.arange(count)[:, None]).ravel()
    found = np.searchsorted(joined, uniform + row, side="right").astype(np.int64)
    return np.asarray(np.minimum(found - row * width, width - 1))


def _mixed(value: int) -> int:
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def _finalise(state: Bits) -> Bits:
    """Mix in place."""
    state += np.uint64(_GOLDEN)
    state ^= state >> np.uint64(30)
    state *= np.uint64(0xBF58476D1CE4E5B9)
    state ^= state >> np.uint64(27)
    state *= np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    return state
