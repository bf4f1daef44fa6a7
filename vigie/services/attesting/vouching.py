"""Who vouches for the head of a firm: a letter to an address that the inviting officer did not give, or the host."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import ABSENT, Right, Role, Scope, Thing
from vigie.domain.addresses import domain_of
from vigie.domain.attestation import HeadAct, Proof, lets
from vigie.errors import Conflict, NotFound
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.speaking import DOMAIN, HEAD, host_of, membership_for, settle
from vigie.services.accounts.words import clean_siren
from vigie.services.attesting.letters import (
    UNASKED,
    at_address,
    known_address,
    provisional,
    request_about,
    request_places,
    tell_heads,
    tell_host,
    who_let_in,
    write_link,
)
from vigie.services.introductions.links import bearer, held, usable
from vigie.store.journal.base import new_id
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import FirmDomain, HostRequest, Membership, Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal, Reader, Unit

WAITING, GRANTED, REFUSED, ENDED = "waiting", "granted", "refused", "ended"
PURPOSES = {f"attest-{proof.value}": proof for proof in (Proof.LETTER, Proof.DOMAIN)}
_GONE = "Cette demande n’existe pas, ou n’est plus là."
_BEFORE = {GRANTED: {WAITING, REFUSED, ENDED}, REFUSED: {WAITING}, ENDED: {GRANTED}}
"""Of what state a request is for each decision: the host may change its mind, and attest after all."""
_ANSWERED = {
    GRANTED: "Vous parlez déjà pour cette entreprise : c’est attesté.",
    WAITING: "Votre demande attend déjà une réponse.",
    REFUSED: "L’hébergeur a refusé votre demande : écrivez-lui, son adresse est dans les mentions légales.",
    ENDED: "L’hébergeur a retiré son accord : écrivez-lui, son adresse est dans les mentions légales.",
}


@dataclass(frozen=True, slots=True)
class AskedOfHost:
    """What an organisation asks of the host; `contact` is a person with their address, or a domain."""

    id: str
    kind: str
    organisation: str
    siren: str
    contact: str
    proof: str
    state: str
    asked_at: datetime
    decided_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return the request as machine-readable answers print it."""
        return {
            "id": self.id, "kind": self.kind, "organisation": self.organisation, "siren": self.siren,
            "contact": self.contact, "proof": self.proof, "state": self.state,
            "asked_at": self.asked_at.isoformat(),
            "decided_at": self.decided_at.isoformat() if self.decided_at else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttestationOffer:
    """What a link of attestation says before its button: who would speak for which firm, where."""

    siren: str
    name: str
    organisation: str
    proof: str


class Vouching:
    """Asks for attestations, gives them, and ends them."""

    def __init__(self, journal: Journal, mail: Mail, register: FirmRegister) -> None:
        self._journal, self._mail, self._register = journal, mail, register

    def begin(self, unit: Unit, person: Person, siren: str, let_in_by: str) -> None:
        """Ask for the attestation of somebody who just became a head, in the transaction of it.

        The heads of the same firm are told, wherever they are; the host is asked; an address of the firm that did not
        come from `let_in_by`, or the person's own one at a domain that the host confirmed, receives a link.
        """
        self._begin(unit, person, siren, {let_in_by})

    def standing(self, scope: Scope, siren: str) -> str:
        """Return where the attestation of the asker stands: `granted`, `unasked`, or the state of their request."""
        with self._journal.reading(scope) as reader:
            member = membership_for(reader, siren)
            if member is None or lets(member.attested_as, HeadAct.PUBLISH):
                return GRANTED
            found = request_about(reader, scope, member.id)
            return found.state if found is not None else UNASKED

    def ask_for_me(self, scope: Scope, siren: str) -> None:
        """Ask for one's own attestation, as a head for whom nothing was asked.

        The host is told by letter; an address of the firm that did not come from who let the asker in receives a link.
        Raises `NotFound` for anybody else, `Conflict` when it is attested, waits, or was answered already.
        """
        if scope.via != "session" or scope.role is not Role.HEAD:
            raise NotFound(ABSENT)
        state = self.standing(scope, siren)
        with writing_once(self._journal, scope) as unit:
            member = membership_for(unit, siren)
            if member is None:
                raise NotFound(ABSENT)
            unit.act("head.attestation_asked", member.id)
            if state != UNASKED:
                raise Conflict(_ANSWERED[state])
            organisation = unit.get(Organisation, scope.organisation).name
            self._begin(unit, unit.get(Person, scope.person), siren, who_let_in(unit, member))
            tell_host(unit, self._mail, siren, organisation, member.id)

    def attest_address(self, scope: Scope, siren: str, address: str) -> tuple[str, ...]:
        """Attest whoever speaks for a firm with an address, for the host; return the organisations where it is done.

        Raises `FieldFault` for what is no SIREN, `NotFound` when nobody provisional speaks for it with that address.
        """
        scope.require(Thing.INSTALLATION, Right.WRITE)
        kept = clean_siren(siren)
        with self._journal.reading(scope) as reader:
            found = at_address(reader, scope, kept, address)
        if not found:
            raise NotFound(
                f"Personne n’attend d’attestation pour l’entreprise {kept} avec l’adresse {address} : "
                "vérifiez le SIREN et l’adresse."
            )
        for member, _ in found:
            self.grant(scope, member)
        return tuple(name for _, name in found)

    def has_host(self, scope: Scope) -> bool:
        """Tell whether an organisation of the host answers what is asked of it."""
        with self._journal.reading(scope) as reader:
            return bool(host_of(reader))

    def _begin(self, unit: Unit, person: Person, siren: str, let_in_by: Collection[str]) -> None:
        scope = unit.scope
        unit.flush()
        member = membership_for(unit, siren, person.id)
        if member is None:
            return
        organisation = unit.get(Organisation, scope.organisation)
        contact = _contact(person)
        link = self._whom_to_ask(unit, person, siren, let_in_by, organisation)
        host = host_of(unit)
        if link is not None:
            write_link(unit, self._mail, host, member, organisation.name, link)
        self.ask(unit, HEAD, member.id, siren, (person.id, contact))
        tell_heads(unit, self._mail, siren, person.id, organisation.name)
        unit.moving(replace(scope, request_key=""))

    def ask(self, unit: Unit, kind: str, subject: str, siren: str, whom: tuple[str, str]) -> None:
        """Write what is asked of the host, in its own rows; the asker's wall is back once it is written."""
        scope = unit.scope
        unit.moving(replace(scope, organisation=host_of(unit), request_key=""))
        if not unit.count(select(HostRequest).where(HostRequest.subject_id == subject, HostRequest.state == WAITING)):
            made = HostRequest(
                id=new_id(), kind=kind, asked_from=scope.organisation, subject_id=subject, siren=siren,
                person_id=whom[0], contact=whom[1],
            )  # fmt: skip
            unit.act("host_request.asked", made.id)
            unit.add(made)
        unit.moving(replace(scope, request_key=""))

    def requests(self, scope: Scope) -> tuple[AskedOfHost, ...]:
        """Return what organisations ask of the host, those that wait first; for the host only.

        Provisional heads for whom nothing was asked follow those that wait.
        """
        scope.require(Thing.INSTALLATION, Right.WRITE)
        found: list[AskedOfHost] = []
        about: set[str] = set()
        with self._journal.reading(scope) as reader:
            for place in request_places(reader):
                reader.moving(scope.within(place))
                rows = reader.all(select(HostRequest).where(HostRequest.deleted_at.is_(None)))
                asking = reader.known(Organisation, (row.asked_from for row in rows))
                found += [_told(asking.get(row.asked_from), row) for row in rows]
                about |= {row.subject_id for row in rows}
            found += [
                AskedOfHost(member.id, HEAD, name, member.siren, _contact(person), "", UNASKED, member.created_at, None)
                for member, person, name in provisional(reader, scope)
                if member.id not in about
            ]
        order = {WAITING: 0, UNASKED: 1}
        return tuple(sorted(found, key=lambda one: (order.get(one.state, 2), one.asked_at)))

    def grant(self, scope: Scope, identifier: str) -> None:
        """Attest a head, or confirm a domain, after verification; the words that waited become public.

        A provisional head for whom nothing was asked is named by their membership.
        """
        self._ask_for(scope, identifier)
        self._decide(scope, identifier, GRANTED)

    def refuse(self, scope: Scope, identifier: str) -> None:
        """Refuse; the head stays provisional."""
        self._decide(scope, identifier, REFUSED)

    def end(self, scope: Scope, identifier: str) -> None:
        """Take an attestation or the confirmation of a domain back: public words wait again, at once."""
        self._decide(scope, identifier, ENDED)

    def look(self, token: str) -> AttestationOffer:
        """Return what a link would attest; looking uses nothing."""
        with self._journal.reading(bearer(token)) as reader:
            key = held(reader, token)
            if key.purpose not in PURPOSES or key.used_at is not None or key.expires_at <= reader.now:
                raise NotFound("Ce lien n’est plus valable : il a déjà servi, ou il date de plus de trente jours.")
            return _link(reader, key)

    def attest(self, token: str) -> None:
        """Use a link: the head is attested. Raises `Conflict` when it was used or is past its time."""
        with self._journal.writing(bearer(token)) as unit:
            key = usable(unit, token, *PURPOSES)
            unit.act("head.attested", key.subject_id)
            key.used_at = unit.now
            member = unit.find(Membership, key.subject_id)
            if member is None or member.deleted_at is not None or member.role != Role.HEAD.value:
                raise Conflict("Cette personne n’est plus rattachée à l’entreprise.")
            proof = PURPOSES[key.purpose]
            by = member.organisation_id if proof is Proof.LETTER else host_of(unit)
            settle(unit, member, proof.value, by)
            self._tell_attested(unit, member)
            self._note(unit, member.id, proof.value)

    def _whom_to_ask(
        self, unit: Unit, person: Person, siren: str, let_in_by: Collection[str], organisation: Organisation
    ) -> tuple[Proof, str] | None:
        """Return which link is sent, and to whom; `None` when only the host can answer."""
        domain = domain_of(person.email or "")
        confirmed = select(FirmDomain).where(
            FirmDomain.siren == siren, FirmDomain.domain == domain, FirmDomain.confirmed_at.is_not(None),
            FirmDomain.deleted_at.is_(None),
        )  # fmt: skip
        if domain and unit.count(confirmed):
            return Proof.DOMAIN, person.email or ""
        firm = self._register.firm(siren)
        if (
            firm is None
            or not let_in_by
            or not organisation.territory
            or not self._register.covers(organisation.territory, firm.communes)
        ):
            return None
        known = known_address(unit, siren, {*let_in_by, person.id})
        return (Proof.LETTER, known) if known else None

    def _decide(self, scope: Scope, identifier: str, state: str) -> None:
        scope.require(Thing.INSTALLATION, Right.WRITE)
        place, identifier = self._held(scope, identifier)
        asked = replace(scope, organisation=place)
        try:
            with self._journal.writing(asked) as unit:
                unit.act(f"host_request.{state}", identifier)
                row = unit.get(HostRequest, identifier)
                if row.state not in _BEFORE[state]:
                    raise Conflict("Cette demande a déjà reçu une réponse : rechargez la page.")
                row.state, row.decided_by, row.decided_at = state, scope.person, unit.now
                if state != REFUSED:
                    row.proof = (Proof.HOST.value if row.kind == HEAD else "") if state == GRANTED else ""
                    self._apply(unit, row, state)
        except AlreadyDone:
            return

    def _apply(self, unit: Unit, row: HostRequest, state: str) -> None:
        scope, proof = unit.scope, row.proof
        host, kind, subject, granted = host_of(unit), row.kind, row.subject_id, state == GRANTED
        unit.moving(replace(scope, organisation=row.asked_from, request_key=""))
        if kind == DOMAIN:
            unit.act("firm_domain.confirmed" if granted else "firm_domain.unconfirmed", subject)
            domain = unit.find(FirmDomain, subject)
            if domain is not None:
                domain.confirmed_at = unit.now if granted else None
            return
        unit.act("head.attested" if granted else "head.unattested", subject)
        member = unit.find(Membership, subject)
        if granted and (member is None or member.deleted_at is not None):
            raise Conflict("Cette personne n’est plus rattachée à l’entreprise : refusez la demande.")
        if member is not None:
            settle(unit, member, proof, host)
            if granted:
                self._tell_attested(unit, member)

    def _tell_attested(self, unit: Unit, member: Membership) -> None:
        unit.flush()
        here = unit.find(Organisation, member.organisation_id)
        tell_heads(unit, self._mail, member.siren, member.person_id, here.name if here else "", attested=True)

    @staticmethod
    def _note(unit: Unit, subject: str, proof: str) -> None:
        """Answer in the host's rows what a link proved, so that the host sees it and can take it back."""
        scope = unit.scope
        for place in request_places(unit):
            unit.moving(replace(scope, organisation=place, request_key=""))
            for row in unit.all(select(HostRequest).where(HostRequest.subject_id == subject)):
                unit.act("host_request.granted", row.id)
                row.state, row.proof, row.decided_at = GRANTED, proof, unit.now

    def _ask_for(self, scope: Scope, identifier: str) -> None:
        """Write the request of a provisional head for whom nothing was asked; nothing for any other identifier."""
        with self._journal.reading(scope) as reader:
            found = next((one for one in provisional(reader, scope) if one[0].id == identifier), None)
            if found is None or request_about(reader, scope, identifier) is not None:
                return
            member, person, _ = found
        with self._journal.writing(replace(scope, organisation=member.organisation_id, request_key="")) as unit:
            self.ask(unit, HEAD, member.id, member.siren, (person.id, _contact(person)))

    def _held(self, scope: Scope, identifier: str) -> tuple[str, str]:
        """Return whose row a request is, and its identifier; it may be named by the membership that it is about."""
        with self._journal.reading(scope) as reader:
            for place in request_places(reader):
                reader.moving(scope.within(place))
                if reader.find(HostRequest, identifier) is not None:
                    return place, identifier
            about = request_about(reader, scope, identifier)
            if about is not None:
                return about.organisation_id, about.id
        raise NotFound(_GONE)


def _contact(person: Person) -> str:
    return f"{person.name or ''} <{person.email or ''}>"


def _link(reader: Reader, key: ConsentKey) -> AttestationOffer:
    member = reader.get(Membership, key.subject_id)
    person, organisation = reader.find(Person, member.person_id), reader.get(Organisation, member.organisation_id)
    return AttestationOffer(
        member.siren, (person.name or "") if person else "", organisation.name, PURPOSES[key.purpose].value
    )


def _told(organisation: Organisation | None, row: HostRequest) -> AskedOfHost:
    return AskedOfHost(
        row.id, row.kind, organisation.name if organisation else "", row.siren, row.contact or "", row.proof,
        row.state, row.created_at, row.decided_at,
    )  # fmt: skip
