"""Occupations (ROME): their labels, the activities that hire them, the divisions in which they are practised.

A card of kind « metiers » names its columns `occupation` and `label`. With `naf` and `hirings` it counts hirings by
subclass of NAF rev. 2; with `layout.tree` the two columns hold a tree: a line with a division, then one line for each
occupation practised in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vigie.errors import Reject, StructureFault
from vigie.sources import nomenclature
from vigie.sources.sheets import Cells, records

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from vigie.sources.cards_reader import Card

FAMILIES = {
    "A": "Agriculture et pêche, espaces naturels et espaces verts, soins aux animaux",
    "B": "Arts et façonnage d’ouvrages d’art",
    "C": "Banque, assurance, immobilier",
    "D": "Commerce, vente et grande distribution",
    "E": "Communication, média et multimédia",
    "F": "Construction, bâtiment et travaux publics",
    "G": "Hôtellerie-restauration, tourisme, loisirs et animation",
    "H": "Industrie",
    "I": "Installation et maintenance",
    "J": "Santé",
    "K": "Services à la personne et à la collectivité",
    "L": "Spectacle",
    "M": "Support à l’entreprise",
    "N": "Transport et logistique",
}
"""Families of the ROME by the letter that codes begin with (France Travail, ROME 4.0)."""

_OCCUPATION = re.compile(r"[A-N]\d{4}")
_SUBCLASS = re.compile(r"(\d\d)\.?(\d\d[A-Z])")
_DIVISION = re.compile(r"\d{1,2}")
_COUNT = re.compile(r"\d+")

_LABELS: dict[str, pa.DataType] = {"code": pa.string(), "label": pa.string(), "family": pa.string()}
_HIRINGS: dict[str, pa.DataType] = {
    "occupation": pa.string(),
    "naf": pa.string(),
    "hirings": pa.int64(),
    "vintage": pa.int16(),
}
_DIVISIONS: dict[str, pa.DataType] = {"occupation": pa.string(), "division": pa.string(), "vintage": pa.int16()}


@dataclass(frozen=True, slots=True)
class Occupations:
    """What a file says of occupations: tables with the columns of `occupation`, `hiring` and `occupation_division`."""

    labels: pa.Table
    hirings: pa.Table
    divisions: pa.Table
    rejects: tuple[Reject, ...]


class _FaultyCellError(ValueError):
    """A cell that is not what its column holds; `column` is the card's own name, the text is the reason in French."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(slots=True)
class _OccupationReading:
    vintage: int
    tree: bool
    labels: dict[str, str] = field(default_factory=dict)
    hirings: dict[tuple[str, str], int] = field(default_factory=dict)
    divisions: dict[tuple[str, str], None] = field(default_factory=dict)
    division: str | None = None
    rejects: list[Reject] = field(default_factory=list)


def read_occupations(path: Path, card: Card) -> Occupations:
    """Read a file of occupations. Raises `StructureFault` when the file or its card is at fault."""
    names = {rule.as_: rule.name for rule in card.columns}
    reading = _OccupationReading(_vintage(card), bool(card.layout.get("tree", False)))
    for number, cells in records(path, card):
        if cells is None:
            what = "cette ligne n’a pas autant de cellules que l’en-tête."
            reading.rejects.append(Reject(path.name, number, "", what))
            continue
        try:
            _branch(reading, cells) if reading.tree else _take(reading, cells, "hirings" in names)
        except _FaultyCellError as fault:
            reading.rejects.append(Reject(path.name, number, names.get(fault.column, fault.column), str(fault)))
    return Occupations(
        labelled(reading.labels),
        _table(
            ({"occupation": rome, "naf": naf, "hirings": count} for (rome, naf), count in reading.hirings.items()),
            _HIRINGS, reading.vintage,
        ),
        _table(
            ({"occupation": rome, "division": division} for rome, division in reading.divisions),
            _DIVISIONS, reading.vintage,
        ),
        tuple(reading.rejects),
    )  # fmt: skip


def labelled(labels: dict[str, str]) -> pa.Table:
    """Return the table of occupations from their labels by code."""
    rows = [{"code": code, "label": label, "family": FAMILIES[code[0]]} for code, label in sorted(labels.items())]
    return pa.Table.from_pylist(rows, schema=pa.schema(_LABELS))


def _vintage(card: Card) -> int:
    written = card.layout.get("vintage")
    if not isinstance(written, int):
        raise StructureFault(
            "l’année du fichier n’est pas dite.", file=f"{card.id}.yml", column="layout.vintage",
            remedy="Donnez une année, par exemple « vintage: 2017 ».",
        )  # fmt: skip
    return written


def _branch(reading: _OccupationReading, cells: Cells) -> None:
    """Read a line of a tree: a division, or an occupation of the division above; titles above the tree are passed."""
    code = (cells.get("occupation") or "").removesuffix(".0")
    if _DIVISION.fullmatch(code):
        reading.division = code.zfill(2)
        if reading.division not in nomenclature.tree():
            reading.division = None
            raise _FaultyCellError("occupation", f"la division « {code} » n’existe pas dans la NAF rév. 2.")
    elif _OCCUPATION.fullmatch(code):
        if reading.division is None:
            raise _FaultyCellError("occupation", f"le métier « {code} » n’est sous aucune division connue.")
        reading.divisions[code, reading.division] = None
        reading.labels.setdefault(code, cells.get("label") or code)
    elif reading.division is not None and code:
        raise _FaultyCellError("occupation", f"« {code} » n’est ni une division, ni un code du ROME.")


def _take(reading: _OccupationReading, cells: Cells, counted: bool) -> None:
    rome = (cells.get("occupation") or "").upper()
    if not _OCCUPATION.fullmatch(rome):
        raise _FaultyCellError("occupation", f"« {rome} » n’est pas un code du ROME (une lettre de A à N, 4 chiffres).")
    if counted:
        naf = _subclass(cells.get("naf") or "")
        written = cells.get("hirings") or ""
        if not _COUNT.fullmatch(written):
            raise _FaultyCellError("hirings", f"« {written} » n’est pas un nombre d’embauches.")
        if (rome, naf) in reading.hirings:
            raise _FaultyCellError("naf", f"le couple {rome} et {naf} a déjà un nombre d’embauches plus haut.")
        reading.hirings[rome, naf] = int(written)
    reading.labels.setdefault(rome, cells.get("label") or rome)


def _subclass(text: str) -> str:
    found = _SUBCLASS.fullmatch(text.upper())
    code = f"{found[1]}.{found[2]}" if found else ""
    if code not in nomenclature.tree():
        raise _FaultyCellError("naf", f"« {text} » n’est pas une sous-classe de la NAF rév. 2 (par exemple 25.62B).")
    return code


def _table(rows: Iterable[dict[str, Any]], schema: dict[str, pa.DataType], vintage: int) -> pa.Table:
    return pa.Table.from_pylist([row | {"vintage": vintage} for row in rows], schema=pa.schema(schema))
