"""Values by territory: any file with a column of codes and columns of values, described by a card.

Roles of columns are `territory`, `value` and, when the file holds several years, `vintage`; `exponent` holds a power
of ten. See `indicator_uses` for what a card says of each indicator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.errors import Reject
from vigie.sources.indicator_uses import IndicatorUse, indicator_uses
from vigie.sources.places import PlaceReader, UnknownPlaceError, cities

if TYPE_CHECKING:
    from vigie.sources.cards_reader import Card
    from vigie.sources.sheets import Cells

KNOWN, SECRET, MISSING = "known", "secret", "missing"

_VALUES: dict[str, pa.DataType] = {
    "indicator": pa.string(), "kind": pa.string(), "code": pa.string(), "vintage": pa.string(),
    "value": pa.float64(), "status": pa.string(),
}  # fmt: skip
_SPACES = str.maketrans("", "", " \u00a0\u202f")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")

_Entry = tuple[str, str, float | None]  # code as written, status, value
_Key = tuple[str, str, str]  # kind, code, vintage


@dataclass(frozen=True, slots=True)
class PublishedValues:
    """Values of a file: `values` has the columns of the table `indicator_value`.

    A secret value and a missing one are both null, told apart by `status`. `merged` are communes of today whose
    former communes each have a value that cannot be summed: they are missing. `repaired` codes had lost a zero,
    `redirected` ones are former communes.
    """

    values: pa.Table
    rejects: tuple[Reject, ...]
    repaired: int
    redirected: int
    merged: tuple[str, ...]


@dataclass(slots=True)
class _OneIndicator:
    """An indicator being read: the first value of each territory and date, and those of its other former communes.

    `territory`, `value`, `vintage` and `exponent` are the names of its cells in a row.
    """

    one: IndicatorUse
    territory: str
    value: str
    vintage: str
    exponent: str
    first: dict[_Key, _Entry] = field(default_factory=dict)
    others: dict[_Key, list[_Entry]] = field(default_factory=dict)

    def add(self, key: _Key, entry: _Entry) -> bool:
        """Take a value; False when the same code has one already."""
        known = self.first.get(key)
        if known is None:
            self.first[key] = entry
            return True
        rest = self.others.get(key, [])
        if self.one.several is None and any(entry[0] == other[0] for other in (known, *rest)):
            return entry in (known, *rest)  # a row repeated as it is says nothing new
        self.others[key] = [*rest, entry] if self.one.several is None else rest
        if self.one.several is not None:
            self.first[key] = known[0], *_added(known, entry)
        return True


class ValuesReading:
    """Reads the indicators of a file, row by row."""

    def __init__(self, file: str, card: Card) -> None:
        self._file, self._reader = file, PlaceReader()
        self._held = [_held(one) for one in indicator_uses(card)]
        self._read = [held for held in self._held if not held.one.derived]
        self._names = {rule.as_: rule.name for rule in card.columns}
        self._rejects: list[Reject] = []

    def take(self, number: int, cells: Cells) -> None:
        """Take the values of a row; a territory that is not known is refused once for the row."""
        places: dict[tuple[str, str], str | UnknownPlaceError] = {}
        for held in self._read:
            one = held.one
            if one.use.where and not one.use.keeps(cells):
                continue
            kind = one.kinds.get("" if one.kind_column is None else cells.get(one.kind_column) or "")
            if kind is None:
                continue
            column = held.territory
            place = places.get((kind, column))
            if place is None:
                if one.several and not cells.get(column):
                    continue  # an event that is placed nowhere: its card says how many
                places[kind, column] = place = self._place(kind, cells.get(column))
                if isinstance(place, UnknownPlaceError):
                    self._refuse(number, column, str(place))
            if isinstance(place, str):
                self._value(held, (kind, place), cells, number)

    def finish(self) -> PublishedValues:
        """Return the values of all indicators, former communes brought together."""
        merged: list[str] = []
        done: dict[str, dict[_Key, tuple[str, float | None]]] = {}
        for held in self._read:
            done[held.one.id] = _together(held, merged)
        for held in self._held:
            if held.one.derived:
                done[held.one.id] = _ratios(held.one, done)
        columns: list[list[str | float | None]] = [[] for _ in _VALUES]
        for name in (held.one.id for held in self._held):
            for (kind, code, vintage), (status, value) in sorted(done[name].items()):
                for column, cell in zip(columns, (name, kind, code, vintage, value, status), strict=True):
                    column.append(cell)
        values = pa.table(dict(zip(_VALUES, columns, strict=True)), schema=pa.schema(_VALUES))
        return PublishedValues(
            values, tuple(self._rejects), self._reader.repaired, self._reader.redirected, tuple(dict.fromkeys(merged))
        )

    def _place(self, kind: str, text: str | None) -> str | UnknownPlaceError:
        try:
            return self._reader.code(kind, text)
        except UnknownPlaceError as error:
            return error

    def _value(self, held: _OneIndicator, place: tuple[str, str], cells: Cells, number: int) -> None:
        one = held.one
        vintage = cells.get(held.vintage) or one.vintage
        if not vintage:
            return self._refuse(number, held.vintage, "la date de la valeur est vide.")
        column = held.value
        try:
            status, value = _status(one, cells) or _value(cells.get(column), one)
            if value is not None and (power := cells.get(held.exponent)):
                value *= 10 ** int(power)
        except ValueError as error:
            return self._refuse(number, column, str(error))
        former = str(cells.get(held.territory))
        if not held.add((*place, vintage), (former, status, value)):
            what = f"« {former} » a déjà une valeur pour {vintage}."
            return self._refuse(number, held.territory, what)
        return None

    def _refuse(self, number: int, column: str, reason: str) -> None:
        self._rejects.append(Reject(self._file, number, self._names.get(column, column), reason))


def _held(one: IndicatorUse) -> _OneIndicator:
    column = one.use.column
    return _OneIndicator(one, column("territory"), column("value"), column("vintage"), column("exponent"))


def _added(known: _Entry, entry: _Entry) -> tuple[str, float | None]:
    """Return the sum of two rows of a territory; unknown as soon as one is."""
    if known[2] is None or entry[2] is None:
        return (SECRET if SECRET in (known[1], entry[1]) else MISSING), None
    return KNOWN, known[2] + entry[2]


def _status(one: IndicatorUse, cells: Cells) -> tuple[str, None] | None:
    """Return the status that a column of marks gives to the value of a row; `None` when it gives none."""
    for column, marks in one.status.items():
        mark = (cells.get(column) or "").lower()
        for status, found in marks.items():
            if mark in found:
                return status, None
    return None


def _value(text: str | None, one: IndicatorUse) -> tuple[str, float | None]:
    """Return the status and number of a cell. Raises `ValueError` with the reason, in French, when it is no number."""
    if one.several == "count":
        return KNOWN, 1.0
    if text is None or text.lower() in one.missing:
        return MISSING, None
    if text.lower() in one.secret:
        return SECRET, None
    written = text.removesuffix("€").translate(_SPACES)
    if one.decimal == ",":
        if "." in written:
            raise ValueError(f"« {text} » contient un point, or les décimales de ce fichier suivent une virgule.")
        written = written.replace(",", ".")
    if _NUMBER.fullmatch(written) is None:
        raise ValueError(f"« {text} » n’est pas un nombre.")
    return KNOWN, float(written) * (1.0 if one.use.layout.get("aggregation") == "ratio" else one.scale)


def _together(held: _OneIndicator, merged: list[str]) -> dict[_Key, tuple[str, float | None]]:
    """Bring together the values of former communes and, where they are summed, of arrondissements of a city."""
    found = {key: [entry, *held.others.get(key, ())] for key, entry in held.first.items()}
    if held.one.additive:
        for kind, code, vintage in [key for key in found if key[0] == "commune" and key[1] in cities()]:
            entries, city = found.pop((kind, code, vintage)), (kind, cities()[code], vintage)
            if city not in held.first:
                found.setdefault(city, []).extend(entries)
    done = {}
    for key, entries in found.items():
        status, value = _combined(entries, held.one.additive)
        if len(entries) > 1 and not held.one.additive:
            merged.append(key[1])
        done[key] = status, value
    return done


def _combined(entries: list[_Entry], additive: bool) -> tuple[str, float | None]:
    """Combine the values of communes since merged: their sum when it means something and all are known."""
    if len(entries) == 1:
        return entries[0][1], entries[0][2]
    statuses = {status for _, status, _ in entries}
    if not additive or MISSING in statuses:
        return MISSING, None
    if SECRET in statuses:
        return SECRET, None
    return KNOWN, sum(value for _, _, value in entries if value is not None)


def _ratios(
    one: IndicatorUse, done: dict[str, dict[_Key, tuple[str, float | None]]]
) -> dict[_Key, tuple[str, float | None]]:
    """Return `scale` × numerator / denominator wherever the file gives both; missing where nothing is to be shared."""
    above, below = done.get(str(one.numerator), {}), done.get(str(one.denominator), {})
    found: dict[_Key, tuple[str, float | None]] = {}
    for key in above.keys() & below.keys():
        (first, numerator), (second, denominator) = above[key], below[key]
        if numerator is None or denominator is None:
            found[key] = (SECRET if SECRET in (first, second) else MISSING), None
        elif denominator == 0:
            found[key] = MISSING, None
        else:
            found[key] = KNOWN, one.scale * numerator / denominator
    return found
