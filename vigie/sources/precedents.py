"""Documented exchanges of matter between activities, from a file that somebody has the right to use."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.domain.firm_names import IMAGINARY
from vigie.errors import Reject, RequestFault, StructureFault
from vigie.sources.archives import open_bytes
from vigie.sources.parts import part_for
from vigie.sources.wastes import read_waste

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vigie.sources.cards_reader import Card

PRECEDENT: dict[str, pa.DataType] = {
    "id": pa.string(), "case": pa.string(), "giver": pa.string(), "taker": pa.string(), "waste": pa.string(),
    "use": pa.string(), "status": pa.string(), "reference": pa.string(), "imaginary": pa.bool_(), "source": pa.string(),
}  # fmt: skip
_DIVISION = 2


@dataclass(frozen=True, slots=True)
class PrecedentsRead:
    """Exchanges of a file, and what it left out."""

    precedents: pa.Table
    rejects: tuple[Reject, ...]


def read_precedents(path: Path, card: Card) -> PrecedentsRead:
    """Read documented exchanges. Raises `StructureFault` when the file is no text in UTF-8."""
    with open_bytes(path, part_for(path, card).member) as stream:
        try:
            text = stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise StructureFault("ce fichier n’est pas en UTF-8.", file=path.name,
                                 remedy="Enregistrez-le en UTF-8, puis recommencez.") from error  # fmt: skip
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(card.delimiters, key=first.count))
    found, rejects, seen = list[dict[str, object]](), list[Reject](), set[str]()
    for line, row in enumerate(rows, start=1):
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
        column, what = _fault(cells, seen)
        if what:
            rejects.append(Reject(path.name, line, column, what))
            continue
        seen.add(cells["id"])
        found.append({
            "id": cells["id"], "case": cells.get("case", ""), "giver": cells["nace_from"], "taker": cells["nace_to"],
            "waste": read_waste(cells["ewc"]).code, "use": cells.get("final_use", ""),
            "status": cells.get("status", ""), "reference": cells["ref"],
            "imaginary": cells["ref"].endswith(IMAGINARY), "source": card.source,
        })  # fmt: skip
    return PrecedentsRead(pa.Table.from_pylist(found, schema=pa.schema(PRECEDENT)), tuple(rejects))


def _fault(cells: Mapping[str, str], seen: set[str]) -> tuple[str, str]:
    """Return the column at fault and what is wrong with it; both are empty when nothing is."""
    for column in ("id", "ref"):
        if not cells.get(column):
            return column, "cette case est vide : un précédent a un numéro et une référence."
    if cells["id"] in seen:
        return "id", f"« {cells['id'][:40]} » est déjà le numéro d’un autre précédent : donnez-lui-en un autre."
    for column in ("nace_from", "nace_to"):
        if len(cells.get(column, "")) < _DIVISION or not cells[column][:_DIVISION].isdigit():
            return column, f"« {cells.get(column, '')[:20]} » n’est pas une activité : écrivez au moins sa division."
    try:
        read_waste(cells.get("ewc", ""))
    except RequestFault as fault:
        return "ewc", str(fault)
    return "", ""
