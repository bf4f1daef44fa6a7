"""Columns of text: the few Arrow operations that laying out the files needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vigie.sources.simulation.streams import Flags, Integers

if TYPE_CHECKING:
    Texts = pa.Array[Any]
else:
    Texts = pa.Array

Columns = dict[str, Texts]

_compute: Any = pc
_NOTHING = pa.scalar(None, pa.string())


def texts(values: Sequence[str] | Sequence[str | None]) -> Texts:
    """Return a column of the values given; an empty text becomes null."""
    return pa.array([value or None for value in values], pa.string())


def taken(values: Texts, positions: Integers) -> Texts:
    """Return the values at some positions."""
    found: Texts = _compute.take(values, pa.array(positions))
    return found


def either(where: Flags, yes: Texts | str, no: Texts | str) -> Texts:
    """Return one value or the other."""
    chosen: Texts = _compute.if_else(pa.array(where), yes, no)
    return chosen


def only(values: Texts | str, where: Flags) -> Texts:
    """Return the values where something holds, null elsewhere."""
    chosen: Texts = _compute.if_else(pa.array(where), values, _NOTHING)
    return chosen


def spaced(*parts: Texts | str, by: str = " ") -> Texts:
    """Join columns and constants; null where a part is."""
    whole: Texts = _compute.binary_join_element_wise(*parts, by)
    return whole


def repeated(text: str, count: int) -> Texts:
    """Return a column of the same text."""
    return pa.repeat(pa.scalar(text), count)


def nothing(count: int) -> Texts:
    """Return a column of nulls."""
    return pa.nulls(count, pa.string())


def numbers(values: Integers) -> Texts:
    """Return integers as text, without leading zeros."""
    text: Texts = pa.array(values).cast(pa.string())
    return text


def decimals(values: NDArray[np.float64], places: int = 1) -> Texts:
    """Return numbers to the tenth, or to another place; null where they are not numbers."""
    text: Texts = pa.array(np.round(values, places), mask=np.isnan(values)).cast(pa.string())
    return text


def replaced(values: Texts, found: str, by: str) -> Texts:
    """Return texts with one mark in the place of another."""
    written: Texts = _compute.replace_substring(values, found, by)
    return written


def known(values: Texts) -> Flags:
    """Tell which values are not null."""
    flags: Flags = values.is_valid().to_numpy(zero_copy_only=False)
    return flags


def beginning(values: Texts, length: int) -> Texts:
    """Return the first characters of each text."""
    short: Texts = _compute.utf8_slice_codeunits(values, 0, length)
    return short


def digits(values: Integers, width: int) -> Texts:
    """Return integers as text of a fixed number of digits."""
    count = len(values)
    text = np.empty((count, width), dtype=np.uint8)
    rest = np.asarray(values, dtype=np.int64)
    for column in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        text[:, column] = digit + 48
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    written: Texts = pa.StringArray.from_buffers(count, pa.py_buffer(offsets.data), pa.py_buffer(text.data))
    return written
