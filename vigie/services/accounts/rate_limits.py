"""Slows guessing down: tries are counted by address and by origin, and too many of them must wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import select

from vigie.domain.access import ANYONE
from vigie.domain.french import counted
from vigie.errors import TooManyAttempts
from vigie.services.keys import Keys
from vigie.store.journal.people import Attempt
from vigie.store.journal.port import Journal, Unit

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_FORGOTTEN = timedelta(days=1)
"""The longest window of a limit: what is older counts for none."""
_SUBNET = 64
"""Bits of an IPv6 address that tell the line; the others change at will on one device."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries a bucket of this kind holds in a sliding window."""

    kind: str
    tries: int
    window: timedelta


BY_ADDRESS = Limit("sign-in", 10, timedelta(minutes=15))
"""Ten tries forgive a person who looks for their password; who guesses gets forty an hour."""
BY_PAIR = Limit("sign-in-pair", 10, timedelta(minutes=15))
"""The same ten tries, for an address tried from one place."""
ON_ADDRESS = Limit("sign-in-everywhere", 100, timedelta(minutes=15))
"""Whence an address is tried has its own count: who guesses from elsewhere does not shut its owner out."""
BY_ORIGIN = Limit("origin", 60, timedelta(minutes=15))
"""An office behind one line signs in together in the morning; sixty tries are more than it mistypes."""
LETTERS_BY_ADDRESS = Limit("letter", 3, timedelta(hours=1))
"""The first letter, one that was lost, one more: above that somebody else is asking."""
LETTERS_BY_ORIGIN = Limit("letter-origin", 20, timedelta(hours=1))
"""A town hall asks for as many in an hour on its first day, and a program no more."""


class RateLimiter:
    """Counts tries; only keyed hashes of what was tried, or whence, are kept, for a day."""

    def __init__(self, journal: Journal, keys: Keys) -> None:
        self._journal, self._keys = journal, keys

    def enter(self, *tries: tuple[Limit, str]) -> tuple[str, ...]:
        """Count one try in each bucket and return what `forgive` takes.

        A refused try is not counted, so that nobody can be kept out forever. Raises `TooManyAttempts` with the
        seconds to wait when one bucket is full.
        """
        with self._journal.writing(ANYONE) as unit:
            buckets = [(limit, self._keys.fingerprint(limit.kind, text)) for limit, text in tries if text]
            for limit, bucket in buckets:
                _check(unit, limit, bucket)
            return tuple(_note(unit, bucket) for _, bucket in buckets)

    def is_full(self, limit: Limit, text: str) -> bool:
        """Tell whether a bucket takes no more tries for now."""
        with self._journal.writing(ANYONE) as unit:
            try:
                _check(unit, limit, self._keys.fingerprint(limit.kind, text))
            except TooManyAttempts:
                return True
        return False

    def forgive(self, unit: Unit, counted: tuple[str, ...]) -> None:
        """Forget tries that turned out right."""
        for identifier in counted:
            found = unit.find(Attempt, identifier)
            if found is not None:
                found.at = _LONG_AGO


def origin_of(address: str) -> str:
    """Return what is counted of a network address: an IPv6 subscriber holds a whole /64."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(int(known) >> (128 - _SUBNET)) if isinstance(known, IPv6Address) else str(known)


def _check(unit: Unit, limit: Limit, bucket: str) -> None:
    since = unit.now - limit.window
    # A clock that was set back leaves tries in the future: they are not of this window.
    within = (Attempt.bucket == bucket, Attempt.at > since, Attempt.at <= unit.now)
    times = unit.all(select(Attempt.at).where(*within).order_by(Attempt.at.desc()))
    if len(times) < limit.tries:
        return
    seconds = max(1, round((times[limit.tries - 1] + limit.window - unit.now).total_seconds()))
    minutes = -(-seconds // 60)
    raise TooManyAttempts(f"Trop d’essais en peu de temps : réessayez dans {counted(minutes, 'minute')}.", seconds)


def _note(unit: Unit, bucket: str) -> str:
    """Write a try, in the place of a forgotten one when there is one: the table stays small."""
    old = unit.one(select(Attempt).where(Attempt.at < unit.now - _FORGOTTEN).limit(1).with_for_update(skip_locked=True))
    if old is None:
        old = unit.add(Attempt(bucket=bucket, at=unit.now))
    else:
        old.bucket, old.at = bucket, unit.now
    unit.flush()
    return old.id
