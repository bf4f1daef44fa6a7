"""Codes of other nomenclatures, imaginary but of official shape.

INSEE's table between NAF rev. 2 and NAF 2025 is not published in a registry: this one is invented. It has what
makes the real one hard: codes that split, codes that merge, codes that cross divisions. It is the same for every seed.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LETTERS = "GHJY"
# Out of 100 codes: those that also go to the next class of their division, and to another division.
_MERGED, _CROSSED, _SPLIT = 14, 5, 22


@dataclass(frozen=True)
class Bridge:
    """For each NAF rev. 2 code, up to three NAF 2025 codes (indices in `codes`) and cumulated shares."""

    codes: list[str]
    targets: NDArray[np.int64]
    shares: NDArray[np.float64]


def build_bridge(naf: list[str]) -> Bridge:
    """Return the imaginary bridge of the NAF rev. 2 subclasses given, sorted by code."""
    pairs = [_targets(position, naf) for position in range(len(naf))]
    codes = sorted({code for targets in pairs for code, _ in targets})
    index = {code: position for position, code in enumerate(codes)}
    targets = np.zeros((len(naf), 3), dtype=np.int64)
    shares = np.ones((len(naf), 3), dtype=np.float64)
    for row, found in enumerate(pairs):
        total = 0
        for column in range(3):
            code, weight = found[min(column, len(found) - 1)]
            total += weight if column < len(found) else 0
            targets[row, column] = index[code]
            shares[row, column] = total / 100
    return Bridge(codes, targets, shares)


def _targets(position: int, naf: list[str]) -> list[tuple[str, int]]:
    code = naf[position]
    lot = zlib.crc32(code.encode()) % 100
    own = _own(code)
    neighbour = naf[(position + 1) % len(naf)]
    if lot < _CROSSED:
        return [(own, 70), (_own(naf[(position + 40) % len(naf)]), 30)]
    if lot < _CROSSED + _MERGED and neighbour[:2] == code[:2]:
        return [(_own(neighbour), 100)]
    if lot < _CROSSED + _MERGED + _SPLIT:
        return [(own, 60), (_lettered(code, 1), 30), (_lettered(code, 2), 10)]
    return [(own, 100)]


def _own(code: str) -> str:
    return code[:5] + "Y" if code[5] == "Z" else _lettered(code, ord(code[5]) - ord("A"))


def _lettered(code: str, position: int) -> str:
    return code[:5] + _LETTERS[position % 3]


def former_codes(naf: list[str]) -> dict[str, list[str]]:
    """Return imaginary codes of the nomenclatures in use before 2008, in the shape of each."""
    return {
        "NAFRev1": [f"{code[:2]}.{code[3]}{'ZABCDEF'[int(code[4]) % 7]}" for code in naf],
        "NAF1993": [f"{code[:2]}.{code[3]}{'ABCDEFZ'[int(code[4]) % 7]}" for code in naf],
        "NAP": [f"{code[:2]}.{code[3:5]}" for code in naf],
    }
