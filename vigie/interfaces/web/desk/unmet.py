"""The page of industrial employers that nobody of the organisation met for two years."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import FieldFault, NotFound, RequestFault
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.unmet import ADDRESS, unmet_page, unmet_sheets
from vigie.interfaces.exports import KINDS
from vigie.interfaces.present_files import source_sheet
from vigie.interfaces.web.asker import at_desk, words
from vigie.interfaces.web.files import handed_out
from vigie.interfaces.web.frame import page_number, show
from vigie.services.followup.never_met import LARGEST_PAGE, LEAST, NeverMetAsked

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk


@at_desk
def never_met(request: Request, desk: Desk, who: Asker) -> Response:
    """Show whom to visit next in the organisation's territory, or in another."""
    typed = words(request.query_params)
    with request.app.state.installation.services() as services:
        found, form, status, asked = None, Form(typed=typed), 200, NeverMetAsked()
        try:
            asked = _asked(request)
            found = desk.followup.never_met.page(who.scope, services, asked)
        except (RequestFault, NotFound) as fault:
            if isinstance(fault, NotFound) and not typed.get("territoire"):
                raise
            form, status = refused(typed, FieldFault("territoire", str(fault))), 422
        view = unmet_page(found, typed, form, asked.least)
        view = replace(view, may_write=who.scope.may(Thing.DOSSIERS, Right.WRITE))
        return show(request, services, "desk/unmet.html", view, section="bureau", status=status)


@at_desk
def never_met_file(request: Request, desk: Desk, who: Asker) -> Response:
    """Give the whole list as a file."""
    ending = request.path_params["ending"]
    if ending not in KINDS:
        raise NotFound(f"Ce fichier n’existe pas : choisissez {', '.join(f'.{kind}' for kind in KINDS)}.")
    with request.app.state.installation.services() as services:
        asked = replace(_asked(request), per_page=LARGEST_PAGE)
        first = desk.followup.never_met.page(who.scope, services, asked)
        firms = list(first.firms)
        for number in range(2, first.total_pages + 1):
            firms += desk.followup.never_met.page(who.scope, services, replace(asked, page=number)).firms
        sheets = (*unmet_sheets(first, tuple(firms)), source_sheet(first.sources, first.simulated))
    name = f"jamais-rencontrees-{first.key.replace(':', '-')[:60]}.{ending}"
    return handed_out(request, name, KINDS[ending].media_type, lambda target: KINDS[ending].into(sheets, target))


def _asked(request: Request) -> NeverMetAsked:
    typed = words(request.query_params)
    least = typed.get("effectif", "") or str(LEAST)
    if not (least.isascii() and least.isdigit() and len(least) < 6):
        raise RequestFault(f"L’effectif vaut « {least[:40]} » : donnez un nombre entier de salariés.")
    return NeverMetAsked(typed.get("territoire", ""), int(least), page_number(request))


ROUTES = (Route(ADDRESS, never_met), Route(f"{ADDRESS}.{{ending}}", never_met_file))
