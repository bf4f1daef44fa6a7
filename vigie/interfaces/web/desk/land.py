"""The inventory of land of an organisation, for its officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.land import LandKind, Occupancy, Tenure
from vigie.domain.relations import LARGE, EventKind
from vigie.errors import NoData
from vigie.interfaces.present_events import event_line
from vigie.interfaces.views import EventLine, Link, TableView
from vigie.interfaces.web.asker import at_desk
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.sites.inventory import LIST, LandTold, every_unit, vacancy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk

_FREED = 10
"""Closures told beside the inventory: the last ones, the others are among the events of the territory."""


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """`desk/land.html`: the inventory, its vacancy, what is to be surveyed again; `freed` are sites that closed."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    table: TableView | None
    note: str
    done: str
    add_href: str
    files_href: str
    search_href: str
    freed: tuple[EventLine, ...]


@at_desk
def inventory(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the inventory to the officers of the organisation."""
    found = desk.acts.tell(who.scope, every_unit, "")
    freed = _freed(request, desk.advising.territory(who.scope))
    return show_desk(request, "desk/land.html", _page(found, freed, done_sentence(request)))


def _freed(request: Request, territory: str) -> tuple[EventLine, ...]:
    """Return the last closures of large sites of a territory: their premises may be free; none without data."""
    if not territory:
        return ()
    try:
        with request.app.state.installation.services() as services:
            last = services.watch.events(
                territory=territory, kinds=(EventKind.CLOSURE,), least=LARGE, per_page=_FREED
            )  # fmt: skip
    except NoData:
        return ()
    return tuple(map(event_line, last.events))


def _page(found: Sequence[LandTold], freed: tuple[EventLine, ...], done: str) -> InventoryPage:
    vacant, known = vacancy(found)
    old = sum(one.old for one in found)
    lead = f"{french.counted(len(found), 'terrain ou local', 'terrains ou locaux')} dans l’inventaire"
    if known:
        lead += f", dont {french.counted(vacant, 'vacant', 'vacants')} sur {french.number(known)} connus"
    again = french.counted(old, "relevé est à refaire", "relevés sont à refaire")
    return InventoryPage(
        title="Terrains et locaux",
        lead=f"{lead}." if found else "Rien n’est encore dans l’inventaire de l’organisation.",
        trail=(Link("Bureau", "/bureau"), Link("Terrains et locaux")),
        table=_table(found) if found else None,
        note=(f"{french.capital(again)} ou sans date. " if old else "")
        + "Inventaire de l’article L318-8-2 du code de l’urbanisme, à refaire tous les six ans. Propriétaires et "
        "occupants ne sont lus que par vos développeurs économiques, sur la base de l’obligation légale (article 6, "
        "paragraphe 1, point c, du RGPD) ; ils ne sortent dans aucun fichier public.",
        done=done,
        add_href=f"{LIST}/nouveau",
        files_href=f"{LIST}/fichiers",
        search_href="/sites",
        freed=freed,
    )


def _table(found: Sequence[LandTold]) -> TableView:
    rows = tuple(
        (
            Link(one.title, f"{LIST}/{one.id}/modifier"),
            LandKind(one.kind).label,
            ", ".join(filter(None, (one.zone, one.commune_name))),
            french.number(one.area) if one.area else "non connue",
            Occupancy(one.occupation).label,
            (Tenure(one.tenure).label if one.tenure else "") + (" (publié)" if one.published else ""),
            french.short_date(date.fromisoformat(one.seen_on)) if one.seen_on else "jamais",
            one.owner,
        )
        for one in found
    )
    columns = ("Nom", "Sorte", "Où", "Surface (m²)", "Occupation", "Disponible", "Relevé", "Propriétaire")
    return TableView("Inventaire", columns, rows, (False, False, False, True, False, False, False, False))


ROUTES = (Route(LIST, inventory),)
