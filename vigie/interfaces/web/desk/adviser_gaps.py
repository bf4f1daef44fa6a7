"""What nobody advises on, and where: the list and the map of what is missing, for officers and elected people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import Right, Thing
from vigie.domain.advising import AdviceSubject
from vigie.domain.territory import TerritoryKind
from vigie.errors import NoData, RequestFault
from vigie.interfaces.graphics import choropleth_graphic
from vigie.interfaces.maps import MapContent, MapShape
from vigie.interfaces.present_indicator import LINKED_SHAPES, MOST_SHAPES
from vigie.interfaces.views import Graphic, Link, TableView
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.frame import show_desk
from vigie.services.advising.keeping import LIST
from vigie.services.communes import commune_name, communes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.accounts.sessions import Asker
    from vigie.services.advising.routing import Gap
    from vigie.services.desk import Desk
    from vigie.services.outlines import OutlineSheet

GAPS = "/interlocuteurs/lacunes"
_NAMED = 12
"""Communes that a line of gaps names; the others are counted."""
_LONGEST = 60
"""Communes that the list of one subject names: the map has them all."""
_CLASSES = (("q0", 0, 0), ("q1", 1, 2), ("q3", 3, 5), ("q4", 6, len(AdviceSubject)))
"""Tint, fewest and most subjects without anybody: none, one or two, several, most."""
_NO_OUTLINES = "Les contours des communes ne sont pas connus ici : la liste dit la même chose."


@dataclass(frozen=True, slots=True)
class GapsPage:
    """`desk/adviser_gaps.html`: subjects that no service covers somewhere in the territory, or where one is not.

    `back` leads from one subject to all of them; `no_map` says why there is no map.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    table: TableView | None
    add_href: str
    graphic: Graphic | None = None
    no_map: str = ""
    back: Link | None = None


@at_desk
def gaps(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what nobody covers in the territory, to officers and elected people; `?sujet=` shows one subject."""
    desk.advising.gaps(who.scope, ())  # the right comes before anything is read
    communes = sorted(communes_of(desk.advising.territory(who.scope)))
    found = desk.advising.gaps(who.scope, communes)
    keeps = who.scope.may(Thing.DOSSIERS, Right.WRITE)
    asked = request.query_params.get("sujet", "")[:40]
    if asked and asked not in set(AdviceSubject):
        raise RequestFault(f"« {asked} » n’est pas un sujet : {', '.join(AdviceSubject)}.")
    chosen = AdviceSubject(asked) if asked else None
    sheets = _sheets(request, communes) if found or chosen else ()
    view = _of_subject(found, communes, chosen, sheets) if chosen else _of_all(found, communes, sheets)
    if keeps:
        view = replace(view, add_href=f"{LIST}/nouveau")
    return show_desk(request, "desk/adviser_gaps.html", view)


def _sheets(request: Request, communes: Sequence[str]) -> Sequence[OutlineSheet]:
    """Return the outlines of the communes, none where none is loaded or a page would be too heavy."""
    if not communes or len(communes) > MOST_SHAPES:
        return ()
    try:
        with request.app.state.installation.services() as services:
            found: Sequence[OutlineSheet] = services.observe.outlines.sheets(TerritoryKind.COMMUNE, list(communes))
    except NoData:
        return ()
    return found


def _of_all(found: Sequence[Gap], communes: Sequence[str], sheets: Sequence[OutlineSheet]) -> GapsPage:
    total = len(communes)
    rows = tuple(
        (
            Link(one.subject.label, f"{GAPS}?{urlencode({'sujet': one.subject.value})}"),
            french.number(len(one.communes)),
            _named(one.communes, total),
        )
        for one in found
    )
    lead = (
        f"{french.counted(len(found), 'sujet n’a', 'sujets n’ont')} pas d’interlocuteur partout dans vos "
        f"{french.counted(total, 'commune')}."
        if found
        else "Chaque sujet a un interlocuteur dans chacune de vos communes."
    )
    if not communes:
        lead = "Le territoire de votre organisation n’est pas dit : rien ne peut être dit de ce qui manque."
    table = TableView("Sujets sans interlocuteur", ("Sujet", "Communes", "Lesquelles"), rows, (False, True, False))
    lacking = Counter(code for one in found for code in one.communes)
    return GapsPage(
        title="Ce que personne ne couvre",
        lead=lead,
        trail=(Link("Bureau", "/bureau"), Link("Ce que personne ne couvre")),
        table=table if rows and communes else None,
        add_href="",
        graphic=_drawn_counts(lacking, communes, sheets, table) if rows and sheets else None,
        no_map=_NO_OUTLINES,
    )


def _drawn_counts(
    lacking: Counter[str], communes: Sequence[str], sheets: Sequence[OutlineSheet], table: TableView
) -> Graphic:
    tints = {code: next(tint for tint, low, high in _CLASSES if low <= lacking[code] <= high) for code in communes}
    used = set(tints.values())
    most = max(lacking.values())
    words = {tint: _class_words(low, min(high, most)) for tint, low, high in _CLASSES if tint in used}
    worst = [code for code in communes if lacking[code] == most]
    title = f"{french.capital(french.counted(most, 'sujet'))} sans interlocuteur dans {_among(worst, len(communes))}"
    told = {code: french.counted(lacking[code], "sujet sans personne", "sujets sans personne") for code in communes}
    return _drawn(title, tints, told, (words, sheets, table), "")


def _among(worst: Sequence[str], communes: int) -> str:
    """Return where most is missing: a commune by its name, or how many."""
    if len(worst) == communes:
        return "chaque commune"
    if len(worst) == 1:
        return f"une commune, {commune_name(worst[0])}"
    return french.counted(len(worst), "commune")


def _class_words(low: int, high: int) -> str:
    if not high:
        return "tous couverts"
    if low == high:
        return french.counted(low, "sujet")
    return f"{low} {'ou' if high == low + 1 else 'à'} {high} sujets"


def _of_subject(
    found: Sequence[Gap], communes: Sequence[str], subject: AdviceSubject, sheets: Sequence[OutlineSheet]
) -> GapsPage:
    lacking = next((one.communes for one in found if one.subject is subject), ())
    asked = {"sujet": subject.value}
    rows = tuple(
        (Link(commune_name(code), f"/interlocuteurs?{urlencode(asked | {'commune': code})}"),)
        for code in lacking[:_LONGEST]
    )
    counted = f"{french.number(len(lacking))} de vos {french.counted(len(communes), 'commune')}"
    lead = f"{french.capital(counted)} n’ont personne sur ce sujet." if lacking else "Chaque commune a quelqu’un."
    table = TableView(f"Communes sans interlocuteur : {subject.label.lower()}", ("Commune",), rows)
    tints = {code: "q4" if code in set(lacking) else "q0" for code in communes}
    told = {code: "personne" if tint == "q4" else "quelqu’un répond" for code, tint in tints.items()}
    words = {tint: label for tint, label in (("q0", "quelqu’un répond"), ("q4", "personne")) if tint in tints.values()}
    return GapsPage(
        title=f"Sans interlocuteur : {subject.label.lower()}",
        lead=lead,
        trail=(Link("Bureau", "/bureau"), Link("Ce que personne ne couvre", GAPS), Link(subject.label)),
        table=table if rows else None,
        add_href="",
        graphic=_drawn(table.caption, tints, told, (words, sheets, table), subject.value) if rows and sheets else None,
        no_map=_NO_OUTLINES,
        back=Link("Tous les sujets", GAPS),
    )


def _drawn(
    title: str,
    tints: dict[str, str],
    told: dict[str, str],
    around: tuple[dict[str, str], Sequence[OutlineSheet], TableView],
    subject: str,
) -> Graphic:
    """Draw communes, each leading to whom one may ask there while they are few enough to go through."""
    words, (main, *_), table = around
    linked = len(tints) <= LINKED_SHAPES

    def shape(code: str, steps: str) -> MapShape:
        where = urlencode(({"sujet": subject} if subject else {}) | {"commune": code})
        name = commune_name(code)
        return MapShape(name, steps, tints[code], told[code], f"/interlocuteurs?{where}" if linked else "",
                        name if linked else "")  # fmt: skip

    shapes = [shape(code, steps) for code, steps in main.steps.items() if code in tints]
    content = MapContent(title, "Chaque commune est teintée ; la liste dit la même chose.", main, shapes=shapes)
    return choropleth_graphic(content, words, table)


def _named(codes: Sequence[str], communes: int) -> str:
    if len(codes) == communes:
        return "toutes"
    more = len(codes) - _NAMED
    shown = ", ".join(commune_name(code) for code in codes[:_NAMED])
    return f"{shown} et {french.counted(more, 'autre')}" if more > 0 else shown


ROUTES = (Route(GAPS, gaps),)
