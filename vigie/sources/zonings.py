"""Zonings: any file that puts communes, or EPCI, in zones (employment areas, programmes…), described by a card.

The card's columns are named `commune`, `epci` or `places` (text holding codes in parentheses), `zone` and
`label`; its `layout` gives `zone_kind`, `vintage` (of the codes), `none` (codes that mean "no zone") and
`overlapping` (whether a commune may be in several zones).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vigie.domain.territory import TerritoryKind
from vigie.errors import Reject, StructureFault
from vigie.sources import cog
from vigie.sources.places import PlaceReader, UnknownPlaceError
from vigie.sources.sheets import Cells, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from vigie.sources.cards_reader import Card

_TERRITORY: dict[str, pa.DataType] = {
    "vintage": pa.int16(), "kind": pa.string(), "code": pa.string(), "name": pa.string(), "detail": pa.string(),
    "parent": pa.string(), "population": pa.int64(), "population_year": pa.int16(),
}  # fmt: skip
_MEMBER: dict[str, pa.DataType] = {
    "kind": pa.string(),
    "code": pa.string(),
    "vintage": pa.int16(),
    "commune": pa.string(),
}
_IN_PARENTHESES = re.compile(r"\((\d{9}|\d[\dAB]\d{3})\)")


@dataclass(frozen=True, slots=True)
class Zoning:
    """Zones of a file, in the latest vintage.

    `territories` and `memberships` have the columns of `cog.territories` and `cog.memberships`. `redirected`
    counts former communes, `repaired` codes that had lost a zero, `without_zone` rows that say "no zone".
    `undecided` are communes of today whose former communes lie in several zones: the zone of the row that
    carries today's code is kept, else the one that most of them share.
    """

    kind: TerritoryKind
    territories: pa.Table
    memberships: pa.Table
    rejects: tuple[Reject, ...]
    redirected: int
    repaired: int
    without_zone: int
    undecided: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    names: dict[str, str] = field(default_factory=dict)
    zones: dict[str, Counter[str]] = field(default_factory=dict)  # commune of today → zones of its rows
    own: dict[str, str] = field(default_factory=dict)  # zone of the row that carries today's code
    rejects: list[Reject] = field(default_factory=list)
    without_zone: int = 0


def read_zoning(path: Path, card: Card) -> Zoning:
    """Read a zoning. Raises `StructureFault` when the file or its card is at fault; faulty rows are rejects."""
    kind = _kind(card)
    vintage = int(card.layout.get("vintage", cog.latest_vintage()))
    reader, reading = PlaceReader(), _Reading()
    for number, cells in records(path, card):
        if cells is None:
            reading.rejects.append(
                Reject(path.name, number, "", "cette ligne n’a pas autant de cellules que l’en-tête.")
            )
        else:
            _take(reading, reader, cells, Reject(path.name, number, "", ""), (card, vintage))
    overlapping = bool(card.layout.get("overlapping", False))
    undecided = sorted(code for code, zones in reading.zones.items() if len(zones) > 1 and not overlapping)
    members = sorted(
        (zone, commune)
        for commune, zones in reading.zones.items()
        for zone in (zones if overlapping else [reading.own.get(commune) or zones.most_common(1)[0][0]])
    )
    return Zoning(
        kind,
        _territories(kind, reading.names, members),
        pa.Table.from_pylist(
            [
                {"kind": kind.value, "code": zone, "vintage": cog.latest_vintage(), "commune": commune}
                for zone, commune in members
            ],
            schema=pa.schema(_MEMBER),
        ),
        tuple(reading.rejects), reader.redirected, reader.repaired, reading.without_zone, tuple(undecided),
    )  # fmt: skip


def _kind(card: Card) -> TerritoryKind:
    text = str(card.layout.get("zone_kind", ""))
    try:
        return TerritoryKind(text)
    except ValueError as error:
        known = ", ".join(kind.value for kind in TerritoryKind)
        raise StructureFault(
            f"genre de zone « {text} » inconnu.", file=f"{card.id}.yml", column="layout.zone_kind",
            remedy=f"Choisissez parmi {known}.",
        ) from error  # fmt: skip


def _take(reading: _Reading, reader: PlaceReader, cells: Cells, at: Reject, rules: tuple[Card, int]) -> None:
    """Put the communes of one row in its zone, or reject the row; `at` holds its file and number."""
    card, vintage = rules
    names = {rule.as_: rule.name for rule in card.columns}
    zone = cells.get("zone")
    if zone is None or zone in map(str, card.layout.get("none", ())):
        reading.without_zone += 1
        return
    column = next(name for name in ("commune", "epci", "places") if name in names)
    communes: list[str] = []
    for code in _codes(column, cells.get(column)):
        try:
            communes += _communes(reader, column, code, vintage)
        except UnknownPlaceError as error:
            reading.rejects.append(Reject(at.file, at.line, names[column], str(error)))
    if communes:
        reading.names.setdefault(zone, cells.get("label") or zone)
    for commune in dict.fromkeys(communes):
        reading.zones.setdefault(commune, Counter())[zone] += 1
        if cells.get(column) == commune:
            reading.own[commune] = zone


def _codes(column: str, text: str | None) -> Sequence[str | None]:
    """Return the codes of a cell: the cell itself, or all those it holds between parentheses."""
    return [text] if column != "places" else _IN_PARENTHESES.findall(text or "") or [None]


def _communes(reader: PlaceReader, column: str, code: str | None, vintage: int) -> tuple[str, ...]:
    if column == "commune":
        return (reader.commune(code),)
    if column == "epci":
        return reader.communes(reader.epci(code), vintage)
    if code is None:
        raise UnknownPlaceError("aucun code de commune ni d’intercommunalité entre parenthèses.")
    return reader.communes(code, vintage)


def _territories(kind: TerritoryKind, names: dict[str, str], members: Sequence[tuple[str, str]]) -> pa.Table:
    communes: dict[str, list[str]] = {}
    for zone, commune in members:
        communes.setdefault(zone, []).append(commune)
    known = {row["code"]: row for row in cog.communes(kinds=("commune", "arrondissement")).to_pylist()}
    rows: list[dict[str, Any]] = []
    for zone in sorted(communes):
        total, year = _population(known[commune] for commune in communes[zone])
        rows.append({
            "vintage": cog.latest_vintage(), "kind": kind.value, "code": zone, "name": names[zone],
            "detail": None, "parent": None, "population": total, "population_year": year,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema(_TERRITORY))


def _population(communes: Iterable[dict[str, Any]]) -> tuple[int | None, int | None]:
    """Return the sum of populations and their census year; `None` when one is unknown, or years differ."""
    rows = list(communes)
    if any(row["population"] is None for row in rows):
        return None, None
    years = {row["population_year"] for row in rows}
    return sum(row["population"] for row in rows), years.pop() if len(years) == 1 else None
