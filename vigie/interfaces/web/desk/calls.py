"""The pages of calls: the public list, one call and its answers, one's own, publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.domain.calls import KINDS
from vigie.errors import Conflict, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import calls as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.introductions import ADDRESS as INTRODUCTIONS
from vigie.interfaces.desk_views.introductions import ask_address
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, form_for_anyone, words
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.desk.asking import may_ask
from vigie.interfaces.web.desk.naming import public_names
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.reading import CallFilter
from vigie.services.keys import Keys

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.calls.answers import CallTold
    from vigie.services.desk import Desk

_WRITING = (Right.WRITE, Right.WRITE_OWN)


@for_anyone
def published(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the calls that the asker may read."""
    typed = words(request.query_params)
    kind = typed.get("sorte", "")
    if kind and kind not in KINDS:
        raise RequestFault("Cette sorte d’appel n’existe pas : choisissez-la dans la liste.")
    closed = typed.get("clos") == "oui"
    filters = CallFilter(kind, typed.get("mots", "")[:100], "", not closed, page_number(request))
    found = desk.calls.reading.published(who.scope, filters)
    view = views.public_page(
        found,
        Form(typed=typed),
        _firms(request, found.calls),
        desk.introductions.reading.public_ties(),
        may_publish=_may_publish(who.scope),
    )
    return show_desk(request, "desk/calls.html", view, section="appels")


@for_anyone
def one(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one call, with the form that answers it."""
    form = Form()
    return _page(request, desk, who, form, done=_done(request))


@form_for_anyone
def answer(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take an answer; without an account, a letter asks to confirm it."""
    typed = words(form)
    given = AnswerEntry(typed.get("body", ""), typed.get("name", ""), typed.get("email", ""))
    identifier = request.path_params["identifier"]
    whence = request.client.host if request.client else ""
    try:
        receipt = desk.calls.answering.answer(_once_for(who.scope, given), identifier, given, whence)
    except (RequestFault, Conflict, TooManyAttempts) as fault:
        status = form_status(fault)
        return _page(request, desk, who, refused(typed, fault), status=status)
    done = "repondu" if receipt.confirmed else "a-confirmer"
    return RedirectResponse(f"{views.ADDRESS}/{identifier}?fait={done}", 303)


@at_desk
def mine(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one's own calls; those who publish nothing read totals of the network where they may."""
    scope, reading = who.scope, desk.calls.reading
    if not _may_publish(scope):
        counted = scope.may(Thing.NETWORK_CALLS, Right.AGGREGATE)
        view = views.totals_page(reading.aggregates(scope) if counted else None)
    else:
        found = reading.mine(scope, page_number(request))
        view = views.mine_page(found, _firms(request, found.calls), done_sentence(request))
    return show_desk(request, "desk/calls.html", view)


@form_at_desk
def introduce(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Make an introduction of an answer."""
    call, answer_id = request.path_params["identifier"], request.path_params["answer_id"]
    try:
        with request.app.state.installation.services() as services:
            made = desk.calls.introducing.introduce(who.scope, call, answer_id, services.know)
    except (Conflict, RequestFault) as fault:
        status = form_status(fault)
        return _page(request, desk, who, refused(words(form), fault), status=status)
    return RedirectResponse(f"{INTRODUCTIONS}/{made.id}?fait=proposee", 303)


def _page(request: Request, desk: Desk, who: Asker, form: Form, *, status: int = 200, done: str = "") -> Response:
    told = desk.calls.reading.one(who.scope, request.path_params["identifier"])
    answers = desk.calls.reading.answers(who.scope, told.id) if "read_answers" in told.may else None
    firm = _firms(request, (told,)).get(told.siren, "")
    if answers:  # an author who is no officer reads which firm answers, not who
        firms = public_names(request, (one.siren for one in answers if not one.name))
        answers = tuple(replace(one, name=one.name or firms.get(one.siren, "")) for one in answers)
    view = views.call_page(told, firm, form, answers, known=bool(who.scope.person), done=done)
    if firm and "answer" in told.may and may_ask(who.scope, told.siren):
        view = replace(view, ask=ask_address(told.siren, told.id))
    if told.siren and not told.own and not told.waiting and desk.hiding.may(who.scope, told.siren):
        view = replace(view, hide=f"/bureau/entreprise/{told.siren}/masquer")
    return show_desk(request, "desk/call.html", view, section="appels", status=status)


def _done(request: Request) -> str:
    return views.DONE.get(request.query_params.get("fait", ""), "") or done_sentence(request)


def _may_publish(scope: Scope) -> bool:
    return bool(scope.person) and scope.may(Thing.PUBLIC_CALLS, *_WRITING)


def _once_for(scope: Scope, given: AnswerEntry) -> Scope:
    """Return the scope with a key made of the form's and of what was written.

    A public page may be kept by a cache that several people share: two of them may send the same form key.
    """
    if not scope.request_key:
        return scope
    return replace(scope, request_key=Keys.hash_token("|".join((scope.request_key, given.email, given.body))))


def _firms(request: Request, calls: Iterable[CallTold]) -> Mapping[str, str]:
    """Return the public names of the firms that call."""
    return public_names(request, (call.siren for call in calls))


ROUTES = (
    Route(views.ADDRESS, published),
    Route(f"{views.ADDRESS}/{{identifier}}", one),
    Route(f"{views.ADDRESS}/{{identifier}}/reponses", answer, methods=["POST"]),
    Route(views.MINE, mine),
    Route(f"{views.MINE}/{{identifier}}/reponses/{{answer_id}}", introduce, methods=["POST"]),
)
