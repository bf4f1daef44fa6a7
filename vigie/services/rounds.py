"""What the server does by itself at its hours: the purge, reminders, the weekly letter.

A host who forgets to schedule them would break the law in silence. Each round is a row of the journal: whichever
process finds it due takes it under a lease, so that several serve one installation, and a killed one is followed.
Every round may run again without doing anything twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.zones import PARIS, zone_info
from vigie.services.followup.digest import send_digests
from vigie.services.followup.never_met import WeekData
from vigie.store.journal.records import ScheduledRound

if TYPE_CHECKING:
    from vigie.services.desk import Desk
    from vigie.services.observe import Observe
    from vigie.store.journal.port import Journal, Unit

LEASE = timedelta(minutes=30)
"""How long a process holds a round: well above what a purge takes, so that none is done twice at once."""
NIGHT, MORNING, MONDAY_FROM = 3, 7, 6
"""Hours of Paris for the purge and for reminders; the hour of its own zone from which an organisation's week begins."""
BETWEEN_LOOKS = 60.0
"""Rounds have an hour of the day: a minute late is on time."""
_COMMAND = Scope(role=Role.SUPER_ADMIN, via="command")
_log = logging.getLogger("vigie.rounds")


@dataclass(frozen=True, slots=True)
class Hour:
    """When a round comes back: at an hour of Paris, or every hour when `at` is `None`."""

    at: int | None = None

    def after(self, now: datetime) -> datetime:
        """Return the next time, strictly after a moment."""
        if self.at is None:
            return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        here = now.astimezone(zone_info(PARIS))
        today = here.replace(hour=self.at, minute=0, second=0, microsecond=0)
        return today if today > here else today + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do at its hours: its word, its label, and the work, which returns what it counted."""

    word: str
    label: str
    hour: Hour
    work: Callable[[], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class RoundTold:
    """When a round was last done, what it counted, what failed, and when it comes next; `None` before the first."""

    word: str
    label: str
    ended_at: datetime | None
    due_at: datetime | None
    said: Mapping[str, int]
    fault: str

    def as_dict(self) -> dict[str, Any]:
        """Return the round as programs read it."""
        return asdict(self)


class Rounds:
    """Does what is due, and tells when each thing was last done."""

    def __init__(self, journal: Journal, duties: Sequence[Duty]) -> None:
        self._journal, self._duties = journal, duties

    def told(self, scope: Scope) -> tuple[RoundTold, ...]:
        """Return every round, for those who keep an organisation or the installation; raises `NotFound` otherwise."""
        scope.require(Thing.ACCOUNTS, Right.READ)
        with self._journal.reading(scope) as reader:
            rows = {row.id: row for row in reader.all(select(ScheduledRound))}
        return tuple(_told(duty, rows.get(duty.word)) for duty in self._duties)

    def run_due(self) -> Sequence[str]:
        """Do what is due, each under its lease, and return the words of what was done."""
        return [duty.word for duty in self._duties if self._taken(duty) and self._done(duty)]

    def _taken(self, duty: Duty) -> bool:
        """Take a round that is due; the first look of an installation only sets its hour."""
        with self._journal.reading(_COMMAND) as reader:
            row, now = reader.find(ScheduledRound, duty.word), reader.now
            if row is not None and not _free(duty, row, now):
                return False
        with self._journal.writing(_COMMAND) as unit:
            held = _locked(unit, duty.word)
            if held is None:
                unit.add(ScheduledRound(id=duty.word, due_at=duty.hour.after(unit.now)))
                return False
            if not _free(duty, held, unit.now):
                return False
            held.held_until = unit.now + LEASE
            return True

    def _done(self, duty: Duty) -> bool:
        said, fault = dict[str, int](), ""
        try:
            said = dict(duty.work())
        except Exception as failed:  # whatever it is, the next hour tries again, and the administrator reads it
            fault = type(failed).__name__
            _log.error("round %s: %s", duty.word, fault)
        with self._journal.writing(_COMMAND) as unit:
            row = unit.get(ScheduledRound, duty.word)
            row.due_at = Hour().after(unit.now) if fault else duty.hour.after(unit.now)
            row.held_until, row.fault = None, fault
            if not fault:
                row.ended_at, row.said = unit.now, said
        return not fault


class RoundData(WeekData, Protocol):
    """What rounds read of the generation in service: the week, and the figures of territories."""

    @property
    def observe(self) -> Observe:
        """Its figures."""


def duties(desk: Desk, lending: Callable[[], AbstractContextManager[RoundData | None]]) -> tuple[Duty, ...]:
    """Return what the server does by itself; `lending` lends the generation in service."""

    def purge() -> Mapping[str, int]:
        report = desk.retention.purging.run_everywhere()
        return {"erased": report.erased, "kept": report.kept}

    def digest() -> Mapping[str, int]:
        with lending() as loaded:
            return send_digests(desk.journal, desk.mail, desk.followup.monday, loaded, week_began).as_dict()

    def visions() -> Mapping[str, int]:
        with lending() as loaded:
            return desk.visions.following.run(loaded.observe if loaded is not None else None)

    return (
        Duty("purge", "Effacer ce qui est échu", Hour(NIGHT), purge),
        Duty(
            "reminders", "Rappeler les mises en relation sans réponse", Hour(MORNING),
            lambda: {"written": desk.introductions.following.remind()},
        ),
        Duty("digests", "Écrire la lettre du lundi", Hour(), digest),
        Duty(
            "consultations", "Compter les consultations, clore celles qui finissent", Hour(),
            desk.consultations.counting.run_due,
        ),
        Duty("visions", "Relire les buts chiffrés des projets, garder l’année finie", Hour(NIGHT), visions),
    )  # fmt: skip


def week_began(zone: str, now: datetime) -> bool:
    """Tell whether a zone's clocks show a Monday from six o'clock on, or the Tuesday that catches it up."""
    here = now.astimezone(zone_info(zone))
    return (here.weekday() == 0 and here.hour >= MONDAY_FROM) or here.weekday() == 1


@contextmanager
def keeping(rounds: Rounds, seconds: float = BETWEEN_LOOKS) -> Iterator[None]:
    """Keep a thread that does what is due during the block; several processes may each have one."""
    leaving = threading.Event()

    def look() -> None:
        while not leaving.wait(seconds):
            try:
                rounds.run_due()
            except Exception as fault:  # the journal is away: the next look tries again
                _log.error("rounds: %s", type(fault).__name__)

    thread = threading.Thread(target=look, name="vigie-rounds", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join(timeout=30)


def _free(duty: Duty, row: ScheduledRound, now: datetime) -> bool:
    """Tell whether a round is due and held by nobody; an hour or a lease beyond its window is of a clock set back."""
    due = row.due_at <= now or row.due_at > max(duty.hour.after(now), Hour().after(now))
    return due and (row.held_until is None or not now < row.held_until <= now + LEASE)


def _locked(unit: Unit, word: str) -> ScheduledRound | None:
    return unit.one(select(ScheduledRound).where(ScheduledRound.id == word).with_for_update())


def _told(duty: Duty, row: ScheduledRound | None) -> RoundTold:
    if row is None:
        return RoundTold(duty.word, duty.label, None, None, {}, "")
    return RoundTold(duty.word, duty.label, row.ended_at, row.due_at, row.said, row.fault)
