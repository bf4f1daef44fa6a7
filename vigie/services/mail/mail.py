"""Letters are written in the transaction of what they tell, and leave once it is durable."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select

from vigie.domain.access import Role, Scope
from vigie.services.mail.postman import Outgoing, Postman, Undelivered
from vigie.store.journal.people import Invitation, Organisation, Person
from vigie.store.journal.records import Letter

if TYPE_CHECKING:
    from smtplib import SMTP

    from vigie.settings import Settings
    from vigie.store.journal.port import Journal, Unit

WAITING, SENT, FAILED = "waiting", "sent", "failed"
TRIES = 5
_BATCH = 50
_LOST = timedelta(minutes=15)
KEPT_SENT, KEPT_UNSENT = timedelta(days=30), timedelta(days=90)
_SECRET = re.compile(r"(/(?:lien/opposition|lien|invitation|connexion/oubli)/)[^\s<>]+")
_log = logging.getLogger("vigie.mail")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending did; `configured` is false when there is no server to send through."""

    configured: bool = True
    sent: int = 0
    postponed: int = 0
    failed: int = 0

    def as_dict(self) -> dict[str, int | bool]:
        """Return the round as programs read it."""
        return asdict(self)

    def __add__(self, other: Round) -> Round:
        return Round(
            self.configured and other.configured,
            self.sent + other.sent,
            self.postponed + other.postponed,
            self.failed + other.failed,
        )


class Mail:
    """Writes letters, and sends those that wait."""

    def __init__(self, journal: Journal, settings: Settings, postman: Postman | None = None) -> None:
        self._journal, self._public_url = journal, settings.public_url
        self._postman = postman or (Postman(settings.smtp_url, settings.mail_from) if settings.smtp_url else None)

    @property
    def configured(self) -> bool:
        """Tell whether there is a server to send through."""
        return self._postman is not None

    def link(self, path: str) -> str:
        """Return the public address of a path, for the text of a letter."""
        return f"{self._public_url}{path}"

    def post(self, unit: Unit, *, recipient: str, subject: str, body: str, about: str = "", once: str = "") -> str:
        """Write a letter in the running transaction, and return its identifier.

        `about` is the row it tells of: a letter about an invitation or a person carries a secret of their account, and
        is reserved to the admins. With the same `once` in the same organisation, it is written one time only.
        """
        if once:
            before = unit.one(select(Letter.id).where(Letter.once == once))
            if before is not None:
                return before
        secret = about and (unit.find(Invitation, about) is not None or unit.find(Person, about) is not None)
        letter = Letter(
            recipient=recipient.strip(),
            subject=" ".join(subject.split()),
            body=body,
            about=about,
            once=once,
            reserved=bool(secret),
        )
        return unit.add(letter).id

    def send_waiting(self) -> Round:
        """Send the letters that wait, of every organisation; one that fails five times is not tried again.

        A letter is put off before it leaves, so that two senders never take the same; it may leave twice only when
        the process dies between the server's answer and its note.
        """
        if self._postman is None:
            return Round(configured=False)
        with self._journal.reading(Scope()) as reader:
            # Letters of nobody's organisation exist too: answers to the public.
            organisations = ["", *reader.all(select(Organisation.id))]
        done = Round()
        for organisation in organisations:
            done += self._send_for(self._postman, organisation)
        if done.sent or done.failed or done.postponed:
            _log.info("letters: %d sent, %d postponed, %d failed", done.sent, done.postponed, done.failed)
        return done

    def erase_old(self) -> int:
        """Empty letters 30 days after they left, 90 days after they were written when they never did; return how many.

        The row stays, without anything personal.
        """
        with self._journal.reading(Scope()) as reader:
            organisations = ["", *reader.all(select(Organisation.id))]
        return sum(self._erase_for(organisation) for organisation in organisations)

    def _send_for(self, postman: Postman, organisation: str) -> Round:
        claimed = self._claim(organisation)
        if not claimed:
            return Round()
        outcomes: dict[str, Undelivered | None] = {}
        try:
            with postman.round() as server:
                for letter in claimed:
                    outcomes[letter.identifier] = _handed(postman, server, letter)
        except Undelivered as fault:
            outcomes |= {letter.identifier: fault for letter in claimed if letter.identifier not in outcomes}
        return self._note(organisation, outcomes)

    def _erase_for(self, organisation: str) -> int:
        with self._journal.reading(_sender(organisation)) as reader:
            if not reader.count(_old(reader.now)):
                return 0
        with self._journal.writing(_sender(organisation)) as unit:
            letters = unit.all(_old(unit.now))
            for letter in letters:
                unit.erase(letter)
                letter.state = FAILED if letter.state == WAITING else letter.state
            return len(letters)

    def _claim(self, organisation: str) -> Sequence[Outgoing]:
        """Put off the letters that are due, and return them; nothing is written when none is."""
        with self._journal.reading(_sender(organisation)) as reader:
            if not reader.count(_due(reader.now)):
                return ()
        with self._journal.writing(_sender(organisation)) as unit:
            letters = unit.all(_due(unit.now).limit(_BATCH).with_for_update(skip_locked=True))
            for letter in letters:
                letter.due_at, letter.tries = unit.now + _LOST, letter.tries + 1
            return [
                Outgoing(letter.id, letter.recipient or "", letter.subject or "", letter.body or "", letter.created_at)
                for letter in letters
            ]

    def _note(self, organisation: str, outcomes: dict[str, Undelivered | None]) -> Round:
        sent = postponed = failed = 0
        with self._journal.writing(_sender(organisation)) as unit:
            for identifier, fault in outcomes.items():
                letter = unit.get(Letter, identifier)
                if fault is None:
                    letter.state, letter.sent_at = SENT, unit.now
                    letter.body = without_secrets(letter.body or "")
                    sent += 1
                elif fault.final or letter.tries >= TRIES:
                    letter.state = FAILED
                    failed += 1
                    _log.warning("letter %s failed: %s", identifier, fault)
                else:
                    letter.due_at = unit.now + timedelta(minutes=2**letter.tries)
                    postponed += 1
        return Round(sent=sent, postponed=postponed, failed=failed)


def without_secrets(body: str) -> str:
    """Return the text of a letter without what its links carry: whoever reads it later may not use them."""
    return _SECRET.sub(r"\1…", body)


def _handed(postman: Postman, server: SMTP, letter: Outgoing) -> Undelivered | None:
    """Return what kept a letter from leaving, `None` when it left."""
    try:
        postman.hand(server, letter)
    except Undelivered as fault:
        return fault
    return None


def _due(now: datetime) -> Select[Letter]:
    """Ask for the letters whose time has come, the oldest first; each try puts the next one off twice as far."""
    ripe = or_(Letter.due_at.is_(None), Letter.due_at <= now)
    waiting = Letter.recipient.is_not(None) & (Letter.state == WAITING)
    return select(Letter).where(waiting, ripe).order_by(Letter.created_at, Letter.id)


def _old(now: datetime) -> Select[Letter]:
    """Ask for the letters to forget."""
    past = or_(Letter.sent_at <= now - KEPT_SENT, Letter.created_at <= now - KEPT_UNSENT)
    return select(Letter).where(past, Letter.recipient.is_not(None))


def _sender(organisation: str) -> Scope:
    return Scope(role=Role.SUPER_ADMIN, organisation=organisation, via="command")
