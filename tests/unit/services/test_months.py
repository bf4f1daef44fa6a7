"""Delays of retention are counted in months of the calendar."""

from __future__ import annotations

from datetime import date

from vigie.services.retention.rules import months_before


def test_months_are_months() -> None:
    assert months_before(date(2026, 11, 23), 36) == date(2023, 11, 23)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert months_before(date(2024, 12, 31), 1) == date(2024, 11, 30)
