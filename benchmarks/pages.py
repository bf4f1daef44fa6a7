"""Pages in process, warm: processor time and bytes of what people read most, the largest map first."""

from __future__ import annotations

import shutil
import statistics
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ROUNDS = 20
OUTLINES = Path(__file__).resolve().parents[1] / "var" / "demo" / "outlines"
PAGES = {
    "first_page": "/",
    "largest_map": "/territoire/region/84",  # Auvergne-Rhône-Alpes: 4,000 communes
    "results": "/annuaire?q=boulangerie&territoire=departement:69",
    "figure": "/territoire/departement/69/constat/employers",
}


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Read the pages of `work/data`, with the outlines of `make outlines` where they are."""
    from vigie.bootstrap import make_journal  # noqa: PLC0415 — nothing heavy at import
    from vigie.interfaces.server import application  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415
    from vigie.sources.contours_paths import ensure  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette would rather have httpx2
        from starlette.testclient import TestClient  # noqa: PLC0415

    data = work / "data"
    if OUTLINES.is_dir():
        shutil.copytree(OUTLINES, data / "outlines", dirs_exist_ok=True)
        ensure(data / "outlines")
    settings = Settings(data_dir=data)
    make_journal(settings)
    figures: dict[str, Any] = {}
    with TestClient(application(settings), base_url="http://vigie.test") as client:
        for name, address in PAGES.items():
            figures |= _read(client, name, address)
    return figures


def _read(client: TestClient, name: str, address: str) -> dict[str, float]:
    body = client.get(address).raise_for_status().content
    seconds = []
    for _ in range(ROUNDS):
        worked = time.process_time()
        client.get(address)
        seconds.append(time.process_time() - worked)
    return {
        f"{name}_processor_ms": round(statistics.median(seconds) * 1000, 1),
        f"{name}_kb": round(len(body) / 1000, 1),
    }
