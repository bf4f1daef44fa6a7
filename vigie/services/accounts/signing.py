"""Signing in and out, one’s own account, and a forgotten password."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.domain.accounts import RECOVERY_LASTS
from vigie.domain.french import NBSP, THIN
from vigie.errors import Conflict, FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.rate_limits import (
    BY_ADDRESS,
    LETTERS_BY_ADDRESS,
    LETTERS_BY_ORIGIN,
    RateLimiter,
    origin_of,
)
from vigie.services.accounts.sessions import (
    Affiliation,
    Opened,
    chosen,
    close_all,
    close_session,
    open_session,
    owner_of,
    places_of,
)
from vigie.services.accounts.words import clean_name
from vigie.services.mail.addresses import known_address
from vigie.store.journal.people import Person

if TYPE_CHECKING:
    from vigie.services.accounts.passwords import Passwords, WrongPasswords
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal

REFUSED = "L’adresse électronique ou le mot de passe ne sont pas reconnus."


@dataclass(frozen=True, slots=True)
class Me:
    """What an account says of itself; `via` tells whether a session or a token asks."""

    person: str
    name: str
    email: str
    has_password: bool
    role: str
    via: str
    organisation: str
    siren: str
    places: tuple[Affiliation, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the account as machine-readable answers print it."""
        return {
            "person": self.person,
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "via": self.via,
            "organisation": self.organisation,
            "siren": self.siren,
            "organisations": [place.as_dict() for place in self.places],
        }


class Signing:
    """Sign-in by password, and what a signed-in person does with their own session."""

    def __init__(
        self, journal: Journal, keys: Keys, guarding: RateLimiter, passwords: Passwords, knocking: WrongPasswords
    ) -> None:
        self._journal, self._keys, self._guarding, self._passwords = journal, keys, guarding, passwords
        self._knocking = knocking

    def sign_in(self, email: str, password: str, origin: str = "", organisation: str = "", device: str = "") -> Opened:
        """Open a session; `origin` is the network address whence it is asked, `device` what the browser keeps.

        Raises `NotSignedIn` with one sentence whether the account is unknown or the password wrong, and
        `TooManyAttempts` when the address was tried too often from there, or far more from everywhere, or when the
        origin tried too often; a device that its owner came in from has a count of its own.
        """
        key = self._keys.email(email)
        counted = self._knocking.enter(key, origin, device)
        with self._journal.reading(Scope(key=key)) as reader:
            person = reader.one(select(Person).where(Person.email_key == key, Person.deleted_at.is_(None)))
        stored = person.password_hash if person is not None else None
        if not self._passwords.verify(stored, password) or person is None or stored is None:
            raise NotSignedIn(REFUSED)
        renewed = self._passwords.hash(password) if self._passwords.is_outdated(stored) else ""
        with self._journal.writing(Scope(key=key)) as unit:
            self._guarding.forgive(unit, counted)
            opened = open_session(unit, person, "password", organisation)
            if renewed:
                unit.act("password.renewed", person.id)
                unit.get(Person, person.id).password_hash = renewed
        return replace(opened, device=self._knocking.marked(key, device))

    def sign_out(self, secret: str) -> None:
        """Revoke the session of a secret; a secret already unknown is no fault."""
        with self._journal.writing(Scope(via="session")) as unit:
            close_session(unit, secret)

    def sign_out_everywhere(self, scope: Scope, but: str = "") -> int:
        """Revoke every session of the asker, but the one of a secret; return how many were open."""
        _require_session(scope)
        with self._journal.writing(replace(scope, request_key="")) as unit:
            unit.act("sessions.closed", scope.person)
            return close_all(unit, scope.person, but)

    def switch(self, scope: Scope, secret: str, organisation: str, siren: str = "") -> Opened:
        """Go on in another organisation of the asker, or for another of their firms: the session changes its secret.

        Raises `NotFound` when they have no active role there, or do not speak for that firm.
        """
        _require_session(scope)
        with self._journal.writing(scope) as unit:
            if not organisation or chosen(places_of(unit, scope.person), organisation, siren) is None:
                raise NotFound("Vous n’avez pas de rôle actif dans cette organisation.")
            person = unit.get(Person, scope.person)
            close_session(unit, secret)
            return open_session(unit, person, "switch", organisation, siren)

    def change_password(self, scope: Scope, secret: str, current: str, new: str) -> None:
        """Change the asker's password and close their other sessions.

        Raises `FieldFault` when the current one is wrong or the new one refused, `TooManyAttempts` after many tries.
        """
        _require_session(scope)
        counted = self._guarding.enter((BY_ADDRESS, f"change:{scope.person}"))
        with self._journal.reading(scope) as reader:
            person = reader.get(Person, scope.person)
        if not self._passwords.verify(person.password_hash, current):
            raise FieldFault("mot_de_passe_actuel", "Ce n’est pas le mot de passe actuel.")
        stored = self._passwords.hash(new, person.email or "", "nouveau_mot_de_passe")
        with self._journal.writing(replace(scope, request_key="")) as unit:
            self._guarding.forgive(unit, counted)
            unit.act("password.changed", scope.person)
            unit.get(Person, scope.person).password_hash = stored
            unit.flush()
            close_all(unit, scope.person, secret)

    def me(self, scope: Scope) -> Me:
        """Return what the asker's account says of itself; raises `NotSignedIn` for nobody."""
        if not scope.person:
            raise NotSignedIn("Présentez une session ou un jeton.")
        with self._journal.reading(scope) as reader:
            person = reader.get(Person, scope.person)
            return Me(
                person=person.id,
                name=person.name or "",
                email=person.email or "",
                has_password=person.password_hash is not None,
                role=scope.role.value,
                via=scope.via,
                organisation=scope.organisation,
                siren=scope.siren,
                places=places_of(reader, person.id),
            )

    def rename(self, scope: Scope, name: str) -> None:
        """Change the name under which the asker is shown."""
        _require_session(scope)
        with self._journal.writing(replace(scope, request_key="")) as unit:
            unit.act("person.renamed", scope.person)
            unit.get(Person, scope.person).name = clean_name(name)


def _require_session(scope: Scope) -> None:
    if not scope.person or scope.via != "session":
        raise NotSignedIn("Connectez-vous d’abord avec votre adresse et votre mot de passe.")


_DIGITS = 11
"""Of a moment in seconds: the year 5138 at most, which a date can hold."""
_UNKNOWN = "Ce lien n’est pas valable, ou ne l’est plus : demandez-en un autre."


class Recovering:
    """The link carries its own proof, tied to the password it replaces: once changed, the link is dead."""

    def __init__(self, journal: Journal, keys: Keys, guarding: RateLimiter, passwords: Passwords, mail: Mail) -> None:
        self._journal, self._keys, self._guarding = journal, keys, guarding
        self._passwords, self._mail = passwords, mail

    def ask(self, email: str, origin: str = "") -> None:
        """Write the letter when the address is that of an account; nothing tells whether it is.

        Raises `FieldFault` when it is not an address, `TooManyAttempts` after many letters.
        """
        key = self._keys.email(known_address(email, "courriel"))
        self._guarding.enter((LETTERS_BY_ADDRESS, key), (LETTERS_BY_ORIGIN, origin_of(origin)))
        with self._journal.writing(Scope(key=key)) as unit:
            person = owner_of(unit, key)
            if person is None:
                return
            unit.act("password.recovery_asked", person.id)
            until = int((unit.now + RECOVERY_LASTS).timestamp())
            link = self._mail.link(f"/connexion/oubli/{person.id}.{until}.{self._proof(person, until)}")
            body = (
                f"Bonjour,\n\nPour choisir un nouveau mot de passe, ouvrez cette page dans l’heure{NBSP}:\n"
                f"{link}\n\n"
                f"Si vous n’avez rien demandé, ne faites rien{THIN}; votre mot de passe ne change pas.\n"
            )
            self._mail.post(
                unit, recipient=person.email or "", subject="Nouveau mot de passe", body=body, about=person.id
            )

    def check(self, token: str) -> str:
        """Return the person of a link; raises `NotFound` when it is not valid, or not any more."""
        identifier, _, rest = token.partition(".")
        until, _, proof = rest.partition(".")
        if not (token.isascii() and until.isdigit() and len(until) <= _DIGITS):
            raise NotFound(_UNKNOWN)
        with self._journal.reading(Scope(person=identifier)) as reader:
            person = reader.find(Person, identifier)
            late = datetime.fromtimestamp(int(until), UTC) <= reader.now
            if person is None or late or not hmac.compare_digest(self._proof(person, int(until)), proof):
                raise NotFound(_UNKNOWN)
            return person.id

    def reset(self, token: str, password: str) -> None:
        """Change the password, close every session and revoke every token.

        Raises as `check`, and `FieldFault` for a weak password.
        """
        identifier = self.check(token)
        with self._journal.reading(Scope(person=identifier)) as reader:
            email = reader.get(Person, identifier).email or ""
        stored = self._passwords.hash(password, email)
        with self._journal.writing(Scope(person=identifier, via="consent")) as unit:
            person = unit.get(Person, identifier)
            until = int(token.split(".")[1])
            if not hmac.compare_digest(self._proof(person, until), token.rpartition(".")[2]):
                raise Conflict("Ce lien vient de servir : connectez-vous avec le nouveau mot de passe.")
            places = places_of(unit, identifier)
            if places:
                unit.moving(replace(unit.scope, organisation=places[0].organisation))
            unit.act("password.recovered", identifier)
            person.password_hash = stored
            unit.flush()
            close_all(unit, identifier, tokens=True)

    def _proof(self, person: Person, until: int) -> str:
        return self._keys.fingerprint("recovery", f"{person.id}:{until}:{person.password_hash or ''}")
