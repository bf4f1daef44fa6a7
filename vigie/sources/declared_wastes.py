"""Wastes that sites declare to produce or to treat, from the yearly archive of the register of polluting emissions.

The archive of Géorisques holds `etablissements.csv`, which gives the SIRET of each number of the register, and a file
for each of production and treatment, hazardous or not. Names, addresses and coordinates are read past, never kept.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.domain.actors import compact_identifier
from vigie.domain.matter import FlowWay
from vigie.errors import Reject, RequestFault, StructureFault
from vigie.sources.archives import open_bytes, table_members
from vigie.sources.wastes import read_waste

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from vigie.sources.cards_reader import Card

SITES = "etablissements.csv"
_FILES: Mapping[str, tuple[FlowWay, str]] = {
    "prod_dechets_dangereux.csv": (FlowWay.GIVES, "quantite"),
    "prod_dechets_non_dangereux.csv": (FlowWay.GIVES, "quantite"),
    "trait_dechets_dangereux.csv": (FlowWay.TAKES, "quantite_traitee"),
    "trait_dechets_non_dangereux.csv": (FlowWay.TAKES, "quantite_traitee"),
}
_OPERATION = "code_operation_eliminatio_valorisation"
_NEEDED = ("identifiant", "annee", _OPERATION, "code_dechet")
DECLARED_WASTE: dict[str, pa.DataType] = {
    "siret": pa.string(), "year": pa.int16(), "way": pa.string(), "waste": pa.string(), "operation": pa.string(),
    "tonnes": pa.float64(), "source": pa.string(),
}  # fmt: skip
_SIRET = 14


@dataclass(frozen=True, slots=True)
class DeclaredWastesRead:
    """What an archive declares, one row per site, year, way, waste and operation; what it left out."""

    wastes: pa.Table
    rejects: tuple[Reject, ...]


@dataclass(slots=True)
class _WastesReading:
    sites: Mapping[str, str]
    unnumbered: frozenset[str]
    tonnes: dict[tuple[str, int, str, str, str], float | None] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def take(self, file: str, line: int, row: Mapping[str, str], way: FlowWay, amount: str) -> None:
        try:
            siret = self._site(row)
            key = (siret, _year(row), way.value, _waste(row), _operation(row))
            quantity = _quantity(row, amount)
        except _CellAtFaultError as fault:
            self.rejects.append(Reject(file, line, fault.column, str(fault)))
            return
        before = self.tonnes.get(key)
        self.tonnes[key] = quantity if before is None else before + (quantity or 0.0)

    def _site(self, row: Mapping[str, str]) -> str:
        number = row["identifiant"].strip()
        if number in self.sites:
            return self.sites[number]
        what = "n’a pas de SIRET lisible" if number in self.unnumbered else f"n’est pas dans « {SITES} »"
        raise _CellAtFaultError("identifiant", f"le site « {number[:20]} » {what} : la ligne n’est rattachée à rien.")


class _CellAtFaultError(ValueError):
    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column = column


def read_declared_wastes(path: Path, card: Card) -> DeclaredWastesRead:
    """Read an archive. Raises `StructureFault` when it lacks its sites or every file of wastes, or a column."""
    members = {name.rsplit("/", 1)[-1].lower(): name for name in table_members(path)} if path.suffix == ".zip" else {}
    if SITES not in members or not members.keys() & _FILES.keys():
        raise StructureFault(
            f"il n’y a pas là « {SITES} » et un fichier de déchets produits ou traités.", file=path.name,
            remedy="Donnez l’archive d’une année telle que Géorisques la publie, sans la décompresser.",
        )  # fmt: skip
    numbers = {
        row["identifiant"].strip(): compact_identifier(row.get("numero_siret", "")) or ""
        for _, row in _rows(path, members[SITES], ("identifiant", "numero_siret"))
    }
    known = {number: siret for number, siret in numbers.items() if len(siret) == _SIRET}
    reading = _WastesReading(known, frozenset(numbers.keys() - known.keys()))
    for name, (way, amount) in _FILES.items():
        if name in members:
            for line, row in _rows(path, members[name], (*_NEEDED, amount)):
                reading.take(name, line, row, way, amount)
    rows = [(*key, tonnes, card.source) for key, tonnes in sorted(reading.tonnes.items(), key=lambda item: item[0])]
    columns = zip(*rows, strict=True) if rows else ([] for _ in DECLARED_WASTE)
    table = pa.table(
        [pa.array(list(column), kind) for column, kind in zip(columns, DECLARED_WASTE.values(), strict=True)],
        schema=pa.schema(DECLARED_WASTE),
    )
    return DeclaredWastesRead(table, tuple(reading.rejects))


def _rows(path: Path, member: str, needed: tuple[str, ...]) -> Iterator[tuple[int, Mapping[str, str]]]:
    with open_bytes(path, member) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        try:
            first = text.readline()
            delimiter = ";" if first.count(";") >= first.count(",") else ","
            titles = [title.strip() for title in next(csv.reader([first], delimiter=delimiter), [])]
            for column in needed:
                if column not in titles:
                    raise StructureFault("cette colonne manque.", file=member, line=1, column=column,
                                         remedy="Donnez l’archive telle qu’elle est publiée.")  # fmt: skip
            for line, row in enumerate(csv.reader(text, delimiter=delimiter), start=1):
                if row:
                    yield line, dict(zip(titles, row, strict=False))
        except UnicodeDecodeError as error:
            raise StructureFault("ce fichier n’est pas en UTF-8.", file=member,
                                 remedy="Donnez l’archive telle qu’elle est publiée.") from error  # fmt: skip


def _year(row: Mapping[str, str]) -> int:
    typed = row.get("annee", "").strip()
    if not typed.isdigit() or not 1990 <= int(typed) <= 2100:
        raise _CellAtFaultError("annee", f"« {typed[:10]} » n’est pas une année.")
    return int(typed)


def _waste(row: Mapping[str, str]) -> str:
    try:
        return read_waste(row.get("code_dechet", "")).code
    except RequestFault as fault:
        raise _CellAtFaultError("code_dechet", str(fault)) from fault


def _operation(row: Mapping[str, str]) -> str:
    """Return the operation as the law writes it (R3, D10); empty when the row says none."""
    typed = "".join(row.get(_OPERATION, "").split()).upper()
    if typed and (typed[0] not in "RD" or not typed[1:].rstrip("ABCDEF").isdigit()):
        raise _CellAtFaultError(_OPERATION, f"« {typed[:10]} » n’est pas une opération : D1 à D15, ou R1 à R13.")
    return typed


def _quantity(row: Mapping[str, str], column: str) -> float | None:
    """Return the tonnes of a row, `None` where none is written. A negative one is at fault."""
    typed = row.get(column, "").strip().replace(",", ".").replace("\u00a0", "").replace(" ", "")
    if not typed:
        return None
    try:
        found = float(typed)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise _CellAtFaultError(column, f"« {typed[:20]} » n’est pas une quantité en tonnes.")
    return found
