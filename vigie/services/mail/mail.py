"""Letters are written in the transaction of what they tell, and leave once it is durable."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import defer

from vigie.domain.access import Role, Scope
from vigie.domain.signs import isolated
from vigie.services.mail.postman import LetterRefused, Outgoing, Postman, ServerAway, Undelivered
from vigie.store.journal.people import Invitation, Organisation, Person
from vigie.store.journal.records import KEPT_SENT, KEPT_UNSENT, Letter

if TYPE_CHECKING:
    from smtplib import SMTP

    from vigie.settings import Settings
    from vigie.store.journal.port import Journal, Unit

WAITING, SENT, FAILED = "waiting", "sent", "failed"
REFUSED, LATE = "refused", "late"
KEPT_TRYING = timedelta(days=5)
"""As long as mail servers keep a letter (RFC 5321, 4.5.4.1: four to five days)."""
_SOONEST, _LATEST = timedelta(minutes=1), timedelta(minutes=5)
"""Greylisting lets a second try in after a minute; a server that is away is asked again within five."""
_BATCH = 50
_LEASE = timedelta(minutes=15)
"""Well above what a batch takes: a process that died while it sent gives its letters back."""
_SECRET = re.compile(r"(/(?:lien/opposition|lien/attestation|lien|invitation|connexion/oubli)/)[^\s<>]+")
_log = logging.getLogger("vigie.mail")


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class SendingRound:
    """What one round of sending did: letters taken, put off, failed for good.

    `configured` is false when there is no server to send through; `away` tells that it took no letter, or went away.
    """

    configured: bool = True
    sent: int = 0
    postponed: int = 0
    failed: int = 0
    away: bool = False

    def as_dict(self) -> dict[str, int | bool]:
        """Return the round as programs read it."""
        return asdict(self)

    def __add__(self, other: SendingRound) -> SendingRound:
        return SendingRound(
            self.configured and other.configured,
            self.sent + other.sent,
            self.postponed + other.postponed,
            self.failed + other.failed,
            self.away or other.away,
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
            subject=isolated(" ".join(subject.split())),
            body=isolated(body),
            about=about,
            once=once,
            reserved=bool(secret),
        )
        return unit.add(letter).id

    def send_waiting(self, leaving: Callable[[], bool] = _never) -> SendingRound:
        """Send the letters that wait, of every organisation, until none is due or `leaving` says to stop.

        A server that is away spends nothing: every letter stays, and is tried again for five days, each time after as
        long as it has already waited, five minutes at most. A letter that is refused for good fails alone.

        Each letter is taken by one sender, for a quarter of an hour, before it leaves, and noted as sent right after
        the server's answer: several senders never send the same. Delivery is *at least once*: a process that dies
        between that answer and its note leaves one letter that will leave again, with the same Message-ID.
        """
        if self._postman is None:
            return SendingRound(configured=False)
        due = self._organisations_with(_due)
        if not due:
            return SendingRound()
        try:
            with self._postman.round() as server:
                done = self._send_through(self._postman, server, due, leaving)
        except ServerAway as fault:
            done = sum((self._put_off_all(organisation) for organisation in due), SendingRound(away=True))
            _log.warning("the mail server is away: %s", fault)
        if done.sent or done.failed or done.postponed:
            _log.info("letters: %d sent, %d postponed, %d failed", done.sent, done.postponed, done.failed)
        return done

    def send_again(self) -> int:
        """Let the letters that failed for good wait again, in every organisation; return how many."""
        return sum(self._again_for(organisation) for organisation in self._organisations_with(_failed))

    def erase_old(self) -> int:
        """Empty letters 30 days after they left, 90 days after they were written when they never did; return how many.

        The row stays, without anything personal.
        """
        return sum(self._erase_for(organisation) for organisation in self._organisations_with(_old))

    def _organisations_with(self, wanted: Callable[[datetime], Select[Letter]]) -> list[str]:
        """Return the organisations that have such letters; "" is for those of nobody, which answer the public."""
        with self._journal.reading(Scope()) as reader:
            organisations = ["", *reader.all(select(Organisation.id))]
        found = []
        for organisation in organisations:
            with self._journal.reading(_sender(organisation)) as reader:
                if reader.count(wanted(reader.now)):
                    found.append(organisation)
        return found

    def _send_through(
        self, postman: Postman, server: SMTP, due: list[str], leaving: Callable[[], bool]
    ) -> SendingRound:
        """Send through an open connection, some letters of each organisation in turn, until the server goes away."""
        done = SendingRound()
        while due:
            still = []
            for organisation in due:
                for _ in range(_BATCH):
                    if leaving() or done.away:
                        return done
                    letter = self._claim(organisation)
                    if letter is None:
                        break
                    done += self._note(organisation, letter.identifier, _handed(postman, server, letter))
                else:
                    still.append(organisation)
            due = still
        return done

    def _claim(self, organisation: str) -> Outgoing | None:
        """Put off the letter whose time came first, and return it; `None` when none is due."""
        with self._journal.writing(_sender(organisation)) as unit:
            letter = unit.one(_due(unit.now).limit(1).with_for_update(skip_locked=True))
            if letter is None:
                return None
            letter.due_at = unit.now + _LEASE
            texts = (letter.recipient or "", letter.subject or "", letter.body or "")
            return Outgoing(letter.id, *texts, letter.created_at)

    def _note(self, organisation: str, identifier: str, fault: Undelivered | None) -> SendingRound:
        with self._journal.writing(_sender(organisation)) as unit:
            letter = unit.get(Letter, identifier)
            if letter.state != WAITING:
                return SendingRound()
            if fault is None:
                letter.state, letter.sent_at, letter.tries = SENT, unit.now, letter.tries + 1
                letter.failing_since = None
                letter.body = without_secrets(letter.body or "")
                return SendingRound(sent=1)
            if isinstance(fault, LetterRefused):
                letter.state, letter.fault, letter.tries = FAILED, REFUSED, letter.tries + 1
                letter.failing_since = letter.failing_since or unit.now
                _log.warning("letter %s failed: %s", identifier, fault)
                return SendingRound(failed=1)
            return replace(_put_off(letter, unit.now), away=isinstance(fault, ServerAway))

    def _put_off_all(self, organisation: str) -> SendingRound:
        """Put off the letters of an organisation that are due; the server took none of them."""
        with self._journal.writing(_sender(organisation)) as unit:
            found = unit.all(_due(unit.now).options(defer(Letter.body)))
            return sum((_put_off(letter, unit.now) for letter in found), SendingRound())

    def _again_for(self, organisation: str) -> int:
        with self._journal.writing(_sender(organisation)) as unit:
            unit.act("letters.resent")
            letters = unit.all(_failed(unit.now))
            for letter in letters:
                wait_again(letter)
            return len(letters)

    def _erase_for(self, organisation: str) -> int:
        with self._journal.writing(_sender(organisation)) as unit:
            letters = unit.all(_old(unit.now))
            for letter in letters:
                unit.erase(letter)
                letter.state = FAILED if letter.state == WAITING else letter.state
            return len(letters)


def failed(letters: Select[Letter]) -> Select[Letter]:
    """Keep of some letters those that failed for good, and whose text is still there."""
    return letters.where(Letter.state == FAILED, Letter.recipient.is_not(None))


def wait_again(letter: Letter) -> None:
    """Let a letter that failed wait for the next round; its five days begin anew."""
    letter.state, letter.fault, letter.due_at, letter.failing_since = WAITING, "", None, None


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


def _put_off(letter: Letter, now: datetime) -> SendingRound:
    """Let a letter wait as long again as it has been failing; after five days it has failed for good."""
    # The clock may have been set back since it first failed.
    letter.failing_since = min(letter.failing_since or now, now)
    waited = now - letter.failing_since
    if waited >= KEPT_TRYING:
        letter.state, letter.fault = FAILED, LATE
        _log.warning("letter %s failed: five days without leaving", letter.id)
        return SendingRound(failed=1)
    letter.due_at = now + min(max(waited, _SOONEST), _LATEST)
    return SendingRound(postponed=1)


def _due(now: datetime) -> Select[Letter]:
    """Ask for the letters whose time has come: those never tried first, so that none stands in the others' way.

    A time beyond the longest wait was given by a clock that was set back since: it has come.
    """
    ripe = or_(Letter.due_at.is_(None), Letter.due_at <= now, Letter.due_at > now + _LEASE)
    waiting = Letter.recipient.is_not(None) & (Letter.state == WAITING)
    order = (Letter.due_at.is_not(None), Letter.due_at, Letter.created_at, Letter.id)
    return select(Letter).where(waiting, ripe).order_by(*order)


def _failed(_: datetime) -> Select[Letter]:
    return failed(select(Letter))


def _old(now: datetime) -> Select[Letter]:
    """Ask for the letters to forget."""
    past = or_(Letter.sent_at <= now - KEPT_SENT, Letter.created_at <= now - KEPT_UNSENT)
    return select(Letter).where(past, Letter.recipient.is_not(None))


def _sender(organisation: str) -> Scope:
    return Scope(role=Role.SUPER_ADMIN, organisation=organisation, via="command")
