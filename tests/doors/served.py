"""What the fixture of the doors hands to tests."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from vigie.settings import Settings

with warnings.catch_warnings():
    # Starlette would rather have httpx2; httpx, which Vigie already uses, serves it too.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

EPCI = "epci:248500621"  # CC du Pays des Herbiers
COMMUNE = "85109"  # Les Herbiers


@dataclass(frozen=True)
class Served:
    """The data directory of the tests, the folder of its input, a reader of its pages and API, what was logged."""

    settings: Settings
    files: Path
    client: TestClient
    masked: tuple[str, ...]
    open: tuple[str, ...]
    log: list[str]

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir
