"""How a table of the warehouse is declared: its columns, its grain, its key, whether it enters the fingerprint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its Ibis type, its meaning in English, its unit when it is a quantity."""

    name: str
    type: str
    meaning: str
    unit: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one row per `grain`, sorted by `key`; `unique` says whether the key is unique.

    `foremost` is a column whose largest values are written before, each in the order of the key: a page that begins
    with them is found without reading the rest.

    `counted` tables enter the fingerprint; the others depend on the history of refreshes, or hold measures (floats).
    """

    name: str
    grain: str
    source: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    unique: bool = True
    counted: bool = True
    foremost: str | None = None

    @property
    def schema(self) -> dict[str, str]:
        """Names and Ibis types of the columns, in order."""
        return {column.name: column.type for column in self.columns}
