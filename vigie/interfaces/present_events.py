"""Events in words: one line each, the sentence that counts them, their page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.relations import EventKind, EventOrder, EventSource
from vigie.interfaces.pages import Events
from vigie.interfaces.present import NOT_KNOWN, NOT_PUBLIC, pager, source_lines
from vigie.interfaces.views import Choice, EventLine, Link

if TYPE_CHECKING:
    from vigie.services.watch import EventPage, Factories, WatchedEvent

_PLURALS = {
    EventKind.CREATION: "créations",
    EventKind.CLOSURE: "fermetures",
    EventKind.REOPENING: "réouvertures",
    EventKind.MOVE: "déménagements",
    EventKind.TRANSFER: "transferts",
    EventKind.ACTIVITY: "changements d’activité",
    EventKind.SIZE: "changements de taille",
    EventKind.NAME: "changements de nom",
    EventKind.SAFEGUARD: "procédures de sauvegarde",
    EventKind.RECOVERY: "redressements judiciaires",
    EventKind.LIQUIDATION: "liquidations judiciaires",
    EventKind.PROCEEDING: "suites de procédures",
    EventKind.SALE: "ventes ou cessions",
    EventKind.STRIKING_OFF: "radiations",
    EventKind.ACCOUNTS: "dépôts des comptes",
}


@dataclass(frozen=True, slots=True)
class EventsFrame:
    """Where an events page stands: its title, its trail, its own address, hidden fields, and the last visit."""

    title: str
    trail: tuple[Link, ...]
    address: Callable[..., str]
    action: str
    api_href: str
    last_visit: date | None = None
    scope: tuple[tuple[str, str], ...] = ()
    territory_field: bool = False
    territory: str = ""
    feed_href: str = ""
    naf: str = ""
    least: str = ""
    around: str = ""
    kilometres: str = ""


def event_line(event: WatchedEvent) -> EventLine:
    """Return an event as lists show it; the name of a masked unit is not public."""
    name = usual_case(event.name or "") or (NOT_PUBLIC if event.masked else NOT_KNOWN)
    place = Link(event.commune_name, f"/territoire/commune/{event.commune}") if event.commune_name else None
    when = french.long_date(event.date) if event.date else f"vu le {french.long_date(event.seen)}"
    said = event.sentence in (event.label, f"{event.label}{french.NBSP}: {event.commune_name}")
    sentence = "" if said else f"{french.capital(event.sentence)}."
    what = " · ".join(filter(None, (event.size, event.activity)))
    who = Link(name, f"/etablissement/{event.siret}")
    return EventLine(when, event.label, who, sentence, place, what, _onward(event), *_proof(event))


def _proof(event: WatchedEvent) -> tuple[str, Link | None]:
    """Return who tells it where it is not Sirene alone, and the notice where its address is known."""
    if EventSource.BODACC not in event.sources:
        return "", None
    told = "Sirene et une annonce légale" if len(event.sources) > 1 else "annonce légale"
    return f"Source : {told}", Link("lire l’annonce", event.url) if event.url else None


def _onward(event: WatchedEvent) -> Link | None:
    """Return where those who worked at a closed site might work; of a masked one, nothing is said."""
    if event.kind is not EventKind.CLOSURE or event.masked:
        return None
    address = f"/entreprise/{event.siren}/metiers-a-proximite?siret={event.siret}"
    return Link("Qui emploie ces métiers à 30 minutes", address)


def factories_sentence(found: Factories | None) -> str:
    """Return what opened and closed in manufacturing; nothing when nothing was ever seen."""
    if found is None:
        return ""
    since = f"Depuis le {french.long_date(found.since)}, dans l’industrie"
    if not found.opened and not found.closed:
        return f"{since} : aucun site n’a ouvert ni fermé."
    opened = _sites(found.opened, found.opened_large, "a ouvert", "ont ouvert")
    closed = _sites(found.closed, found.closed_large, "a fermé", "ont fermé")
    return f"{since} : {opened} ; {closed}."


def _sites(count: int, large: int, one: str, many: str) -> str:
    if not count:
        return f"aucun n’{one}"
    told = f"{french.counted(count, 'site')} {many if count > 1 else one}"
    return f"{told}, dont {french.number(large)} de 10 salariés ou plus" if large else told


def events_sentence(page: EventPage) -> str:
    """Return the sentence that counts events; the command line and the page say the same."""
    since = f" depuis le {french.long_date(page.since)}" if page.since else ""
    where = f" ({page.territory.kind.label} {page.territory.name})" if page.territory else ""
    if not page.total:
        return f"Aucun événement vu{since}{where}."
    told = page.counts.items()
    kinds = [french.counted(count, kind.label, _PLURALS[kind]) for kind, count in told if not kind.quiet]
    verb = french.plural(page.total, "vu")
    counted = french.counted(page.total, "événement")
    return (
        f"{counted} {verb}{since}{where} : {french.listed(kinds)}." if len(kinds) > 1 else f"{kinds[0]} {since}{where}."
    )


def _counted(page: EventPage) -> str:
    """Return how many events there are; the page tells each kind beside, as what may be shown."""
    if len(page.counts) < 2:
        return events_sentence(page)
    since = f" depuis le {french.long_date(page.since)}" if page.since else ""
    return f"{french.counted(page.total, 'événement vu', 'événements vus')}{since}."


def events_page(found: EventPage, frame: EventsFrame, kinds: tuple[EventKind, ...], order: EventOrder) -> Events:
    """Return the page of events of a territory, a firm, an establishment or everything."""
    return Events(
        title=frame.title,
        lead=_counted(found),
        trail=frame.trail,
        kinds=_choices(found.counts, frame.address, kinds),
        orders=_orders(frame.address, order),
        events=tuple(map(event_line, found.events)),
        since=found.since.isoformat() if found.since else "",
        last_visit=_last_visit(frame),
        scope=frame.scope,
        action=frame.action,
        territory_field=frame.territory_field,
        territory=frame.territory,
        naf=frame.naf,
        least=frame.least,
        around=frame.around,
        kilometres=frame.kilometres,
        pager=pager(found.page, found.total_pages, lambda number: frame.address(page=str(number))),
        api_href=frame.api_href,
        feed_href=frame.feed_href,
        sources=source_lines(found.sources),
    )


def faulty_events_page(frame: EventsFrame, fault: str, since: str) -> Events:
    """Return the page of events when what is asked cannot be read."""
    return Events(
        title=frame.title,
        lead=fault,
        trail=frame.trail,
        kinds=(),
        events=(),
        since=since,
        scope=frame.scope,
        action=frame.action,
        territory_field=frame.territory_field,
        territory=frame.territory,
        naf=frame.naf,
        least=frame.least,
        around=frame.around,
        kilometres=frame.kilometres,
        fault=fault,
    )


def _choices(
    counts: Mapping[EventKind, int], address: Callable[..., str], kinds: tuple[EventKind, ...]
) -> tuple[Choice, ...]:
    usual = sum(count for kind, count in counts.items() if not kind.quiet)
    every = Choice(f"tous ({french.number(usual)})", address(type="", page=""), not kinds)
    return (
        every,
        *(
            Choice(f"{_PLURALS[kind]} ({french.number(count)})", address(type=kind.value, page=""), kinds == (kind,))
            for kind, count in counts.items()
        ),
    )


def _orders(address: Callable[..., str], order: EventOrder) -> tuple[Choice, ...]:
    return (
        Choice("les plus importants", address(tri="", page=""), order is EventOrder.MATTER),
        Choice("les plus récents", address(tri=EventOrder.DATE.value, page=""), order is EventOrder.DATE),
    )


def _last_visit(frame: EventsFrame) -> Link | None:
    if frame.last_visit is None:
        return None
    label = f"Depuis votre dernière visite, le {french.long_date(frame.last_visit)}"
    return Link(label, frame.address(depuis=frame.last_visit.isoformat(), page=""))
