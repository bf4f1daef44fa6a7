"""Write official-format files of imaginary establishments."""

from __future__ import annotations

import datetime
import json
import shutil
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from vigie.errors import RequestFault
from vigie.sources.contours_kept import COMMUNES_FILE
from vigie.sources.room import writing
from vigie.sources.simulation.activities import read_activities
from vigie.sources.simulation.days import month_after
from vigie.sources.simulation.evolution import HORIZON
from vigie.sources.simulation.jobs import SimulatedJobs
from vigie.sources.simulation.places import SimulatedPlace, find_place, read_communes
from vigie.sources.simulation.positions import PositionMaker
from vigie.sources.simulation.producer import STOCK, Producer
from vigie.sources.simulation.schemes import write_schemes
from vigie.sources.simulation.streams import Streams
from vigie.sources.simulation.world import EPOCH, ESTABLISHMENTS, World
from vigie.sources.simulation.writing import FORMATS, Format

# INSEE's files have the columns written here since this month.
_EARLIEST = datetime.date(2026, 1, 1)
REPORT_FILE, TRUTH_FOLDER = "simulation.json", "verite"


@dataclass(frozen=True)
class SimulationRequest:
    """What to write.

    `territory` is a code, a key ("epci:200071629") or FR; `date` the first day of the month of the first snapshot;
    `months` the number of monthly snapshots, each in a folder of its own when there are several; `establishments`
    overrides the number of establishments of the territory; `outlines` is the folder that `vigie outlines` made.
    `country` adds what surrounds the establishments: jobs of the whole of France, employment areas, indicators.
    """

    territory: str
    out: Path
    seed: int = 1
    date: datetime.date = EPOCH
    format: Format = "zip"
    establishments: int | None = None
    months: int = 1
    outlines: Path | None = None
    country: bool = False


@dataclass(frozen=True)
class Snapshot:
    """One month: its day, its folder, its files, and rows by table."""

    date: str
    folder: str
    files: tuple[str, ...]
    rows: dict[str, int]

    @property
    def establishments(self) -> int:
        """Establishments written, closed ones included."""
        return self.rows[STOCK[0]]

    @property
    def legal_units(self) -> int:
        """Legal units written, ceased ones included."""
        return self.rows[STOCK[1]]


@dataclass(frozen=True)
class SimulationReport:
    """What was written, and what could not be; `notes` are French sentences."""

    territory: str
    name: str
    seed: int
    format: str
    snapshots: tuple[Snapshot, ...]
    without_coordinates: int
    notes: tuple[str, ...]
    seconds: float
    simulated: bool = field(default=True)

    @property
    def establishments(self) -> int:
        """Establishments of the first snapshot, closed ones included."""
        return self.snapshots[0].establishments

    @property
    def legal_units(self) -> int:
        """Legal units of the first snapshot, ceased ones included."""
        return self.snapshots[0].legal_units

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the machine-readable answers print it."""
        return asdict(self) | {"establishments": self.establishments, "legal_units": self.legal_units}


def simulate(request: SimulationRequest) -> SimulationReport:
    """Write the files asked for and report.

    Raises `RequestFault` for a request that makes no sense, `NotFound` for a territory that does not exist, `NoRoom`
    when the disk is full.
    """
    _check(request)
    with writing(request.out, "Le fichier en cours a été retiré."):
        return _write(request)


def _write(request: SimulationRequest) -> SimulationReport:
    began = time.perf_counter()
    communes = read_communes()
    place = find_place(request.territory, communes)
    natural = ESTABLISHMENTS * float(communes.population[place.inside].sum()) / float(communes.population.sum())
    scale = 1.0 if request.establishments is None else request.establishments / natural
    epoch = min(request.date, EPOCH)
    world = World(Streams(request.seed), communes, read_activities(), scale, epoch)
    positions, missing, notes = _positions(world, place, request.outlines)
    producer = Producer(world, place, positions, country=request.country)
    first = _months_between(epoch, request.date)
    months = range(first, first + request.months)
    country: dict[Path, int] = {}
    snapshots = tuple(_snapshot(producer, request, epoch, month, country) for month in months)
    snapshots = _with_schemes(snapshots, {communes.regions[rank] for rank in np.flatnonzero(place.inside)})
    report = SimulationReport(
        place.key, place.name, request.seed, request.format, snapshots, missing, notes,
        round(time.perf_counter() - began, 2),
    )  # fmt: skip
    text = json.dumps(report.as_dict() | {"seconds": None}, ensure_ascii=False, indent=1)
    (request.out / REPORT_FILE).write_text(text + "\n", encoding="utf-8")
    return report


def _check(request: SimulationRequest) -> None:
    if request.format not in FORMATS:
        raise RequestFault(f"Format « {request.format} » inconnu : choisissez parmi {', '.join(FORMATS)}.")
    if request.establishments is not None and request.establishments < 1:
        raise RequestFault("Le nombre d’établissements doit être un entier positif.")
    if request.months < 1:
        raise RequestFault("Le nombre de mois doit être un entier positif.")
    if request.date.day != 1 or request.date < _EARLIEST:
        raise RequestFault(
            f"La date {request.date.isoformat()} ne convient pas : donnez le premier jour d’un mois, "
            f"à partir du {_EARLIEST.isoformat()} (l’Insee publie une image par mois, et ces colonnes depuis lors)."
        )
    if _months_between(min(request.date, EPOCH), request.date) + request.months - 1 > HORIZON:
        raise RequestFault(f"La simulation ne va pas au-delà de {HORIZON} mois : demandez une date plus proche.")


def _positions(
    world: World, place: SimulatedPlace, outlines: Path | None
) -> tuple[PositionMaker | None, int, tuple[str, ...]]:
    communes = np.flatnonzero(place.inside)
    file = None if outlines is None else outlines / COMMUNES_FILE
    if file is None or not file.is_file():
        note = "Les coordonnées sont vides : les contours des communes ne sont pas là (« vigie outlines » les prépare)."
        return None, len(communes), (note,)
    positions = PositionMaker(world, file, communes)
    missing = positions.missing(communes)
    notes = (f"Sans contour, donc sans coordonnées : {', '.join(missing)}.",) if missing else ()
    return positions, len(missing), notes


def _snapshot(
    producer: Producer, request: SimulationRequest, epoch: datetime.date, month: int, country: dict[Path, int]
) -> Snapshot:
    """Write a month; `country` holds the files of the country once the first month has written them."""
    day = month_after(epoch, month).isoformat()
    folder = request.out if request.months == 1 else request.out / day
    folder.mkdir(parents=True, exist_ok=True)
    truth = None
    if month > 0:
        truth = request.out / TRUTH_FOLDER / f"{day}.parquet"
        truth.parent.mkdir(exist_ok=True)
    written = producer.write(folder, request.format, month, truth)
    around = _around(producer, request.out, folder, written.jobs, country)
    files = (*(path.name for path in written.files), *(path.name for path in around))
    return Snapshot(day, str(folder), files, written.rows | {path.stem: rows for path, rows in around.items()})


def _with_schemes(snapshots: tuple[Snapshot, ...], regions: set[str]) -> tuple[Snapshot, ...]:
    """Write imaginary schemes beside each month; some are of the région, where there is one alone."""
    region = next(iter(regions)) if len(regions) == 1 else ""
    written = (
        (one, write_schemes(Path(one.folder), region, datetime.date.fromisoformat(one.date))) for one in snapshots
    )
    return tuple(replace(one, files=(*one.files, *(path.name for path in paths))) for one, paths in written)


def _around(
    producer: Producer, out: Path, folder: Path, counted: list[SimulatedJobs], country: dict[Path, int]
) -> dict[Path, int]:
    """Write the country beside the first month, and hand the same files to the others: it does not change.

    Its jobs are those of the establishments of the first month, a year's last day being published once.
    """
    if producer.country is None:
        return {}
    if not country:
        country |= producer.country.write(folder, counted)
        truths = out / TRUTH_FOLDER
        truths.mkdir(exist_ok=True)
        producer.country.write_truths(truths)
        return country
    for path in country:
        again = folder / path.name
        again.unlink(missing_ok=True)
        try:
            again.hardlink_to(path)
        except OSError:  # a file system without links
            shutil.copyfile(path, again)
    return country


def _months_between(start: datetime.date, end: datetime.date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month
