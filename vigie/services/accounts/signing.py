"""Coming in and going out: password, session, choice of the organisation, change of password."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.errors import FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.rate_limits import BY_ADDRESS, RateLimiter
from vigie.services.accounts.sessions import (
    Affiliation,
    Opened,
    chosen,
    close_all,
    close_session,
    open_session,
    places_of,
)
from vigie.services.accounts.words import clean_name
from vigie.store.journal.people import Person

if TYPE_CHECKING:
    from vigie.services.accounts.passwords import Passwords
    from vigie.services.accounts.wrong_passwords import WrongPasswords
    from vigie.services.keys import Keys
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
