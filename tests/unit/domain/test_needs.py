"""What may be said as a need, and when an answer is due."""

from __future__ import annotations

from datetime import date

import pytest

from vigie.domain.accounts import short_name
from vigie.domain.needs import LONGEST, need_fault
from vigie.domain.working_days import is_working_day, working_day_after


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "quelques mots"),
        (" \n ", "quelques mots"),
        ("a" * 5000, "5\u202f000 caractères"),
        ("45000", "nombre ou un prix"),
        ("12 000 €", "nombre ou un prix"),
        ("Prix : 12 000 euros HT", "nombre ou un prix"),
        ("Crédit facile http://a.example http://b.example", "2 liens"),
        ("[url=x]gagnez[/url] www.c.example", "2 liens"),
    ],
)
def test_words_that_are_no_need_are_told_why(text: str, says: str) -> None:
    assert says in need_fault(text)


@pytest.mark.parametrize(
    "text", ["Un local", "Un atelier de 300 m²", "Réparer (voir https://a.example)", "é" * LONGEST]
)
def test_words_of_a_need_are_taken(text: str) -> None:
    assert need_fault(text) == ""


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 3, date(2026, 12, 2)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2027, 3, 26), 1, date(2027, 3, 30)),
        (date(2027, 5, 5), 1, date(2027, 5, 7)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_an_answer_is_due_on_a_working_day(day: date, count: int, due: date) -> None:
    assert working_day_after(day, count) == due


def test_moving_feasts_are_those_of_the_calendar() -> None:
    """Easter Monday, Ascension and Whit Monday, as published for these years."""
    feasts = [date(2025, 4, 21), date(2025, 5, 29), date(2025, 6, 9), date(2026, 4, 6), date(2026, 5, 14)]
    assert [day for day in feasts if is_working_day(day)] == []


def test_the_public_reads_a_first_name_and_an_initial() -> None:
    assert [short_name(name) for name in ("Personne Essai", "Personne d’essai", "Seule", "")] == [
        "Personne E.", "Personne D.", "Seule", "",
    ]  # fmt: skip
