"""The pages of calls: the public list, one call and its answers, one's own, publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.calls import KINDS, NETWORK, PUBLIC
from vigie.errors import Conflict, NotFound, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import calls as views
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.introductions import ADDRESS as INTRODUCTIONS
from vigie.interfaces.desk_views.requests import ask_address, may_ask
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, form_for_anyone, words
from vigie.interfaces.web.desk.following import day
from vigie.interfaces.web.desk.naming import public_names
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.calls.answering import AnswerEntry
from vigie.services.calls.publishing import CallDraft
from vigie.services.calls.reading import CallFilter
from vigie.services.keys import Keys

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.accounts.recognising import Asker
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
    return _page(request, desk, who, form, done=request.query_params.get("fait", ""))


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
        view = views.mine_page(found, _firms(request, found.calls), request.query_params.get("fait", ""))
    return show_desk(request, "desk/calls.html", view)


@at_desk
def new(request: Request, _: Desk, who: Asker) -> Response:
    """Show the form that publishes a call."""
    who.scope.require(Thing.PUBLIC_CALLS, *_WRITING)
    return _form_page(request, who.scope, Form())


@form_at_desk
def publish(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Publish a call, then show it."""
    typed = words(form)
    try:
        told = desk.calls.publishing.publish(who.scope, _draft(typed))
    except RequestFault as fault:
        return _form_page(request, who.scope, refused(typed, fault), 422)
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=publie", 303)


@at_desk
def correction(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form that corrects a call."""
    return _correction_page(request, desk, who.scope, Form())


@form_at_desk
def correct(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Correct a call, or change its last day."""
    typed = words(form)
    try:
        told = desk.calls.correcting.correct(who.scope, request.path_params["identifier"], _draft(typed).content)
    except (Conflict, RequestFault) as fault:
        status = form_status(fault)
        return _correction_page(request, desk, who.scope, refused(typed, fault), status)
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=corrige", 303)


@form_at_desk
def close(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Close a call."""
    told = desk.calls.publishing.close(who.scope, request.path_params["identifier"])
    return RedirectResponse(f"{views.ADDRESS}/{told.id}?fait=clore", 303)


@form_at_desk
def withdraw(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take a call off."""
    desk.calls.publishing.withdraw(who.scope, request.path_params["identifier"])
    return RedirectResponse(f"{views.MINE}?fait=retirer", 303)


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


def _form_page(request: Request, scope: Scope, form: Form, status: int = 200) -> Response:
    network = scope.may(Thing.NETWORK_CALLS, *_WRITING)
    view = views.form_page(form, network=network, may_source=scope.may(Thing.PUBLIC_CALLS, Right.WRITE))
    return show_desk(request, "desk/call_new.html", view, status=status)


def _correction_page(request: Request, desk: Desk, scope: Scope, form: Form, status: int = 200) -> Response:
    told = desk.calls.reading.one(scope, request.path_params["identifier"])
    if "correct" not in told.may and not form.faults:
        raise NotFound(ABSENT)
    return show_desk(request, "desk/call_correct.html", views.correct_page(told, form), status=status)


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


def _draft(typed: dict[str, str]) -> CallDraft:
    return CallDraft(
        kind=typed.get("kind", ""),
        title=typed.get("title", ""),
        text=typed.get("text", ""),
        visibility=NETWORK if typed.get("visibility") == NETWORK else PUBLIC,
        public_buyer=typed.get("public_buyer") == "oui",
        closes_on=day(typed, "closes_on"),
    )


ROUTES = (
    Route(views.ADDRESS, published),
    Route(f"{views.ADDRESS}/{{identifier}}", one),
    Route(f"{views.ADDRESS}/{{identifier}}/reponses", answer, methods=["POST"]),
    Route(views.MINE, mine),
    Route(views.MINE, publish, methods=["POST"]),
    Route(f"{views.MINE}/nouveau", new),
    Route(f"{views.MINE}/{{identifier}}/corriger", correction),
    Route(f"{views.MINE}/{{identifier}}/corriger", correct, methods=["POST"]),
    Route(f"{views.MINE}/{{identifier}}/clore", close, methods=["POST"]),
    Route(f"{views.MINE}/{{identifier}}/retirer", withdraw, methods=["POST"]),
    Route(f"{views.MINE}/{{identifier}}/reponses/{{answer_id}}", introduce, methods=["POST"]),
)
