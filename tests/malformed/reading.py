"""Reading one file as a refresh does, without the rest of the load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import ibis

from tests import official_files as official
from vigie.errors import Reject
from vigie.sources import events, jobs, sirene
from vigie.sources.base import PreparedTable, SourceFile, discover
from vigie.sources.cards_reader import read_cards
from vigie.sources.faults import RECORD, reason
from vigie.store.engines.duckdb.builder import DuckBuilder
from vigie.store.steps.reference import published_communes
from vigie.store.tables import LEGAL_UNIT


@dataclass(frozen=True)
class Layout:
    """A published layout: header, maker of good rows, name and separator of the file; rows made of each record."""

    header: tuple[str, ...]
    row: Callable[..., official.Row]
    name: str
    comma: str = ","
    rows_for_each: int = 1


LAYOUTS = {
    "sirene_etablissement": Layout(official.ESTABLISHMENT_54, official.establishment, "StockEtablissement_utf8.csv"),
    "sirene_unite_legale": Layout(official.UNIT_35, official.unit, "StockUniteLegale_utf8.csv"),
    "sirene_historique": Layout(official.HISTORY, official.period, "StockEtablissementHistorique_utf8.csv"),
    "sirene_succession": Layout(official.SUCCESSION, official.link, "StockEtablissementLiensSuccession_utf8.csv"),
    "urssaf_emploi": Layout(official.JOBS, official.job, "emploi.csv", ";", 2),
}


class Bench:
    """Reads files by the real engine; an expression is written once for all the files of a layout."""

    def __init__(self, folder: Path) -> None:
        self._builder = DuckBuilder(folder / "w.duckdb", threads=2, memory_mib=512, scratch=folder)
        self._cards = read_cards()
        self._prepared: dict[tuple[str, ...], PreparedTable] = {}
        none = ibis.memtable([], schema=LEGAL_UNIT.schema)
        communes = published_communes()
        self._sources: dict[str, Callable[[ibis.Table], PreparedTable]] = {
            "sirene_etablissement": lambda raw: sirene.establishments(raw, none, communes),
            "sirene_unite_legale": sirene.legal_units,
            "sirene_historique": events.periods,
            "sirene_succession": events.successions,
            "urssaf_emploi": lambda raw: jobs.jobs(raw, communes),
        }

    def read(self, path: Path) -> tuple[int, list[Reject]]:
        """Return how many rows are kept, and those left out."""
        [file] = discover([path], self._cards)
        raw = self._builder.raw(file, numbered=True)
        key = (file.source, *file.reads)
        if key not in self._prepared:
            self._prepared[key] = self._sources[file.source](raw)
        prepared = self._prepared[key]
        kept = self._builder.arrow(prepared.accepted).num_rows
        faults = sorted(self._builder.rows(prepared.faults), key=lambda fault: fault[RECORD])
        return kept, [_reject(file, fault) for fault in faults]

    def close(self) -> None:
        self._builder.close()


def _reject(file: SourceFile, fault: dict[str, object]) -> Reject:
    value = fault["value"]
    column = file.reads.get(str(fault["column"]), str(fault["column"]))
    said = reason(str(fault["code"]), None if value is None else str(value))
    return Reject(file.name, int(str(fault[RECORD])), column, said)
