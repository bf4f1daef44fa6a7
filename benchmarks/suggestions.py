"""Suggestions of the search box over HTTP, beside the barest endpoint that the same server could be.

Words are typed as people do, letter after letter: names of firms of the index, of places and of trades. Each is asked
of Vigie, then of an application of one line that answers an empty list, each in its own process, one connection each.
"""

from __future__ import annotations

import random
import socket
import statistics
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.start import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRMS, SHORTEST = 30, 2
TRADES = (
    "usinage",
    "chaudronnerie",
    "boulangerie",
    "plasturgie",
    "tourneur",
    "impression 3D",
    "nautisme",
    "menuiserie",
)
PLACES = ("Les Herbiers", "Montaigu", "Fontenay", "usinage Montaigu", "Saint-Gilles", "La Roche", "Sables")
BARE = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/suggestions", lambda request: JSONResponse({"groups": []}))])
uvicorn.run(app, port=PORT, log_level="critical")
"""


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Serve `work/data`, type every word, and return the times of the answers beside those of the bare endpoint."""
    typed = [word[:length] for word in _words(work) for length in range(SHORTEST, len(word) + 1)]
    with serving(work / "data") as (base, _), _bare() as bare:
        for text in typed[:: len(typed) // 50]:
            _asked(base, [text])
        told, floor = _asked(base, typed), _asked(bare, typed)
    p95, bare_p95 = _p95(told), _p95(floor)
    return {
        "keystrokes": len(typed),
        "suggestions_p95_ms": round(p95 * 1000, 1),
        "suggestions_median_ms": round(statistics.median(told) * 1000, 1),
        "bare_p95_ms": round(bare_p95 * 1000, 1),
        "suggestions_ratio": round(p95 / bare_p95, 1),
    }


def _words(work: Path) -> list[str]:
    """Return what is typed: trades, places, and names of firms of the index, with their town for half of them."""
    from vigie.bootstrap import make_journal, open_services  # noqa: PLC0415 — nothing heavy at import
    from vigie.services.know import SearchRequest  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415

    settings = Settings(data_dir=work / "data")
    make_journal(settings)
    chance = random.Random(2026)  # noqa: S311 — a repeatable draw, not a secret
    with open_services(settings) as services:
        found = services.know.search(SearchRequest(naf=("C",), per_page=100)).results
    named = [one for one in found if one.name]
    drawn = chance.sample(named, min(FIRMS, len(named)))
    firms = [f"{one.name} {one.commune_name}" if rank % 2 else str(one.name) for rank, one in enumerate(drawn)]
    return [*TRADES, *PLACES, *firms]


def _asked(base: str, typed: list[str]) -> list[float]:
    with httpx.Client(base_url=base, timeout=60) as client:
        seconds = []
        for text in typed:
            began = time.perf_counter()
            client.get("/suggestions", params={"q": text}).raise_for_status()
            seconds.append(time.perf_counter() - began)
    return seconds


@contextmanager
def _bare() -> Iterator[str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, "-c", BARE.replace("PORT", str(port))]) as process:
        try:
            while process.poll() is None:
                with closing(socket.socket()) as trial:
                    if trial.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
