"""Watching at its size: a year of notices loaded, a page among 500 000 events, Monday for a portfolio of 500 firms.

`python -m benchmarks.watch FOLDER` simulates a département, loads 30 000 imaginary notices under the published header,
then 500 000, reads the page of events with many filters and Ma semaine, and keeps `results/watch.json`. Pages are
asked in process, each address once: none is answered from what a former one left, other than what a server keeps.
"""

from __future__ import annotations

import csv
import itertools
import json
import random
import resource
import statistics
import sys
import time
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.machine import describe
from benchmarks.run import RESULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from vigie.settings import Settings

TERRITORY, ESTABLISHMENTS = "departement:85", 100_000
YEAR, MANY, FOLLOWED = 30_000, 600_000, 500
SEED, ROUNDS = 1, 20
TODAY = date(2026, 11, 23)
HEADER = (
    "id", "publicationavis", "parution", "dateparution", "numeroannonce", "typeavis", "familleavis",
    "numerodepartement", "tribunal", "commercant", "registre", "listepersonnes", "jugement", "parutionavisprecedent",
    "url_complete",
)  # fmt: skip
FILE = "annonces-commerciales.csv"
COURT = "Tribunal de commerce de La Roche-sur-Yon"
TOKEN = "token of the bench"  # noqa: S105 - of a journal made for the measure
ORGANISATION, PERSON = "bench".ljust(20, "b"), "somebody".ljust(20, "s")
NATURES = ("ouverture de liquidation judiciaire", "ouverture de redressement judiciaire", "plan de sauvegarde")
FAMILIES = ("dpc", "dpc", "dpc", "radiation", "vente", "collective", "modification")


def main() -> None:
    """Measure, print and keep."""
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2
    work = Path(sys.argv[1])
    found: dict[str, Any] = {"machine": describe(), "establishments": ESTABLISHMENTS}
    found |= loads(work)
    found |= pages(work)
    found["peak_memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "watch.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1, ensure_ascii=False))


def loads(work: Path) -> dict[str, Any]:
    """Load the stock alone, then with a year of notices; elsewhere with many."""
    from vigie.services.simulate import SimulationRequest, simulate  # noqa: PLC0415 - heavy, only when needed

    if not (work / "sim" / ".done").exists():
        simulate(SimulationRequest(TERRITORY, work / "sim", format="parquet", establishments=ESTABLISHMENTS))
        (work / "sim" / ".done").touch()
    stock = sorted((work / "sim").glob("Stock*"))
    figures: dict[str, Any] = {}
    for name, count in (("year", YEAR), ("many", MANY)):
        figures["stock_seconds"] = _refreshed(work / name, stock)
        file = write(work / name / FILE, _sirens(work / name), count)
        figures |= {f"{name}_notices": count, f"{name}_seconds": _refreshed(work / name, [*stock, file])}
    return figures


def write(path: Path, sirens: list[str], count: int) -> Path:
    """Write notices of every family over a year, on the firms in turn."""
    draw = random.Random(SEED)  # noqa: S311 - imaginary notices
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        for number, siren in zip(range(1, count + 1), itertools.cycle(sirens)):
            family = draw.choice(FAMILIES)
            day = (TODAY - timedelta(draw.randrange(365))).isoformat()
            told = {"nature": f"Jugement d'{draw.choice(NATURES)}", "date": day} if family == "collective" else None
            spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}"
            writer.writerow([
                f"A2026{number:07d}", "A", "20260190", day, number, "annonce", family, "85", COURT, "(imaginaire)",
                f"{siren},{spaced}", "", json.dumps(told, ensure_ascii=False) if told else "", "",
                f"https://example.org/annonce/{number}",
            ])  # fmt: skip
    return path


def pages(work: Path) -> dict[str, Any]:
    """Read the page of events of the département with many filters, then Ma semaine, each many times."""
    from starlette.testclient import TestClient  # noqa: PLC0415 - heavy, only when needed

    from vigie.interfaces.server import application  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415

    work /= "many"
    settings = Settings(data_dir=work / "data")
    _follow(settings, _sirens(work)[:FOLLOWED])
    with TestClient(application(settings), base_url="http://vigie.test") as client:
        place = TERRITORY.replace(":", "/")
        client.get(f"/territoire/{place}/evenements").raise_for_status()
        events = _times(client, _addresses(f"/territoire/{place}/evenements"))
        session = {"Cookie": f"session={TOKEN}"}
        client.get("/bureau", headers=session).raise_for_status()
        monday = _times(client, itertools.repeat("/bureau", 3 * ROUNDS), session)
    return {"events": _events(work), "followed": FOLLOWED, **_told("events_page", events), **_told("monday", monday)}


def _addresses(page: str) -> Iterator[str]:
    """Yield addresses that no former one answers: days, kinds, activities, sizes and pages."""
    for rank in range(ROUNDS):
        day = (TODAY - timedelta(14 * rank + 3)).isoformat()
        yield f"{page}?depuis={day}"
        yield f"{page}?page={rank + 2}"
        yield f"{page}?type=liquidation&depuis={day}"
        yield f"{page}?naf={'CFGIM'[rank % 5]}&effectif={(1, 10, 50)[rank % 3]}&page={rank // 5 + 1}"


def _times(client: TestClient, addresses: Iterator[str], headers: dict[str, str] | None = None) -> list[float]:
    seconds = []
    for address in addresses:
        began = time.perf_counter()
        client.get(address, headers=headers).raise_for_status()
        seconds.append(time.perf_counter() - began)
    return seconds


def _told(name: str, seconds: list[float]) -> dict[str, float]:
    cut = statistics.quantiles(seconds, n=20)
    return {f"{name}_p50_ms": round(1000 * cut[9], 1), f"{name}_p95_ms": round(1000 * cut[-1], 1)}


def _refreshed(work: Path, files: list[Path]) -> float:
    from vigie import bootstrap  # noqa: PLC0415 - heavy, only when needed
    from vigie.services.refresh import RefreshRequest  # noqa: PLC0415
    from vigie.settings import Settings  # noqa: PLC0415

    request = RefreshRequest(files=tuple(files), today=TODAY)
    return round(bootstrap.refresh(Settings(data_dir=work / "data"), request).seconds, 1)


def _sirens(work: Path) -> list[str]:
    return [siren for (siren,) in _rows(work, "SELECT DISTINCT siren FROM establishment ORDER BY siren")]


def _events(work: Path) -> int:
    return int(_rows(work, "SELECT count(*) FROM event")[0][0])


def _rows(work: Path, query: str) -> list[tuple[Any, ...]]:
    import duckdb  # noqa: PLC0415 - heavy, only when needed

    generation = work / "data" / "generations" / (work / "data" / "current").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(generation / "warehouse.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def _follow(settings: Settings, sirens: list[str]) -> None:
    """Write an officer whose portfolio holds these firms, once."""
    from vigie import bootstrap  # noqa: PLC0415 - heavy, only when needed
    from vigie.domain.access import Role, Scope  # noqa: PLC0415
    from vigie.services.keys import Keys  # noqa: PLC0415
    from vigie.store.journal.followup import Portfolio, PortfolioMember  # noqa: PLC0415
    from vigie.store.journal.people import Membership, Organisation, Person, SignIn  # noqa: PLC0415

    if (settings.data_dir / "journal.db").exists():
        return
    bootstrap.make_journal(settings)
    journal = bootstrap.open_journal(settings)
    officer = Scope(role=Role.OFFICER, organisation=ORGANISATION, person=PERSON, via="command")
    with journal.writing(officer) as unit:
        unit.act("organisation.created", ORGANISATION)
        unit.add(
            Organisation(
                id=ORGANISATION, name="Collectivité de mesure", kind="collectivite", territory=TERRITORY, cog=2026
            )
        )
        unit.add(Person(id=PERSON, name="Compte de mesure"))
        unit.add(Membership(person_id=PERSON, role=Role.OFFICER.value))
        later = unit.now + timedelta(days=365)
        unit.add(SignIn(person_id=PERSON, key_hash=Keys.hash_token(TOKEN), seen_at=unit.now, expires_at=later))
        portfolio = unit.add(Portfolio(name="Suivies", owner_id=PERSON))
        for siren in sirens:
            unit.add(PortfolioMember(portfolio_id=portfolio.id, siren=siren))
    journal.close()


if __name__ == "__main__":
    main()
