"""Tokens for programs: they only read, within scopes, and are shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from vigie.domain.access import Right, Scope, Thing
from vigie.errors import FieldFault, NotFound, NotSignedIn
from vigie.services.accounts.words import clean_text
from vigie.services.acts import Act, Doing, FormPage, Nothing, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.keys import Keys
from vigie.store.journal.base import new_id
from vigie.store.journal.people import ApiToken, Person
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader

LONGEST_DAYS = 366


class TokenScope(StrEnum):
    """What a token lets a program read."""

    READING = "lecture"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `secret` is said once, when it is made."""

    id: str
    label: str
    scopes: tuple[str, ...]
    owner: str
    created_at: datetime
    expires_at: datetime | None
    state: str
    secret: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the token as machine-readable answers print it."""
        told = {
            "id": self.id,
            "label": self.label,
            "scopes": list(self.scopes),
            "owner": self.owner,
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "state": self.state,
        }
        return told | ({"token": self.secret} if self.secret else {})


class Tokens:
    """Makes and lists tokens: one's own; all of the organisation's for its administrators."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def make(self, scope: Scope, label: str, days: int = 90, scopes: tuple[str, ...] = ("lecture",)) -> Token:
        """Make a token of the asker; raises `FieldFault` when its label, length of life or scopes will not do."""
        scope.require(Thing.TOKENS, Right.WRITE, Right.WRITE_OWN)
        if scope.via != "session":
            raise NotSignedIn("Un accès s’ouvre depuis une session.")
        if not 1 <= days <= LONGEST_DAYS:
            raise FieldFault("jours", f"Un accès vaut de 1 à {LONGEST_DAYS} jours.")
        if not scopes or not set(scopes) <= {one.value for one in TokenScope}:
            raise FieldFault("portees", f"Portées connues : {', '.join(one.value for one in TokenScope)}.")
        kept, secret = clean_text(label, "libelle", "à quoi sert cet accès", 100), Keys.new_token()
        try:
            with self._journal.writing(scope) as unit:
                made = ApiToken(
                    id=new_id(),
                    person_id=scope.person,
                    label=kept,
                    scopes=" ".join(sorted(set(scopes))),
                    key_hash=Keys.hash_token(secret),
                    expires_at=unit.now + timedelta(days=days),
                )
                unit.act("token.made", made.id)
                unit.add(made)
                unit.flush()
                return _told(unit, made, secret)
        except AlreadyDone as done:
            with self._journal.reading(scope) as reader:
                return _told(reader, reader.get(ApiToken, done.subject))

    def all(self, scope: Scope) -> tuple[Token, ...]:
        """Return the tokens that the asker may see, the newest first."""
        held = scope.require(Thing.TOKENS, Right.READ, Right.READ_OWN)
        statement = select(ApiToken).where(
            ApiToken.organisation_id == scope.organisation, ApiToken.deleted_at.is_(None)
        )
        if Right.READ not in held:
            statement = statement.where(ApiToken.person_id == scope.person)
        with self._journal.reading(scope) as reader:
            rows = reader.all(statement.order_by(ApiToken.created_at.desc(), ApiToken.id))
            return tuple(_told(reader, row) for row in rows)


REVOKED = Act(
    "token.revoked",
    "accès retiré à un programme",
    needs=needs(Thing.TOKENS, Right.WRITE, Right.WRITE_OWN),
    at="DELETE tokens/{token}",
    form_at="jetons/{token}/revoquer",
    summary="Révoquer un jeton",
    note="Effet immédiat et définitif.",
    done="L’accès est retiré : plus aucun programme ne lit avec ce code.",
    takes=Nothing,
    tells=nothing,
    page=FormPage("", "", "Révoquer", "/bureau/jetons", within=True),
)
CAPABILITY = Capability("Comptes", acts=(REVOKED,))


@REVOKED.does
def revoke(doing: Doing, token: str, _: Nothing) -> None:
    """Revoke a token, at once and for good; raises `NotFound` when it is not the asker's to revoke."""
    unit, row = doing.unit, doing.unit.get(ApiToken, token)
    mine = row.person_id == unit.scope.person or unit.scope.may(Thing.TOKENS, Right.WRITE)
    if row.organisation_id != unit.scope.organisation or not mine:
        raise NotFound("Cet accès n’existe pas, ou n’est pas le vôtre.")
    row.revoked_at = row.revoked_at or unit.now


def _told(reader: Reader, row: ApiToken, secret: str = "") -> Token:
    person = reader.find(Person, row.person_id)
    expired = row.expires_at is not None and row.expires_at <= reader.now
    state = "revoked" if row.revoked_at is not None else ("expired" if expired else "active")
    return Token(
        id=row.id,
        label=row.label,
        scopes=tuple(row.scopes.split()),
        owner=(person.name or "") if person else "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=state,
        secret=secret,
    )
