"""Letters of attestation: to the host, to addresses of the firm, to those for whom nothing was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from vigie.domain.access import Role
from vigie.domain.accounts import LinkState
from vigie.domain.addresses import address_key
from vigie.domain.attestation import HeadAct, Proof, lets
from vigie.domain.french import NBSP
from vigie.services.accounts.speaking import ACTIVE, host_of
from vigie.services.introductions.links import LIFETIME
from vigie.services.keys import Keys
from vigie.store.journal.followup import Contact, Dossier
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import FirmLink, HostRequest, Membership, Organisation, Person
from vigie.store.journal.records import JournalEvent

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Reader, Unit

_WROTE = ("contact.added", "contact.edited")


def known_address(reader: Reader, siren: str, besides: Collection[str]) -> str:
    """Return an address that a dossier on the firm bears, written by none of some people; empty when there is none.

    What a spreadsheet brought has no author that is sure, and proves nothing.
    """
    contacts = reader.all(
        select(Contact)
        .join(Dossier, Dossier.id == Contact.dossier_id)
        .where(
            Dossier.siren == siren,
            Dossier.deleted_at.is_(None),
            Contact.deleted_at.is_(None),
            Contact.email.is_not(None),
        )
        .order_by(Contact.created_at, Contact.id)
    )
    for contact in contacts:
        wrote = select(JournalEvent.person_id).where(JournalEvent.subject == contact.id, JournalEvent.kind.in_(_WROTE))
        authors = set(reader.all(wrote))
        if authors and authors.isdisjoint(besides) and (contact.email or "").strip():
            return (contact.email or "").strip()
    return ""


def write_link(
    unit: Unit, mail: Mail, host: str, member: Membership, organisation: str, whom: tuple[Proof, str]
) -> None:
    """Write the link that attests a head. The letter is the host's: nobody of the organisation reads it."""
    scope, (proof, recipient) = unit.scope, whom
    token = Keys.new_token()
    unit.act("head.link_sent", member.id)
    unit.add(
        ConsentKey(
            key_hash=Keys.hash_token(token), subject_id=member.id, purpose=f"attest-{proof.value}",
            created_at=unit.now, expires_at=unit.now + LIFETIME,
        )
    )  # fmt: skip
    person = unit.get(Person, member.person_id)
    body = (
        f"Bonjour,\n\n{person.name} a été admis chez {organisation} pour parler au nom de l’entreprise {member.siren} "
        "dans Vigie, l’observatoire économique du territoire.\n\n"
        f"Si c’est exact, ouvrez cette page et appuyez sur le bouton{NBSP}:\n"
        f"{mail.link(f'/lien/attestation/{token}')}\n\n"
        "Le lien sert une fois et vaut trente jours. Sinon, ne faites rien : sans ce bouton, rien de ce que cette "
        "personne écrit au nom de l’entreprise n’est public.\n"
    )
    unit.moving(replace(scope, organisation=host, request_key=""))
    mail.post(unit, recipient=recipient, subject="Vigie : qui parle pour votre entreprise ?", body=body)
    unit.moving(replace(scope, request_key=""))


def tell_heads(unit: Unit, mail: Mail, siren: str, newcomer: str, organisation: str, *, attested: bool = False) -> None:
    """Tell the heads of the same firm, in every organisation, that somebody else was let in for it, or attested."""
    scope = unit.scope
    happened = (
        f"Une autre personne, admise par {organisation}, vient d’être attestée pour parler au nom de l’entreprise "
        f"{siren}, que vous représentez dans Vigie.\n\nElle ne peut ni lever votre opposition, ni changer ce que vous "
        "avez écrit, mais ce qu’elle dit de l’entreprise est désormais public."
        if attested
        else f"{organisation} vient d’admettre une autre personne pour parler au nom de l’entreprise {siren}, que vous "
        "représentez dans Vigie.\n\nElle ne peut ni lever votre opposition, ni changer ce que vous avez écrit, et "
        "rien de ce qu’elle dit n’est public avant une attestation."
    )
    body = (
        f"Bonjour,\n\n{happened} Vous pouvez masquer ce qui paraîtrait sur la page de l’entreprise{NBSP}: "
        f"{mail.link(f'/entreprise/{siren}')}\n\n"
        "Si cette personne ne vous est pas connue, répondez à l’organisation et prévenez l’hébergeur de Vigie"
        f"{NBSP}: {mail.link('/mentions-legales')}\n"
    )
    about = "Vigie : une autre personne est attestée pour votre entreprise"
    subject = about if attested else "Vigie : une autre personne parle pour votre entreprise"
    once = f"head{'-attested' if attested else ''}:{siren}:{newcomer}"
    for place in unit.all(select(Organisation.id).where(Organisation.deleted_at.is_(None))):
        unit.moving(replace(scope, organisation=place, request_key=""))
        for head in unit.all(_heads(place, siren, newcomer)):
            if head.email:
                mail.post(unit, recipient=head.email, subject=subject, body=body, once=f"{once}:{head.id}")
    unit.moving(replace(scope, request_key=""))


def tell_host(unit: Unit, mail: Mail, siren: str, organisation: str, member: str) -> None:
    """Tell those who administer the installation that a head asks to be attested; nobody when there is no host."""
    scope = unit.scope
    host = host_of(unit)
    if not host:
        return
    unit.moving(replace(scope, organisation=host, request_key=""))
    body = (
        f"Bonjour,\n\nUne personne admise chez {organisation} demande à être attestée pour parler publiquement au nom "
        f"de l’entreprise {siren}.\n\nVérifiez par un autre chemin que cette organisation, puis répondez"
        f"{NBSP}: {mail.link('/bureau/attestations')}\n"
    )
    held = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == host,
            Membership.role == Role.SUPER_ADMIN.value,
            Membership.state == ACTIVE,
            Membership.deleted_at.is_(None),
        )
    )
    for person in unit.all(held):
        if person.email:
            mail.post(
                unit, recipient=person.email, subject="Vigie : une attestation vous est demandée", body=body,
                once=f"attestation:{member}:{person.id}",
            )  # fmt: skip
    unit.moving(replace(scope, request_key=""))


def _heads(place: str, siren: str, besides: str) -> Select[Person]:
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == place,
            Membership.siren == siren,
            Membership.role == Role.HEAD.value,
            Membership.state == ACTIVE,
            Membership.deleted_at.is_(None),
            Person.id != besides,
        )
    )


UNASKED = "unasked"


def request_places(reader: Reader) -> Sequence[str]:
    """Return where requests are: the host's rows, and nobody's for what was asked before there was one."""
    return tuple(dict.fromkeys((host_of(reader), "")))


def request_about(reader: Reader, scope: Scope, subject: str) -> HostRequest | None:
    """Return the latest request on a membership or a domain; the reader's wall is moved to where it is."""
    statement = select(HostRequest).where(HostRequest.subject_id == subject, HostRequest.deleted_at.is_(None))
    for place in request_places(reader):
        reader.moving(scope.within(place))
        rows = reader.all(statement.order_by(HostRequest.created_at.desc(), HostRequest.id).limit(1))
        if rows:
            return rows[0]
    return None


def provisional(reader: Reader, scope: Scope, siren: str = "") -> Iterator[tuple[Membership, Person, str]]:
    """Yield the provisional heads of every organisation, of one firm or of all, with the organisation's name."""
    reader.moving(scope.overseeing())
    rows = list(reader.rows(_unasked_heads(siren)))
    reader.moving(scope)
    yield from (
        (member, person, name) for member, person, name in rows if not lets(member.attested_as, HeadAct.PUBLISH)
    )


def at_address(reader: Reader, scope: Scope, siren: str, address: str) -> list[tuple[str, str]]:
    """Return the memberships and organisations of whoever speaks for a firm with an address, and is provisional."""
    wanted = address_key(address)
    return [
        (member.id, name)
        for member, person, name in provisional(reader, scope, siren)
        if person.email and address_key(person.email) == wanted
    ]


def who_let_in(reader: Reader, member: Membership) -> frozenset[str]:
    """Return who let a head in, as events and links tell; empty when nothing tells, and nobody's word is known."""
    links = select(FirmLink.decided_by).where(
        FirmLink.person_id == member.person_id,
        FirmLink.siren == member.siren,
        FirmLink.state == LinkState.CONFIRMED.value,
    )
    acts = select(JournalEvent.person_id).where(JournalEvent.subject == member.id)
    return frozenset({*reader.all(links), *reader.all(acts)} - {"", member.person_id})


def _unasked_heads(siren: str) -> Select[Membership, Person, str]:
    statement = (
        select(Membership, Person, Organisation.name)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.deleted_at.is_(None),
            Membership.role == Role.HEAD.value,
            Membership.state == ACTIVE,
            Membership.deleted_at.is_(None),
            Membership.siren != "",
        )
        .order_by(Organisation.created_at, Organisation.id, Membership.created_at, Membership.id)
    )
    return statement.where(Membership.siren == siren) if siren else statement
