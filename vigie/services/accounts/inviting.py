"""Places offered in an organisation: who may offer which, to whom, until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.accounts import INVITATION_LASTS, ROLE_LABELS, OrganisationKind, givable
from vigie.domain.addresses import address_key
from vigie.domain.french import NBSP, THIN, long_date
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.once import writing_once
from vigie.services.accounts.speaking import may_add, memberships
from vigie.services.accounts.words import clean_email, clean_role, clean_siren
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Dossier
from vigie.store.journal.people import Invitation, Membership, Organisation, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit


@dataclass(frozen=True, slots=True)
class InvitationDraft:
    """What an invitation offers, as typed: address, role, the firm of a head, the dossier of a partner."""

    email: str
    role: str
    siren: str = ""
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation; `link` is said once, to whoever made it, and empty ever after."""

    id: str
    email: str
    role: str
    siren: str
    dossier: str
    expires_at: datetime
    state: str
    link: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the invitation as machine-readable answers print it."""
        told = {
            "id": self.id,
            "email": self.email,
            "role": self.role,
            "siren": self.siren,
            "dossier": self.dossier,
            "expires_at": self.expires_at.isoformat(),
            "state": self.state,
        }
        return told | ({"link": self.link} if self.link else {})


class Inviting:
    """Makes, lists and takes back invitations."""

    def __init__(self, journal: Journal, keys: Keys, mail: Mail) -> None:
        self._journal, self._keys, self._mail = journal, keys, mail

    def invite(self, scope: Scope, wanted: InvitationDraft) -> Invited:
        """Offer a place; the letter is written in the same transaction, the former offer of the same place withdrawn.

        Raises `FieldFault` when the address, the role, the SIREN or the dossier will not do, and `Conflict` when the
        person already has a role in the organisation.
        """
        _may_invite(scope)
        try:
            with self._journal.writing(scope) as unit:
                return self._written(unit, wanted)
        except AlreadyDone as done:
            with self._journal.reading(scope) as reader:
                return _told(reader, reader.get(Invitation, done.subject))

    def appoint(self, scope: Scope, organisation: str, email: str) -> Invited:
        """Invite the first administrator of an organisation; the host only, and while it has none.

        Raises `Conflict` when it has one: they invite the others, so that the host never lets itself in.
        """
        scope.require(Thing.INSTALLATION, Right.WRITE)
        within = replace(scope.within(organisation), via="command")
        with self._journal.reading(within) as reader:
            if OrganisationKind(reader.get(Organisation, organisation).kind) is OrganisationKind.HOST:
                raise Conflict("C’est l’organisation de l’hébergeur : invitez depuis ses membres.")
            keepers = select(Membership).where(
                Membership.organisation_id == organisation,
                Membership.role == Role.ADMIN.value,
                Membership.deleted_at.is_(None),
            )
            if reader.count(keepers):
                raise Conflict("Cette organisation a déjà un administrateur : c’est à lui d’inviter.")
        return self.invite(within, InvitationDraft(email, Role.ADMIN.value))

    def pending(self, scope: Scope) -> tuple[Invited, ...]:
        """Return the invitations not yet used; those of others are for who reads accounts."""
        if not scope.may(Thing.ACCOUNTS, Right.READ):
            _may_invite(scope)
        statement = select(Invitation).where(
            Invitation.organisation_id == scope.organisation,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.invited_by != "",
        )
        if not scope.may(Thing.ACCOUNTS, Right.READ):
            statement = statement.where(Invitation.invited_by == scope.person)
        with self._journal.reading(scope) as reader:
            return tuple(_told(reader, row) for row in reader.all(statement.order_by(Invitation.created_at.desc())))

    def revoke(self, scope: Scope, identifier: str) -> None:
        """Take an invitation back; raises `Conflict` when it was used."""
        _may_invite(scope)
        with writing_once(self._journal, scope) as unit:
            held = unit.get(Invitation, identifier)
            mine = held.invited_by == scope.person or scope.may(Thing.ACCOUNTS, Right.WRITE)
            if held.organisation_id != scope.organisation or not mine:
                raise NotFound("Cette invitation n’existe pas, ou n’est pas la vôtre.")
            if held.accepted_at is not None:
                raise Conflict("Cette invitation a déjà servi : changez plutôt le rôle de la personne.")
            if held.revoked_at is None:
                unit.act("invitation.revoked", held.id)
                held.revoked_at = unit.now

    def _written(self, unit: Unit, wanted: InvitationDraft) -> Invited:
        scope = unit.scope
        organisation = unit.get(Organisation, scope.organisation)
        email = clean_email(wanted.email)
        role = clean_role(wanted.role, givable(scope, OrganisationKind(organisation.kind)))
        siren = clean_siren(wanted.siren) if role is Role.HEAD else ""
        self._require_place(unit, email, role, siren)
        secret = Keys.new_token()
        made = Invitation(
            id=new_id(),
            email=email,
            role=role.value,
            siren=siren,
            dossier_id=_dossier(unit, wanted.dossier) if role is Role.PARTNER else "",
            invited_by=scope.person or "command",
            expires_at=unit.now + INVITATION_LASTS,
            key_hash=Keys.hash_token(secret),
        )
        unit.act("invitation.made", made.id)
        unit.add(made)
        self._withdraw_former(unit, made)
        unit.flush()
        link = self._mail.link(f"/invitation/{secret}")
        subject, body = letter(organisation.name, ROLE_LABELS[role], link, unit.day(made.expires_at))
        self._mail.post(unit, recipient=email, subject=subject, body=body, about=made.id, once=f"invitation:{made.id}")
        return _told(unit, made, link)

    def _require_place(self, unit: Unit, email: str, role: Role, siren: str) -> None:
        """Refuse to invite a member; but an inhabitant may be offered another role, and a head another firm."""
        person = unit.one(select(Person.id).where(Person.email_key == self._keys.email(email)))
        members = memberships(unit, person) if person else ()
        if members and not may_add(members, role.value, siren):
            label = ROLE_LABELS[Role(members[0].role)]
            raise Conflict(f"Cette personne a déjà un rôle ici ({label}) : changez-le dans les membres.")

    @staticmethod
    def _withdraw_former(unit: Unit, made: Invitation) -> None:
        statement = select(Invitation).where(
            Invitation.organisation_id == unit.scope.organisation,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.id != made.id,
        )
        mark = address_key(made.email or "")
        for former in unit.all(statement):
            if address_key(former.email or "") == mark:
                former.revoked_at = unit.now


def letter(organisation: str, role: str, link: str, until: date) -> tuple[str, str]:
    """Return the subject and the text of an invitation, with what a person must be told at a first contact."""
    return (
        f"Invitation de {organisation}",
        f"Bonjour,\n\n{organisation} vous invite à rejoindre Vigie, son observatoire économique, comme {role}.\n\n"
        f"Pour accepter, ouvrez cette page avant le {long_date(until)}{NBSP}:\n{link}\n\n"
        "Le lien ne sert qu’une fois. Si vous n’attendiez pas cette invitation, ne faites rien"
        f"{THIN}; l’adresse sera effacée.\n\n"
        f"Votre adresse a été saisie par {organisation}, qui ne s’en sert que pour ce compte. "
        "Vous pouvez la consulter, la corriger ou la faire effacer à tout moment en répondant à l’organisation.\n",
    )


def _may_invite(scope: Scope) -> None:
    """Require that the asker can offer some role: accounts for admins, follow-up for officers."""
    scope.require(Thing.DOSSIERS if scope.role is Role.OFFICER else Thing.ACCOUNTS, Right.WRITE)


def _dossier(unit: Unit, identifier: str) -> str:
    """Return the dossier a partner is invited to read; raises `FieldFault` when it is not one of the organisation."""
    if not identifier:
        return ""
    try:
        return unit.get(Dossier, identifier).id
    except NotFound:
        raise FieldFault("dossier", "Ce dossier n’existe pas dans votre organisation.") from None


def _told(reader: Reader, row: Invitation, link: str = "") -> Invited:
    state = "waiting"
    if row.accepted_at is not None:
        state = "accepted"
    elif row.revoked_at is not None:
        state = "revoked"
    elif row.expires_at <= reader.now:
        state = "expired"
    return Invited(row.id, row.email or "", row.role, row.siren, row.dossier_id, row.expires_at, state, link)
