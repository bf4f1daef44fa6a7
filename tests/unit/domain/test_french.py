from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from vigie.domain import french


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (12345.6, None, "12\u202f345,6"),
        (1234567, None, "1\u202f234\u202f567"),
        (12.0, None, "12"),
        (0.5, 2, "0,50"),
        (-3.4, None, "\u22123,4"),
        (None, None, "non connu"),
    ],
)
def test_number(value: float | None, decimals: int | None, written: str) -> None:
    assert french.number(value, decimals) == written


def test_equal_numbers_of_two_precisions_each_round_their_own_way() -> None:
    short = np.float32(2.675)
    for _ in range(2):
        assert (french.number(float(short), 2), french.number(short, 2)) == ("2,67", "2,68")


def test_unknown_is_never_written_as_zero() -> None:
    for write in (french.number, french.signed, french.percent, french.euros, french.long_date, french.month):
        assert write(None) == "non connu"
    assert french.quantity(None, "habitants") == "non connu"


def test_a_moment_is_told_by_the_clocks_of_paris() -> None:
    assert french.moment(datetime(2026, 7, 14, 22, 5, tzinfo=UTC)) == "15\u00a0juillet 2026 à 0\u00a0h\u00a005"
    assert french.moment(None) == "non connu"


def test_percent_and_euros_keep_their_sign_on_the_line() -> None:
    assert french.percent(0.123) == "12,3\u00a0%"
    assert french.percent(0.038, sign=True) == "+3,8\u00a0%"
    assert french.euros(1234.5, 2) == "1\u202f234,50\u00a0€"


def test_signed_leaves_zero_without_sign() -> None:
    assert french.signed(12) == "+12"
    assert french.signed(0) == "0"
    assert french.signed(0.001, 1) == "0,0"


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0\u00a0bail"), (1.5, "1,5\u00a0bail"), (2, "2\u00a0baux"), (1200, "1\u202f200\u00a0baux")],
)
def test_the_plural_starts_at_two(count: float, written: str) -> None:
    assert french.counted(count, "bail", "baux") == written


def test_dates() -> None:
    assert french.long_date("2026-01-01") == "1er\u00a0janvier 2026"
    assert french.short_date("2026-02-01") == "01/02/2026"
    assert french.long_date(date(2026, 8, 15)) == "15\u00a0août 2026"
    assert french.month("2026-12-31") == "décembre 2026"


def test_enumeration() -> None:
    assert [french.listed(words) for words in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Metz", "de Metz", "à Metz"),
        ("Angers", "d’Angers", "à Angers"),
        ("Les Herbiers", "des Herbiers", "aux Herbiers"),
        ("Le Mans", "du Mans", "au Mans"),
        ("La Roche-sur-Yon", "de La Roche-sur-Yon", "à La Roche-sur-Yon"),
        ("L’Île-d’Yeu", "de L’Île-d’Yeu", "à L’Île-d’Yeu"),
        ("Hauteville", "de Hauteville", "à Hauteville"),
        ("Hyères", "d’Hyères", "à Hyères"),
        ("Hayange", "de Hayange", "à Hayange"),
    ],
)
def test_articles_of_places_contract(name: str, of: str, at: str) -> None:
    assert (french.of_place(name), french.at_place(name)) == (of, at)


def test_identifiers_are_cut_in_groups() -> None:
    assert french.identifier("12345678900012") == "123\u00a0456\u00a0789\u00a000012"
    assert french.identifier("123456789") == "123\u00a0456\u00a0789"


@pytest.mark.parametrize(
    ("typed", "set_right"),
    [
        ("Quoi ? Rien ; oui !", "Quoi\u202f? Rien\u202f; oui\u202f!"),
        ("Quoi?", "Quoi\u202f?"),
        ("Source : Insee", "Source\u00a0: Insee"),
        ("« ainsi »", "«\u00a0ainsi\u00a0»"),
        ("12 345 firmes, 12 %", "12\u202f345 firmes, 12\u00a0%"),
        ("l'emploi", "l’emploi"),
        ("en 2024 100 emplois", "en 2024 100 emplois"),
        ("à 14:05", "à 14:05"),
        ("123 456 789 00012", "123 456 789 00012"),
    ],
)
def test_typeset(typed: str, set_right: str) -> None:
    assert french.typeset(typed) == set_right
    assert french.typeset(set_right) == set_right


@pytest.mark.parametrize(
    ("typed", "read"),
    [("0251000000", "02\u00a051\u00a000\u00a000\u00a000"), ("02.51.00-00 00", "02\u00a051\u00a000\u00a000\u00a000"),
     ("+32 2 123 45 67", "+32 2 123 45 67"), ("poste 12", "poste 12"), ("", "")],
)  # fmt: skip
def test_a_telephone_is_read_by_pairs(typed: str, read: str) -> None:
    assert french.telephone(typed) == read
