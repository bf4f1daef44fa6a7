"""A refresh that tells each stage it comes to on its output and goes on when it is told to: a test kills it there.

`python -m tests.recovery.staged_refresh DATA FILES`; the last line is the report in JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.refreshing import DAY
from vigie.services.refresh import RefreshRequest, refresh
from vigie.store import generation
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.engines.tantivy.build import TantivyBuilder
from vigie.store.pipeline import Engines
from vigie.store.tables import Table
from vigie.store.warehouse import Receipt


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def reach(stage: str) -> None:
    """Tell a stage and wait for the word to go on."""
    tell(stage)
    if not sys.stdin.readline():
        sys.exit("nobody says to go on")


class StagedBuilder(DuckBuilder):
    """Stops before each table, within its transaction, and once it is kept."""

    def save(self, table: Table, *given: Any, **options: Any) -> Receipt:
        """Save a table as the product does, in three stages."""
        reach(f"{table.name} begun")
        receipt = super().save(table, *given, **options)
        reach(f"{table.name} kept")
        return receipt

    def _write(self, receipt: Receipt) -> None:
        super()._write(receipt)
        reach(f"{receipt.table} written")


class StagedIndex(TantivyBuilder):
    """Stops before the name index, after each batch of documents, and once it is whole under its unfinished name."""

    def build(self, documents: Iterable[pa.RecordBatch], destination: Path) -> int:
        """Build the index as the product does, in stages."""
        reach("index begun")

        def told() -> Iterable[pa.RecordBatch]:
            for batch in documents:
                yield batch
                reach("index batch")

        count = super().build(told(), destination)
        reach("index written")
        return count


def main(data: Path, files: Path) -> None:
    """Refresh a data directory, stage by stage."""
    durably = generation.write_durably

    def write_durably(path: Path, text: str) -> None:
        reach(f"{path.name} begun")
        durably(path, text)
        reach(f"{path.name} kept")

    generation.write_durably = write_durably
    engines = Engines(
        lambda path, scratch: StagedBuilder(path, threads=2, memory_mib=1024, scratch=scratch), StagedIndex
    )
    report = refresh(RefreshRequest((files,), None, DAY), data, engines)
    tell(json.dumps({"fingerprint": report.fingerprint, "establishments": report.establishments}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
