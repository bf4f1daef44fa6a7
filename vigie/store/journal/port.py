"""What services may ask of a journal: read or write in one transaction, within what the asker may see.

Both sides hand SQLAlchemy statements on the declared tables to the engine. Rows of other organisations do not exist
there: the engine adds the wall to every statement (and PostgreSQL holds it again by row-level security).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select

from vigie.domain.access import Scope
from vigie.store.journal.base import Base

Row = TypeVar("Row", bound=Base)
Value = TypeVar("Value")


class Reader(Protocol):
    """One reading transaction; `now` is the clock of the installation."""

    @property
    def scope(self) -> Scope:
        """Who asks."""

    @property
    def now(self) -> datetime:
        """Return the moment of the transaction."""

    @property
    def today(self) -> date:
        """Return the day that it is in the asker's organisation."""

    def day(self, moment: datetime, organisation: str = "") -> date:
        """Return the day of a moment in an organisation, the asker's when none is named."""

    def midnight(self, day: date) -> datetime:
        """Return the moment when a day begins in the asker's organisation."""

    def moving(self, scope: Scope) -> None:
        """Go on as another asker in the same transaction (a link was recognised); the wall moves with it."""

    def get(self, table: type[Row], identifier: str) -> Row:
        """Return a row by its identifier; raises `NotFound` when it is not there, withdrawn, or behind the wall."""

    def find(self, table: type[Row], identifier: str) -> Row | None:
        """Return a row by its identifier, withdrawn or not; `None` when it is not there or behind the wall."""

    def known(self, table: type[Row], identifiers: Iterable[str]) -> Mapping[str, Row]:
        """Return rows by identifier, withdrawn or not, in one question; those behind the wall are absent."""

    def all(self, statement: Select[Value]) -> Sequence[Value]:
        """Return the first column of every row."""

    def one(self, statement: Select[Value]) -> Value | None:
        """Return the first column of the only row; `None` when there is none."""

    def rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        """Return the rows of a statement of several columns."""

    def count(self, statement: Select[*tuple[Any, ...]]) -> int:
        """Return how many rows a statement has."""


class Unit(Reader, Protocol):
    """One writing transaction: everything it holds is acknowledged together, or nothing is."""

    def act(self, kind: str, subject: str = "") -> None:
        """Say what is being done, before it is written; each change belongs to the last act said.

        Raises `AlreadyDone` when the request was already answered, `KeyReused` when its key stands for another one.
        """

    def add(self, row: Row) -> Row:
        """Write a row, dated and owned by the asker's organisation unless it says otherwise."""

    def merge(self, row: Base, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return which columns of a row are to take which values, given the version that the asker had read.

        The row is locked until the end of the transaction. A column that only somebody else changed keeps what it
        holds. Raises `EditConflict` when both changed one, or for any other version when it is wanted exact.
        """

    def change(self, row: Base, values: Mapping[str, Any]) -> None:
        """Write what `merge` returns."""

    def withdraw(self, row: Base) -> None:
        """Mark a row as deleted; it stays in the base and leaves every answer."""

    def erase(self, row: Base) -> None:
        """Empty the personal columns of a row, for good."""

    def trace(self, kind: str, subject: str = "", siren: str = "", detail: str = "") -> None:
        """Note an access in the audit; `detail` is a path of Vigie, never a text that somebody wrote."""

    def flush(self) -> None:
        """Send what is pending to the engine, so that statements see it."""


class Journal(Protocol):
    """Where people's entries live; safe to share between threads."""

    def reading(self, scope: Scope) -> AbstractContextManager[Reader]:
        """Open a transaction that only reads."""

    def writing(self, scope: Scope) -> AbstractContextManager[Unit]:
        """Open a transaction that is durable once the block is left, and undone when it raises."""

    def trace(self, scope: Scope, kind: str, subject: str = "", siren: str = "", detail: str = "") -> None:
        """Note in the audit an access that was granted, before it is answered; durable on return.

        `detail` is a path of Vigie, never a text that somebody wrote.
        """

    def gather(self) -> None:
        """Move into the audit the accesses that waited beside it, before it is read."""

    def now(self) -> datetime:
        """Return the time of the installation's clock, in UTC."""

    def today(self, scope: Scope) -> date:
        """Return the day that it is in the asker's organisation, in Paris for whoever has none."""

    def stamp(self) -> str:
        """Return a word that changes whenever anybody, in any process, has written in the journal; cheap to ask."""

    def failing(self) -> frozenset[str]:
        """Return the kinds of failures of the engine in the last five minutes."""

    def scrub(self) -> None:
        """Overwrite, in the files of the engine, what was just erased; what others still read goes a little later."""

    def close(self) -> None:
        """Release the connections."""
