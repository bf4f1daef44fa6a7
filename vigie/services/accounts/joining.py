"""Joining an organisation: by an invitation, or as an inhabitant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from vigie.domain.access import Role, Scope
from vigie.domain.accounts import SIGN_UP_LASTS, LinkState
from vigie.domain.attestation import Proof
from vigie.domain.french import NBSP, THIN, long_date
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, LETTERS_BY_ORIGIN, RateLimiter, origin_of
from vigie.services.accounts.sessions import Opened, open_session
from vigie.services.accounts.speaking import give, may_add, memberships
from vigie.services.accounts.words import clean_email, clean_name
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import DossierShare
from vigie.store.journal.people import FirmLink, Invitation, Membership, Organisation, Person

if TYPE_CHECKING:
    from vigie.services.accounts.organisations import Organisations
    from vigie.services.accounts.passwords import Passwords, WrongPasswords
    from vigie.services.acts import Vouches
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit

_BY_PROVIDER = (
    "Votre compte n’a pas de mot de passe : acceptez par le service d’identité de votre organisation, ou choisissez "
    "d’abord un mot de passe à la page « Mot de passe oublié »."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bearer of a link is offered; `known` when the address already has an account here."""

    organisation: str
    role: str
    email: str
    siren: str
    known: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the offer as machine-readable answers print it."""
        return {
            "organisation": self.organisation,
            "role": self.role,
            "email": self.email,
            "siren": self.siren,
            "known": self.known,
        }


class Joining:
    """Reads and accepts invitations."""

    def __init__(
        self,
        journal: Journal,
        keys: Keys,
        guarding: RateLimiter,
        passwords: Passwords,
        doors: tuple[WrongPasswords, Vouches],
    ) -> None:
        self._journal, self._keys, self._guarding, self._passwords = journal, keys, guarding, passwords
        self._knocking, self._vouching = doors

    def offer(self, token: str) -> Offer:
        """Return what a link offers, without using it.

        Raises `NotFound` when the link is unknown, `Conflict` when it was used, taken back, or is too old.
        """
        with self._journal.reading(self._bearer(token)) as reader:
            held = held_by(reader, token)
            organisation = reader.get(Organisation, held.organisation_id)
            person = self._person(reader, held)
            return Offer(organisation.name, held.role, held.email or "", held.siren, known=person is not None)

    def accept(self, token: str, name: str, password: str, origin: str = "", device: str = "") -> Opened:
        """Take the place: a new person gives a name and a password, a known one their own password.

        Raises as `offer`; `FieldFault` when the name or the password will not do, and for an account without password:
        whoever invites holds the link too, and would give a password to somebody else's account.
        """
        with self._journal.reading(self._bearer(token)) as reader:
            held = held_by(reader, token)
            email, person = held.email or "", self._person(reader, held)
        counted: tuple[str, ...] = ()
        if person is not None:
            if person.password_hash is None:
                raise FieldFault("mot_de_passe", _BY_PROVIDER)
            counted = self._knocking.enter(self._keys.email(email), origin, device)
            if not self._passwords.verify(person.password_hash, password):
                raise FieldFault("mot_de_passe", "Ce n’est pas le mot de passe de votre compte.")
            fresh = ""
        else:
            name = clean_name(name)
            fresh = self._passwords.hash(password, email)
        with self._journal.writing(self._bearer(token)) as unit:
            self._guarding.forgive(unit, counted)
            member = self.join(unit, held_by(unit, token), name, fresh)
            opened = open_session(unit, member, "invitation", unit.scope.organisation, unit.scope.siren)
        return replace(opened, device=self._knocking.marked(self._keys.email(email), device))

    def join(self, unit: Unit, held: Invitation, name: str, stored: str = "") -> Person:
        """Write the person, their role and what comes with it, and mark the invitation as used."""
        organisation, key = held.organisation_id, self._keys.email(held.email or "")
        unit.moving(Scope(organisation=organisation, key=key, via="consent"))
        person = unit.one(select(Person).where(Person.email_key == key))
        made = person is None
        if stored and not made:
            raise Conflict("Un compte vient d’être ouvert à cette adresse : recommencez avec son mot de passe.")
        if person is None:
            person = Person(id=new_id(), email=held.email, email_key=key, name=name)
        unit.moving(replace(unit.scope, person=person.id, role=Role(held.role), siren=held.siren))
        unit.act("invitation.accepted", held.id)
        if made:
            unit.add(person)
            person.password_hash = stored or None
        held.accepted_at = unit.now
        _give_role(unit, person.id, held)
        unit.flush()
        if held.siren:
            self._vouching.begin(unit, person, held.siren, held.invited_by)
        return person

    def _bearer(self, token: str) -> Scope:
        return Scope(key=Keys.hash_token(token), via="consent")

    def _person(self, reader: Reader, held: Invitation) -> Person | None:
        key = self._keys.email(held.email or "")
        reader.moving(Scope(organisation=held.organisation_id, key=key, via="consent"))
        return reader.one(select(Person).where(Person.email_key == key))


def held_by(reader: Reader, token: str) -> Invitation:
    """Return the invitation of a link, which nobody else can use meanwhile; raises when it cannot be used."""
    statement: Select[Any] = select(Invitation).where(Invitation.key_hash == Keys.hash_token(token))
    held: Invitation | None = reader.one(statement)
    if held is None or held.email is None:
        raise NotFound("Cette invitation n’est pas connue : vérifiez que l’adresse du lien est entière.")
    if held.accepted_at is not None:
        raise Conflict("Cette invitation a déjà servi : connectez-vous avec votre adresse et votre mot de passe.")
    if held.revoked_at is not None:
        raise Conflict("Cette invitation a été retirée : demandez-en une autre à l’organisation.")
    if held.expires_at <= reader.now:
        raise Conflict("Cette invitation n’est plus valable : demandez-en une autre à l’organisation.")
    return held


def _give_role(unit: Unit, person: str, held: Invitation) -> None:
    """Write the role offered; it takes the place of an inhabitant's, a head's second firm goes beside the first."""
    members = memberships(unit, person)
    if members and not may_add(members, held.role, held.siren):
        raise Conflict("Vous avez déjà un rôle dans cette organisation : seul son administrateur peut le changer.")
    give(unit, person, members, held.role, held.siren)
    if held.siren:
        unit.add(
            FirmLink(
                person_id=person,
                siren=held.siren,
                proof=Proof.INVITATION.value,
                state=LinkState.CONFIRMED.value,
                decided_by=held.invited_by,
                decided_at=unit.now,
            )
        )
    if held.dossier_id:
        unit.add(DossierShare(dossier_id=held.dossier_id, person_id=person))


class SigningUp:
    """Answers the same whether the address is known or not; the letter says the rest."""

    def __init__(
        self, journal: Journal, keys: Keys, guarding: RateLimiter, organisations: Organisations, mail: Mail
    ) -> None:
        self._journal, self._keys, self._guarding = journal, keys, guarding
        self._organisations, self._mail = organisations, mail

    def ask(self, email: str, organisation: str, origin: str = "") -> None:
        """Write the letter that confirms an address.

        Raises `FieldFault` when the address or the organisation will not do, `TooManyAttempts` after many letters.
        """
        address = clean_email(email)
        if organisation not in {one.id for one in self._organisations.joinable()}:
            raise FieldFault("organisation", "Choisissez l’organisation de votre territoire dans la liste.")
        key = self._keys.email(address)
        self._guarding.enter((LETTERS_BY_ADDRESS, key), (LETTERS_BY_ORIGIN, origin_of(origin)))
        with self._journal.writing(Scope(organisation=organisation, key=key)) as unit:
            where = unit.get(Organisation, organisation).name
            person = unit.one(select(Person).where(Person.email_key == key))
            if person is not None and self._is_member(unit, person.id):
                self._remind(unit, person, where)
            else:
                self._confirm(unit, address, where)

    @staticmethod
    def _is_member(unit: Unit, person: str) -> bool:
        unit.moving(replace(unit.scope, person=person))
        return bool(
            unit.count(
                select(Membership).where(
                    Membership.person_id == person,
                    Membership.organisation_id == unit.scope.organisation,
                    Membership.deleted_at.is_(None),
                )
            )
        )

    def _confirm(self, unit: Unit, address: str, where: str) -> None:
        secret = Keys.new_token()
        made = Invitation(
            id=new_id(),
            email=address,
            role=Role.INHABITANT.value,
            expires_at=unit.now + SIGN_UP_LASTS,
            key_hash=Keys.hash_token(secret),
        )
        unit.act("sign_up.asked", made.id)
        unit.add(made)
        unit.flush()
        until = long_date(unit.day(made.expires_at))
        body = (
            f"Bonjour,\n\nVous avez demandé un compte d’habitant auprès de {where}.\n\n"
            f"Pour confirmer votre adresse, ouvrez cette page avant le {until}{NBSP}:\n"
            f"{self._mail.link(f'/invitation/{secret}')}\n\nLe lien ne sert qu’une fois. Si vous n’avez rien demandé, "
            f"ne faites rien{THIN}; l’adresse sera effacée.\n"
        )
        self._mail.post(unit, recipient=address, subject="Confirmez votre adresse", body=body, about=made.id)

    def _remind(self, unit: Unit, person: Person, where: str) -> None:
        unit.act("sign_up.known", person.id)
        body = (
            f"Bonjour,\n\nUn compte d’habitant vient d’être demandé avec votre adresse auprès de {where}, "
            f"où vous en avez déjà un. Connectez-vous{NBSP}: {self._mail.link('/connexion')}\n"
        )
        self._mail.post(unit, recipient=person.email or "", subject="Vous avez déjà un compte", body=body)
