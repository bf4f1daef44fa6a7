"""Tables built (masked, checked, sorted, fingerprinted) against DuckDB's bare read and sort of the same columns.

Both sides read the same files with the same threads and memory limit and write a DuckDB file of the same format
(`bare_default_format_seconds` tells what the bare side takes in DuckDB's default one). `build_processor_ratio` compares
processor time, which a busy machine disturbs less. Our side is everything that a refresh does but the name index:
hashing the files, reference tables, derived tables, checks, description.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import duckdb

from vigie.bootstrap import refresh
from vigie.services.refresh import RefreshRequest
from vigie.settings import Settings
from vigie.sources.base import discover
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.store import generation
from vigie.store.engines.duckdb import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vigie.sources.base import SourceFile

# The columns that each table is sorted by, as its file names them.
KEYS = {
    "sirene_etablissement": "siret",
    "sirene_unite_legale": "siren",
    "sirene_historique": "siret, dateDebut",
    "sirene_succession": "siretEtablissementPredecesseur, siretEtablissementSuccesseur, dateLienSuccession",
    "urssaf_emploi": "code_commune, code_ape",
}


def measure(work: Path, rows: int) -> dict[str, Any]:
    """Refresh `work/sim` into a new data directory `work/data`, then read and sort the same columns bare."""
    settings = Settings.from_environment({})
    data, files = work / "data", work / "sim"
    shutil.rmtree(data, ignore_errors=True)
    worked = time.process_time()
    report = refresh(Settings(data, settings.threads, settings.memory_mib), RefreshRequest((files,)))
    described = generation.describe(data / "generations" / report.generation)
    ours_processor = time.process_time() - worked - described["seconds"]["index_processor"]
    ours = report.seconds - described["seconds"]["index"]
    stock = discover([files], read_cards(SHIPPED))
    same, same_processor = bare(stock, work, settings, "latest")
    default, _ = bare(stock, work, settings, "v1.0.0")
    return {
        "establishments": report.establishments,
        "legal_units": report.legal_units,
        "tables_seconds": round(ours, 1),
        "bare_seconds": round(same, 1),
        "build_ratio": round(ours / same, 2),
        "refresh_ratio": round(report.seconds / same, 2),
        "build_processor_ratio": round(ours_processor / same_processor, 2),
        "bare_default_format_seconds": round(default, 1),
        "refresh_seconds": report.seconds,
        "peak_memory_mib": report.peak_memory_mib,
        "rows_asked": rows,
    }


def bare(stock: Sequence[SourceFile], work: Path, settings: Settings, file_format: str) -> tuple[float, float]:
    """Read and sort the columns that Vigie reads, as text, into tables of a file.

    Returns seconds by the clock, then of processor.
    """
    path, scratch = work / "bare.duckdb", work / "bare.scratch"
    path.unlink(missing_ok=True)
    begun, worked = time.monotonic(), time.process_time()
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": f"{settings.memory_mib}MiB",
        "temp_directory": str(scratch),
        "preserve_insertion_order": False,
        "storage_compatibility_version": file_format,
    }
    with duckdb.connect(str(path), config=config) as connection:
        for file in stock:
            query = reading.query(file, str(file.path), numbered=False)
            connection.execute(f"CREATE TABLE {file.source} AS {query} ORDER BY {KEYS[file.source]}")
    seconds, processor = time.monotonic() - begun, time.process_time() - worked
    path.unlink()
    shutil.rmtree(scratch, ignore_errors=True)
    return seconds, processor
