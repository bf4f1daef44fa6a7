"""Secrets of the installation: tokens given to people, and fingerprints that only this installation can make."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from vigie.domain.addresses import address_key
from vigie.errors import JournalUnavailable

_TOKEN_BYTES = 24


class Keys:
    """Makes and recognises secrets; nothing it stores lets a secret be found again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of_installation(cls, secret: str, folder: Path) -> Keys:
        """Use the secret given, or the one kept in the folder, made readable by its owner only the first time.

        Raises `JournalUnavailable` for an empty one: what it would key could be made by anybody.
        """
        if secret:
            return cls(secret.encode())
        kept = folder / "secret"
        if not kept.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _make(kept)
        try:
            found = kept.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            raise JournalUnavailable(
                f"Le secret de l’installation, « {kept} », ne se lit pas : remettez celui d’origine, ou donnez-le par "
                "VIGIE_SECRET."
            ) from None
        if not found:
            raise JournalUnavailable(f"Le secret de l’installation, « {kept} », est vide : remettez celui d’origine.")
        return cls(found.encode())

    @staticmethod
    def new_token() -> str:
        """Return a secret to hand to somebody: 192 bits, fit for an address."""
        return secrets.token_urlsafe(_TOKEN_BYTES)

    @staticmethod
    def hash_token(token: str) -> str:
        """Return what is stored of a token; tokens are random, so a plain hash cannot be turned back."""
        return hashlib.sha256(token.encode()).hexdigest()

    def fingerprint(self, kind: str, text: str) -> str:
        """Return HMAC-SHA256 of a text, in hexadecimal; `kind` keeps uses apart (`siren`, `email`, `identity`…)."""
        return hmac.new(self._secret, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()

    def form_key(self, place: str) -> str:
        """Return the key of a form, marked with the place (person, organisation, firm) of whom it is shown to."""
        token = self.new_token()
        return f"{token}.{self._mark(place, token)}"

    def made_for(self, place: str, key: str) -> bool:
        """Tell whether a form's key was made for a place."""
        token, _, mark = key.partition(".")
        return hmac.compare_digest(mark.encode(), self._mark(place, token).encode())

    def _mark(self, place: str, token: str) -> str:
        return self.fingerprint("form", f"{place}\n{token}")[:20]

    def email(self, address: str) -> str:
        """Return the fingerprint under which an e-mail address is looked up, however it is spelled."""
        return self.fingerprint("email", address_key(address))


def _make(kept: Path) -> None:
    """Write a secret that is durable before it is seen, and never takes the place of one made meanwhile."""
    fresh = kept.with_name(f".{kept.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            kept.hardlink_to(fresh)
        except FileExistsError:
            return
        except OSError:
            fresh.replace(kept)  # a file system without links
    finally:
        fresh.unlink(missing_ok=True)
