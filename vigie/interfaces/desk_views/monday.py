"""Monday morning: one sentence, who waits, what to chase, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.chasing import INTRODUCTIONS, ChaseRow, chase_row
from vigie.interfaces.desk_views.records import FAILED_LETTERS
from vigie.interfaces.present_events import event_line
from vigie.interfaces.views import EventLine, Link
from vigie.services.followup.monday import ANSWER, ASKED, CONSENT, LINK
from vigie.services.followup.monday_words import opening, waits

if TYPE_CHECKING:
    from vigie.services.followup.monday import MondayPage, WeekEvents
    from vigie.services.followup.monday_words import Wait

MONDAY = "/bureau/lundi"


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What waits, and where to act on it."""

    what: Link
    since: str


@dataclass(frozen=True, slots=True)
class WeekBlock:
    """What happened in a territory; `more` leads to all of it."""

    name: Link
    lead: str
    events: tuple[EventLine, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Week:
    """`desk/monday.html`: what waits for the reader, whom they wait for, what changed.

    `changes` are those of the portfolios' firms, `more` says when some are left out.
    """

    lead: str
    asked: tuple[WaitRow, ...]
    agreements: tuple[WaitRow, ...]
    chase: tuple[ChaseRow, ...]
    changes: tuple[EventLine, ...]
    more: str
    territories: tuple[WeekBlock, ...]
    watched: bool
    letter: bool
    failures: Link | None = None
    address: str = MONDAY
    done: str = ""
    title: str = "Lundi matin"
    trail: tuple[Link, ...] = (DESK, Link("Lundi matin"))


def week(page: MondayPage, done: str = "") -> Week:
    """Build the page of a week."""
    since = page.since.isoformat()
    asked, agreements = waits(page.requests)
    return Week(
        lead=opening(page),
        asked=tuple(map(_wait, asked)),
        agreements=tuple(map(_wait, agreements)),
        chase=tuple(chase_row(line) for line in (*page.reminders, *page.unanswered)),
        changes=tuple(map(event_line, page.firms.events)),
        more=f"Voici les {french.number(len(page.firms.events))} derniers changements vus."
        if len(page.firms.events) < page.firms.total
        else "",
        territories=tuple(
            _block(week, f"/territoire/{week.key.replace(':', '/', 1)}", since) for week in page.territories
        ),
        watched=page.watched,
        letter=page.letter,
        failures=_failures(page.failed_letters),
        done=done,
    )


def _failures(count: int) -> Link | None:
    """Return the line on letters that could not leave, `None` when all did."""
    if not count:
        return None
    told = french.counted(count, "courriel n’a pas pu partir", "courriels n’ont pas pu partir")
    return Link(f"{told} depuis trente jours : voir pourquoi, et renvoyer.", FAILED_LETTERS)


def _wait(wait: Wait) -> WaitRow:
    where = {
        LINK: "/bureau/rattachements",
        ANSWER: f"/appels/{wait.subject}#reponses",
        CONSENT: f"{INTRODUCTIONS}/{wait.subject}",
        ASKED: f"{INTRODUCTIONS}/demandes/{wait.subject}",
    }
    return WaitRow(Link(f"{wait.sentence}.", where[wait.kind]), f"depuis le {french.long_date(wait.since)}")


def _block(week: WeekEvents, href: str, since: str) -> WeekBlock:
    shown = len(week.events)
    counted = french.counted(week.total, "événement vu", "événements vus") if week.total else "aucun événement vu"
    return WeekBlock(
        Link(week.name, href),
        f"{counted}{f', dont voici les {shown} derniers' if shown < week.total else ''}.",
        tuple(map(event_line, week.events)),
        f"{href}/evenements?depuis={since}" if shown < week.total else "",
    )
