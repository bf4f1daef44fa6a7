"""Zonings: any file that puts communes, or EPCI, in zones (employment areas, programmes…), described by a card.

The card's columns are named `commune`, `epci`, `group` (SIREN of an EPCI, EPT or commune) or `places` (text holding
codes in parentheses), `zone` and `label` (or `member`: zones then bear the names of their members); `signed` is the
day on which a zone was agreed upon. Its `layout` gives `zone_kind`, `vintage` (of the codes), `as_of` (vintage under
which past zones are kept; the latest by default), `none` (codes that mean "no zone"), `overlapping` (whether a commune
may be in several zones) and `zones`, where the values of the column are no codes: value → [code, name].
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
from vigie.errors import Reject, Remark
from vigie.sources import cog
from vigie.sources.card_uses import card_fault
from vigie.sources.places import WIDTHS, PlaceReader, UnknownPlaceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vigie.sources.card_uses import Use
    from vigie.sources.cards_reader import Card
    from vigie.sources.sheets import Cells

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
    """Zones of a file, in the vintage that its card says, the latest by default.

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
class _ZonesFound:
    names: dict[str, str] = field(default_factory=dict)
    zones: dict[str, Counter[str]] = field(default_factory=dict)  # commune of today → zones of its rows
    details: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # zone of the row that carries today's code
    rejects: list[Reject] = field(default_factory=list)
    undated: list[int] = field(default_factory=list)  # rows whose day cannot be read
    without_zone: int = 0


class ZoningReading:
    """Reads one zoning of a file, row by row."""

    def __init__(self, file: str, card: Card, use: Use) -> None:
        self._file, self._card, self._use = file, card, use
        self._kind = _kind(card, use)
        self._latest = cog.latest_vintage()
        self._vintage = int(use.layout.get("vintage", self._latest))
        self._zones = _named_zones(card, use)
        self._names = {rule.as_: rule.name for rule in card.columns}
        self._column = next(name for name in _PLACED_BY if use.column(name) in self._names)
        self._nowhere = frozenset(map(str, use.layout.get("none", ())))
        self._reader, self._found = PlaceReader(), _ZonesFound()

    def take(self, number: int, cells: Cells) -> None:
        """Put the communes of one row in its zone, or reject the row."""
        if not self._use.keeps(cells):
            return
        zone, label = self._zone(cells)
        if zone is None:
            self._found.without_zone += 1
            return
        column = self._use.column(self._column)
        communes: list[str] = []
        for code in _codes(self._column, cells.get(column)):
            try:
                communes += _communes(self._reader, self._column, code, self._vintage)
            except UnknownPlaceError as error:
                self._found.rejects.append(Reject(self._file, number, self._names[column], str(error)))
        if communes:
            told = {role: cells.get(self._use.column(role)) for role in ("label", "member", "signed")}
            _describe(self._found, zone, told | ({"label": label} if label else {}), number)
        for commune in dict.fromkeys(communes):
            self._found.zones.setdefault(commune, Counter())[zone] += 1
            if cells.get(column) == commune:
                self._found.own[commune] = zone

    def finish(self) -> Zoning:
        """Return the zones and their communes."""
        found, layout = self._found, self._use.layout
        overlapping = bool(layout.get("overlapping", False))
        undecided = sorted(code for code, zones in found.zones.items() if len(zones) > 1 and not overlapping)
        members = sorted(
            (zone, commune)
            for commune, zones in found.zones.items()
            for zone in (zones if overlapping else [found.own.get(commune) or zones.most_common(1)[0][0]])
        )
        year = int(layout.get("as_of", self._latest))
        rows = [{"kind": self._kind.value, "code": zone, "vintage": year, "commune": name} for zone, name in members]
        return Zoning(
            self._kind,
            _territories(self._kind, found, members, year, layout.get("detail")),
            pa.Table.from_pylist(rows, schema=pa.schema(_MEMBER)),
            tuple(found.rejects), self._reader.redirected, self._reader.repaired, found.without_zone, tuple(undecided),
            _remarks(self._file, self._names.get(self._use.column("signed"), ""), found.undated),
        )  # fmt: skip

    def _zone(self, cells: Cells) -> tuple[str | None, str | None]:
        """Return the code of the row's zone, and its name where the card gives it; `None` where there is no zone."""
        written = cells.get(self._use.column("zone"))
        if written is None or written in self._nowhere:
            return None, None
        if not self._zones:
            return written.zfill(WIDTHS.get(self._kind.value, 0)) if written.isdigit() else written, None
        code = self._zones.get(written)
        return (None, None) if code is None else code


def _kind(card: Card, use: Use) -> TerritoryKind:
    text = str(use.layout.get("zone_kind", ""))
    try:
        return TerritoryKind(text)
    except ValueError as error:
        known = ", ".join(kind.value for kind in TerritoryKind)
        place = f"uses.{use.id}.zone_kind" if card.uses else "layout.zone_kind"
        what = f"genre de zone « {text} » inconnu."
        raise card_fault(f"{card.id}.yml", place, what, f"Choisissez parmi {known}.") from error


def _named_zones(card: Card, use: Use) -> Mapping[str, tuple[str, str]]:
    """Return the zones that values of a column mean, where the card names them: value → code and name."""
    written = use.layout.get("zones", {})
    if not isinstance(written, dict) or not all(isinstance(one, list) and len(one) == 2 for one in written.values()):
        place = f"uses.{use.id}.zones" if card.uses else "layout.zones"
        what = "chaque valeur doit mener au code et au nom d’une zone."
        raise card_fault(f"{card.id}.yml", place, what, "Écrivez « valeur: [code, nom] ».")
    return {str(value): (str(code), str(name)) for value, (code, name) in written.items()}


def _describe(reading: _ZonesFound, zone: str, cells: Cells, line: int) -> None:
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


def _remarks(file: str, column: str, undated: Sequence[int]) -> tuple[Remark, ...]:
    if not undated:
        return ()
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


def _territories(
    kind: TerritoryKind, reading: _ZonesFound, members: Sequence[tuple[str, str]], vintage: int, detail: str | None
) -> pa.Table:
    communes: dict[str, list[str]] = {}
    for zone, commune in members:
        communes.setdefault(zone, []).append(commune)
    known = {row["code"]: row for row in cog.communes(kinds=("commune", "arrondissement")).to_pylist()}
    rows: list[dict[str, Any]] = []
    for zone in sorted(communes):
        total, year = _population(known[commune] for commune in communes[zone])
        rows.append({
            "vintage": vintage, "kind": kind.value, "code": zone, "name": reading.names[zone],
            "detail": reading.details.get(zone, detail), "parent": None, "population": total, "population_year": year,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema(_TERRITORY))


def _population(communes: Iterable[dict[str, Any]]) -> tuple[int | None, int | None]:
    """Return the sum of populations and their census year; `None` when one is unknown, or years differ."""
    rows = list(communes)
    if any(row["population"] is None for row in rows):
        return None, None
    years = {row["population_year"] for row in rows}
    return sum(row["population"] for row in rows), years.pop() if len(years) == 1 else None
