"""Shared fixtures: reference data beside the checkout; and, in CI, no silent skip."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
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


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Give the process its logging back: `vigie serve`, run within a test, sends it to a stream that closes with it."""
    root = logging.getLogger()
    before, level = _own(root), root.level
    yield
    for handler in _own(root):
        if handler not in before:
            root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


def _own(root: logging.Logger) -> list[logging.Handler]:
    """Return the handlers that pytest did not put there for the time of a phase."""
    return [handler for handler in root.handlers if not type(handler).__module__.startswith("_pytest")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where every service is supposed to be there (VIGIE_NO_SKIP), a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("VIGIE_NO_SKIP") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter.write_line("Des tests ont été sautés alors que rien ne devait manquer.", red=True)
