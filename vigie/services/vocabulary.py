"""Codes and their words, for the forms of the doors: size bands, sections of the nomenclature of activities."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vigie.sources.nomenclature import SIZE_BANDS, tree

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def size_bands() -> Mapping[str, str]:
    """Return the labels of INSEE's size bands, smallest first."""
    return {code: band.label for code, band in SIZE_BANDS.items()}


@cache
def sections() -> Mapping[str, str]:
    """Return the labels of the sections of NAF rev. 2 (A to U)."""
    return {code: node.label for code, node in tree().items() if node.level == 1}
