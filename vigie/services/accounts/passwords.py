"""Passwords: argon2id, verified in the same time whether the account exists or not."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vigie.domain.accounts import password_fault
from vigie.errors import FieldFault

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
