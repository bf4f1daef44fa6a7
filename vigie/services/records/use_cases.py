"""Every use case of the records, built together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.records.emergency import Emergency
from vigie.services.records.moderating import Moderating
from vigie.services.records.outbox import Outbox
from vigie.services.records.reading import Records

if TYPE_CHECKING:
    from vigie.services.mail.mail import Mail
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Recording:
    """What the doors call for the journal itself."""

    reading: Records
    outbox: Outbox
    emergency: Emergency
    moderating: Moderating


def recording(journal: Journal, mail: Mail) -> Recording:
    """Build the use cases of the records on a journal."""
    return Recording(Records(journal), Outbox(journal, mail), Emergency(journal, mail), Moderating(journal, mail))
