"""How much waits at the desk, for the small numbers of its menu: one statement, kept until somebody writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, or_, select

from vigie.domain.access import Right, Scope, Thing
from vigie.domain.calls import RECEIVED
from vigie.domain.followup import WAITING_DAYS, DossierState
from vigie.domain.introductions import RequestState
from vigie.domain.needs import NeedState
from vigie.services.accounts.sessions import StampedCache
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.introductions import Call, CallAnswer, Introduction, IntroductionRequest
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import FirmLink

if TYPE_CHECKING:
    from vigie.store.journal.port import Journal, Reader


@dataclass(frozen=True, slots=True)
class Badges:
    """How many things wait: in the week, of the week those that ask for an introduction, those that are needs."""

    week: int = 0
    introductions: int = 0
    needs: int = 0


NO_BADGE = Badges()


class WaitingCounts:
    """Counts what waits for somebody who follows dossiers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: StampedCache[Badges] = StampedCache(journal)

    def count(self, scope: Scope) -> Badges:
        """Return what waits for the asker, as their week shows it; nothing for whoever has none.

        A reminder to chase a firm that objects is counted until its officer opens the week, where it is left out.
        """
        if not scope.may(Thing.DOSSIERS, Right.WRITE) or scope.via == "token":
            return NO_BADGE
        return self._kept.recall(f"{scope.place}:{scope.role}", lambda _: self._read(scope))

    def _read(self, scope: Scope) -> tuple[Badges, datetime | None]:
        with self._journal.reading(scope) as reader:
            reminders, unanswered, links, calls, requests, needs = reader.rows(_asked(reader))[0]
            until = reader.midnight(reader.today + timedelta(days=1))
        return Badges(reminders + unanswered + links + calls + requests + needs, requests, needs), until


def _asked(reader: Reader) -> Select[Any]:
    """Return the six counts in one statement; each names its organisation, beside the wall of the session."""
    here, mine, today = reader.scope.organisation, (reader.scope.person, ""), reader.today
    left = (Reminder.organisation_id == here, Reminder.done_at.is_(None), Reminder.deleted_at.is_(None))
    live = (Dossier.organisation_id == here, Dossier.deleted_at.is_(None))
    received = (StatedNeed.organisation_id == here, StatedNeed.state == NeedState.RECEIVED.value)
    needed = exists().where(*received, StatedNeed.reminder_id == Reminder.id)
    about = or_(
        exists().where(*live, Dossier.id == Reminder.dossier_id),
        and_(
            Reminder.dossier_id == "",
            exists().where(Introduction.id == Reminder.introduction_id, Introduction.deleted_at.is_(None)),
        ),
    )
    late = or_(Dossier.waiting_since < today - timedelta(days=WAITING_DAYS), Dossier.waiting_since > today)
    awaited = (*live, Dossier.state == DossierState.OPEN.value, late, Dossier.owner_id.in_(mine))
    answered = (CallAnswer.organisation_id == here, CallAnswer.state == RECEIVED, CallAnswer.deleted_at.is_(None))
    asked = (IntroductionRequest.organisation_id == here, IntroductionRequest.deleted_at.is_(None))
    claims = (FirmLink.organisation_id == here, FirmLink.state == "waiting", FirmLink.deleted_at.is_(None))
    return select(
        _count(Reminder.id, *left, Reminder.due_on <= today, Reminder.owner_id.in_(mine), about, ~needed),
        _count(Dossier.id, *awaited, ~exists().where(*left, Reminder.dossier_id == Dossier.id)),
        _count(FirmLink.id, *claims),
        _count(
            distinct(CallAnswer.call_id),
            *answered,
            exists().where(Call.id == CallAnswer.call_id, Call.deleted_at.is_(None)),
        ),
        _count(IntroductionRequest.id, *asked, IntroductionRequest.state == RequestState.WAITING.value),
        _count(StatedNeed.id, *received, StatedNeed.deleted_at.is_(None), StatedNeed.owner_id.in_(mine)),
    )


def _count(what: Any, *where: ColumnElement[bool]) -> Any:
    return select(func.count(what)).where(*where).scalar_subquery()
