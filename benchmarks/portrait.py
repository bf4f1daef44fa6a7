"""Portraits of EPCI, warm: how long one takes, on as many different EPCI as there are up to 200."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from vigie.domain.territory import TerritoryKind

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.services.observe import Observe

MOST = 200


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Compose portraits with the data directory `work/data`: a first round warms, the second one is timed.

    No portrait is kept from one round to the next: what is warm is what all share (the country, the départements
    and régions around, the compiled queries, the pages of the file).
    """
    from vigie.bootstrap import open_services  # noqa: PLC0415 — nothing heavy at import
    from vigie.settings import Settings  # noqa: PLC0415

    with open_services(Settings(data_dir=work / "data")) as services:
        observe = services.observe
        places = observe.covered((TerritoryKind.EPCI,))
        began = time.perf_counter()
        observe.portrait(places[0].key)
        cold = time.perf_counter() - began
        asked = places[:: max(1, len(places) // MOST)]
        for place in asked:  # what they share: départements and régions around
            observe.portrait(place.key)
        seconds = [_timed(observe, place.key) for place in asked]
        largest = max(places, key=lambda place: place.population or 0)
        return {
            "portraits": len(seconds),
            "portrait_cold_ms": round(cold * 1000, 1),
            "portrait_median_ms": round(statistics.median(seconds) * 1000, 1),
            "portrait_warm_ms": round(statistics.quantiles(seconds, n=20)[-1] * 1000, 1),
            "portrait_largest_ms": round(_timed(observe, largest.key) * 1000, 1),
            "portrait_france_ms": round(_timed(observe, "FR") * 1000, 1),
        }


def _timed(observe: Observe, key: str) -> float:
    began = time.perf_counter()
    observe.portrait(key)
    return time.perf_counter() - began
