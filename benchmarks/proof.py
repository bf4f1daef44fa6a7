"""`make proof PART=…`: run one part of the proof at its full figure, and keep what it gave as JSON.

Each part is a set of tests whose size an environment variable raises. The counts, and the properties that the tests
record, come from pytest's own report.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.machine import describe
from benchmarks.run import RESULTS, ROOT, code_hash

PARTS: dict[str, tuple[str, dict[str, str]]] = {
    "refresh": ("tests/recovery/test_refresh_killed.py", {"VIGIE_KILLS": "20"}),
    "events": ("tests/recovery", {}),
    "privacy": ("tests/doors/test_privacy.py", {"VIGIE_PROOF": "1"}),
    "malformed": ("tests/malformed", {}),
    "search": ("tests/oracles/test_search_metz.py", {}),
    "journal-kills": ("tests/journal/test_killed.py", {"VIGIE_JOURNAL_KILLS": "100"}),
    "power-cuts": ("tests/journal/test_power_cut.py", {"VIGIE_CUTS": "5000"}),
    "introductions": ("tests/journal/test_introductions_machine.py", {"VIGIE_EXAMPLES": "2000"}),
    "migrations": ("tests/journal/test_migrations.py", {}),
    "safekeeping": ("tests/journal/test_safekeeping.py", {}),
    "retention": ("tests/journal/test_retention.py", {}),
    "browser": ("tests/browser", {"VIGIE_PROOF": "1"}),
    "isolation": ("tests/journal/doors", {}),
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


def prove(part: str) -> int:
    """Run a part and write `results/proof-<part>.json`; return pytest's exit status."""
    target, raised = PARTS[part]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", target, f"--junitxml={report}", "-o", "junit_family=xunit1"],
            cwd=ROOT,
            env=os.environ | raised,
            check=False,
        ).returncode
        figures = read_report(report)
    result = {"part": part, "raised": raised, "code": code_hash(), "machine": describe(), "figures": figures}
    RESULTS.mkdir(exist_ok=True)
    kept = RESULTS / f"proof-{part}.json"
    kept.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    faults = int(figures.get("failures") or 0) + int(figures.get("errors") or 0)
    print(f"{part} : {figures['tests']} tests, {faults} échecs → {kept.relative_to(ROOT)}")
    return status


def main() -> int:
    """Parse the command line and prove one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=sorted(PARTS))
    return prove(parser.parse_args().part)


if __name__ == "__main__":
    raise SystemExit(main())
