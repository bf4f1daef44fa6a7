"""A transaction that only reads: what it read once, it does not ask for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from vigie.store.journal.people import Organisation
from vigie.store.journal.unit import SqlUnit

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.base import Base
    from vigie.store.journal.port import Row


class SqlReading(SqlUnit):
    """Reads through a session, each row by its identifier once for each asker; see `port.Reader`.

    Lists name the same people and organisations on every line: `known` reads them together beforehand.
    """

    def __init__(self, *given: Any) -> None:
        self._read: dict[tuple[Scope, type[Base], str], Base | None] = {}
        super().__init__(*given)

    def known(self, table: type[Row], identifiers: Iterable[str]) -> Mapping[str, Row]:
        """Return rows by identifier, in one question; those behind the wall are absent."""
        wanted = [*identifiers]
        found = super().known(table, wanted)
        self._read |= {(self.scope, table, identifier): found.get(identifier) for identifier in wanted}
        return found

    def find(self, table: type[Row], identifier: str) -> Row | None:
        """Return a row by its identifier, withdrawn or not; `None` behind the wall."""
        place = (self.scope, table, identifier)
        if place not in self._read:
            self._read[place] = super().find(table, identifier)
        return cast("Row | None", self._read[place])

    def _zone(self, organisation: str) -> str:
        read = self._read.get((self.scope, Organisation, organisation))
        return read.zone if isinstance(read, Organisation) else super()._zone(organisation)
