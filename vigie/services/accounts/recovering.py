"""A forgotten password: a link sent to the confirmed address lets another be chosen, once, within the hour."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vigie.domain.access import Scope
from vigie.domain.accounts import RECOVERY_LASTS
from vigie.domain.french import NBSP, THIN
from vigie.errors import Conflict, NotFound
from vigie.services.accounts.rate_limits import LETTERS_BY_ADDRESS, LETTERS_BY_ORIGIN, RateLimiter, origin_of
from vigie.services.accounts.sessions import close_all, owner_of, places_of
from vigie.services.mail.addresses import known_address
from vigie.store.journal.people import Person

if TYPE_CHECKING:
    from vigie.services.accounts.passwords import Passwords
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal

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
