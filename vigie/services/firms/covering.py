"""Which organisation answers the firms of a place: the one whose territory is the closest to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.domain.territory import TerritoryKind
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal

_CLOSEST = (TerritoryKind.COMMUNE, TerritoryKind.EPCI, TerritoryKind.EPT, TerritoryKind.PETR, TerritoryKind.DEPARTEMENT)
_COLLECTIVITY = "collectivite"


class Covering:
    """Finds who answers for a territory, among the names of organisations, which everybody may read."""

    def __init__(self, journal: Journal, register: FirmRegister) -> None:
        self._journal, self._register = journal, register

    def organisation(self, communes: tuple[str, ...]) -> str:
        """Return the name of the collectivité that covers one of some communes most closely; empty when none does."""
        if not communes:
            return ""
        with self._journal.reading(Scope()) as reader:
            rows = reader.rows(
                select(Organisation.name, Organisation.territory).where(
                    Organisation.kind == _COLLECTIVITY, Organisation.territory != ""
                )
            )
        for row in sorted(rows, key=lambda row: (_rank(row.territory), row.name)):
            if self._register.covers(row.territory, communes):
                return str(row.name)
        return ""


def _rank(territory: str) -> int:
    kinds = [kind.value for kind in _CLOSEST]
    kind = territory.partition(":")[0]
    return kinds.index(kind) if kind in kinds else len(kinds)
