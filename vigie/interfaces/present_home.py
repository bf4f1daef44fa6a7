"""The first page in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.interfaces.pages import Home
from vigie.interfaces.present import source_lines, territory_href
from vigie.interfaces.present_events import event_line, factories_sentence
from vigie.interfaces.views import Graphic, Link, ReaderPath

if TYPE_CHECKING:
    from vigie.domain.territory import Territory
    from vigie.services.calls.answers import CallTold
    from vigie.services.loaded import Loaded
    from vigie.services.watch import Factories, WatchedEvent

CALLS = "/appels"
_OWN, _NEED = Link("Retrouver ma fiche", "/annuaire"), Link("Dire un besoin", f"/bureau{CALLS}/nouveau")
_OTHERS = Link("Le portrait de ma commune", "/territoires")
_STUDY = (Link("Indicateurs", "/indicateurs"), Link("Sources", "/sources"), Link("API", "/api/v1/openapi.json"))


def home_sentence(loaded: Loaded) -> str:
    """Return the sentence that says what Vigie holds; the command line and the page say the same."""
    count = loaded.tables.get("establishment", 0)
    kind = "établissement imaginaire" if loaded.simulated else "établissement"
    many = "établissements imaginaires" if loaded.simulated else "établissements"
    return (
        "Vigie rassemble les établissements, leurs activités, leurs effectifs et ce qui change, pour que chaque "
        f"territoire se connaisse et agisse. Ici : {french.counted(count, kind, many)}."
    )


def home(loaded: Loaded, places: Sequence[Territory], news: News, drawing: Graphic | None, *, known: bool) -> Home:
    """Return the first page: what Vigie is for, where each reader starts, what changed, what is looked for.

    `places` are the territories to start from, the largest first; `known` tells whether the reader is signed in.
    """
    return Home(
        lead=_purpose(places),
        held=home_sentence(loaded),
        ways=_ways(places, news, known=known),
        month=factories_sentence(news.factories),
        events=tuple(map(event_line, news.events)),
        call=Link(news.call.title, f"{CALLS}/{news.call.id}") if news.call else None,
        call_of=news.call.organisation if news.call else "",
        map=drawing,
        sources=source_lines(loaded.cite(*loaded.vintage)),
    )


@dataclass(frozen=True, slots=True)
class News:
    """What changed in what is loaded, and the call published last among those that can be answered."""

    factories: Factories | None
    events: Sequence[WatchedEvent]
    calls: int
    call: CallTold | None


def _purpose(places: Sequence[Territory]) -> str:
    alone = _department(places)
    where = f" {french.of_place(alone.name)}" if alone else ""
    return f"L’observatoire ouvert de l’industrie et le bureau de mise en relation des entreprises{where}."


def _ways(places: Sequence[Territory], news: News, *, known: bool) -> tuple[ReaderPath, ...]:
    alone = _department(places)
    portrait = Link(f"Le portrait : {alone.name}", territory_href(alone)) if alone else None
    several = f"les {french.number(news.calls)} besoins et offres" if news.calls > 1 else "le besoin publié"
    calls = Link(f"Lire {several}", CALLS)
    week = Link("Ma semaine" if known else "Ma semaine (connexion)", "/bureau")
    return (
        ReaderPath("Je dirige une entreprise", (_OWN, _NEED, *_if(calls, news.calls))),
        ReaderPath("J’accompagne des entreprises", (week,)),
        ReaderPath("Je suis élu ou élue", (*_if(portrait, alone), Link("Le portrait de ma commune", "/territoires"))),
        ReaderPath("J’étudie", _STUDY),
        ReaderPath("J’habite ici", (Link("Ma commune", "/territoires"), Link("Ce qui change", "/evenements"))),
    )


def _if(link: Link | None, there: object) -> tuple[Link, ...]:
    return (link,) if link and there else ()


def _department(places: Sequence[Territory]) -> Territory | None:
    """Return the only département that is loaded, `None` when there are several or none."""
    found = [place for place in places if place.kind is TerritoryKind.DEPARTEMENT]
    return found[0] if len(found) == 1 else None
