"""The desk: every use case that needs the journal, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.accounts.recognising import Recognising
from vigie.services.followup.office import FollowUp, follow_up
from vigie.services.mail.mail import Mail

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Desk:
    """What the doors call for people, dossiers and introductions."""

    journal: Journal
    keys: Keys
    recognising: Recognising
    mail: Mail
    followup: FollowUp

    def close(self) -> None:
        """Release the journal."""
        self.journal.close()


def desk(journal: Journal, keys: Keys, settings: Settings) -> Desk:
    """Build the desk on a journal."""
    mail = Mail(journal, settings)
    return Desk(
        journal=journal,
        keys=keys,
        recognising=Recognising(journal, keys),
        mail=mail,
        followup=follow_up(journal, settings),
    )
