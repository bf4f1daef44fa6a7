"""SIREN and SIRET out of counters: unique by construction, valid for Luhn, without a set in memory."""

from __future__ import annotations

import math

import numpy as np

from vigie.errors import RequestFault
from vigie.sources.simulation.streams import Integers, Streams

# Eight free digits; the ninth is the check digit. Zero and La Poste's own number are left out.
_ROOTS = 10**8 - 2
_LA_POSTE_ROOT = 35_600_000


class Identifiers:
    """A permutation of [0, 10⁸ − 2) drawn from the seed: counter of a legal unit → SIREN."""

    def __init__(self, streams: Streams) -> None:
        step = int(streams.below("siren step", _ROOTS // 2, np.zeros(1, dtype=np.int64))[0]) + _ROOTS // 3
        while math.gcd(step, _ROOTS) != 1:
            step += 1
        self._step = step
        self._start = int(streams.below("siren start", _ROOTS, np.zeros(1, dtype=np.int64))[0])

    def siren(self, counter: Integers) -> Integers:
        """Return the SIREN of each counter, as an integer below 10⁹; raises `RequestFault` when there are too many."""
        if len(counter) and int(counter.max()) >= _ROOTS:
            raise RequestFault(
                "La simulation demande plus de cent millions de numéros SIREN : réduisez le nombre d’établissements."
            )
        root = (counter * self._step + self._start) % _ROOTS + 1
        root = root + (root >= _LA_POSTE_ROOT)
        return root * 10 + _check_digit(root, 8)

    @staticmethod
    def siret(siren: Integers, number: Integers) -> Integers:
        """Return the SIRET of the establishments numbered from 1 to 9 999 in their legal unit."""
        root = siren * 10_000 + number
        return root * 10 + _check_digit(root, 13)


def _check_digit(root: Integers, width: int) -> Integers:
    """Return the digit that makes `root` followed by it pass Luhn; the last digit of `root` is doubled."""
    total = np.zeros(len(root), dtype=np.int64)
    rest = root.copy()
    for position in range(width):
        rest, digit = np.divmod(rest, 10)
        if position % 2 == 0:
            digit = 2 * digit
            digit = digit - 9 * (digit > 9)
        total += digit
    return np.asarray((-total) % 10)
