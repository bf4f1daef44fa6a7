"""Shared fixtures: reference data beside the checkout, and a small simulated world built once."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of reference data and oracles; tests that need it skip when it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("les données de référence (../shared) ne sont pas à côté du dépôt")
    return SHARED
