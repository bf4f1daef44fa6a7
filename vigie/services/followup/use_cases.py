"""Everything of the follow-up that is read, built once for an installation; what is done are its acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.followup.badges import WaitingCounts
from vigie.services.followup.dossiers import Dossiers
from vigie.services.followup.monday import Monday
from vigie.services.followup.never_met import NeverMet
from vigie.services.followup.portfolios import Portfolios
from vigie.services.followup.reminders import Reminders

if TYPE_CHECKING:
    from vigie.services.acts import ActRunner
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is read of dossiers, reminders and portfolios."""

    dossiers: Dossiers
    reminders: Reminders
    portfolios: Portfolios
    monday: Monday
    never_met: NeverMet
    waiting: WaitingCounts


def follow_up(journal: Journal, acts: ActRunner, objecting: Among) -> FollowUp:
    """Build the follow-up on a journal; `objecting` tells which firms, of some, object."""
    return FollowUp(
        dossiers=Dossiers(journal, acts),
        reminders=Reminders(journal, objecting),
        portfolios=Portfolios(journal, acts),
        monday=Monday(journal, objecting),
        never_met=NeverMet(journal),
        waiting=WaitingCounts(journal),
    )
