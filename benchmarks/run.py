"""`make bench`: simulate, measure each part in its own process, print ratios, keep the results.

A part already measured with the same code and the same number of rows is not measured again (`--again` forces it),
so an interrupted run resumes where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.machine import describe

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
STORE = ("vigie/domain", "vigie/sources", "vigie/store", "!vigie/store/journal")
ANSWERS = (*STORE, "vigie/measures", "vigie/services/know", "vigie/services/places.py", "vigie/services/loaded.py")
PARTS: dict[str, tuple[str, ...]] = {
    "tables": STORE,
    "index": STORE,
    "search": ANSWERS,
    "portrait": (*ANSWERS, "vigie/services/portrait", "vigie/services/observe.py"),
    "pages": ("vigie", "!vigie/sources/simulation", "!vigie/store/steps"),
    "start": ("vigie", "!vigie/sources/simulation", "!vigie/store/steps"),
    "suggestions": (*ANSWERS, "vigie/interfaces/web/suggestions.py"),
    "journal": ("vigie", "!vigie/sources", "!vigie/measures"),
}
"""Parts, and the beginnings of the paths that each measures (`!` leaves some out)."""
AIMS = {
    "refresh_ratio": ("actualisation entière / simple lecture et tri par DuckDB", 2.5),
    "build_ratio": ("construction des tables / simple lecture et tri par DuckDB", 1.3),
    "index_ratio": ("index des noms / SQLite FTS5 sur les mêmes champs", 1.0),
    "peak_memory_mib": ("mémoire maximale (Mio)", 3072),
    "search_p95_ms": ("recherche, 95e centile (ms)", 30),
    "record_p95_ms": ("fiche par SIRET, 95e centile (ms)", 5),
    "page_ratio": ("page d’une liste du bureau, p95 à 16 connexions / Datasette", 1.0),
    "api_ratio": ("réponse de l’API du bureau, p95 à 16 connexions / Datasette", 1.0),
    "within_50_km_p95_ms": ("recherche à moins de 50 km, 95e centile (ms)", 30),
    "trade_and_place_p95_ms": ("métier et commune, 95e centile (ms)", 20),
    "first_page_seconds": ("première page après le démarrage (s)", 1.0),
    "first_portrait_seconds": ("premier portrait après le démarrage (s)", 0.5),
    "largest_map_processor_ms": ("page d’Auvergne-Rhône-Alpes, processeur (ms)", 250),
    "largest_map_kb": ("page d’Auvergne-Rhône-Alpes (ko)", 300),
    "results_processor_ms": ("page de résultats, processeur (ms)", 60),
    "suggestions_p95_ms": ("suggestions par HTTP, 95e centile (ms)", 100),
    "portrait_warm_ms": ("portrait d’un EPCI, à chaud (ms)", 200),
}


def code_hash(part: str = "") -> str:
    """Hash what a part measures (all of the package for no part), so that a figure belongs to the code that gave it."""
    measured = (*PARTS.get(part, ("vigie",)), "benchmarks/run.py", f"benchmarks/{part}.py")
    wanted = tuple(place for place in measured if not place.startswith("!"))
    left_out = tuple(place[1:] for place in measured if place.startswith("!"))
    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "vigie").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(wanted) and not (left_out and place.startswith(left_out)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def prepare(work: Path, rows: int) -> None:
    """Write the simulated files once."""
    done = work / "sim" / ".done"
    if done.exists():
        return
    from vigie.services.simulate import SimulationRequest, simulate  # noqa: PLC0415 — heavy, only when needed

    demo = ROOT / "var" / "demo" / "outlines"  # made by `make outlines`; without them establishments are not located
    outlines = demo if demo.is_dir() else None
    simulate(SimulationRequest("FR", work / "sim", format="csv", establishments=rows, outlines=outlines))
    done.touch()


def measure(part: str, work: Path, rows: int, again: bool) -> dict[str, Any]:
    """Run one part in its own process, or return what it gave before with the same code."""
    kept = RESULTS / f"{part}-{rows}.json"
    code = code_hash(part)
    if kept.exists() and not again:
        former: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if former["code"] == code:
            return former
    command = [
        sys.executable,
        "-m",
        "benchmarks.run",
        "--only",
        part,
        "--rows",
        str(rows),
        "--work",
        str(work),
    ]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    result = {"part": part, "rows": rows, "code": code, "machine": describe(), "figures": json.loads(answer)}
    RESULTS.mkdir(exist_ok=True)
    kept.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return result


def report(results: list[dict[str, Any]]) -> None:
    """Print every figure, beside its aim where there is one."""
    for result in results:
        print(f"\n{result['part']} — {result['rows']} établissements imaginaires")
        for name, value in result["figures"].items():
            label, aim = AIMS.get(name, (name, None))
            verdict = "" if aim is None else f"   (visé : ≤ {aim}) {'oui' if value <= aim else 'NON'}"
            print(f"  {label} : {value}{verdict}")


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--only", choices=PARTS, help="measure this part here and print its figures as JSON")
    parser.add_argument("--again", action="store_true", help="measure even what was measured with the same code")
    options = parser.parse_args()
    work = options.work.resolve() / str(options.rows)
    work.mkdir(parents=True, exist_ok=True)
    if options.only:
        print(json.dumps(import_module(f"benchmarks.{options.only}").measure(work, options.rows)))
        return
    prepare(work, options.rows)
    report([measure(part, options.work.resolve(), options.rows, options.again) for part in PARTS])


if __name__ == "__main__":
    main()
