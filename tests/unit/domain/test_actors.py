"""Identifiers: Luhn, La Poste, what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.actors import compact_identifier, compact_siren, is_siren, is_siret, luhn


def with_check_digit(digits: str) -> str:
    return next(digits + str(last) for last in range(10) if luhn(digits + str(last)))


@given(st.text("0123456789", min_size=8, max_size=8))
def test_exactly_one_check_digit_passes(digits: str) -> None:
    assert sum(luhn(digits + str(last)) for last in range(10)) == 1


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(digits: str, position: int, shift: int) -> None:
    siren = with_check_digit(digits)
    wrong = siren[:position] + str((int(siren[position]) + shift) % 10) + siren[position + 1 :]
    assert is_siren(siren)
    assert not is_siren(wrong)


def test_la_poste_follows_its_own_rule() -> None:
    head_office = "35600000000048"
    counter = "35600000049837"  # digits add up to 45, a multiple of five; Luhn fails
    assert is_siret(head_office)
    assert not luhn(counter)
    assert is_siret(counter)
    assert not is_siret("35600000049838")


@pytest.mark.parametrize("text", ["", "12345678", "1234567890123", "1,23E+13", "12345678A", "١٢٣٤٥٦٧٨٩"])
def test_what_is_not_an_identifier(text: str) -> None:
    assert not is_siren(text)
    assert not is_siret(text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("356 000 000", "356000000"),
        ("356\u202f000\u00a0000 00048", "35600000000048"),
        ("356.000.000-00048", "35600000000048"),
        ("356\u2009000\u2011000 \u2013 000\u200b48", "35600000000048"),
        ("FR 39 356 000 000", "356000000"),
        ("fr39356000000", "356000000"),
        ("FR.39-356\u00a0000\u202f000", "356000000"),
        ("FR 3935600000", None),
        ("DE 39 356 000 000", None),
        ("356 000", None),
        ("chaudronnerie 356000000", None),
    ],
)
def test_separators_are_forgiven(typed: str, expected: str | None) -> None:
    assert compact_identifier(typed) == expected


@pytest.mark.parametrize("typed", ["356000000", "356 000 000", "356 000 000 00048", "FR 39 356 000 000"])
def test_every_number_of_a_firm_tells_its_siren(typed: str) -> None:
    assert compact_siren(typed) == "356000000"


def test_what_is_no_number_of_a_firm_is_left_to_be_refused() -> None:
    assert compact_siren(" 12 3 ") == "12 3"
