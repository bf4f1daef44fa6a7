"""Opinion groups beside red-dwarf, on the same imaginary votes: plane, groups, what groups hold.

`python -m benchmarks.opinion` installs the reference in a temporary environment of its own, runs both in turn in
processes of their own, and prints processor seconds and their ratio. Reading the file is not counted on either side.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

REFERENCE = "red-dwarf==0.4.0"
ROUNDS = 3
_THEIRS = """
import csv, sys, time, warnings
warnings.filterwarnings("ignore")
from reddwarf.implementations.polis import run_pipeline
with open(sys.argv[1], newline="") as text:
    rows = [{"participant_id": int(row["participant"]), "statement_id": int(row["statement"]), "vote": int(row["vote"])}
            for row in csv.DictReader(text)]
start = time.process_time()
run_pipeline(votes=rows)
print(time.process_time() - start)
"""


def written(path: Path, people: int, statements: int, filled: float = 0.3) -> Path:
    """Write the votes of three groups that hold to profiles of their own, one vote in ten against it."""
    chance = np.random.default_rng(1)
    label = chance.integers(3, size=people)
    profile = np.where(np.arange(statements)[None] % 3 == np.arange(3)[:, None], 1, -1)
    who, what = np.nonzero(chance.random((people, statements)) < filled)
    cast = profile[label[who], what] * np.where(chance.random(len(who)) < 0.9, 1, -1)
    lines = np.stack([who, what, cast], axis=1)
    np.savetxt(path, lines, fmt="%d", delimiter=",", header="participant,statement,vote", comments="")
    return path


def ours(path: Path) -> float:
    """Return the processor seconds of the same work here."""
    from vigie.measures.opinion.grouping import counted_rows, group  # noqa: PLC0415 - not in the reference's process
    from vigie.measures.opinion.holding import consensus, representative, votes_by_group  # noqa: PLC0415
    from vigie.measures.opinion.plane import plane_of  # noqa: PLC0415
    from vigie.services.envision.vote_files import read_votes  # noqa: PLC0415

    votes = read_votes(path).votes
    start = time.process_time()
    plane = plane_of(votes)
    found = group(plane.participants, counted_rows(votes))
    held = votes_by_group(votes, found.counted, found.group, len(found.centers))
    consensus(held.agreed, held.seen)
    representative(held)
    return time.process_time() - start


def main() -> None:
    """Run both and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--ours", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ours:
        print(ours(asked.ours))
        return
    with tempfile.TemporaryDirectory() as folder:
        votes = written(Path(folder) / "votes.csv", asked.people, asked.statements)
        venv.create(Path(folder) / "reference", with_pip=True)
        python = str(Path(folder) / "reference" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "-q", REFERENCE], check=True)
        mine, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_seconds([python, "-c", _THEIRS, str(votes)]))
            mine.append(_seconds([sys.executable, "-m", "benchmarks.opinion", "--ours", str(votes)]))
    here, there = float(np.median(mine)), float(np.median(theirs))
    print(json.dumps({"vigie": here, "red_dwarf": there, "ratio": there / here}, indent=2))


def _seconds(command: list[str]) -> float:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
