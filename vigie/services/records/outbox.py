"""The letters of an organisation, as its officers and admins may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from vigie.domain.access import ABSENT, Right, Scope, Thing
from vigie.errors import Conflict, NotFound
from vigie.services.mail.mail import FAILED, WAITING, failed, wait_again
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal, Reader

PER_PAGE = 50
_RECENT = timedelta(days=30)
"""What failed more than a month ago is no news."""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in a list; `readable` tells whether its text can be opened, `erased` that it was forgotten.

    `failing_since` dates the first time it could not leave, `fault` tells why it failed: refused, or late.
    """

    id: str
    recipient: str
    subject: str
    state: str
    written_at: datetime
    sent_at: datetime | None
    tries: int
    failing_since: datetime | None
    fault: str
    readable: bool
    reserved: bool
    erased: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the letter as programs read it."""
        return {
            "id": self.id, "recipient": self.recipient, "subject": self.subject, "state": self.state,
            "written_at": self.written_at.isoformat(), "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "tries": self.tries, "fault": self.fault,
            "failing_since": self.failing_since.isoformat() if self.failing_since else None,
            "readable": self.readable, "reserved": self.reserved, "erased": self.erased,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter with its text."""

    line: LetterLine
    body: str

    def as_dict(self) -> dict[str, Any]:
        """Return the letter as programs read it."""
        return self.line.as_dict() | {"body": self.body}


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A page of letters, the latest first; `configured` tells whether letters leave by themselves.

    `total_failed` counts those that did not leave and can be sent again, on whichever page they are.
    """

    letters: tuple[LetterLine, ...]
    total: int
    page: int
    configured: bool
    total_failed: int = 0

    @property
    def total_pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))

    def as_dict(self) -> dict[str, Any]:
        """Return the page as programs read it."""
        return {
            "results": [letter.as_dict() for letter in self.letters], "total_results": self.total, "page": self.page,
            "total_pages": self.total_pages, "configured": self.configured,
            "total_failed": self.total_failed,
        }  # fmt: skip


class Outbox:
    """Reads letters, and sends again those that failed; the text of those that left is not shown again."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self._journal, self._mail = journal, mail

    def letters(self, scope: Scope, page: int = 1, *, only_failed: bool = False) -> LetterPage:
        """Return a page of the organisation's letters; addresses are read, so the access is traced."""
        scope.require(Thing.OUTBOX, Right.READ)
        with self._journal.reading(scope) as reader:
            failures = _failures(reader, scope)
            found = failures if only_failed else _seen_by(reader, scope)
            latest = found.order_by(Letter.created_at.desc(), Letter.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
            lines = tuple(self._line(letter) for letter in reader.all(latest))
            total, total_failed = reader.count(found), reader.count(failures)
        self._journal.trace(scope, "letters.read")
        return LetterPage(lines, total, page, self._mail.configured, total_failed)

    def letter(self, scope: Scope, identifier: str) -> OpenLetter:
        """Return a letter that did not leave; raises `NotFound` when it left, was forgotten, or is reserved."""
        scope.require(Thing.OUTBOX, Right.READ)
        with self._journal.reading(scope) as reader:
            letter = reader.one(_seen_by(reader, scope).where(Letter.id == identifier))
        if letter is None or not (line := self._line(letter)).readable:
            raise NotFound("Cette lettre n’est plus à lire : elle est partie, ou elle a été effacée.")
        self._journal.trace(scope, "letter.read", letter.id)
        return OpenLetter(line, letter.body or "")

    def send_again(self, scope: Scope, identifier: str) -> LetterLine:
        """Let a letter that failed wait for the next round, and return it; one that waits already stays as it is.

        Raises `NotFound` when it is not the asker's to see, `Conflict` when it left or was erased.
        """
        scope.require(Thing.OUTBOX, Right.WRITE)
        with self._journal.writing(scope) as unit:
            letter = unit.one(_seen_by(unit, scope).where(Letter.id == identifier))
            if letter is None:
                raise NotFound(ABSENT)
            if letter.recipient is None or letter.state not in (FAILED, WAITING):
                raise Conflict("Cette lettre n’est pas à renvoyer : elle est partie, ou elle a été effacée.")
            if letter.state == FAILED:
                unit.act("letter.resent", letter.id)
                wait_again(letter)
            return self._line(letter)

    def send_all_again(self, scope: Scope) -> int:
        """Let every letter that failed, of those the asker sees, wait for the next round; return how many."""
        scope.require(Thing.OUTBOX, Right.WRITE)
        with self._journal.writing(scope) as unit:
            letters = unit.all(_failures(unit, scope))
            if letters:
                unit.act("letters.resent")
            for letter in letters:
                wait_again(letter)
            return len(letters)

    def _line(self, letter: Letter) -> LetterLine:
        stays = letter.state == FAILED or (letter.state == WAITING and not self._mail.configured)
        return LetterLine(
            id=letter.id,
            recipient=letter.recipient or "",
            subject=letter.subject or "",
            state=letter.state,
            written_at=letter.created_at,
            sent_at=letter.sent_at,
            tries=letter.tries,
            failing_since=letter.failing_since,
            fault=letter.fault,
            readable=stays and letter.recipient is not None,
            reserved=letter.reserved,
            erased=letter.recipient is None,
        )


def _seen_by(reader: Reader, scope: Scope) -> Select[Letter]:
    """Ask for the organisation's letters; those that carry a secret of an account are for who manages accounts."""
    mine = select(Letter).where(Letter.organisation_id == reader.scope.organisation)
    return mine if scope.may(Thing.ACCOUNTS, Right.WRITE) else mine.where(Letter.reserved.is_(False))


def _failures(reader: Reader, scope: Scope) -> Select[Letter]:
    """Ask for the letters that the asker sees, that failed and can be sent again."""
    return failed(_seen_by(reader, scope))


def recent_failures(reader: Reader) -> int:
    """Return how many letters failed for good in the last thirty days, for who manages the organisation; else 0."""
    if not reader.scope.may(Thing.ACCOUNTS, Right.WRITE):
        return 0
    return reader.count(_failures(reader, reader.scope).where(Letter.failing_since >= reader.now - _RECENT))
