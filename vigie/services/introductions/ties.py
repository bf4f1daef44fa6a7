"""How many ties of each kind the whole installation made, as closed quarters publish it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.domain.introductions import OUTCOMES
from vigie.domain.releases import Change, ReleaseGroup, quarter, released
from vigie.store.journal.introductions import Tie
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader

GROUPS = tuple(ReleaseGroup(frozenset({kind})) for kind in OUTCOMES)


class PublicTies:
    """Counts of ties that anybody reads; read from the journal once a quarter, since only quarters change them."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._told: tuple[tuple[int, int], dict[str, int | None]] | None = None

    def count(self) -> dict[str, int | None]:
        """Return the ties of each kind; `None` for a count never published.

        The owners of a tie are its two firms, and its organisation knows it: neither a reader nor an organisation that
        takes its own ties away finds what fewer than three firms made.
        """
        with self._journal.reading(Scope()) as reader:
            now = quarter(reader.today)
            if self._told is None or self._told[0] != now:
                self._told = now, released(list(_changes(reader)), reader.today, GROUPS)
            return dict(self._told[1])


def _changes(reader: Reader) -> Iterator[Change]:
    columns = (Tie.id, Tie.siren_a, Tie.siren_b, Tie.kind, Tie.created_at, Tie.deleted_at)
    for organisation in reader.all(select(Organisation.id)):
        reader.moving(Scope(organisation=organisation, via="command"))
        for tie in reader.rows(select(*columns)):
            owners = frozenset({tie.siren_a, tie.siren_b})
            day: date = reader.day(tie.created_at, organisation)
            yield Change(day, tie.id, owners, {tie.kind: 1}, organisation)
            if tie.deleted_at:
                yield Change(reader.day(tie.deleted_at, organisation), tie.id, owners, {}, organisation)
    reader.moving(Scope())
