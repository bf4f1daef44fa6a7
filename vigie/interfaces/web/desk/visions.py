"""A vision and what becomes of it: the pages that everybody reads, and those on which officers write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.interfaces.desk_views import visions as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, for_anyone
from vigie.interfaces.web.desk.acts import Fault, Host, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.vision.reading import place_of
from vigie.services.vision.writing import LIST, PUBLISHED

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

_SECTION = "projet"


@for_anyone
def every(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the only vision in force, or the list of them."""
    found = desk.visions.reading.published(who.scope)
    if len(found) == 1:
        return RedirectResponse(place_of(found[0].id), 303)
    return show_desk(request, "visions.html", views.list_page(found), section=_SECTION)


@for_anyone
def all_results(request: Request, desk: Desk, who: Asker) -> Response:
    """Lead to the results of the only vision in force, or show the list of them."""
    found = desk.visions.reading.published(who.scope)
    if len(found) == 1:
        return RedirectResponse(f"{place_of(found[0].id)}/resultats", 303)
    return show_desk(request, "visions.html", views.list_page(found), section=_SECTION)


@for_anyone
def one(request: Request, desk: Desk, who: Asker) -> Response:
    """Show a vision, whole."""
    told = desk.visions.reading.one(who.scope, request.path_params["vision"])
    return show_desk(request, "vision.html", views.vision_page(told, refusals={}), section=_SECTION)


@for_anyone
def story(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the story of a vision, to read or to print."""
    told, sentences = desk.visions.reading.story(who.scope, request.path_params["vision"])
    return show_desk(request, "vision_story.html", views.story_page(told, sentences), section=_SECTION)


@for_anyone
def results(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the five results of a vision."""
    told = desk.visions.reading.results(who.scope, request.path_params["vision"])
    return show_desk(request, "vision_results.html", views.results_page(told), section=_SECTION)


@at_desk
def written(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the visions of the organisation."""
    return show_desk(request, "visions.html", views.desk_list_page(desk.visions.reading.every(who.scope)))


@at_desk
def writing(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one of them, with what can be done."""
    return _page(request, desk, who, {})


def _host(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show the page of a vision again, with what was refused."""
    return _page(request, desk, who, {act.kind: refused(typed, fault)}, form_status(fault))


def _page(request: Request, desk: Desk, who: Asker, refusals: Mapping[str, Form], status: int = 200) -> Response:
    told = desk.visions.reading.ours(who.scope, request.path_params["vision"])
    view = views.vision_page(told, desk=True, done=done_sentence(request), refusals=refusals)
    return show_desk(request, "vision.html", view, status=status)


HOSTS: Mapping[str, Host] = {PUBLISHED.kind: _host}
ROUTES = (
    Route(views.ALL, every),
    Route(f"{views.ALL}/resultats", all_results),
    Route(f"{views.ALL}/{{vision}}", one),
    Route(f"{views.ALL}/{{vision}}/recit", story),
    Route(f"{views.ALL}/{{vision}}/resultats", results),
    Route(LIST, written),
    Route(f"{LIST}/{{vision}}", writing),
)
