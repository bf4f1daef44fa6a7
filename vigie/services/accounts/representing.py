"""Who speaks for which firm: claimed by a member, proved by their address or confirmed by an officer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.accounts import LinkState
from vigie.domain.addresses import domain_of
from vigie.domain.attestation import Proof
from vigie.domain.french import NBSP
from vigie.errors import Conflict, NotFound, NotSignedIn
from vigie.services.accounts.speaking import ACTIVE, give, may_add, memberships
from vigie.services.accounts.words import clean_siren
from vigie.services.acts import Act, Doing, FormPage, Nothing, Telling, needs
from vigie.services.capabilities import Capability
from vigie.store.journal.base import new_id
from vigie.store.journal.people import FirmDomain, FirmLink, Membership, Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.acts import Vouches
    from vigie.store.journal.port import Journal, Reader, Unit

_DECLARES = frozenset({Role.INHABITANT.value, Role.HEAD.value})


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's claim to speak for a firm, how it is proved, and where it stands."""

    id: str
    siren: str
    person: str
    name: str
    email: str
    proof: str
    state: str
    created_at: datetime
    decided_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as machine-readable answers print it."""
        return {
            "id": self.id,
            "siren": self.siren,
            "person": self.person,
            "name": self.name,
            "email": self.email,
            "proof": self.proof,
            "state": self.state,
            "created_at": self.created_at.isoformat(),
            "decided_at": self.decided_at.isoformat() if self.decided_at else None,
        }


class Representing:
    """Makes, proves and lists claims."""

    def __init__(self, journal: Journal, vouching: Vouches) -> None:
        self._journal, self._vouching = journal, vouching

    def claim(self, scope: Scope, siren: str) -> Claim:
        """Ask to speak for a firm; an address at a domain that the host confirmed lets in, else an officer does.

        Whoever is let in is provisional until a proof comes: for an address at the domain, the link sent there.

        Raises `FieldFault` when the SIREN is not one, `Conflict` when the role held does not go with it.
        """
        _require_session(scope)
        kept = clean_siren(siren)
        try:
            with self._journal.writing(scope) as unit:
                members, person = _active(unit, scope.person), unit.get(Person, scope.person)
                _check(members, kept)
                _refuse_double(unit, kept)
                proved = _at_domain(unit, person.email or "", kept)
                link = FirmLink(
                    id=new_id(),
                    person_id=person.id,
                    siren=kept,
                    proof=(Proof.DOMAIN if proved else Proof.DECLARED).value,
                )
                unit.act("firm_link.claimed", link.id)
                unit.add(link)
                if proved:
                    _confirm(unit, link, members)
                    self._vouching.begin(unit, person, kept, "")
                unit.flush()
                return _told(unit, link)
        except AlreadyDone as done:
            with self._journal.reading(scope) as reader:
                return _told(reader, reader.get(FirmLink, done.subject))

    def mine(self, scope: Scope) -> tuple[Claim, ...]:
        """Return the asker's own claims, the newest first."""
        _require_session(scope)
        statement = select(FirmLink).where(FirmLink.person_id == scope.person, FirmLink.deleted_at.is_(None))
        with self._journal.reading(scope) as reader:
            return tuple(_told(reader, row) for row in reader.all(statement.order_by(FirmLink.created_at.desc())))

    def all(self, scope: Scope) -> tuple[Claim, ...]:
        """Return the claims of the organisation, those that wait first; the reading is noted in the audit."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        statement = select(FirmLink).where(FirmLink.deleted_at.is_(None)).order_by(FirmLink.created_at)
        self._journal.trace(scope, "firm_links.read")
        with self._journal.reading(scope) as reader:
            rows = reader.all(statement)
            reader.known(Person, (row.person_id for row in rows))
            told = [_told(reader, row) for row in rows]
        return tuple(sorted(told, key=lambda one: one.state != LinkState.WAITING.value))


def tell_claim(telling: Telling, claim: str) -> Claim:
    """Return a claim of the organisation."""
    return _told(telling.reader, telling.reader.get(FirmLink, claim))


_DECIDES = needs(Thing.DOSSIERS, Right.WRITE)
_HOME = "/bureau/rattachements"
CONFIRMED = Act(
    "firm_link.confirmed",
    "demande à parler pour une entreprise confirmée",
    needs=_DECIDES,
    at="POST firm-links/{firm_link}/confirmation",
    form_at="rattachements/{firm_link}/confirmer",
    summary="Confirmer un rattachement",
    note="La personne devient dirigeante de l’entreprise dans votre organisation.",
    done="La demande est confirmée ; ce que la personne écrira sera public une fois son lien attesté.",
    takes=Nothing,
    tells=tell_claim,
    page=FormPage("", "", "Confirmer", _HOME, within=True),
)
REFUSED = Act(
    "firm_link.refused",
    "demande à parler pour une entreprise refusée",
    needs=_DECIDES,
    at="POST firm-links/{firm_link}/refusal",
    form_at="rattachements/{firm_link}/refuser",
    summary="Refuser un rattachement",
    note="La personne garde le rôle qu’elle avait.",
    done="La demande est refusée.",
    takes=Nothing,
    tells=tell_claim,
    page=FormPage("", "", "Refuser", _HOME, within=True),
)
CAPABILITY = Capability("Comptes", acts=(CONFIRMED, REFUSED))


@CONFIRMED.does
def confirm(doing: Doing, claim: str, _: Nothing) -> None:
    """Confirm a claim: the member becomes the firm's head here, at once, beside the others they speak for."""
    unit, link = doing.unit, _waiting(doing.unit, claim)
    members = _active(unit, link.person_id)
    _check(members, link.siren)
    _confirm(unit, link, members)
    doing.means.vouches.begin(unit, unit.get(Person, link.person_id), link.siren, unit.scope.person)
    _tell(doing, link)


@REFUSED.does
def refuse(doing: Doing, claim: str, _: Nothing) -> None:
    """Refuse a claim; the member keeps the role they had."""
    unit, link = doing.unit, _waiting(doing.unit, claim)
    link.state, link.decided_by, link.decided_at = LinkState.REFUSED.value, unit.scope.person, unit.now
    _tell(doing, link)


def _waiting(unit: Unit, claim: str) -> FirmLink:
    link = unit.get(FirmLink, claim)
    if link.state != LinkState.WAITING.value:
        raise Conflict("Cette demande a déjà reçu une réponse.")
    return link


def _tell(doing: Doing, link: FirmLink) -> None:
    unit, outbox = doing.unit, doing.means.outbox
    person, organisation = unit.get(Person, link.person_id), unit.get(Organisation, unit.scope.organisation)
    verdict = (
        f"Vous lisez désormais ce qui concerne l’entreprise {link.siren}{NBSP}: {outbox.link('/bureau')}\n"
        "Ce que vous écrirez pour elle sera public une fois votre lien attesté par un courriel à l’adresse connue "
        "de l’entreprise, ou par l’hébergeur."
        if link.state == LinkState.CONFIRMED.value
        else f"Votre demande de parler pour l’entreprise {link.siren} n’a pas été acceptée."
    )
    outbox.post(
        unit,
        recipient=person.email or "",
        subject="Votre demande à parler pour une entreprise",
        body=f"Bonjour,\n\n{organisation.name} a répondu à votre demande. {verdict}\n",
        about=link.id,
        once=f"firm_link:{link.id}",
    )


def _require_session(scope: Scope) -> None:
    if not scope.person or scope.via != "session":
        raise NotSignedIn("Connectez-vous d’abord avec votre adresse et votre mot de passe.")


def _active(reader: Reader, person: str) -> Sequence[Membership]:
    members = memberships(reader, person)
    if not members or any(member.state != ACTIVE for member in members):
        raise NotFound("Cette personne n’a plus de rôle actif dans l’organisation.")
    return members


def _check(members: Sequence[Membership], siren: str) -> None:
    if any(member.role not in _DECLARES for member in members):
        raise Conflict("Votre rôle ici ne va pas avec celui de dirigeant : demandez à l’administrateur d’en changer.")
    if not may_add(members, Role.HEAD.value, siren):
        raise Conflict("Cette personne parle déjà pour cette entreprise.")


def _refuse_double(unit: Unit, siren: str) -> None:
    waiting = select(FirmLink).where(
        FirmLink.person_id == unit.scope.person,
        FirmLink.siren == siren,
        FirmLink.state == LinkState.WAITING.value,
        FirmLink.deleted_at.is_(None),
    )
    if unit.count(waiting):
        raise Conflict("Votre demande pour cette entreprise attend déjà une réponse.")


def _at_domain(reader: Reader, email: str, siren: str) -> bool:
    """Tell whether an address is at a domain that the host confirmed to be the firm's."""
    domain = domain_of(email)
    return bool(domain) and bool(
        reader.count(
            select(FirmDomain).where(
                FirmDomain.siren == siren,
                FirmDomain.domain == domain,
                FirmDomain.confirmed_at.is_not(None),
                FirmDomain.deleted_at.is_(None),
            )
        )
    )


def _confirm(unit: Unit, link: FirmLink, members: Sequence[Membership]) -> None:
    link.state, link.decided_at = LinkState.CONFIRMED.value, unit.now
    link.decided_by = "" if link.proof == Proof.DOMAIN.value else unit.scope.person
    give(unit, link.person_id, members, Role.HEAD.value, link.siren)


def _told(reader: Reader, row: FirmLink) -> Claim:
    person = reader.find(Person, row.person_id)
    name, email = ((person.name or ""), (person.email or "")) if person else ("", "")
    return Claim(row.id, row.siren, row.person_id, name, email, row.proof, row.state, row.created_at, row.decided_at)
