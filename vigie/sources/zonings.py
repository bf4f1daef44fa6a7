"""Zonings: any file that puts communes, or EPCI, in zones (employment areas, programmes…), described by a card.

The card's columns are named `commune`, `epci`, `group` (SIREN of an EPCI, EPT or commune) or `places` (text holding
codes in parentheses), `zone` and `label` (or `member`: zones then bear the names of their members); `signed` is the
day on which a zone was agreed upon. Its `layout` gives `zone_kind`, `vintage` (of the codes), `none` (codes that mean
"no zone") and `overlapping` (whether a commune may be in several zones).
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vigie.domain.french import short_date
from vigie.domain.territory import TerritoryKind
from vigie.errors import Reject, Remark, StructureFault
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
_PLACED_BY = ("commune", "epci", "group", "places")
_SIREN = re.compile(r"[0-9]{9}")
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
    remarks: tuple[Remark, ...] = ()


@dataclass(slots=True)
class _ZoningReading:
    names: dict[str, str] = field(default_factory=dict)
    zones: dict[str, Counter[str]] = field(default_factory=dict)  # commune of today → zones of its rows
    details: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # zone of the row that carries today's code
    rejects: list[Reject] = field(default_factory=list)
    undated: list[int] = field(default_factory=list)  # rows whose day cannot be read
    without_zone: int = 0


def read_zoning(path: Path, card: Card) -> Zoning:
    """Read a zoning. Raises `StructureFault` when the file or its card is at fault; faulty rows are rejects."""
    kind = _kind(card)
    vintage = int(card.layout.get("vintage", cog.latest_vintage()))
    reader, reading = PlaceReader(), _ZoningReading()
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
        _territories(kind, reading, members),
        pa.Table.from_pylist(
            [
                {"kind": kind.value, "code": zone, "vintage": cog.latest_vintage(), "commune": commune}
                for zone, commune in members
            ],
            schema=pa.schema(_MEMBER),
        ),
        tuple(reading.rejects), reader.redirected, reader.repaired, reading.without_zone, tuple(undecided),
        _remarks(path.name, card, reading.undated),
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


def _take(reading: _ZoningReading, reader: PlaceReader, cells: Cells, at: Reject, rules: tuple[Card, int]) -> None:
    """Put the communes of one row in its zone, or reject the row; `at` holds its file and number."""
    card, vintage = rules
    names = {rule.as_: rule.name for rule in card.columns}
    zone = cells.get("zone")
    if zone is None or zone in map(str, card.layout.get("none", ())):
        reading.without_zone += 1
        return
    column = next(name for name in _PLACED_BY if name in names)
    communes: list[str] = []
    for code in _codes(column, cells.get(column)):
        try:
            communes += _communes(reader, column, code, vintage)
        except UnknownPlaceError as error:
            reading.rejects.append(Reject(at.file, at.line, names[column], str(error)))
    if communes:
        _describe(reading, zone, cells, at.line)
    for commune in dict.fromkeys(communes):
        reading.zones.setdefault(commune, Counter())[zone] += 1
        if cells.get(column) == commune:
            reading.own[commune] = zone


def _describe(reading: _ZoningReading, zone: str, cells: Cells, line: int) -> None:
    """Name the zone, and say when it was agreed upon; a day that cannot be read is told, the row is kept."""
    member = cells.get("member")
    if cells.get("label") or not member:
        reading.names.setdefault(zone, cells.get("label") or zone)
    elif member not in reading.names.setdefault(zone, member).split(", "):
        reading.names[zone] += f", {member}"
    written = cells.get("signed")
    if written is None:
        return
    signed = _day(written)
    if signed is None:
        reading.undated.append(line)
    else:
        reading.details.setdefault(zone, f"convention signée le {short_date(signed)}")


def _remarks(file: str, card: Card, undated: Sequence[int]) -> tuple[Remark, ...]:
    if not undated:
        return ()
    column = next(rule.name for rule in card.columns if rule.as_ == "signed")
    rows = f"{len(undated)} dates illisibles" if len(undated) > 1 else "une date illisible"
    what = f"{rows}, dont celle de la ligne {undated[0]}\u00a0; les communes sont gardées, sans cette date."
    return (Remark(file, column, what),)


def _day(text: str) -> date | None:
    """Return a day written DD/MM/YYYY or ISO 8601; `None` when it does not exist."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text[:10], form).date()
    return None


def _codes(column: str, text: str | None) -> Sequence[str | None]:
    """Return the codes of a cell: the cell itself, or all those it holds between parentheses."""
    return [text] if column != "places" else _IN_PARENTHESES.findall(text or "") or [None]


def _communes(reader: PlaceReader, column: str, code: str | None, vintage: int) -> tuple[str, ...]:
    if column == "commune":
        return (reader.commune(code),)
    if column == "epci":
        return reader.communes(reader.epci(code), vintage)
    if column == "group":
        if code is None or not _SIREN.fullmatch(code):
            raise UnknownPlaceError(f"«\u00a0{code or ''}\u00a0» n’est pas un SIREN d’intercommunalité ou de commune.")
        return reader.communes(code, vintage)
    if code is None:
        raise UnknownPlaceError("aucun code de commune ni d’intercommunalité entre parenthèses.")
    return reader.communes(code, vintage)


def _territories(kind: TerritoryKind, reading: _ZoningReading, members: Sequence[tuple[str, str]]) -> pa.Table:
    communes: dict[str, list[str]] = {}
    for zone, commune in members:
        communes.setdefault(zone, []).append(commune)
    known = {row["code"]: row for row in cog.communes(kinds=("commune", "arrondissement")).to_pylist()}
    rows: list[dict[str, Any]] = []
    for zone in sorted(communes):
        total, year = _population(known[commune] for commune in communes[zone])
        rows.append({
            "vintage": cog.latest_vintage(), "kind": kind.value, "code": zone, "name": reading.names[zone],
            "detail": reading.details.get(zone), "parent": None, "population": total, "population_year": year,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema(_TERRITORY))


def _population(communes: Iterable[dict[str, Any]]) -> tuple[int | None, int | None]:
    """Return the sum of populations and their census year; `None` when one is unknown, or years differ."""
    rows = list(communes)
    if any(row["population"] is None for row in rows):
        return None, None
    years = {row["population_year"] for row in rows}
    return sum(row["population"] for row in rows), years.pop() if len(years) == 1 else None
