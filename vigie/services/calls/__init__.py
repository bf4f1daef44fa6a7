"""Calls: needs, offers and calls for co-innovation; anybody may answer those that are public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.rate_limits import RateLimiter
from vigie.services.calls.answering import Answering, Introducing, Post
from vigie.services.calls.reading import CallReading

if TYPE_CHECKING:
    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.introductions import Introductions
    from vigie.services.introductions.links import Links
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Calls:
    """What is done with calls, by who does it."""

    answering: Answering
    introducing: Introducing
    reading: CallReading


def calls(
    journal: Journal, keys: Keys, mail: Mail, links: Links, introductions: Introductions, suppressions: SuppressionList
) -> Calls:
    """Build the use cases of calls that are no declared act."""
    reading = CallReading(journal, suppressions)
    return Calls(
        answering=Answering(journal, RateLimiter(journal, keys), Post(mail, links), reading),
        introducing=Introducing(journal, introductions.proposing, introductions.reading),
        reading=reading,
    )
