"""What changes, followed without an account: the events of a territory or of everything, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vigie.domain.french import capital
from vigie.interfaces import asking
from vigie.interfaces.present import territory_href
from vigie.interfaces.present_events import event_line, events_sentence
from vigie.interfaces.web.events import WHEN
from vigie.interfaces.web.frame import with_services
from vigie.interfaces.web.territories import asked_territory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.bootstrap import Services
    from vigie.services.watch import EventPage, WatchedEvent

_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA = "application/atom+xml; charset=utf-8"
_ENTRIES = 100
"""Entries of a feed: readers come once a day, and a département tells fewer than that in one."""
_BEGINNING = date(1970, 1, 1)


@with_services
def everything(request: Request, services: Services) -> Response:
    """Hand the latest events of everything loaded."""
    return _feed(request, services, "/evenements", "Ce qui change", {})


@with_services
def of_territory(request: Request, services: Services) -> Response:
    """Hand the latest events of a territory."""
    place = asked_territory(request, services)
    page = f"{territory_href(place)}/evenements"
    if place.redirected_from:
        return RedirectResponse(f"{page}.atom", 308)
    return _feed(request, services, page, f"Ce qui change : {place.name}", {"territory": place.key})


def _feed(request: Request, services: Services, page: str, title: str, scope: Mapping[str, Any]) -> Response:
    asked = asking.read(WHEN, request.query_params.multi_items()).or_fault()
    found = services.watch.events(**{**asked, **scope}, per_page=_ENTRIES)
    public: str = request.app.state.settings.public_url
    query = urlencode([(name, value) for name, value in request.query_params.multi_items() if value.strip()])
    end = f"?{query}" if query else ""
    feed = _opened(public, f"{page}.atom{end}", f"{page}{end}", title, found)
    for event in found.events:
        feed.append(_entry(event, public))
    return Response(tostring(feed, encoding="utf-8", xml_declaration=True), media_type=_MEDIA)


def _opened(public: str, own: str, page: str, title: str, found: EventPage) -> Element:
    register_namespace("", _ATOM)
    feed = Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    last = max((event.seen for event in found.events), default=_BEGINNING)
    imaginary = " Établissements imaginaires : seules les communes sont réelles." if found.simulated else ""
    _text(feed, "title", f"{title} – Vigie")
    _text(feed, "subtitle", f"{events_sentence(found)}{imaginary}")
    _text(feed, "id", f"{public}{own}")
    _text(feed, "updated", _moment(last))
    SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=f"{public}{own}")
    SubElement(feed, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=f"{public}{page}")
    _text(SubElement(feed, f"{{{_ATOM}}}author"), "name", "Vigie")
    _text(feed, "rights", " ; ".join(dict.fromkeys(f"{source.producer}, {source.licence}" for source in found.sources)))
    return feed


def _entry(event: WatchedEvent, public: str) -> Element:
    line = event_line(event)
    entry = Element(f"{{{_ATOM}}}entry")
    place = f" ({line.place.label})" if line.place else ""
    _text(entry, "title", f"{capital(line.kind)} : {line.who.label}{place}")
    _text(entry, "id", _identity(event, public))
    _text(entry, "updated", _moment(event.seen))
    _text(entry, "published", _moment(event.date or event.seen))
    SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=f"{public}{line.who.href}")
    if line.proof and line.proof.href:
        SubElement(entry, f"{{{_ATOM}}}link", rel="via", href=line.proof.href)
    said = (line.what, line.sentence.removesuffix("."), line.date, line.source)
    _text(entry, "summary", " ".join(f"{part}." for part in said if part))
    return entry


def _identity(event: WatchedEvent, public: str) -> str:
    """Return what names the event for ever, wherever the feed is read (RFC 4151)."""
    what = "|".join(map(str, (event.kind, event.siret, event.date, event.seen, event.before, event.after)))
    return f"tag:{urlsplit(public).hostname or 'vigie'},2026:{sha256(what.encode()).hexdigest()[:24]}"


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{name}").text = text
