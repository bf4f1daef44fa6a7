"""Shared fixtures: reference data beside the checkout; and, in CI, no silent skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A machine may be busy with something else: how long an example takes tells nothing of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of reference data and oracles; tests that need it skip when it is absent."""
    if not (SHARED / "README.md").is_file():
        pytest.skip("les données de référence (../shared) ne sont pas à côté du dépôt")
    return SHARED


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where every service is supposed to be there (VIGIE_NO_SKIP), a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("VIGIE_NO_SKIP") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("Des tests ont été sautés alors que rien ne devait manquer.", red=True)
