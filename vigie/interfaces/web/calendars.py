"""Deadlines followed without an account, as a calendar that agendas subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from starlette.requests import Request
from starlette.responses import Response

from vigie.domain import french
from vigie.errors import NoData
from vigie.interfaces.web.asker import for_anyone
from vigie.services.deadlines import deadlines

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.deadlines import Deadline
    from vigie.services.desk import Desk

ADDRESS = "/echeances.ics"
_MEDIA = "text/calendar; charset=utf-8"


@for_anyone
def calendar(request: Request, desk: Desk, _: Asker) -> Response:
    """Hand the days on which public calls close and schemes of aid end."""
    public, today = request.app.state.settings.public_url, french.today()
    try:
        with request.app.state.installation.services() as services:
            found, imaginary = deadlines(desk.calls.reading, services, today), services.simulated
    except NoData:
        found, imaginary = deadlines(desk.calls.reading, None, today), False
    told = Calendar()
    told.add("prodid", "-//Vigie//Echeances//FR")
    told.add("version", "2.0")
    told.add("x-wr-calname", "Échéances – Vigie" + (" (données imaginaires)" if imaginary else ""))
    for one in found:
        told.add_component(_event(one, public))
    return Response(told.to_ical(), media_type=_MEDIA)


def _event(one: Deadline, public: str) -> Event:
    event = Event()
    event.add("uid", f"{one.mark}@{urlsplit(public).hostname or 'vigie'}")
    event.add("dtstamp", datetime.combine(one.day, datetime.min.time(), UTC))
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", french.typeset(one.title))
    event.add("description", french.typeset(one.about))
    event.add("url", f"{public}{one.href}")
    event.add("transp", "TRANSPARENT")
    return event
