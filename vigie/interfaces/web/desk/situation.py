"""The situation of a firm: the page where it is asked, and the saving of a section of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.domain.french import listed
from vigie.domain.situation import SECTIONS
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.situation import situation_address, situation_page, stands_as
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import done, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.firms.situation import ANSWERED, SituationAnswered, situation_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.firms.answers import Declarations


@at_desk
def situation(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what is asked of a firm to who may write in its name."""
    return _page(request, desk, who, Form())


@form_at_desk
def answered(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Save the answers of a section that differ from what stands, and come back to the next section."""
    typed, siren = words(form), request.path_params["siren"]
    found = _found(request, desk, who)
    try:
        said = _changed(typed, found)
        if said:
            desk.acts.do(who.scope, ANSWERED, found.siren, SituationAnswered(said))
    except (Conflict, FieldFault) as fault:
        again = refused(typed, FieldFault("", str(fault)))
        return _page(request, desk, who, again, form_status(fault))
    anchors = [section.anchor for section in SECTIONS]
    following = dict(pairwise(anchors)).get(typed.get("section", ""), "")
    return done(f"{situation_address(siren)}{f'#{following}' if following else ''}", ANSWERED)


def _changed(typed: Mapping[str, str], found: Declarations) -> tuple[str, ...]:
    """Return the answers of a form that are not what it showed: a question left as it was is not answered by it.

    Raises `Conflict` for a question to which somebody gave another answer since the form was shown.
    """
    changed, crossed = [], []
    for one in situation_of(found.siren, found.entries).answers:
        word, stands = one.question.word, stands_as(one)
        chosen, readers = typed.get(f"r-{word}"), typed.get(f"l-{word}", "")
        given = f"{chosen}:{readers}" if chosen else ""
        shown = typed.get(f"s-{word}", stands)
        if chosen is None or given in (shown, stands):
            continue
        if stands != shown:
            now = one.question.choices[one.entry.answer] if one.entry else "plus aucune réponse"
            crossed.append(f"« {one.question.label} » ({now})")
        changed.append(f"{word}={chosen}:{readers}")
    if crossed:
        raise Conflict(
            f"Quelqu’un a répondu entre-temps : {listed(crossed)}. Rien n’est enregistré : relisez vos choix, puis "
            "enregistrez-les s’ils valent toujours."
        )
    return tuple(changed)


def _found(request: Request, desk: Desk, who: Asker) -> Declarations:
    found = desk.declarations.read(who.scope, request.path_params["siren"])
    if not found.may_write:
        raise NotFound(ABSENT)
    return found


def _page(request: Request, desk: Desk, who: Asker, form: Form, status: int = 200) -> Response:
    found = _found(request, desk, who)
    view = situation_page(found, form, head=who.scope.siren == found.siren, done=done_sentence(request))
    return show_desk(request, "desk/situation.html", view, status=status)


ROUTES = (
    Route("/bureau/entreprise/{siren}/situation", situation, methods=["GET"]),
    Route("/bureau/entreprise/{siren}/situation", answered, methods=["POST"]),
)
