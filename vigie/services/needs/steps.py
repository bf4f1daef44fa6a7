"""How far a need went, read from what the officers did with it and with the dossier that it became."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from vigie.domain.addresses import address_key
from vigie.domain.followup import ExchangeKind
from vigie.domain.needs import SAID_TWICE, NeedState
from vigie.services.needs.answers import NeedStep
from vigie.store.journal.followup import Exchange, Reminder
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.needs import StatedNeed

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

LABELS = {
    "received": "Reçu",
    "seen": "Lu",
    "proposed": "Proposition faite",
    "met": "Rencontre",
    "result": "Résultat",
}
"""The five steps that who states a need follows, in order."""
_MEETINGS = (ExchangeKind.VISIT.value, ExchangeKind.MEETING.value)
_SECRET_STATES = (NeedState.UNCONFIRMED.value, NeedState.WITHDRAWN.value)


def steps_of(reader: Reader, need: StatedNeed) -> tuple[NeedStep, ...]:
    """Return the five steps of a need, each with the day when it was reached.

    A proposal is what the officer wrote, or an introduction prepared from the dossier since; a meeting is that of an
    introduction, or a visit or an appointment noted in the dossier since.
    """
    since = need.confirmed_at
    introductions = _introductions(reader, need, since) if since and need.dossier_id else ()
    proposed = [
        reader.day(moment) for moment in (need.proposed_at, *(row.created_at for row in introductions)) if moment
    ]
    met = [row.met_on for row in introductions if row.met_on] + _met(reader, need, since)
    reached: dict[str, date | None] = {
        "received": reader.day(since) if since else None,
        "seen": reader.day(need.seen_at) if need.seen_at else None,
        "proposed": min(proposed, default=None),
        "met": min(met, default=None),
        "result": reader.day(need.closed_at) if need.closed_at else None,
    }
    return tuple(NeedStep(word, label, reached[word]) for word, label in LABELS.items())


def due_on(reader: Reader, need: StatedNeed) -> date | None:
    """Return the day by which somebody is to answer, `None` once it is done."""
    row = reader.find(Reminder, need.reminder_id) if need.reminder_id else None
    return row.due_on if row is not None and row.done_at is None and row.deleted_at is None else None


def said_before(reader: Reader, need: StatedNeed, *, same_firm: bool = True) -> Sequence[StatedNeed]:
    """Return the confirmed needs of the same address, or firm, in the three weeks before, the latest first.

    An empty SIREN is nobody's.
    """
    recent = (
        StatedNeed.created_at >= need.created_at - SAID_TWICE,
        StatedNeed.created_at <= need.created_at,
        StatedNeed.id != need.id,
        StatedNeed.deleted_at.is_(None),
        StatedNeed.state.not_in(_SECRET_STATES),
    )
    rows = reader.all(select(StatedNeed).where(*recent).order_by(StatedNeed.created_at.desc(), StatedNeed.id))
    address = address_key(need.email or "")
    return [
        row
        for row in rows
        if (address and address_key(row.email or "") == address)
        or (same_firm and need.siren and row.siren == need.siren)
    ]


def _introductions(reader: Reader, need: StatedNeed, since: datetime) -> Sequence[Introduction]:
    sides = select(Side.introduction_id).where(Side.dossier_id == need.dossier_id)
    after = (Introduction.id.in_(sides), Introduction.created_at >= since, Introduction.deleted_at.is_(None))
    return reader.all(select(Introduction).where(*after))


def _met(reader: Reader, need: StatedNeed, since: datetime | None) -> list[date]:
    if since is None or not need.dossier_id:
        return []
    noted = (
        Exchange.dossier_id == need.dossier_id,
        Exchange.kind.in_(_MEETINGS),
        Exchange.happened_on >= reader.day(since),
        Exchange.deleted_at.is_(None),
    )
    return list(reader.all(select(Exchange.happened_on).where(*noted)))
