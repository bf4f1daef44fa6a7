"""Ideas that participants propose: received, decided upon, followed and taken back by their author."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.access import ABSENT, ANYONE, Right, Scope, Thing
from vigie.domain.consultation import LONGEST, StatementState, same_words, statement_fault
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape
from vigie.domain.moderation import RULES
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.accounts.rate_limits import Limit, RateLimiter, origin_of
from vigie.services.acts import Act, Doing, Nothing, Telling, needs, nothing
from vigie.services.capabilities import Capability
from vigie.services.consultations.answers import IdeaTold
from vigie.services.consultations.reading import is_open, kept, public, statement_told
from vigie.services.entries import read
from vigie.services.keys import Keys
from vigie.store.journal.consultations import Consultation, Statement
from vigie.store.journal.introductions import ConsentKey
from vigie.store.journal.people import Organisation

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.store.journal.port import Journal, Reader

PURPOSE = "statement"
FOLLOWED_FOR = timedelta(days=365)
"""A consultation lasts a year at most: its idea is followed as long."""
IDEAS = Limit("idea", 5, timedelta(hours=1))
"""Five ideas an hour from one place: a family that talks it over, not a program."""
MOST_WAITING = 500


@dataclass(frozen=True, slots=True)
class IdeaEntry:
    """Une idée proposée à une consultation."""

    text: Annotated[
        str, Label("Votre idée, en une phrase"), TextShape("lines"), Length(2000), Missing(statement_fault("")),
        Hint(f"{LONGEST} signes au plus, une seule idée, sans nommer personne : les autres doivent pouvoir la voter."),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class IdeaReceived:
    """Une idée relue, et la consultation à laquelle elle est proposée."""

    consultation: Annotated[str, Label("Consultation"), Length(20)]
    text: Annotated[str, Label("Idée"), Length(2000)]


def _told(telling: Telling, statement: str) -> IdeaTold:
    return _idea(telling.reader, telling.reader.get(Statement, statement))


PROPOSED = Act(
    "statement.proposed",
    "idée proposée à une consultation",
    needs=needs(Thing.STATEMENTS, Right.WRITE_OWN),
    summary="Proposer une idée",
    done="Votre idée est reçue.",
    takes=IdeaReceived,
    tells=_told,
    makes=True,
)
TAKEN_BACK = Act(
    "statement.taken_back",
    "idée retirée par son auteur",
    needs=needs(Thing.STATEMENTS, Right.WRITE_OWN),
    summary="Retirer son idée",
    done="Votre idée est retirée : ses mots sont effacés.",
    takes=Nothing,
    tells=nothing,
    erases=True,
)
CAPABILITY = Capability("Consultations", acts=(PROPOSED, TAKEN_BACK))


class Ideas:
    """Takes ideas; their author keeps the address by which they are followed and taken back."""

    def __init__(self, journal: Journal, keys: Keys, acts: ActRunner) -> None:
        self._journal, self._keys, self._acts = journal, keys, acts
        self._limits = RateLimiter(journal, keys)

    def propose(self, scope: Scope, consultation: str, said: IdeaEntry, whence: str = "") -> tuple[str, IdeaTold]:
        """Write an idea that an officer is to read, and return the secret by which its author follows it.

        The account of somebody of the organisation is noted with the idea; it is never joined to a vote. Raises
        `FieldFault` for what cannot be voted, `Conflict` once it is closed, `TooManyAttempts` for too many ideas.
        """
        text = " ".join(read(IdeaEntry, said).text.split())
        if fault := statement_fault(text):
            raise FieldFault("text", fault)
        with self._journal.reading(ANYONE) as reader:
            row = public(reader, consultation)
            until = _checked(reader, row, text)
        self._limits.enter((IDEAS, f"{row.id}\n{origin_of(whence)}" if whence else ""))
        ours = scope.organisation == row.organisation_id and scope.person
        asked = Scope(
            organisation=row.organisation_id, request_key=scope.request_key, request_content=scope.request_content
        )
        if ours:
            asked = replace(asked, person=scope.person, role=scope.role, via=scope.via)
        statement = self._acts.do(asked, PROPOSED, consultation, IdeaReceived(row.id, text))
        token = self._link(asked, statement, until)
        return token, self.look(token)

    def look(self, token: str) -> IdeaTold:
        """Return an idea as its author follows it; raises `NotFound` for a dead link."""
        with self._journal.reading(_bearer(token)) as reader:
            key = _held(reader, token)
            reader.moving(Scope(organisation=key.organisation_id))
            return _idea(reader, _of(reader, key.subject_id))

    def take_back(self, token: str) -> IdeaTold:
        """Erase the words of an idea, for good; it is voted no more."""
        with self._journal.reading(_bearer(token)) as reader:
            key = _held(reader, token)
            organisation, statement = key.organisation_id, key.subject_id
        self._acts.do(Scope(organisation=organisation, via="consent"), TAKEN_BACK, statement, Nothing())
        return self.look(token)

    def _link(self, asked: Scope, statement: str, until: datetime) -> str:
        """Return a new secret; the link says nothing of who proposed, and no event is written for it."""
        token = self._keys.new_token()
        with self._journal.writing(replace(asked, request_key="")) as unit:
            unit.add(
                ConsentKey(
                    key_hash=Keys.hash_token(token),
                    subject_id=statement,
                    purpose=PURPOSE,
                    created_at=unit.now,
                    expires_at=until,
                )
            )
        return token


@PROPOSED.does
def propose(doing: Doing, _: str, said: IdeaReceived) -> None:
    """Write an idea that waits for an officer."""
    unit = doing.unit
    unit.add(
        Statement(
            id=doing.subject,
            consultation_id=said.consultation,
            text=said.text,
            author_id=unit.scope.person,
            visibility="network",
        )
    )


@TAKEN_BACK.does
def take_back(doing: Doing, statement: str, _: Nothing) -> None:
    """Empty an idea; two clicks make one."""
    row = _of(doing.unit, statement)
    if row.state == StatementState.ERASED.value:
        return
    row.state, row.author_id = StatementState.ERASED.value, ""
    doing.unit.erase(row)


def _checked(reader: Reader, row: Consultation, text: str) -> datetime:
    """Return until when an idea is followed; raises `Conflict` when none is taken, `FieldFault` when it is there."""
    if not is_open(reader, row):
        raise Conflict("Cette consultation n’est pas ouverte : elle ne reçoit plus d’idées.")
    if any(same_words(text, one.text or "") for one in kept(reader, row.id)):
        raise FieldFault("text", "Cette idée est déjà soumise au vote : donnez-lui votre avis.")
    return reader.now + FOLLOWED_FOR


def _idea(reader: Reader, row: Statement) -> IdeaTold:
    consultation = reader.get(Consultation, row.consultation_id)
    organisation = reader.find(Organisation, row.organisation_id)
    return IdeaTold(
        consultation=consultation.id,
        question=consultation.question,
        organisation=organisation.name if organisation else "",
        statement=statement_told(row),
        reason=RULES.get(row.rule, ""),
        may_withdraw=row.state != StatementState.ERASED.value,
    )


def _of(reader: Reader, statement: str) -> Statement:
    row = reader.find(Statement, statement)
    if row is None:
        raise NotFound(ABSENT)
    return row


def _bearer(token: str) -> Scope:
    return Scope(via="consent", key=Keys.hash_token(token))


def _held(reader: Reader, token: str) -> ConsentKey:
    mine = select(ConsentKey).where(ConsentKey.key_hash == Keys.hash_token(token), ConsentKey.purpose == PURPOSE)
    key = reader.one(mine)
    if key is None or key.expires_at <= reader.now:
        raise NotFound(ABSENT)
    return key
