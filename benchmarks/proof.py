"""`make proof PART=…`: run one part of the proof at its full figure, and keep what it gave as JSON.

Each part is a set of tests whose size an environment variable raises. The counts, and the properties that the tests
record, come from pytest's own report. A long part is cut into slices, each with chance of its own: a slice that passed
with the same code is not run again, so that a proof that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.machine import describe
from benchmarks.run import RESULTS, ROOT, code_hash

KEPT = ROOT / "var" / "proof"
FAULTS = ("failures", "errors")


@dataclass(frozen=True)
class Part:
    """Tests, the variables that raise their size, and how many times they are run, each with other chances."""

    target: str
    raised: dict[str, str] = field(default_factory=dict)
    slices: int = 1


PARTS: dict[str, Part] = {
    "refresh": Part("tests/recovery/test_refresh_killed.py", {"VIGIE_KILLS": "20"}),
    "events": Part("tests/recovery"),
    "opinion": Part("tests/unit/services/test_opinion.py", {"VIGIE_DRAWS": "100"}),
    "notices": Part("tests/recovery/test_many_notices.py", {"VIGIE_NOTICES": "200000"}),
    "privacy": Part("tests/doors/test_privacy.py", {"VIGIE_PROOF": "1"}),
    "figures-agree": Part("tests/doors/test_figures_agree.py", {"VIGIE_PROOF": "1"}),
    "malformed": Part("tests/malformed"),
    "search": Part("tests/oracles/test_search_metz.py"),
    "journal-kills": Part("tests/journal/test_killed.py", {"VIGIE_JOURNAL_KILLS": "100"}, slices=5),
    "vote-kills": Part("tests/journal/test_killed_votes.py", {"VIGIE_VOTE_KILLS": "20"}),
    "power-cuts": Part("tests/journal/test_power_cut.py", {"VIGIE_CUTS": "1000"}, slices=10),
    "introductions": Part("tests/journal/test_introductions_machine.py", {"VIGIE_EXAMPLES": "250"}, slices=20),
    "migrations": Part("tests/journal/test_migrations.py", {"VIGIE_MIGRATION_KILLS": "20"}),
    "safekeeping": Part("tests/journal/test_safekeeping.py"),
    "retention": Part("tests/journal/test_retention.py"),
    "browser": Part("tests/browser", {"VIGIE_PROOF": "1"}),
    "axe": Part("tests/browser/test_axe.py", {"VIGIE_PROOF": "1"}),
    "isolation": Part("tests/journal/doors", {"VIGIE_PROOF": "1"}),
    "ill-files": Part("tests/doors/test_ill_files.py", {"VIGIE_PROOF": "1"}),
    "import-20000": Part(
        "tests/journal/test_long_import.py",
        {"VIGIE_IMPORT_LINES": "20000", "VIGIE_OFFICERS": "8", "VIGIE_PAUSE": "1", "VIGIE_ALONE": "30"},
    ),
    "exports": Part(
        "tests/journal/test_anonymous_exports.py",
        {"VIGIE_LIST": "10000", "VIGIE_OFFICERS": "4", "VIGIE_PAUSE": "1", "VIGIE_ALONE": "15"},
    ),
    "server": Part("tests/doors/test_server.py", {"VIGIE_ATTACK": "1"}),
}


def read_report(report: Path) -> dict[str, Any]:
    """Return the counts of a JUnit report and the properties recorded by its tests."""
    root = ET.parse(report).getroot()  # noqa: S314 — written by our own pytest a second ago
    suite = root if root.tag == "testsuite" else root.find("testsuite")
    counts = {} if suite is None else {k: suite.get(k) for k in ("tests", "failures", "errors", "skipped", "time")}
    properties = {
        f"{case.get('name')}: {found.get('name')}": found.get("value")
        for case in root.iter("testcase")
        for found in case.iter("property")
    }
    return {**counts, "properties": properties}


def run_slice(name: str, rank: int) -> dict[str, Any]:
    """Run one slice of a part and return what it gave; one that passed before with the same code is not run again."""
    part = PARTS[name]
    kept = KEPT / f"{name}-{_proved(part)}-{rank}.json"
    if kept.exists():
        former: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return former
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = [f"--junitxml={report}", "-o", "junit_family=xunit1", f"--hypothesis-seed={rank}"]
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", part.target, *options],
            cwd=ROOT,
            env=os.environ | part.raised | {"VIGIE_CHANCE": str(rank)},
            check=False,
        )
        figures = read_report(report)
    if not _count(figures, *FAULTS, "skipped"):
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    return figures


def prove(name: str, slices: int) -> int:
    """Run a part slice by slice, writing `results/proof-<part>.json` after each.

    Returns 1 when a test failed or was skipped: then it is no proof.
    """
    part, done = PARTS[name], list[dict[str, Any]]()
    kept = RESULTS / f"proof-{name}.json"
    RESULTS.mkdir(exist_ok=True)
    for rank in range(min(slices or part.slices, part.slices)):
        done.append(run_slice(name, rank))
        result: dict[str, Any] = {"part": name, "raised": part.raised, "slices": f"{len(done)}/{part.slices}"}
        result |= {"code": code_hash(), "machine": describe(), "figures": done[0] if part.slices == 1 else done}
        kept.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tests, faults, skipped = (sum(_count(one, *names) for one in done) for names in (("tests",), FAULTS, ("skipped",)))
    print(
        f"{name} : {len(done)} tranches sur {part.slices}, {tests} tests, {faults} échecs, {skipped} sautés"
        f" → {kept.relative_to(ROOT)}"
    )
    return int(faults > 0 or skipped > 0 or tests == 0)


def _proved(part: Part) -> str:
    """Hash the code of the package and the tests of a part: a slice belongs to both."""
    target = ROOT / part.target
    digest = hashlib.sha256(code_hash().encode())
    for path in [target] if target.is_file() else sorted(target.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _count(figures: dict[str, Any], *names: str) -> int:
    return sum(int(figures.get(name) or 0) for name in names)


def main() -> int:
    """Parse the command line and prove one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=sorted(PARTS))
    parser.add_argument("--slices", type=int, default=0, help="stop after so many slices (all of them by default)")
    options = parser.parse_args()
    return prove(options.part, options.slices)


if __name__ == "__main__":
    raise SystemExit(main())
