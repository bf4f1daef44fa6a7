"""Secrets of the installation, by which it recognises itself and its journal; tokens given to people.

Remade, a secret would recognise no objection, and firms that object would be public again; a journal would hold none.
The journal keeps a fingerprint of the secret; the data directory keeps a mark that a journal existed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.access import Role, Scope
from vigie.domain.addresses import address_key
from vigie.errors import JournalUnavailable
from vigie.store.journal.records import Seal

if TYPE_CHECKING:
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal

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


MARK, SECRET, WORD = "journal-mark", "secret", "secret"
_HOST = Scope(role=Role.SUPER_ADMIN, via="command")
_ANEW = (
    "Pour repartir de rien, en toute connaissance de cause, lancez « vigie journal anew --yes » : les comptes, les "
    "dossiers et les oppositions d’avant seront oubliés, et les entreprises opposées redeviendront publiques."
)


def require_journal(settings: Settings, path: Path | None) -> None:
    """Raise `JournalUnavailable` when the file of a journal that existed is gone or empty; `path` is `None` elsewhere.

    It also refuses the file of SQLite where the journal was kept at another address, whose setting was forgotten.
    """
    mark = settings.data_dir / MARK
    if path is None or not mark.is_file() or (path.is_file() and path.stat().st_size):
        return
    if _said(mark) == "elsewhere":
        raise JournalUnavailable(
            "Le journal de cette installation est sur un serveur PostgreSQL : redonnez son adresse par "
            f"VIGIE_JOURNAL_URL. {_ANEW}"
        )
    raise JournalUnavailable(
        f"Le journal « {path} » a disparu ou est vide, alors que cette installation en avait un : remettez ce fichier, "
        f"ou une sauvegarde par « vigie journal restore FICHIER ». {_ANEW}"
    )


def keys_of(settings: Settings, journal: Journal) -> Keys:
    """Return the keys of an installation whose journal is open; the first time, they are made and recognised.

    Raises `JournalUnavailable` when the secret is gone, empty, or not the one that the journal knows.
    """
    known = seal_of(journal)
    kept = settings.data_dir / SECRET
    if known and not settings.secret and not kept.is_file():
        raise JournalUnavailable(
            f"Le secret de l’installation, « {kept} », a disparu : remettez le fichier d’origine ou donnez-le par "
            f"VIGIE_SECRET. Sans lui, les oppositions ne sont plus reconnues et personne ne peut se connecter. {_ANEW}"
        )
    keys = Keys.of_installation(settings.secret, settings.data_dir)
    seal = keys.fingerprint("seal", WORD)
    if known and known != seal:
        where = "VIGIE_SECRET" if settings.secret else f"le fichier « {kept} »"
        raise JournalUnavailable(
            f"Le secret donné par {where} n’est pas celui de ce journal : remettez celui d’origine. Avec un autre, les "
            f"oppositions ne seraient plus reconnues et personne ne pourrait se connecter. {_ANEW}"
        )
    if not known:
        with journal.writing(_HOST) as unit:
            if unit.find(Seal, WORD) is None:
                unit.add(Seal(id=WORD, value=seal))
    return keys


def seal_of(journal: Journal) -> str:
    """Return the fingerprint of the secret that a journal knows, empty before the first start."""
    with journal.reading(_HOST) as reader:
        return reader.one(select(Seal.value).where(Seal.id == WORD)) or ""


def leave_mark(settings: Settings, path: Path | None) -> None:
    """Note in the data directory that a journal exists, and whether it is a file there."""
    mark = settings.data_dir / MARK
    said = "elsewhere" if path is None else "here"
    if not mark.is_file() or _said(mark) != said:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        mark.write_text(f"{said}\n", encoding="utf-8")


def start_anew(settings: Settings, journal: Journal | None) -> None:
    """Forget that a journal existed, and the secret that the present one knows."""
    (settings.data_dir / MARK).unlink(missing_ok=True)
    if journal is not None:
        keys = Keys.of_installation(settings.secret, settings.data_dir)
        with journal.writing(_HOST) as unit:
            row = unit.find(Seal, WORD)
            if row is not None:
                row.value = keys.fingerprint("seal", WORD)


def _said(mark: Path) -> str:
    """Return what a mark says of the journal; one that cannot be read says that there is one."""
    try:
        return mark.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
