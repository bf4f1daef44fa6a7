"""E-mail domains said to be a firm's: they prove something once the host confirmed them; free mail never does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.accounts import proves
from vigie.domain.addresses import AddressFault, read_domain
from vigie.errors import FieldFault
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.speaking import DOMAIN
from vigie.services.accounts.words import clean_siren
from vigie.store.journal.base import new_id
from vigie.store.journal.people import FirmDomain
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.accounts.speaking import Vouches
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class DeclaredDomain:
    """A firm and one of its domains."""

    id: str
    siren: str
    domain: str
    confirmed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the domain as machine-readable answers print it."""
        return {"id": self.id, "siren": self.siren, "domain": self.domain, "confirmed": self.confirmed}


class Domains:
    """Declares, lists and withdraws domains of firms."""

    def __init__(self, journal: Journal, vouching: Vouches) -> None:
        self._journal, self._vouching = journal, vouching

    def all(self, scope: Scope) -> tuple[DeclaredDomain, ...]:
        """Return the domains declared, by firm."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        statement = select(FirmDomain).where(FirmDomain.deleted_at.is_(None))
        with self._journal.reading(scope) as reader:
            rows = reader.all(statement.order_by(FirmDomain.siren, FirmDomain.domain))
            return tuple(_told(row) for row in rows)

    def declare(self, scope: Scope, siren: str, domain: str) -> DeclaredDomain:
        """Say that a domain is a firm's, and ask the host to confirm it.

        Raises `FieldFault` when it is not one, or when anybody gets an address there.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        kept = clean_siren(siren)
        try:
            name = read_domain(domain)
        except AddressFault as fault:
            raise FieldFault("domaine", str(fault)) from None
        if not proves(name):
            raise FieldFault("domaine", f"N’importe qui obtient une adresse chez {name} : ce domaine ne prouve rien.")
        try:
            with self._journal.writing(scope) as unit:
                same = select(FirmDomain).where(
                    FirmDomain.siren == kept, FirmDomain.domain == name, FirmDomain.deleted_at.is_(None)
                )
                held = unit.one(same)
                if held is None:
                    held = FirmDomain(id=new_id(), siren=kept, domain=name)
                    unit.act("firm_domain.declared", held.id)
                    unit.add(held)
                    unit.flush()
                    self._vouching.ask(unit, DOMAIN, held.id, kept, ("", name))
                return _told(held)
        except AlreadyDone as done:
            return next(one for one in self.all(scope) if one.id == done.subject)

    def withdraw(self, scope: Scope, identifier: str) -> None:
        """Withdraw a domain; what it proved stays."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        with writing_once(self._journal, scope) as unit:
            held = unit.get(FirmDomain, identifier)
            unit.act("firm_domain.withdrawn", held.id)
            unit.withdraw(held)


def _told(row: FirmDomain) -> DeclaredDomain:
    return DeclaredDomain(row.id, row.siren, row.domain, row.confirmed_at is not None)
