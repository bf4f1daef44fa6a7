"""Complexity beside py-ecomplexity, on the same table of 1 250 territories and 732 activities; then all communes.

`python -m benchmarks.complexity` installs the reference in a temporary environment of its own, runs both in turn, each
round in a process of its own, and keeps `results/complexity-1250x732.json`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe
from benchmarks.run import RESULTS, ROOT, code_hash

REFERENCE = "ecomplexity==0.5.3"
COMPARED, STRESS = (1_250, 732), (35_000, 732)
ROUNDS = 3
# Presence check, verbosity and supermodularity are not part of what is compared: they are switched off.
_THEIRS = """
import json, resource, sys, time, warnings
import numpy as np, pandas as pd
from ecomplexity import ecomplexity
warnings.filterwarnings("ignore")
table = np.load(sys.argv[1])
places, activities = table.shape
frame = pd.DataFrame({"t": 1, "p": np.repeat(np.arange(places), activities),
                      "a": np.tile(np.arange(activities), places), "v": table.ravel()})
for _ in range(2):  # the second time, libraries are loaded
    start, worked = time.perf_counter(), time.process_time()
    found = ecomplexity(frame, {"time": "t", "loc": "p", "prod": "a", "val": "v"},
                        check_logsupermodularity=False, verbose=False)
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
found = found.sort_values(["p", "a"])
np.savez(sys.argv[2], eci=found["eci"].to_numpy(float).reshape(table.shape)[:, 0],
         pci=found["pci"].to_numpy(float).reshape(table.shape)[0],
         density=found["density"].to_numpy(float).reshape(table.shape),
         gain=found["cog"].to_numpy(float).reshape(table.shape))
print(json.dumps({"seconds": seconds, "processor_seconds": processor, "peak_memory_mib": peak}))
"""


def simulated(shape: tuple[int, int], seed: int = 7) -> np.ndarray:
    """Return jobs by territory and activity: sizes far apart, most cells empty, abilities that meet needs."""
    chance = np.random.default_rng(seed)
    places, activities = shape
    able, needed = chance.normal(size=(places, 1)), chance.normal(size=(1, activities))
    size = np.exp(chance.normal(7.5, 1.2, (places, 1)))
    weight = np.exp(chance.normal(0, 1.6, (1, activities)))
    expected = size * weight / weight.sum() * np.exp(1.2 * able * needed + chance.normal(0, 1.0, shape))
    drawn: np.ndarray = chance.poisson(expected).astype(float)
    return drawn


def ours(table: Path, kept: Path | None) -> dict[str, float]:
    """Measure all that the reference gives (presences, ECI, PCI, density, outlook), and fitness apart."""
    from vigie.measures.complexity import complexity, fitness, outlook, presence  # noqa: PLC0415 - each in its process
    from vigie.measures.relatedness import density, related  # noqa: PLC0415 - the same

    amounts = np.load(table)
    if kept:
        complexity(presence(amounts))  # the second time, libraries are loaded
    start, worked = time.perf_counter(), time.process_time()
    held = presence(amounts)
    found = complexity(held)
    ordered, alone = time.perf_counter() - start, time.process_time() - worked
    near = related(held)
    around = density(held, near)
    ahead = outlook(held, near, found) if kept else None
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    fitness(held)
    more = time.perf_counter() - start - seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if kept is not None and ahead is not None:
        np.savez(kept, eci=found.eci, pci=found.pci, density=around, gain=ahead.gain)
    return {
        "seconds": seconds,
        "processor_seconds": processor,
        "complexity_seconds": ordered,
        "complexity_processor_seconds": alone,
        "fitness_seconds": more,
        "peak_memory_mib": peak,
        "present_share": float(held.mean()),
    }


def compared(work: Path, reference: Path) -> dict[str, Any]:
    """Run both in turn on the same table, and say how far apart their answers are."""
    table = work / "table.npy"
    np.save(table, simulated(COMPARED))
    rounds = []
    for _ in range(ROUNDS):
        theirs = _answer([str(reference), "-c", _THEIRS, str(table), str(work / "theirs.npz")])
        mine = _answer([sys.executable, "-m", "benchmarks.complexity", "--only", str(table), str(work / "ours.npz")])
        rounds.append({"reference": theirs, "ours": mine})
    one, other = (np.load(work / f"{name}.npz") for name in ("theirs", "ours"))
    quickest = {side: min(round_[side]["seconds"] for round_ in rounds) for side in ("reference", "ours")}
    worked = {side: min(round_[side]["processor_seconds"] for round_ in rounds) for side in ("reference", "ours")}
    alone = min(round_["ours"]["complexity_processor_seconds"] for round_ in rounds)
    return {
        "territories": COMPARED[0],
        "activities": COMPARED[1],
        "times_quicker": round(quickest["reference"] / quickest["ours"], 1),
        "times_quicker_processor": round(worked["reference"] / worked["ours"], 1),
        "times_quicker_processor_complexity_alone": round(worked["reference"] / alone, 1),
        "peak_memory_mib": round(max(round_["ours"]["peak_memory_mib"] for round_ in rounds)),
        "reference_peak_memory_mib": round(max(round_["reference"]["peak_memory_mib"] for round_ in rounds)),
        "largest_gap": {name: float(np.abs(one[name] - other[name]).max()) for name in one.files},
        "rounds": rounds,
    }


def stressed(work: Path) -> dict[str, Any]:
    """Measure as many territories as there are communes in France."""
    table = work / "stress.npy"
    np.save(table, simulated(STRESS))
    told = _answer([sys.executable, "-m", "benchmarks.complexity", "--only", str(table)])
    return {"territories": STRESS[0], "activities": STRESS[1], **told}


def _answer(command: list[str]) -> dict[str, float]:
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return told


def _reference(folder: Path) -> Path:
    """Install the reference apart from the project, and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", REFERENCE], check=True)
    return python


def main() -> None:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", type=Path, help="measure this table here and print the figures as JSON")
    parser.add_argument("--reference", type=Path, help="a Python where the reference is installed already")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(ours(options.only[0], options.only[1] if len(options.only) > 1 else None)))
        return
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        figures = compared(work, options.reference or _reference(work / "reference"))
        figures["stress"] = stressed(work)
    result = {"part": "complexity", "reference": REFERENCE, "code": code_hash("complexity"), "machine": describe(),
              "figures": figures}  # fmt: skip
    kept = RESULTS / f"complexity-{COMPARED[0]}x{COMPARED[1]}.json"
    kept.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({name: value for name, value in figures.items() if name != "rounds"}, indent=1))


if __name__ == "__main__":
    main()
