"""Introductions: asked for by a firm, proposed by an officer, answered by both parties, followed to their outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.introductions.by_link import ByLink
from vigie.services.introductions.following import IntroductionSteps
from vigie.services.introductions.granting import Granting
from vigie.services.introductions.links import Links
from vigie.services.introductions.proposing import Proposing
from vigie.services.introductions.reading import IntroductionReading
from vigie.services.introductions.requests import Asking, Requests
from vigie.services.introductions.steps import Steps

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.services.mail.mail import Mail
    from vigie.services.register import FirmRegister
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Introductions:
    """What is done with introductions, by who does it."""

    proposing: Proposing
    by_link: ByLink
    following: IntroductionSteps
    reading: IntroductionReading
    asking: Asking
    granting: Granting
    requests: Requests


def introductions(journal: Journal, keys: Keys, mail: Mail, links: Links, register: FirmRegister) -> Introductions:
    """Build the use cases of introductions; `register` tells what parties may read of each other."""
    steps, reading, requests = Steps(keys, mail, links), IntroductionReading(journal), Requests(journal)
    proposing = Proposing(journal, keys, steps, reading)
    return Introductions(
        proposing=proposing,
        by_link=ByLink(journal, steps, register),
        following=IntroductionSteps(journal, keys, steps, reading),
        reading=reading,
        asking=Asking(journal, keys, requests),
        granting=Granting(journal, mail, proposing, (reading, requests)),
        requests=requests,
    )
