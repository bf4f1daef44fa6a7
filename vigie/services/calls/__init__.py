"""Calls: needs, offers and calls for co-innovation; anybody may answer those that are public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.rate_limits import RateLimiter
from vigie.services.calls.answering import Answering, Introducing, Post
from vigie.services.calls.correcting import Correcting
from vigie.services.calls.publishing import Publishing
from vigie.services.calls.reading import CallReading

if TYPE_CHECKING:
    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.introductions import Introductions
    from vigie.services.introductions.links import Links
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal

    Firms = tuple[FirmRegister, SuppressionList]


@dataclass(frozen=True, slots=True)
class Calls:
    """What is done with calls, by who does it."""

    publishing: Publishing
    correcting: Correcting
    answering: Answering
    introducing: Introducing
    reading: CallReading


def calls(journal: Journal, keys: Keys, mail: Mail, links: Links, introductions: Introductions, firms: Firms) -> Calls:
    """Build the use cases of calls; `firms` are what is known of them, and those that object."""
    register, suppressions = firms
    reading = CallReading(journal, suppressions)
    correcting = Correcting(journal, mail, reading)
    return Calls(
        publishing=Publishing(journal, reading, register),
        correcting=correcting,
        answering=Answering(journal, RateLimiter(journal, keys), Post(mail, links, correcting), reading),
        introducing=Introducing(journal, introductions.proposing, introductions.reading),
        reading=reading,
    )
