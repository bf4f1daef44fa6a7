"""Firms that object, for tests without a journal: the port that every answer asks says so."""

from __future__ import annotations

import pytest

from vigie.services.firms.suppression_list import SuppressionHere
from vigie.services.suppression import NoSuppression


def objecting(monkeypatch: pytest.MonkeyPatch, *sirens: str) -> None:
    """Let these firms, and no other, object until the end of the test."""
    held = frozenset(sirens)
    for port in (NoSuppression, SuppressionHere):
        monkeypatch.setattr(port, "holds", lambda _, siren: siren in held)
        monkeypatch.setattr(port, "sirens", lambda *_: held)
