"""What is to be done on a day, and what waits for an answer: the list to chase."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from vigie.domain.access import Right, Thing
from vigie.domain.days import REMINDED_WITHIN, due
from vigie.domain.followup import POSTPONED_DAYS, WAITING_DAYS, DossierState
from vigie.domain.french import long_date
from vigie.errors import Conflict, FieldFault
from vigie.services.followup.answers import ChaseLine, ReminderLine
from vigie.services.followup.dossiers import change
from vigie.services.followup.entries import TITLE, reason_text
from vigie.services.followup.reading import names, reminder_lines, writable
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.introductions import Introduction, Side
from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal, Reader, Unit

REMINDER, WAITING = "reminder", "waiting"


class Reminders:
    """Reminders of an organisation, on dossiers and introductions; `objecting` tells which firms object."""

    def __init__(self, journal: Journal, objecting: Among) -> None:
        self._journal, self._objecting = journal, objecting

    def add(
        self, scope: Scope, due_on: date, reason: str, *, dossier: str = "", introduction: str = ""
    ) -> ReminderLine:
        """Write a reminder on a dossier or on an introduction, owned by the asker.

        Raises `FieldFault` for a day or a reason that cannot be kept.
        """
        scope.require(Thing.DOSSIERS, Right.WRITE)
        if bool(dossier) == bool(introduction):
            raise FieldFault("dossier", "Un rappel porte sur un dossier, ou sur une mise en relation.")
        kept, today = reason_text(reason), self._journal.today(scope)
        if odd := due(due_on, today):
            raise FieldFault("due_on", odd)
        made = Reminder(
            id=new_id(),
            dossier_id=dossier,
            introduction_id=introduction,
            due_on=due_on,
            reason=kept,
            owner_id=scope.person,
        )
        try:
            with self._journal.writing(scope) as unit:
                unit.act("reminder.added", made.id)
                _subject(unit, made)
                unit.add(made)
        except AlreadyDone as done:
            return self.read(scope, done.subject)
        return self.read(scope, made.id)

    def read(self, scope: Scope, reminder: str) -> ReminderLine:
        """Return a reminder."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            row = reader.get(Reminder, reminder)
            return reminder_lines(reader, [row], _titles(reader, [row]))[0]

    def on_introduction(self, scope: Scope, introduction: str) -> tuple[ReminderLine, ...]:
        """Return the reminders of an introduction, the first due first."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            live = (Reminder.introduction_id == introduction, Reminder.deleted_at.is_(None))
            rows = reader.all(select(Reminder).where(*live).order_by(Reminder.due_on, Reminder.id))
            return reminder_lines(reader, rows, _titles(reader, rows))

    def done(self, scope: Scope, reminder: str, result: str = "") -> ReminderLine:
        """Note that a reminder was dealt with, and what came out of it; raises `Conflict` when it was already."""

        def work(unit: Unit, row: Reminder) -> None:
            row.done_at, row.result = unit.now, _result(result)

        return self._change(scope, "reminder.done", reminder, work)

    def postpone(self, scope: Scope, reminder: str, days: int = POSTPONED_DAYS) -> ReminderLine:
        """Put a reminder off from today; raises `Conflict` when it was dealt with."""

        def work(unit: Unit, row: Reminder) -> None:
            row.due_on = _put_off(unit, days)

        return self._change(scope, "reminder.postponed", reminder, work)

    def withdraw(self, scope: Scope, reminder: str) -> None:
        """Take a reminder away."""
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act("reminder.withdrawn", reminder)
                unit.withdraw(unit.get(Reminder, reminder))
        except AlreadyDone:
            return

    def answered(self, scope: Scope, dossier: str, result: str = "") -> None:
        """Note what came out of chasing a dossier: nothing is awaited any more."""

        def work(unit: Unit, row: Dossier) -> None:
            reason = _awaited(row)
            row.waiting_since = None
            unit.add(_chased(row.id, reason, unit, done_at=unit.now, result=_result(result)))

        change(self._journal, scope, "dossier.answered", dossier, work)

    def chase_later(self, scope: Scope, dossier: str, days: int = POSTPONED_DAYS) -> None:
        """Put off chasing a dossier: a reminder takes its place, and it leaves the list until then."""

        def work(unit: Unit, row: Dossier) -> None:
            reason = _awaited(row)
            unit.add(_chased(row.id, reason, unit, due_on=_put_off(unit, days)))

        change(self._journal, scope, "dossier.chased_later", dossier, work)

    def to_chase(self, scope: Scope, *, everyone: bool = False) -> tuple[ChaseLine, ...]:
        """Return what is due, the oldest day first: reminders, and dossiers that wait for an answer for over 15 days.

        One's own, and what nobody owns; everything with `everyone`. A dossier with an open reminder waits for it. A
        firm that objects is not chased by those who prospected it.
        """
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            found = chase(reader, everyone=everyone)
        return willing(found, self._objecting)

    def _change(self, scope: Scope, kind: str, reminder: str, work: Callable[[Unit, Reminder], None]) -> ReminderLine:
        scope.require(Thing.DOSSIERS, Right.WRITE)
        try:
            with self._journal.writing(scope) as unit:
                unit.act(kind, reminder)
                row = unit.get(Reminder, reminder)
                if row.done_at is not None:
                    raise Conflict("Ce rappel est déjà traité.")
                work(unit, row)
        except AlreadyDone:
            pass
        return self.read(scope, reminder)


def chase(reader: Reader, *, everyone: bool = False) -> tuple[ChaseLine, ...]:
    """Return what is to be chased today, firms that object still in it; see `Reminders.to_chase` and `willing`."""
    today, person = reader.today, reader.scope.person
    open_ones = reader.all(select(Reminder).where(Reminder.done_at.is_(None), Reminder.deleted_at.is_(None)))
    waiting = reader.all(
        select(Dossier).where(
            Dossier.deleted_at.is_(None),
            Dossier.state == DossierState.OPEN.value,
            # A day to come is of a clock that was set back since: nobody waits for it.
            or_(Dossier.waiting_since < today - timedelta(days=WAITING_DAYS), Dossier.waiting_since > today),
        )
    )
    titles = _titles(reader, open_ones)
    reminded = {row.dossier_id for row in open_ones}
    mine = (person, "")
    due = [row for row in open_ones if row.due_on <= today and _live(row, titles)]
    due = [row for row in due if everyone or row.owner_id in mine]
    unanswered = [row for row in waiting if row.id not in reminded and (everyone or row.owner_id in mine)]
    owners = names(reader, [*(row.owner_id for row in due), *(row.owner_id for row in unanswered)])
    prospects = _prospects(reader, [row.dossier_id for row in due])
    found = [
        *(_of_reminder(row, titles, owners, prospects) for row in due),
        *(_of_dossier(row, row.waiting_since or reader.day(row.created_at), owners) for row in unanswered),
    ]
    return tuple(sorted(found, key=lambda line: (line.waiting_since or line.due_on, line.id)))


def willing(lines: Sequence[ChaseLine], objecting: Among) -> tuple[ChaseLine, ...]:
    """Leave out what is prospecting of a firm that objects (article 21 of the GDPR): it is not solicited any more."""
    unwilling = objecting(line.prospect for line in lines if line.prospect)
    return tuple(line for line in lines if line.prospect not in unwilling)


def _prospects(reader: Reader, dossiers: Sequence[str]) -> dict[str, str]:
    """Return the firms of the dossiers that hold prospecting data."""
    wanted = {dossier for dossier in dossiers if dossier}
    if not wanted:
        return {}
    prospected = (Dossier.id.in_(wanted), Dossier.prospecting.is_(True))
    return {row.id: row.siren for row in reader.rows(select(Dossier.id, Dossier.siren).where(*prospected))}


def _of_reminder(
    row: Reminder, titles: Mapping[str, str | None], owners: Mapping[str, str], prospects: Mapping[str, str]
) -> ChaseLine:
    return ChaseLine(
        kind=REMINDER,
        id=row.id,
        dossier=row.dossier_id,
        introduction=row.introduction_id,
        title=titles.get(row.dossier_id or row.introduction_id) or "",
        reason=row.reason,
        due_on=row.due_on,
        waiting_since=None,
        owner_name=owners.get(row.owner_id, ""),
        prospect=prospects.get(row.dossier_id, ""),
    )


def _of_dossier(row: Dossier, since: date, owners: Mapping[str, str]) -> ChaseLine:
    return ChaseLine(
        kind=WAITING,
        id=row.id,
        dossier=row.id,
        introduction="",
        title=row.title or "",
        reason=None,
        due_on=since + timedelta(days=WAITING_DAYS),
        waiting_since=since,
        owner_name=owners.get(row.owner_id, ""),
        prospect=row.siren if row.prospecting else "",
    )


def _subject(unit: Unit, reminder: Reminder) -> None:
    """Make sure that what a reminder is about can be written to."""
    if reminder.dossier_id:
        writable(unit, reminder.dossier_id)
        return
    unit.scope.require(Thing.INTRODUCTIONS, Right.WRITE)
    unit.get(Introduction, reminder.introduction_id)


def _titles(reader: Reader, reminders: Sequence[Reminder]) -> dict[str, str | None]:
    """Return the titles of the live dossiers and introductions that reminders are about."""
    dossiers = {row.dossier_id for row in reminders if row.dossier_id}
    introductions = {row.introduction_id for row in reminders if row.introduction_id}
    found: dict[str, str | None] = {}
    if dossiers:
        live = (Dossier.id.in_(dossiers), Dossier.deleted_at.is_(None))
        found |= {row.id: row.title for row in reader.all(select(Dossier).where(*live))}
    if introductions:
        known = (Introduction.id.in_(introductions), Introduction.deleted_at.is_(None))
        found |= dict.fromkeys(reader.all(select(Introduction.id).where(*known)), "Mise en relation")
        sides = reader.all(select(Side).where(Side.introduction_id.in_(list(found))).order_by(Side.position))
        for side in sides:
            before = found[side.introduction_id]
            name = side.label or side.siren
            found[side.introduction_id] = f"{before} : {name}" if side.position == "a" else f"{before} et {name}"
    return found


def _live(row: Reminder, titles: Mapping[str, str | None]) -> bool:
    return (row.dossier_id or row.introduction_id) in titles


def _awaited(row: Dossier) -> str:
    if row.waiting_since is None:
        raise Conflict("Ce dossier n’attend pas de réponse.")
    return f"Sans réponse depuis le {long_date(row.waiting_since)}"


def _chased(dossier: str, reason: str, unit: Unit, **columns: object) -> Reminder:
    return Reminder(
        **{"dossier_id": dossier, "reason": reason, "owner_id": unit.scope.person, "due_on": unit.today} | columns
    )


def _put_off(unit: Unit, days: int) -> date:
    if not 1 <= days <= REMINDED_WITHIN.days:
        raise FieldFault("days", "Un report compte au moins un jour, et au plus cinq ans.")
    return unit.today + timedelta(days=days)


def _result(text: str) -> str | None:
    if len(text.strip()) > TITLE:
        raise FieldFault("result", f"Un résultat compte {TITLE} caractères au plus.")
    return text.strip() or None
