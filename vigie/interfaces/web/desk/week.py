"""« Ma semaine »: one queue of what waits for the officer, what waits for others, what matters in their territories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import Right, Thing
from vigie.domain.firm_names import usual_case
from vigie.domain.followup import NEXT_STEPS, POSTPONED_DAYS
from vigie.errors import NoData
from vigie.interfaces.desk_views.dossiers import ADDRESS as DOSSIERS
from vigie.interfaces.desk_views.introductions import ADDRESS as INTRODUCTIONS
from vigie.interfaces.desk_views.introductions import prepare_address
from vigie.interfaces.desk_views.partners import partners_of
from vigie.interfaces.desk_views.records import FAILED_LETTERS
from vigie.interfaces.desk_views.unmet import ADDRESS as UNMET
from vigie.interfaces.desk_views.unmet import UnmetLine, unmet_line, unmet_sentence
from vigie.interfaces.present_events import event_line
from vigie.interfaces.views import Choice, EventLine, Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.following import YES, back_to
from vigie.interfaces.web.frame import show_desk
from vigie.services.aids.answering import page_of
from vigie.services.aids.portfolio import ClosingAid, closing_schemes, closing_soon
from vigie.services.followup.monday import ANSWER, ASKED, CONSENT, LINK, STATED, waits
from vigie.services.followup.never_met import LEAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.followup.answers import ChaseLine
    from vigie.services.followup.monday import MondayPage, Wait
    from vigie.services.followup.never_met import UnmetFirms
    from vigie.services.followup.territory_week import WeekEvents
    from vigie.services.symbiosis.news import NewExchange
    from vigie.services.watch import WatchedEvent

WEEK = "/bureau"
FORMER = ("/bureau/lundi", "/bureau/relances")
"""Addresses that three pages had, before they became one."""
DONE = {
    "oui": "Vous recevrez cette page chaque lundi par courriel.",
    "non": "Vous ne recevrez plus cette page par courriel ; elle reste ici.",
}
_WHERE = {
    LINK: "/bureau/rattachements",
    ANSWER: "/appels/{}#reponses",
    CONSENT: INTRODUCTIONS + "/{}",
    ASKED: INTRODUCTIONS + "/demandes/{}",
    STATED: "/bureau/besoins/{}",
}
_QUEUE, _PEOPLE, _OWN = 8, 15, 2
"""Rows that wait shown at once: with the rest of the week they hold in two screens; others are behind their count.
Somebody who waits is shown before what one set oneself to do, of which two rows stay at least."""
_FIRMS_NAMED = 5
"""Firms that a scheme names; the others are counted."""
_VERBS = {LINK: "Vérifier", ANSWER: "Lire", CONSENT: "Voir", ASKED: "Préparer", STATED: "Répondre"}


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """What the address asks: the whole team's week, every row that waits."""

    everyone: bool = False
    whole: bool = False

    @property
    def address(self) -> str:
        """Return where the same is shown again."""
        kept = [word for word, held in (("equipe=oui", self.everyone), ("tout=oui", self.whole)) if held]
        return f"{WEEK}?{'&'.join(kept)}" if kept else WEEK

    @property
    def rest(self) -> str:
        """Return where every row is shown."""
        return replace(self, whole=True).address


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One thing that waits: since or until when, about whom, what, and where to act on it.

    `done` and `later` are where the two buttons of a reminder send; anything else is read or prepared at `act`.
    """

    when: str
    iso: str
    who: Link
    what: str
    owner: str = ""
    done: str = ""
    later: str = ""
    act: Link | None = None


@dataclass(frozen=True, slots=True)
class TerritoryLine:
    """A territory, and how many events were seen there since a week."""

    name: Link
    events: Link


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A scheme that closes soon, and the firms of the reader's portfolios that it may help."""

    scheme: Link
    when: str
    firms: tuple[Link, ...]
    more: str


@dataclass(frozen=True, slots=True)
class NewExchangeLine:
    """An exchange of matter that was not possible a week ago: who gives, to whom, how it is known, what to do."""

    giver: Link
    taker: Link
    what: str
    why: str
    prepare: str


@dataclass(frozen=True, slots=True)
class UnmetBlock:
    """Whom nobody met for two years: how many, the largest, and where the rest is."""

    lead: str
    lines: tuple[UnmetLine, ...]
    more: Link


@dataclass(frozen=True, slots=True)
class WeekPage:
    """`desk/week.html`: what waits for the reader, how much waits for others, what changed."""

    title: str
    lead: str
    queue: tuple[QueueRow, ...]
    whose: tuple[Choice, ...]
    steps: tuple[tuple[str, str], ...]
    later: int
    changes: tuple[EventLine, ...]
    more: str
    territories: tuple[TerritoryLine, ...]
    watched: bool
    letter: bool
    failures: Link | None = None
    back: str = WEEK
    whole_team: bool = False
    done: str = ""
    aids: tuple[ClosingLine, ...] = ()
    alarms: tuple[EventLine, ...] = ()
    closures: tuple[EventLine, ...] = ()
    arrivals: tuple[EventLine, ...] = ()
    unmet: UnmetBlock | None = None
    exchanges: tuple[NewExchangeLine, ...] = ()
    queue_more: Link | None = None
    elsewhere: Link | None = None
    changed: str = ""
    closed: str = ""
    watching: str = ""
    every_closure: Link | None = None
    every_arrival: Link | None = None


def week(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the week of whoever follows dossiers."""
    asked = WeekAsked(*(request.query_params.get(word) == YES for word in ("equipe", "tout")))
    closing: tuple[ClosingAid, ...] = ()
    try:
        with request.app.state.installation.services() as services:
            page = desk.followup.monday.page(who.scope, services.watch, services, everyone=asked.everyone)
            if closing_schemes(services, page.today):
                closing = closing_soon(services, desk.followup.monday.watched(who.scope), page.today)
    except NoData:
        page = desk.followup.monday.page(who.scope, everyone=asked.everyone)
    told = DONE.get(request.query_params.get("courriel", "")) or done_sentence(request)
    return show_desk(request, "desk/week.html", _view(page, told, closing, asked))


@at_desk
def moved(request: Request, _: Desk, who: Asker) -> Response:
    """Lead from a former address to the week, with what it asked for."""
    who.scope.require(Thing.DOSSIERS, Right.WRITE)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{WEEK}{query}", 308)


@form_at_desk
def receive(_: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Choose whether the week comes by e-mail."""
    wanted = words(form).get("courriel") == YES
    desk.followup.monday.receive(who.scope, letter=wanted)
    return back_to(f"{WEEK}?courriel={'oui' if wanted else 'non'}")


ROUTES = (
    *(Route(path, moved, methods=["GET"]) for path in FORMER),
    Route(f"{FORMER[0]}/courriel", receive, methods=["POST"]),
)


def _view(page: MondayPage, done: str, closing: Sequence[ClosingAid], asked: WeekAsked) -> WeekPage:
    mine, agreements = waits(page.requests)
    asking, own = map(_waiting, mine), map(_chased, (*page.reminders, *page.unanswered))
    people, due = (sorted(rows, key=lambda row: row.iso) for rows in (asking, own))
    queue = sorted([*people, *due], key=lambda row: row.iso)
    first = sorted(_first_rows(people, due), key=lambda row: row.iso)
    since, left = page.since.isoformat(), len(queue) - len(first)
    return WeekPage(
        title=french.capital(french.weekday(page.today)),
        lead=_lead(page, len(queue), len(agreements)),
        queue=tuple(queue if asked.whole else first),
        whose=(
            Choice("les miens", WEEK, not asked.everyone),
            Choice("toute l’équipe", f"{WEEK}?equipe=oui", asked.everyone),
        ),
        steps=tuple(NEXT_STEPS.items()),
        later=POSTPONED_DAYS,
        changes=tuple(map(event_line, page.changes)),
        more=_more(page.firms),
        territories=tuple(_territory(ground, since) for ground in page.territories),
        watched=page.watched,
        letter=page.letter,
        failures=_failures(page.failed_letters),
        back=asked.address,
        whole_team=asked.everyone,
        done=done,
        aids=tuple(map(_closing, closing)),
        alarms=tuple(map(event_line, page.alarms)),
        closures=tuple(map(event_line, page.closures)),
        arrivals=tuple(map(_arrival, page.arrivals)),
        queue_more=None
        if asked.whole or left <= 0
        else Link(french.counted(left, "autre geste", "autres gestes"), asked.rest),
        elsewhere=_elsewhere(len(agreements)),
        closed=f"{page.thresholds.sites}, vus depuis une semaine.",
        watching=page.watching,
        every_closure=_every(page, "Toutes les fermetures", ["fermeture"], least=page.thresholds.least),
        every_arrival=_every(page, "Toutes les arrivées", ["creation", "demenagement"]),
        changed=french.counted(page.firms.total, "changement", "changements") if page.watched else "",
        exchanges=tuple(map(_exchange, page.exchanges)),
        unmet=_unmet(page.unmet) if page.unmet and page.unmet.total else None,
    )


def _first_rows(people: Sequence[QueueRow], due: Sequence[QueueRow]) -> list[QueueRow]:
    """Return the rows that are shown at once, of those asked by people and of those that are due, the oldest first."""
    asked = people[:_PEOPLE]
    return [*asked, *due[: max(_OWN, _QUEUE - len(asked))]]


def _every(page: MondayPage, label: str, kinds: Sequence[str], least: int = 0) -> Link | None:
    """Return where all events of some kinds are, of which the week shows the first: those of the first territory."""
    if not page.territories:
        return None
    chosen = page.thresholds
    asked = [("depuis", page.since.isoformat()), *(("type", kind) for kind in kinds)]
    asked += [("effectif", str(least))] if least else []
    asked += [("naf", chosen.naf)] if chosen.naf else []
    asked += [("autour", chosen.commune), ("km", str(chosen.kilometres))] if chosen.commune and not page.whole else []
    return Link(label, f"/territoire/{page.territories[0].key.replace(':', '/', 1)}/evenements?{urlencode(asked)}")


def _arrival(event: WatchedEvent) -> EventLine:
    """Return somebody who came, and with whom they could be introduced; of a masked one, nothing is said."""
    line = event_line(event)
    return line if event.masked else replace(line, onward=Link("À qui les présenter", partners_of(event.siren)))


def _unmet(found: UnmetFirms) -> UnmetBlock:
    every = f"{UNMET}?effectif={found.least}" if found.least != LEAST else UNMET
    return UnmetBlock(unmet_sentence(found), tuple(map(unmet_line, found.firms)), Link("Les voir tous", every))


def _exchange(one: NewExchange) -> NewExchangeLine:
    far = f", à {french.number(one.kilometres, 1)} km" if one.kilometres is not None else ""
    return NewExchangeLine(
        Link(one.giver, f"/bureau/entreprise/{one.giver_siren}/matiere"),
        Link(one.taker, f"/bureau/entreprise/{one.taker_siren}/matiere"),
        f"{one.matter}{far}",
        french.capital(one.because),
        prepare_address(one.giver_siren, one.taker_siren),
    )


def _closing(one: ClosingAid) -> ClosingLine:
    shown = tuple(Link(firm.name, page_of(one.scheme.id, firm.number)) for firm in one.firms[:_FIRMS_NAMED])
    left = len(one.firms) - len(shown)
    return ClosingLine(
        Link(one.scheme.title, page_of(one.scheme.id)),
        f"ferme le {french.long_date(one.scheme.closes)}",
        shown,
        f"et {french.counted(left, 'autre')}" if left else "",
    )


def _elsewhere(count: int) -> Link | None:
    """Return the agreements that others owe, each party being reminded twice by e-mail."""
    told = french.counted(count, "accord attendu", "accords attendus")
    return Link(told, f"{INTRODUCTIONS}?etat=proposed") if count else None


def _lead(page: MondayPage, mine: int, others: int) -> str:
    told = french.counted(mine, "geste vous attend", "gestes vous attendent") if mine else "Rien ne vous attend"
    elsewhere = french.counted(others, "accord est chez d’autres", "accords sont chez d’autres") if others else ""
    if not page.watched:
        changed = "aucune donnée n’est chargée, ce qui a changé n’est pas connu"
    else:
        changed = french.counted(page.firms.total, "changement", "changements") + " dans vos portefeuilles"
    return f"{french.capital(', '.join(filter(None, (told, elsewhere))))} ; {changed}."


def _chased(line: ChaseLine) -> QueueRow:
    if line.waiting_since is not None:
        act, what, day = f"{DOSSIERS}/{line.dossier}", "une réponse est attendue", line.waiting_since
        done, later, href = f"{act}/repondu", f"{act}/relancer-plus-tard", act
    else:
        act, what, day = f"/bureau/rappels/{line.id}", line.reason or "rappel effacé", line.due_on
        done, later = f"{act}/fait", f"{act}/reporter"
        href = f"{DOSSIERS}/{line.dossier}" if line.dossier else f"{INTRODUCTIONS}/{line.introduction}"
    return QueueRow(
        french.short_date(day),
        day.isoformat(),
        Link(_in_usual_case(line.title) or "Sans titre", href),
        what,
        line.owner_name,
        done,
        later,
    )


def _waiting(wait: Wait) -> QueueRow:
    day = french.day_of(wait.since)
    href = _WHERE[wait.kind].format(wait.subject)
    return QueueRow(
        french.short_date(day), day.isoformat(), Link(f"{wait.sentence}.", href), "", act=Link(_VERBS[wait.kind], href)
    )


def _territory(ground: WeekEvents, since: str) -> TerritoryLine:
    href = f"/territoire/{ground.key.replace(':', '/', 1)}"
    counted = french.counted(ground.total, "événement", "événements")
    told = Link(counted, f"{href}/evenements?depuis={since}") if ground.total else Link("rien de nouveau")
    return TerritoryLine(Link(ground.name, href), told)


def _more(firms: WeekEvents) -> str:
    shown = len(firms.events)
    return f"Voici les {french.number(shown)} derniers changements vus." if shown < firms.total else ""


def _failures(count: int) -> Link | None:
    """Return the line on letters that could not leave, `None` when all did."""
    if not count:
        return None
    told = french.counted(count, "courriel n’a pas pu partir", "courriels n’ont pas pu partir")
    return Link(f"{told} depuis trente jours : voir pourquoi, et renvoyer.", FAILED_LETTERS)


def _in_usual_case(title: str) -> str:
    """Return a title, or those of the two parties of an introduction, as pages write the names of firms."""
    opening, colon, parties = title.partition(" : ")
    if not colon:
        return usual_case(title)
    return f"{opening} : {french.listed(map(usual_case, parties.split(' et ')))}"
