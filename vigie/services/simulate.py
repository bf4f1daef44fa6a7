"""Write official-format files of imaginary establishments."""

from __future__ import annotations

import datetime
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vigie.errors import RequestFault
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.places import find_place, read_communes
from vigie.sources.simulation.producer import Producer
from vigie.sources.simulation.streams import Streams
from vigie.sources.simulation.world import EPOCH, ESTABLISHMENTS, World
from vigie.sources.simulation.writing import FORMATS, Format


@dataclass(frozen=True)
class SimulationRequest:
    """What to write.

    `territory` is a code, a key ("epci:200071629") or FR; `date` the day of the first snapshot; `establishments`
    overrides the number of establishments of the territory; `months` the number of monthly snapshots.
    """

    territory: str
    out: Path
    seed: int = 1
    date: datetime.date = EPOCH
    format: Format = "zip"
    establishments: int | None = None
    months: int = 1


@dataclass(frozen=True)
class SimulationReport:
    """What was written: counts, files, and what could not be done."""

    territory: str
    name: str
    seed: int
    date: str
    format: str
    establishments: int
    legal_units: int
    files: tuple[str, ...]
    located: bool
    notes: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the machine-readable answers print it."""
        return asdict(self)


def simulate(request: SimulationRequest) -> SimulationReport:
    """Write the files asked for and report; raises `RequestFault` for a request that makes no sense."""
    began = time.perf_counter()
    if request.format not in FORMATS:
        raise RequestFault(f"Format « {request.format} » inconnu : choisissez parmi {', '.join(FORMATS)}.")
    if request.establishments is not None and request.establishments < 1:
        raise RequestFault("Le nombre d’établissements doit être un entier positif.")
    communes = read_communes()
    place = find_place(request.territory, communes)
    natural = ESTABLISHMENTS * communes.population[place.inside].sum() / communes.population.sum()
    scale = 1.0 if request.establishments is None else request.establishments / float(natural)
    world = World(Streams(request.seed), communes, read_activities(), scale, request.date)
    request.out.mkdir(parents=True, exist_ok=True)
    written = Producer(world, place, None).write(request.out, request.format)
    return SimulationReport(
        place.key, place.name, request.seed, request.date.isoformat(), request.format, written.establishments,
        written.legal_units, tuple(str(path) for path in written.files), False,
        ("Sans contours des communes, les coordonnées sont laissées vides.",), round(time.perf_counter() - began, 2),
    )  # fmt: skip
