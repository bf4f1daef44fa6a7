"""Links of letters: each lets its bearer do one thing, once, for thirty days, without an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from vigie.domain.access import Scope
from vigie.errors import Conflict, NotFound
from vigie.services.keys import Keys
from vigie.store.journal.introductions import ConsentKey

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader, Unit

from sqlalchemy import select

CONSENT, WITHDRAWAL, SATISFACTION, ANSWER = "consent", "withdrawal", "satisfaction", "answer"
"""What a link may let its bearer do: answer a proposal, take a yes back, rate, confirm an answer to a call."""
LIFETIME = timedelta(days=30)
"""A month to answer, two reminders included; then the officer proposes it again."""
OPEN, USED, EXPIRED = "open", "used", "expired"
_UNKNOWN = "Ce lien n’existe pas : vérifiez qu’il est complet, tel que dans le courriel."


class Links:
    """Makes links and finds what they open; the link itself is never stored, only its hash."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self._journal, self._mail = journal, mail

    def make(self, unit: Unit, purpose: str, *, side: str = "", subject: str = "") -> str:
        """Return a new link, to be put in a letter of the running transaction."""
        token = Keys.new_token()
        unit.add(
            ConsentKey(
                key_hash=Keys.hash_token(token),
                side_id=side,
                subject_id=subject,
                purpose=purpose,
                expires_at=unit.now + LIFETIME,
            )
        )
        return self._mail.link(f"/lien/{token}")

    def purpose(self, token: str) -> str:
        """Return what a link is for; raises `NotFound` when there is none such."""
        with self._journal.reading(bearer(token)) as reader:
            return held(reader, token).purpose

    @staticmethod
    def retire(unit: Unit, purpose: str, side: str) -> None:
        """End at once the links of a side that were not used."""
        unused = select(ConsentKey).where(
            ConsentKey.side_id == side, ConsentKey.purpose == purpose, ConsentKey.used_at.is_(None)
        )
        for key in unit.all(unused):
            key.expires_at = min(key.expires_at, unit.now)


def bearer(token: str) -> Scope:
    """Return the scope of whoever presents a link."""
    return Scope(via="consent", key=Keys.hash_token(token))


def held(reader: Reader, token: str) -> ConsentKey:
    """Return the key behind a link and go on within its organisation; raises `NotFound` when there is none such."""
    key = reader.one(select(ConsentKey).where(ConsentKey.key_hash == Keys.hash_token(token)))
    if key is None:
        raise NotFound(_UNKNOWN)
    reader.moving(replace(reader.scope, organisation=key.organisation_id))
    return key


def standing(key: ConsentKey, reader: Reader) -> str:
    """Return whether a link is open, used or expired."""
    if key.used_at is not None:
        return USED
    return EXPIRED if key.expires_at <= reader.now else OPEN


def usable(unit: Unit, token: str, *purposes: str) -> ConsentKey:
    """Return the key behind a link that may still be used; raises `Conflict` when it was, or came to its end."""
    key = held(unit, token)
    # The row is taken again, locked: two clicks on the same button meet here.
    key = unit.one(select(ConsentKey).where(ConsentKey.id == key.id).with_for_update()) or key
    if key.purpose not in purposes:
        raise NotFound(_UNKNOWN)
    now = standing(key, unit)
    if now == USED:
        raise Conflict("Ce lien a déjà servi : votre réponse est enregistrée.")
    if now == EXPIRED:
        raise Conflict("Ce lien n’est plus valable : demandez-en un autre à la personne qui vous a écrit.")
    return key
