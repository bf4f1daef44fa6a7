"""E-mail domains said to be a firm's: they prove something once the host confirmed them; free mail never does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.accounts import proves
from vigie.domain.addresses import AddressFault, read_domain
from vigie.domain.declared import Hint, Label, Length, Named
from vigie.errors import FieldFault
from vigie.services.accounts.speaking import DOMAIN
from vigie.services.accounts.words import clean_siren
from vigie.services.acts import Act, Doing, FormPage, Nothing, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.store.journal.people import FirmDomain

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True)
class DomainEntry:
    """Un domaine d’adresses d’une entreprise."""

    siren: Annotated[
        str, Label("Numéro SIREN de l’entreprise"), Length(40), Hint("Neuf chiffres, à lire sur sa fiche.")
    ]
    domain: Annotated[
        str,
        Label("Domaine"),
        Named("domaine"),
        Length(253),
        Hint("Comme exemple.fr. Les messageries grand public sont refusées."),
    ]


class Domains:
    """Lists the domains of firms."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def all(self, scope: Scope) -> tuple[DeclaredDomain, ...]:
        """Return the domains declared, by firm."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        statement = select(FirmDomain).where(FirmDomain.deleted_at.is_(None))
        with self._journal.reading(scope) as reader:
            rows = reader.all(statement.order_by(FirmDomain.siren, FirmDomain.domain))
            return tuple(_told(row) for row in rows)


def tell_domain(telling: Telling, domain: str) -> DeclaredDomain:
    """Return a domain that was declared."""
    return _told(telling.reader.get(FirmDomain, domain))


_DECIDES = needs(Thing.DOSSIERS, Right.WRITE)
_HOME = "/bureau/rattachements"
DECLARED = Act(
    "firm_domain.declared",
    "domaine d’entreprise déclaré",
    needs=_DECIDES,
    at="POST firm-domains",
    form_at="rattachements/domaines",
    summary="Déclarer un domaine d’entreprise",
    note="Une adresse confirmée à ce domaine prouvera le lien ; les messageries grand public sont refusées.",
    done="Le domaine est déclaré ; il prouvera un lien une fois confirmé par l’hébergeur.",
    takes=DomainEntry,
    makes=True,
    tells=tell_domain,
    page=FormPage("", "", "Déclarer ce domaine", _HOME, within=True),
)
WITHDRAWN = Act(
    "firm_domain.withdrawn",
    "domaine d’entreprise retiré",
    needs=_DECIDES,
    at="DELETE firm-domains/{firm_domain}",
    form_at="rattachements/domaines/{firm_domain}/retirer",
    summary="Retirer un domaine d’entreprise",
    note="Ce qu’il a déjà prouvé reste.",
    done="Le domaine est retiré ; ceux qui parlent déjà pour l’entreprise continuent.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "", "Retirer le domaine", _HOME, within=True),
)
CAPABILITY = Capability("Comptes", acts=(DECLARED, WITHDRAWN))


@DECLARED.does
def declare(doing: Doing, _: str, said: DomainEntry) -> DeclaredDomain:
    """Say that a domain is a firm's, and ask the host to confirm it; declared already, it is told as it stands.

    Raises `FieldFault` when it is not one, or when anybody gets an address there.
    """
    kept, unit = clean_siren(said.siren), doing.unit
    try:
        name = read_domain(said.domain)
    except AddressFault as fault:
        raise FieldFault("domain", str(fault)) from None
    if not proves(name):
        raise FieldFault("domain", f"N’importe qui obtient une adresse chez {name} : ce domaine ne prouve rien.")
    same = select(FirmDomain).where(
        FirmDomain.siren == kept, FirmDomain.domain == name, FirmDomain.deleted_at.is_(None)
    )
    held = unit.one(same)
    if held is None:
        held = unit.add(FirmDomain(id=doing.subject, siren=kept, domain=name))
        unit.flush()
        doing.means.vouches.ask(unit, DOMAIN, held.id, kept, ("", name))
    return _told(held)


@WITHDRAWN.does
def withdraw(doing: Doing, domain: str, _: Nothing) -> None:
    """Withdraw a domain; what it proved stays."""
    doing.unit.withdraw(doing.unit.get(FirmDomain, domain))


def _told(row: FirmDomain) -> DeclaredDomain:
    return DeclaredDomain(row.id, row.siren, row.domain, row.confirmed_at is not None)
