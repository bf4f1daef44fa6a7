"""Secrets of the installation: tokens given to people, and fingerprints that only this installation can make."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

_TOKEN_BYTES = 24


class Keys:
    """Makes and recognises secrets; nothing it stores lets a secret be found again."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of_installation(cls, secret: str, folder: Path) -> Keys:
        """Use the secret given, or the one kept in the folder, made readable by its owner only the first time."""
        if secret:
            return cls(secret.encode())
        kept = folder / "secret"
        if not kept.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600, exist_ok=True)
            kept.write_text(secrets.token_hex(32), encoding="ascii")
        return cls(kept.read_text(encoding="ascii").strip().encode())

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

    def email(self, address: str) -> str:
        """Return the fingerprint under which an e-mail address is looked up, its case and blanks ignored."""
        return self.fingerprint("email", address.strip().casefold())
