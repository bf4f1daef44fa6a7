"""Indicators: any file with a commune or EPCI column and a column of values, described by a card.

The card's columns are named `territory`, `value` and, when the file holds several years, `vintage`. Its `layout`
gives `territory_kind` (commune or epci), `unit`, `decimal`, `secret` and `missing` markers, `vintage`, and
`additive`: whether the values of communes since merged may be summed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from vigie.errors import Reject, StructureFault
from vigie.sources.places import PlaceReader, UnknownPlaceError
from vigie.sources.sheets import Cells, records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vigie.sources.cards_reader import Card

KNOWN, SECRET, MISSING = "known", "secret", "missing"

_VALUES: dict[str, pa.DataType] = {
    "indicator": pa.string(), "kind": pa.string(), "code": pa.string(), "vintage": pa.string(),
    "value": pa.float64(), "status": pa.string(),
}  # fmt: skip
_SPACES = str.maketrans("", "", " \u00a0\u202f")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """Values of a file: `values` has the columns of the table `indicator_value`.

    A secret value and a missing one are both null, told apart by `status`. `merged` are communes of today whose
    former communes each have a value that cannot be summed: they are missing. `repaired` codes had lost a zero,
    `redirected` ones are former communes.
    """

    indicator: str
    unit: str
    values: pa.Table
    rejects: tuple[Reject, ...]
    repaired: int
    redirected: int
    merged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a card's layout says of values."""

    kind: str
    decimal: str
    secret: frozenset[str]
    missing: frozenset[str]
    vintage: str
    additive: bool
    names: Mapping[str, str]


@dataclass(slots=True)
class _IndicatorReading:
    found: dict[tuple[str, str], list[tuple[str, str, float | None]]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)


def read_indicator(path: Path, card: Card) -> IndicatorValues:
    """Read an indicator. Raises `StructureFault` when the file or its card is at fault; faulty rows are rejects."""
    rules, reader, reading = _rules(card), PlaceReader(), _IndicatorReading()
    for number, cells in records(path, card):
        if cells is None:
            reading.rejects.append(
                Reject(path.name, number, "", "cette ligne n’a pas autant de cellules que l’en-tête.")
            )
        else:
            _take(reading, reader, rules, cells, Reject(path.name, number, "", ""))
    rows, merged = [], []
    for (code, vintage), entries in sorted(reading.found.items()):
        status, value = _combined(entries, rules.additive)
        if len(entries) > 1 and not rules.additive:
            merged.append(code)
        rows.append({
            "indicator": card.id, "kind": rules.kind, "code": code, "vintage": vintage, "value": value,
            "status": status,
        })  # fmt: skip
    values = pa.Table.from_pylist(rows, schema=pa.schema(_VALUES))
    return IndicatorValues(
        card.id, str(card.layout.get("unit", "")), values, tuple(reading.rejects),
        reader.repaired, reader.redirected, tuple(dict.fromkeys(merged)),
    )  # fmt: skip


def _rules(card: Card) -> _Rules:
    layout = card.layout
    kind, decimal = str(layout.get("territory_kind", "commune")), str(layout.get("decimal", "."))
    if kind not in ("commune", "epci"):
        raise _card_fault(card, "territory_kind", f"genre de territoire « {kind} » inconnu ici.", "commune ou epci")
    if decimal not in (".", ","):
        raise _card_fault(card, "decimal", f"séparateur décimal « {decimal} » inconnu.", "« . » ou « , »")
    names = {rule.as_: rule.name for rule in card.columns}
    if "vintage" not in layout and "vintage" not in names:
        raise _card_fault(
            card, "vintage", "la date des valeurs n’est pas dite.", "une année, ou une colonne « vintage »"
        )
    return _Rules(
        kind, decimal, _markers(layout, "secret"), _markers(layout, "missing"), str(layout.get("vintage", "")),
        bool(layout.get("additive", False)), names,
    )  # fmt: skip


def _markers(layout: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(str(marker).lower() for marker in layout.get(key, ()))


def _card_fault(card: Card, key: str, what: str, choice: str) -> StructureFault:
    return StructureFault(what, file=f"{card.id}.yml", column=f"layout.{key}", remedy=f"Donnez {choice}.")


def _take(reading: _IndicatorReading, reader: PlaceReader, rules: _Rules, cells: Cells, at: Reject) -> None:
    """Add the value of one row, or reject the row; `at` holds its file and number."""
    column = "territory"
    try:
        written = cells.get(column)
        code = reader.commune(written) if rules.kind == "commune" else reader.epci(written)
        column = "vintage"
        vintage = cells.get(column) or rules.vintage
        if not vintage:
            raise UnknownPlaceError("la date de la valeur est vide.")
        column = "value"
        status, value = _value(cells.get(column), rules)
        former = str(written)
        entries = reading.found.setdefault((code, vintage), [])
        if any(known == former for known, _, _ in entries):
            column = "territory"
            raise UnknownPlaceError(f"« {former} » a déjà une valeur pour {vintage}.")
    except ValueError as error:
        reading.rejects.append(Reject(at.file, at.line, rules.names.get(column, column), str(error)))
        return
    entries.append((former, status, value))


def _value(text: str | None, rules: _Rules) -> tuple[str, float | None]:
    """Return the status and number of a cell. Raises `ValueError` with the reason, in French, when it is no number."""
    if text is None or text.lower() in rules.missing:
        return MISSING, None
    if text.lower() in rules.secret:
        return SECRET, None
    written = text.translate(_SPACES)
    if rules.decimal == ",":
        if "." in written:
            raise ValueError(f"« {text} » contient un point, or les décimales de ce fichier suivent une virgule.")
        written = written.replace(",", ".")
    if _NUMBER.fullmatch(written) is None:
        raise ValueError(f"« {text} » n’est pas un nombre.")
    return KNOWN, float(written)


def _combined(entries: list[tuple[str, str, float | None]], additive: bool) -> tuple[str, float | None]:
    """Combine the values of communes since merged: their sum when it means something and all are known."""
    if len(entries) == 1:
        return entries[0][1], entries[0][2]
    statuses = {status for _, status, _ in entries}
    if not additive or MISSING in statuses:
        return MISSING, None
    if SECRET in statuses:
        return SECRET, None
    return KNOWN, sum(value for _, _, value in entries if value is not None)
