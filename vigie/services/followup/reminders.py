"""What is to be done on a day, and what waits for an answer: the list to chase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import or_, select

from vigie.domain.access import Right, Thing
from vigie.domain.days import REMINDED_WITHIN, due
from vigie.domain.declared import Label, Length, Missing, TextShape, Words
from vigie.domain.followup import NEXT_STEPS, POSTPONED_DAYS, WAITING_DAYS, DossierState
from vigie.domain.french import long_date
from vigie.errors import Conflict, FieldFault
from vigie.services.acts import Act, Doing, FormPage, Nothing, Telling, nothing
from vigie.services.capabilities import Capability
from vigie.services.followup.answers import TITLE, ChaseLine, ReminderLine
from vigie.services.followup.dossiers import WRITES
from vigie.services.followup.reading import names, reminder_lines, writable
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.introductions import Introduction, Side

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal, Reader, Unit

REMINDER, WAITING = "reminder", "waiting"


@dataclass(frozen=True, slots=True)
class ReminderEntry:
    """Un rappel, sur un dossier ou sur une mise en relation."""

    reason: Annotated[str, Label("À faire"), Length(TITLE), Missing("Écrivez ce qu’il y a à faire.")]
    due_on: Annotated[date, Label("Jour"), Missing("Donnez le jour du rappel.")]
    dossier: Annotated[str, Label("Dossier"), Length(20), TextShape("identifier")] = ""
    introduction: Annotated[str, Label("Mise en relation"), Length(20), TextShape("identifier")] = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Ce qui en est sorti, et ce qui vient ensuite."""

    result: Annotated[str, Label("Résultat, en quelques mots"), Length(TITLE)] = ""
    following: Annotated[str, Label("Prochaine étape"), Length(TITLE)] = ""
    following_in: Annotated[str, Label("Quand"), Words(NEXT_STEPS)] = next(iter(NEXT_STEPS))


@dataclass(frozen=True, slots=True)
class Later:
    """De combien de jours reporter."""

    days: Annotated[int, Label("Jours à compter d’aujourd’hui")] = POSTPONED_DAYS


class Reminders:
    """Reminders of an organisation, on dossiers and introductions; `objecting` tells which firms object."""

    def __init__(self, journal: Journal, objecting: Among) -> None:
        self._journal, self._objecting = journal, objecting

    def on_introduction(self, scope: Scope, introduction: str) -> tuple[ReminderLine, ...]:
        """Return the reminders of an introduction, the first due first."""
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            live = (Reminder.introduction_id == introduction, Reminder.deleted_at.is_(None))
            rows = reader.all(select(Reminder).where(*live).order_by(Reminder.due_on, Reminder.id))
            return reminder_lines(reader, rows, _titles(reader, rows))

    def to_chase(self, scope: Scope, *, everyone: bool = False) -> tuple[ChaseLine, ...]:
        """Return what is due, the oldest day first: reminders, and dossiers that wait for an answer for over 15 days.

        One's own, and what nobody owns; everything with `everyone`. A dossier with an open reminder waits for it. A
        firm that objects is not chased by those who prospected it.
        """
        scope.require(Thing.DOSSIERS, Right.READ)
        with self._journal.reading(scope) as reader:
            found = chase(reader, everyone=everyone)
        return willing(found, self._objecting)


def read_reminder(telling: Telling, reminder: str) -> ReminderLine:
    """Return a reminder."""
    telling.scope.require(Thing.DOSSIERS, Right.READ)
    row = telling.reader.get(Reminder, reminder)
    return reminder_lines(telling.reader, [row], _titles(telling.reader, [row]))[0]


def _place(telling: Telling, reminder: str) -> str:
    told = read_reminder(telling, reminder)
    where = f"dossiers/{told.dossier}" if told.dossier else f"mises-en-relation/{told.introduction}"
    return f"/bureau/{where}#rappels"


_CHASE = "/bureau"
_DEALT, _PUT_OFF = "C’est noté : cette ligne est traitée.", "La relance est reportée d’une semaine."
ADDED = Act(
    "reminder.added",
    "rappel ajouté",
    needs=WRITES,
    at="POST reminders",
    form_at="dossiers/{dossier}/rappels",
    summary="Poser un rappel",
    note="Le rappel est à vous.",
    done="Le rappel est enregistré.",
    takes=ReminderEntry,
    makes=True,
    tells=read_reminder,
    page=FormPage("Poser un rappel", "", "Poser le rappel", _place, within=True),
)
DONE = Act(
    "reminder.done",
    "rappel fait",
    needs=WRITES,
    at="POST reminders/{reminder}/done",
    form_at="rappels/{reminder}/fait",
    summary="Traiter un rappel",
    note="Note que c’est fait, et ce qui en est sorti.",
    done=_DEALT,
    takes=Result,
    tells=read_reminder,
    page=FormPage("", "", "C’est fait", _CHASE, within=True),
)
POSTPONED = Act(
    "reminder.postponed",
    "rappel reporté",
    needs=WRITES,
    at="POST reminders/{reminder}/later",
    form_at="rappels/{reminder}/reporter",
    summary="Reporter un rappel",
    note="D’une semaine, sauf si le nombre de jours est donné.",
    done=_PUT_OFF,
    takes=Later,
    tells=read_reminder,
    page=FormPage("", "", "Reporter d’une semaine", _CHASE, within=True),
)
WITHDRAWN = Act(
    "reminder.withdrawn",
    "rappel retiré",
    needs=WRITES,
    at="DELETE reminders/{reminder}",
    summary="Retirer un rappel",
    done="Retire un rappel.",
    takes=Nothing,
    tells=nothing,
)
ANSWERED = Act(
    "dossier.answered",
    "réponse à un dossier notée",
    needs=WRITES,
    at="POST dossiers/{dossier}/answer",
    form_at="dossiers/{dossier}/repondu",
    summary="Consigner la fin d’une attente",
    note="Le dossier n’attend plus de réponse.",
    done=_DEALT,
    takes=Result,
    tells=nothing,
    page=FormPage("", "", "C’est fait", _CHASE, within=True),
)
CHASED_LATER = Act(
    "dossier.chased_later",
    "relance reportée",
    needs=WRITES,
    at="POST dossiers/{dossier}/later",
    form_at="dossiers/{dossier}/relancer-plus-tard",
    summary="Reporter une relance",
    note="Le dossier quitte la liste à relancer jusqu’à ce jour.",
    done=_PUT_OFF,
    takes=Later,
    tells=nothing,
    page=FormPage("", "", "Reporter d’une semaine", _CHASE, within=True),
)
CAPABILITY = Capability("Dossiers", acts=(ADDED, DONE, POSTPONED, WITHDRAWN, ANSWERED, CHASED_LATER))


@ADDED.does
def add(doing: Doing, _: str, said: ReminderEntry) -> None:
    """Write a reminder on a dossier or on an introduction, owned by the asker."""
    unit = doing.unit
    if bool(said.dossier) == bool(said.introduction):
        raise FieldFault("dossier", "Un rappel porte sur un dossier, ou sur une mise en relation.")
    if odd := due(said.due_on, unit.today):
        raise FieldFault("due_on", odd)
    made = Reminder(
        id=doing.subject,
        dossier_id=said.dossier,
        introduction_id=said.introduction,
        due_on=said.due_on,
        reason=said.reason,
        owner_id=unit.scope.person,
    )
    _subject(unit, made)
    unit.add(made)


@DONE.does
def done(doing: Doing, reminder: str, said: Result) -> None:
    """Note that a reminder was dealt with, and what came out of it; raises `Conflict` when it was already."""
    row = _left(doing.unit, reminder)
    row.done_at, row.result = doing.unit.now, said.result or None
    _follow(doing.unit, said, dossier=row.dossier_id, introduction=row.introduction_id)


@POSTPONED.does
def postpone(doing: Doing, reminder: str, said: Later) -> None:
    """Put a reminder off from today; raises `Conflict` when it was dealt with."""
    _left(doing.unit, reminder).due_on = _put_off(doing.unit, said.days)


@WITHDRAWN.does
def withdraw(doing: Doing, reminder: str, _: Nothing) -> None:
    """Take a reminder away."""
    doing.unit.withdraw(doing.unit.get(Reminder, reminder))


@ANSWERED.does
def answered(doing: Doing, dossier: str, said: Result) -> None:
    """Note what came out of chasing a dossier: nothing is awaited any more."""
    unit, row = doing.unit, writable(doing.unit, dossier)
    reason = _awaited(row)
    row.waiting_since = None
    unit.add(_chased(row.id, reason, unit, done_at=unit.now, result=said.result or None))
    _follow(unit, said, dossier=row.id)


@CHASED_LATER.does
def chase_later(doing: Doing, dossier: str, said: Later) -> None:
    """Put off chasing a dossier: a reminder takes its place, and it leaves the list until then."""
    unit, row = doing.unit, writable(doing.unit, dossier)
    unit.add(_chased(row.id, _awaited(row), unit, due_on=_put_off(unit, said.days)))


def _follow(unit: Unit, said: Result, *, dossier: str = "", introduction: str = "") -> None:
    """Set the next step that was said with the result, where what was done belongs."""
    if not said.following:
        return
    unit.add(
        Reminder(
            dossier_id=dossier,
            introduction_id=introduction,
            due_on=unit.today + timedelta(days=int(said.following_in)),
            reason=said.following,
            owner_id=unit.scope.person,
        )
    )


def _left(unit: Unit, reminder: str) -> Reminder:
    row = unit.get(Reminder, reminder)
    if row.done_at is not None:
        raise Conflict("Ce rappel est déjà traité.")
    return row


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
