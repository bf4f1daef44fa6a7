"""What the page of a firm shows of its dossier to its officer, and the sheet that prepares a visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.followup import DossierState, ExchangeKind
from vigie.interfaces.desk_views.dossiers import ADDRESS, shown_title
from vigie.interfaces.views import (
    EstablishmentLine,
    EventLine,
    FirmColumn,
    Graphic,
    IntroductionLine,
    Link,
    NextStep,
    Reach,
)

if TYPE_CHECKING:
    from datetime import date

    from vigie.services.followup.answers import DossierRecord, ReminderLine

_LONGEST_WORDS = 280


@dataclass(frozen=True, slots=True)
class ProposedMeeting:
    """Whom a firm could meet, and why, in one line."""

    name: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """`desk/visit.html`: one page to take along, in the order in which one prepares a visit."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    back: str
    made: tuple[str, ...]
    people: tuple[Reach, ...]
    last: tuple[str, ...]
    promised: tuple[str, ...]
    needs: tuple[str, ...]
    calls: tuple[IntroductionLine, ...]
    events: tuple[EventLine, ...]
    meet: tuple[EstablishmentLine, ...]
    ties: tuple[IntroductionLine, ...]
    ask: tuple[str, ...]
    ask_href: str
    proposed: tuple[ProposedMeeting, ...]
    where: tuple[str, ...]
    map: Graphic | None = None


def column(number: str, record: DossierRecord | None, today: date) -> FirmColumn:
    """Return the column of a firm; without a record, the one that offers to open a dossier."""
    visit = f"/bureau/entreprise/{number[:9]}/visite"
    if record is None:
        return FirmColumn(number, visit)
    here = f"{ADDRESS}/{record.line.id}"
    others = tuple(Link(shown_title(one.title), f"{ADDRESS}/{one.id}") for one in record.same_firm)
    return FirmColumn(
        number=number,
        visit=visit,
        dossier=here,
        sentence=_sentence(record),
        step=_step(record, today),
        last=last_exchange(record),
        people=people(record),
        tags=tuple(tag.label for tag in record.tags),
        note=f"{here}/etape" if record.may_write else "",
        others=others,
    )


def last_exchange(record: DossierRecord) -> tuple[str, ...]:
    """Return when and how one last spoke, then what was said, cut short; nothing before the first exchange."""
    told = next((one for one in record.exchanges if one.kind != ExchangeKind.NOTE), None)
    if told is None:
        return ()
    who = f" avec {told.contact_name}" if told.contact_name else ""
    return (
        f"{french.capital(ExchangeKind(told.kind).label)}{who}, {french.long_date(told.happened_on)}",
        *_short(told.body),
    )


def promised(record: DossierRecord) -> tuple[str, ...]:
    """Return what is still to be done, the first due first, and since when an answer is awaited."""
    todo = [f"{one.reason or 'Rappel effacé'} (pour le {french.long_date(one.due_on)})" for one in _open(record)]
    waits = record.line.waiting_since
    return (*todo[:3], *([f"Une réponse est attendue depuis le {french.long_date(waits)}."] if waits else []))


def people(record: DossierRecord, most: int = 3) -> tuple[Reach, ...]:
    """Return whom to ask for, those met last first."""
    known = [one for one in record.contacts if one.name]
    known.sort(key=lambda one: one.last_contact_on.toordinal() if one.last_contact_on else 0, reverse=True)
    return tuple(
        Reach(one.name or "", one.function or "", french.telephone(one.phone or ""), one.email or "")
        for one in known[:most]
    )


def _sentence(record: DossierRecord) -> str:
    line = record.line
    if line.state == DossierState.CLOSED:
        return "Dossier clos."
    who = f"Suivi par {line.owner_name}" if line.owner_name else "Suivi"
    waits = f" ; réponse attendue depuis le {french.long_date(line.waiting_since)}" if line.waiting_since else ""
    return f"{who} depuis le {french.long_date(line.opened_at)}{waits}."


def _step(record: DossierRecord, today: date) -> NextStep | None:
    todo = _open(record)
    if not todo:
        return None
    first = todo[0]
    when = french.long_date(first.due_on)
    return NextStep(first.id, first.reason or "Rappel effacé", when, first.due_on < today, len(todo) - 1)


def _open(record: DossierRecord) -> list[ReminderLine]:
    return sorted((one for one in record.reminders if one.done_at is None), key=lambda one: one.due_on)


def _short(text: str | None) -> tuple[str, ...]:
    whole = " ".join((text or "Texte effacé.").split())
    return (whole if len(whole) <= _LONGEST_WORDS else f"{whole[:_LONGEST_WORDS].rsplit(' ', 1)[0]}…",)
