"""Who presents a secret: a session of the pages, a token of a program, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from vigie.domain.access import ANYONE, Role, Scope
from vigie.services.keys import Keys
from vigie.store.journal.people import ApiToken, Membership, Organisation, Person, SignIn
from vigie.store.journal.port import Journal, Reader


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, with what the frame of a page says of them; nobody has an empty name."""

    scope: Scope = ANYONE
    name: str = ""
    organisation: str = ""


NOBODY = Asker()


class Recognising:
    """Turns a secret into the scope it opens."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys

    def session(self, secret: str) -> Asker:
        """Return who holds a session; nobody when it is unknown, revoked or past its time."""
        if not secret:
            return NOBODY
        hashed = self._keys.hash_token(secret)
        with self._journal.reading(Scope(key=hashed)) as reader:
            held = reader.one(select(SignIn).where(SignIn.key_hash == hashed))
            if held is None or held.revoked_at is not None or held.expires_at <= reader.now:
                return NOBODY
            return self._asker(reader, held, via="session")

    def token(self, secret: str) -> Asker:
        """Return who holds an API token or a session presented as one; nobody when it is not accepted."""
        hashed = self._keys.hash_token(secret)
        with self._journal.reading(Scope(key=hashed)) as reader:
            held = reader.one(select(ApiToken).where(ApiToken.key_hash == hashed))
            if held is None:
                return self.session(secret)
            expired = held.expires_at is not None and held.expires_at <= reader.now
            if held.revoked_at is not None or held.deleted_at is not None or expired:
                return NOBODY
            return self._asker(reader, held, via="token")

    @staticmethod
    def _asker(reader: Reader, held: SignIn | ApiToken, *, via: str) -> Asker:
        """Return the member behind a secret; nobody when the membership was ended or suspended meanwhile."""
        with_person = replace(reader.scope, organisation=held.organisation_id, person=held.person_id)
        reader.moving(with_person)
        member = reader.one(
            select(Membership).where(
                Membership.organisation_id == held.organisation_id,
                Membership.person_id == held.person_id,
                Membership.deleted_at.is_(None),
            )
        )
        person = reader.find(Person, held.person_id)
        organisation = reader.find(Organisation, held.organisation_id)
        if member is None or member.state != "active" or person is None or organisation is None:
            return NOBODY
        scope = Scope(
            role=Role.READING_TOKEN if isinstance(held, ApiToken) else Role(member.role),
            organisation=organisation.id,
            person=person.id,
            siren=member.siren,
            via=via,
        )
        return Asker(scope, person.name or "", organisation.name)
