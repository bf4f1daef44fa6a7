"""Identities of an outside provider: attached to a person already known or invited, by a verified address only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.errors import NotSignedIn
from vigie.services.accounts.joining import held_by
from vigie.services.accounts.sessions import Opened, close_all, open_session, places_of
from vigie.services.keys import Keys
from vigie.store.journal.people import Identity, Person

if TYPE_CHECKING:
    from vigie.services.accounts.joining import Joining
    from vigie.services.accounts.provider import Claims
    from vigie.store.journal.port import Journal, Unit

_NOBODY = (
    "Votre identité est reconnue, mais aucun compte ne porte cette adresse : "
    "demandez une invitation à votre organisation."
)


class Identities:
    """Opens sessions for people whom the provider vouches for."""

    def __init__(self, journal: Journal, keys: Keys, joining: Joining) -> None:
        self._journal, self._keys, self._joining = journal, keys, joining

    def enter(self, claims: Claims, invitation: str = "") -> Opened:
        """Open a session; with the token of an invitation, take the place it offers first.

        Raises `NotSignedIn` when the identity is new and its address unverified, unknown, or not the one invited.
        """
        key = self._keys.fingerprint("identity", f"{claims.issuer}\n{claims.subject}")
        with self._journal.writing(Scope(key=key, via="session")) as unit:
            known = unit.one(select(Identity).where(Identity.key_hash == key, Identity.deleted_at.is_(None)))
            if invitation:
                return self._accept(unit, claims, invitation, "" if known else key)
            if known is not None:
                unit.moving(replace(unit.scope, organisation=known.organisation_id, person=known.person_id, key=""))
                return open_session(unit, unit.get(Person, known.person_id), "oidc")
            return self._attach_known(unit, claims, key)

    def _accept(self, unit: Unit, claims: Claims, token: str, key: str) -> Opened:
        unit.moving(Scope(key=Keys.hash_token(token), via="consent"))
        held = held_by(unit, token)
        if not claims.email_verified or self._keys.email(claims.email) != self._keys.email(held.email or ""):
            raise NotSignedIn("L’adresse que confirme le service d’identité n’est pas celle de l’invitation.")
        person = self._joining.join(unit, held, claims.name or claims.email)
        if key:
            _attach(unit, person, claims, key)
        return open_session(unit, person, "oidc", held.organisation_id, held.siren)

    def _attach_known(self, unit: Unit, claims: Claims, key: str) -> Opened:
        if not claims.email_verified or not claims.email:
            raise NotSignedIn("Le service d’identité ne confirme pas votre adresse : employez votre mot de passe.")
        email = self._keys.email(claims.email)
        unit.moving(Scope(key=email, via="session"))
        person = unit.one(select(Person).where(Person.email_key == email, Person.deleted_at.is_(None)))
        if person is None:
            raise NotSignedIn(_NOBODY)
        unit.moving(replace(unit.scope, person=person.id))
        places = places_of(unit, person.id)
        if not places:
            raise NotSignedIn(_NOBODY)
        unit.moving(replace(unit.scope, organisation=places[0].organisation, key=""))
        _attach(unit, person, claims, key)
        return open_session(unit, person, "oidc")


def _attach(unit: Unit, person: Person, claims: Claims, key: str) -> None:
    """Attach the identity; it takes the place of the password, which somebody else may have chosen before."""
    unit.act("identity.attached", person.id)
    person.password_hash = None
    unit.add(Identity(person_id=person.id, issuer=claims.issuer[:200], key_hash=key))
    unit.flush()
    close_all(unit, person.id, tokens=True)
