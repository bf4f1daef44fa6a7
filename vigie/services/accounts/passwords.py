"""Passwords: how they are kept and compared, and what wrong ones lead to.

A browser that came in keeps a sealed mark for each of the last accounts used there. Tries that carry the mark of an
account have a count of their own: many origins that guess together fill the counts of strangers, never this one.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from vigie.domain.access import Scope
from vigie.domain.accounts import password_fault
from vigie.domain.french import NBSP, THIN
from vigie.errors import FieldFault, TooManyAttempts
from vigie.services.accounts.rate_limits import BY_ORIGIN, BY_PAIR, ON_ADDRESS, Limit, RateLimiter, origin_of
from vigie.services.accounts.sessions import owner_of
from vigie.services.keys import Keys
from vigie.store.journal.people import Person

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal

_AT_ONCE = 2


class Passwords:
    """Makes and verifies the stored form of passwords (RFC 9106, second choice: 64 MiB, three passes)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        # Each hash takes 64 MiB: a crowd of sign-ins waits its turn instead of filling the memory.
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._nobody: str = ""

    def hash(self, password: str, email: str = "", field: str = "mot_de_passe") -> str:
        """Return what is stored of a new password.

        Raises `FieldFault` when it is too short, too long, the address itself, or a word that guessers try first.
        """
        fault = password_fault(password, email)
        if fault:
            raise FieldFault(field, fault)
        with self._turn:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password is the one stored; no account at all takes as long as a wrong password."""
        against = stored or self._of_nobody()
        try:
            with self._turn:
                self._hasher.verify(against, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a stored form should be made again with today's costs."""
        return self._hasher.check_needs_rehash(stored)

    def _of_nobody(self) -> str:
        with self._lock:
            if not self._nobody:
                self._nobody = self._hasher.hash(secrets.token_urlsafe())
            return self._nobody


BY_DEVICE = Limit("sign-in-device", 10, timedelta(minutes=15))
"""A device its owner came in from forgives as many tries as an address does."""
TOLD = Limit("door-closed", 1, timedelta(days=1))
"""The owner is told once a day at most, however long strangers go on."""
MOST_MARKS = 4
MARK_LASTS = timedelta(days=400)
"""Who signs in once a year is still recognised; browsers drop a cookie after 400 days."""
_LONGEST = 1_000


class WrongPasswords:
    """Counts the tries of a password, and makes and recognises the marks of devices."""

    def __init__(self, journal: Journal, keys: Keys, guarding: RateLimiter, mail: Mail) -> None:
        self._journal, self._keys, self._guarding, self._mail = journal, keys, guarding, mail

    def enter(self, key: str, origin: str, device: str) -> tuple[str, ...]:
        """Count one try of the account of a fingerprint, and return what `RateLimiter.forgive` takes.

        Raises `TooManyAttempts` when this device, or strangers from there or from everywhere, tried too often; the
        owner is then told by letter.
        """
        mark = self._mark_of(device, key)
        if mark:
            return self._guarding.enter((BY_DEVICE, f"{key} {mark}"))
        whence = origin_of(origin)
        try:
            return self._guarding.enter((BY_PAIR, f"{key} {whence}"), (ON_ADDRESS, key), (BY_ORIGIN, whence))
        except TooManyAttempts:
            # An origin may be full of tries at other accounts: the owner of this one has nothing to be told.
            if self._guarding.is_full(BY_PAIR, f"{key} {whence}") or self._guarding.is_full(ON_ADDRESS, key):
                self._tell(key)
            raise

    def marked(self, key: str, device: str) -> str:
        """Return what a device keeps after its owner came in: a new mark of this account, before those of others."""
        others = [mark for mark in _marks(device) if not self._is_of(mark, key)]
        made = f"{Keys.new_token()}.{int(self._journal.now().timestamp())}"
        return "~".join([f"{made}.{self._seal(made, key)}", *others][:MOST_MARKS])

    def _mark_of(self, device: str, key: str) -> str:
        """Return the part of a mark by which its tries are counted; empty when the device bears none of the account."""
        now = self._journal.now().timestamp()
        for mark in _marks(device):
            made = mark.split(".")[1]
            if self._is_of(mark, key) and now - int(made) <= MARK_LASTS.total_seconds():
                return mark.split(".")[0]
        return ""

    def _is_of(self, mark: str, key: str) -> bool:
        made, _, seal = mark.rpartition(".")
        return hmac.compare_digest(seal.encode(), self._seal(made, key).encode())

    def _seal(self, made: str, key: str) -> str:
        return self._keys.fingerprint("device", f"{made}\n{key}")

    def _tell(self, key: str) -> None:
        """Write to the owner, when the address is that of an account and nothing was written for a day."""
        with self._journal.reading(Scope(key=key)) as reader:
            known = reader.one(select(Person.id).where(Person.email_key == key, Person.deleted_at.is_(None)))
        if known is None:
            return
        try:
            self._guarding.enter((TOLD, key))
        except TooManyAttempts:
            return
        with self._journal.writing(Scope(key=key)) as unit:
            person = owner_of(unit, key)
            if person is None:
                return
            unit.act("account.door_closed", person.id)
            self._mail.post(
                unit, recipient=person.email or "", subject="Des essais de mot de passe sur votre compte",
                body=_letter(self._mail.link("/connexion/oubli")), about=person.id,
            )  # fmt: skip


def _letter(link: str) -> str:
    return (
        "Bonjour,\n\nQuelqu’un a essayé plusieurs mots de passe sur votre compte, sans entrer. Ces essais doivent "
        f"maintenant attendre{THIN}; l’appareil d’où vous vous connectez d’habitude, lui, n’attend pas.\n\n"
        "Si c’est vous, attendez un quart d’heure, ou choisissez un autre mot de passe"
        f"{NBSP}: {link}\n\nSinon, vous n’avez rien à faire. Cette lettre n’est envoyée qu’une fois par jour.\n"
    )


def _marks(device: str) -> list[str]:
    """Return the marks of a device that have the form of one."""
    if not device.isascii() or len(device) > _LONGEST:
        return []
    parts = [mark.split(".") for mark in device.split("~")[:MOST_MARKS]]
    return [".".join(part) for part in parts if len(part) == 3 and part[1].isdigit() and len(part[1]) <= 11]
