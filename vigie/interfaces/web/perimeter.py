"""The page where a perimeter is drawn: what is pasted, the communes that it makes, where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from vigie.errors import NotFound, RequestFault
from vigie.interfaces import declared_questions
from vigie.interfaces.asking import read
from vigie.interfaces.present import source_lines
from vigie.interfaces.sheets import FILE_LABELS
from vigie.interfaces.views import Link, SourceLine, TableView
from vigie.interfaces.web.frame import show, with_services
from vigie.services.comparing.perimeter import PERIMETER, DrawnPerimeter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.bootstrap import Services

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class PerimeterPage:
    """`perimeter.html`: what was pasted, what is wrong with it, the communes, and what can be read of them."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    added: str
    removed: str
    fault: str = ""
    onward: tuple[Link, ...] = ()
    table: TableView | None = None
    note: str = ""
    downloads: tuple[Link, ...] = ()
    sources: tuple[SourceLine, ...] = ()


@with_services
def perimeter(request: Request, services: Services) -> Response:
    """Draw a perimeter; its address gives the same screen again, and nothing is kept."""
    asked = read(declared_questions.parameters(PERIMETER), request.query_params.multi_items())
    codes, without = (_lines(asked.values.get(name, ())) for name in ("codes", "without"))
    told, fault = None, " ".join(asked.faults.values())
    if codes and not fault:
        try:
            told = PERIMETER.answer(services, "", asked.values)
        except (RequestFault, NotFound) as said:
            fault = str(said)
    view = _view(codes, without, told if isinstance(told, DrawnPerimeter) else None, fault)
    return show(request, services, "perimeter.html", view, section="territoires", status=422 if fault else 200)


def _lines(typed: Sequence[str]) -> str:
    return "\n".join(typed)


def _view(added: str, removed: str, told: DrawnPerimeter | None, fault: str) -> PerimeterPage:
    trail = Link("Territoires", "/territoires"), Link("Périmètre")
    if told is None:
        lead = "Des territoires ajoutés et retirés, ligne par ligne : le portrait du tout, ses chiffres, ses fichiers."
        return PerimeterPage("Dessiner un périmètre", lead, trail, added, removed, fault)
    table = declared_questions.table(PERIMETER, told)
    here = f"/territoire/{told.key.replace(':', '/', 1)}"
    query = urlencode([("avec", added), ("sans", removed)])
    return PerimeterPage(
        told.title, told.lead, trail, added, removed, fault,
        onward=(
            Link("Le portrait de ce périmètre", here), Link("Tous ses chiffres", f"{here}/chiffres"),
            Link("Structure productive", f"{here}/structure"), Link("Métiers", f"{here}/metiers"),
            Link("Ses entreprises", f"/annuaire?{urlencode({'territoire': told.key})}"),
        ),
        table=TableView(table.caption, table.columns, table.rows[:MOST_ROWS], table.numeric),
        note=told.note,
        downloads=tuple(Link(label, f"/perimetre.{ending}?{query}") for ending, label in FILE_LABELS.items()),
        sources=source_lines(told.sources),
    )  # fmt: skip
