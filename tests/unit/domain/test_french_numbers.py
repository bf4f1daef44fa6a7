"""One way to write numbers: whatever the number, what is read is the number, rounded by hand."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain import french

numbers = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False) | st.integers(-(10**15), 10**15)


def read(written: str) -> Decimal:
    return Decimal(written.replace("\u202f", "").replace(",", ".").replace(french.MINUS, "-"))


@given(numbers, st.integers(0, 4))
def test_what_is_written_is_the_number_rounded_half_away_from_zero(value: float, decimals: int) -> None:
    written = french.number(value, decimals)
    assert read(written) == Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert re.fullmatch(r"−?\d{1,3}(\u202f\d{3})*(,\d+)?", written)
    assert len(written.partition(",")[2]) == decimals
    assert not (written.startswith(french.MINUS) and not written.strip("−0,\u202f"))


@given(numbers, st.integers(0, 4))
def test_a_change_shows_its_sign_unless_it_rounds_to_nothing(value: float, decimals: int) -> None:
    written = french.signed(value, decimals)
    assert read(written) == read(french.number(value, decimals))
    assert (written[0] in "+−") == bool(read(written))
    assert french.signed(-value, decimals).strip("+−") == written.strip("+−")


@given(st.decimals(-10, 10, places=5))
def test_a_ratio_is_the_same_number_in_percent(ratio: Decimal) -> None:
    written = french.percent(float(ratio), 3)
    assert written.endswith("\u00a0%")
    assert read(written.removesuffix("\u00a0%")) == ratio * 100


@given(numbers)
def test_the_word_agrees_with_what_is_read(value: float) -> None:
    written, word = french.counted(value, "habitant").split("\u00a0")
    assert read(written) == read(french.number(value))
    assert (word == "habitant") == (abs(read(written)) < 2)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (2.675, 2, "2,68"),
        (-2.675, 2, "−2,68"),
        (0.125, 2, "0,13"),
        (2.5, 0, "3"),
        (-0.04, 1, "0,0"),
        (999.95, 1, "1\u202f000,0"),
        (1e22, 0, "10" + "\u202f000" * 7),
    ],
)
def test_halves_and_limits(value: float, decimals: int, written: str) -> None:
    assert french.number(value, decimals) == written


def test_a_percentage_is_rounded_on_its_digits() -> None:
    assert french.percent(0.285, 0) == "29\u00a0%"
    assert french.percent(-0.0004) == "0,0\u00a0%"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0\u00a0million"),
        (1.5, "1,5\u00a0million"),
        (1.96, "2,0\u00a0millions"),
        (-1, "−1\u00a0million"),
        (2, "2\u00a0millions"),
    ],
)
def test_a_million_and_a_half_is_singular(value: float, written: str) -> None:
    assert french.counted(value, "million") == written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1, "établissements", "1\u00a0établissement"),
        (0, "habitants", "0\u00a0habitant"),
        (3, "emplois", "3\u00a0emplois"),
        (1, "fois la référence", "1\u00a0fois la référence"),
        (1, "bits", "1\u00a0bit"),
    ],
)
def test_a_counted_unit_agrees(value: float, unit: str, written: str) -> None:
    assert french.quantity(value, unit) == written
