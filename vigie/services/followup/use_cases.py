"""Everything of the follow-up, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.followup.contacts import Contacts
from vigie.services.followup.dossiers import Dossiers
from vigie.services.followup.exchanges import Exchanges
from vigie.services.followup.marking import Marking
from vigie.services.followup.monday import Monday
from vigie.services.followup.portfolios import Portfolios
from vigie.services.followup.reminders import Reminders

if TYPE_CHECKING:
    from vigie.services.suppression import Among
    from vigie.settings import Settings
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The use cases of dossiers, reminders and portfolios."""

    dossiers: Dossiers
    contacts: Contacts
    exchanges: Exchanges
    marking: Marking
    reminders: Reminders
    portfolios: Portfolios
    monday: Monday


def follow_up(journal: Journal, settings: Settings, objecting: Among) -> FollowUp:
    """Build the follow-up on a journal; `objecting` tells which firms, of some, object."""
    return FollowUp(
        dossiers=Dossiers(journal, settings.contact, objecting),
        contacts=Contacts(journal),
        exchanges=Exchanges(journal),
        marking=Marking(journal),
        reminders=Reminders(journal, objecting),
        portfolios=Portfolios(journal),
        monday=Monday(journal, objecting),
    )
