"""Consultations: the pages that everybody reads and votes on, and those of the officers.

The secret of a participant is a cookie that this browser sends to the pages of that consultation alone. Who is signed
in changes nothing there, and an idea is the only thing that may bear an account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.errors import Conflict, NotFound, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import consultations as views
from vigie.interfaces.desk_views import consultations_prepared as prepared_views
from vigie.interfaces.desk_views.consultation_results import result_page, result_sheet
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.exports import KINDS
from vigie.interfaces.http import form_status
from vigie.interfaces.web.asker import at_desk, for_anyone, form_for_anyone, words
from vigie.interfaces.web.desk.acts import done_sentence
from vigie.interfaces.web.files import handed_out
from vigie.interfaces.web.frame import page_number, show_desk
from vigie.services.consultations.ideas import IdeaEntry
from vigie.services.consultations.preparing import CLOSED, LIST, OPENED
from vigie.services.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from vigie.interfaces.web.desk.acts import Fault, Host
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.consultations.answers import ConsultationLine
    from vigie.services.desk import Desk

SECRET_COOKIE = "avis"  # noqa: S105 - the name of a cookie
_KEPT = 366 * 24 * 3600
"""A consultation lasts a year at most; its secret is of no use once it is closed."""
_SECTION = "consultations"


@for_anyone
def every(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the consultations that everybody reads."""
    territory = request.query_params.get("territoire", "")[:40]
    view = views.list_page(desk.consultations.reading.published(who.scope, territory), territory)
    return show_desk(request, "consultations.html", view, section=_SECTION)


@for_anyone
def first(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what to know before the first vote."""
    line = _line(request, desk, who)
    voted = line.open and desk.consultations.voting.known(line.id, _secret(request))
    return show_desk(request, "consultation.html", views.first_screen(line, voted=int(voted)), section=_SECTION)


@for_anyone
def paper(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one statement; the secret of a newcomer is given here, so that two presses are one participant."""
    line = _line(request, desk, who)
    if not line.open:
        return RedirectResponse(views.here(line.id), 303)
    return _with_secret(request, _paper(request, desk, line.id, Form()), line.id)


@form_for_anyone
def vote(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Take a vote, and show the next statement."""
    typed, consultation = words(form), request.path_params["consultation"]
    whence = request.client.host if request.client else ""
    try:
        taken = desk.consultations.voting.vote(
            consultation, _secret(request), typed.get("proposition", ""), typed.get("vote", ""), whence,
            typed.get("salle", ""),
        )  # fmt: skip
    except (RequestFault, TooManyAttempts) as fault:
        shown = Form(typed, {"salle" if getattr(fault, "field", "") == "hall" else "": str(fault)})
        return _paper(request, desk, consultation, shown, form_status(fault))
    except Conflict as fault:
        return _closed(request, desk, consultation, str(fault))
    answer = RedirectResponse(f"{views.here(consultation)}/avis", 303)
    _keep(request, answer, consultation, taken.secret)
    return answer


@for_anyone
def mine(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one's own votes, and the code to go on elsewhere."""
    return _mine(request, desk, _line(request, desk, who), Form())


@form_for_anyone
def change_mine(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take votes back, or go on here with the code of another device."""
    typed, line = words(form), _line(request, desk, who)
    place = f"{views.here(line.id)}/mes-avis"
    if typed.get("geste") == "reprendre":
        code = typed.get("code", "").strip()
        if not desk.consultations.voting.known(line.id, code):
            sentence = "Ce code n’est celui d’aucun participant de cette consultation : vérifiez-le, signe par signe."
            return _mine(request, desk, line, Form({"code": code}, {"code": sentence}), 422)
        answer = RedirectResponse(place, 303)
        _keep(request, answer, line.id, code)
        return answer
    if typed.get("geste") != "retirer":
        raise NotFound(ABSENT)
    try:
        desk.consultations.voting.take_back(line.id, _secret(request), typed.get("proposition", ""))
    except NotFound:
        return _mine(request, desk, line, Form({}, {"": "Aucun vote n’a été donné depuis cet appareil."}), 422)
    except Conflict as fault:
        return _mine(request, desk, line, Form({}, {"": str(fault)}), 409)
    return RedirectResponse(place, 303)


@for_anyone
def idea(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the field of an idea, with the rules by which it is read."""
    return _idea(request, _line(request, desk, who), Form())


@form_for_anyone
def propose(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take an idea; the page that answers is the one by which its author follows it."""
    typed, line = words(form), _line(request, desk, who)
    whence = request.client.host if request.client else ""
    try:
        token, _ = desk.consultations.ideas.propose(who.scope, line.id, IdeaEntry(typed.get("text", "")), whence)
    except (RequestFault, Conflict, TooManyAttempts) as fault:
        return _idea(request, line, refused(typed, fault), form_status(fault))
    return RedirectResponse(f"/lien/idee/{token}", 303)


@for_anyone
def followed(request: Request, desk: Desk, _: Asker) -> Response:
    """Show an idea to its author."""
    token = request.path_params["token"]
    view = views.followed_idea(desk.consultations.ideas.look(token), f"/lien/idee/{token}")
    return show_desk(request, "consultation_followed.html", view, section=_SECTION)


@form_for_anyone
def take_back(request: Request, desk: Desk, _: Asker, __: FormData) -> Response:
    """Erase the words of an idea, asked by its author."""
    token = request.path_params["token"]
    desk.consultations.ideas.take_back(token)
    return RedirectResponse(f"/lien/idee/{token}", 303)


@for_anyone
def result(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what was published, and where one stands."""
    consultation, secret = request.path_params["consultation"], _secret(request)
    own = desk.consultations.voting.mine(consultation, secret) if secret else ()
    votes = {one.statement.id: one.vote for one in own if one.vote}
    told = desk.consultations.reading.result(who.scope, consultation, votes)
    return show_desk(request, "consultation_result.html", result_page(told, page_number(request)), section=_SECTION)


@for_anyone
def result_file(request: Request, desk: Desk, who: Asker) -> Response:
    """Hand over the statements with what was published of each."""
    ending = request.path_params["ending"]
    if ending not in KINDS:
        raise NotFound(ABSENT)
    told = desk.consultations.reading.result(who.scope, request.path_params["consultation"])
    kind, sheet = KINDS[ending], result_sheet(told)
    name = f"consultation.{ending}"
    return handed_out(request, name, kind.media_type, lambda target: kind.into([sheet], target))


@at_desk
def prepared_list(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the consultations of the organisation."""
    view = prepared_views.desk_list_page(desk.consultations.keeping.every(who.scope))
    return show_desk(request, "consultations.html", view)


@at_desk
def prepared(request: Request, desk: Desk, who: Asker) -> Response:
    """Show one of them, with what can be done."""
    return _prepared(request, desk, who, {})


def _host(
    request: Request, desk: Desk, who: Asker, act: Act[Any, Any], typed: Mapping[str, str], fault: Fault
) -> Response:
    """Show the page of a consultation again, with what was refused."""
    return _prepared(request, desk, who, {act.kind: refused(typed, fault)}, form_status(fault))


def _prepared(request: Request, desk: Desk, who: Asker, refusals: Mapping[str, Form], status: int = 200) -> Response:
    told = desk.consultations.keeping.one(who.scope, request.path_params["consultation"])
    view = prepared_views.prepared_page(told, done_sentence(request), refusals)
    return show_desk(request, "desk/consultation.html", view, status=status)


def _line(request: Request, desk: Desk, who: Asker) -> ConsultationLine:
    return desk.consultations.reading.one(who.scope, request.path_params["consultation"])


def _paper(request: Request, desk: Desk, consultation: str, form: Form, status: int = 200) -> Response:
    wanted = form.value("proposition") or request.query_params.get("proposition", "")[:20]
    hall = form.value("salle") or request.query_params.get("salle", "")[:20]
    voting, secret = desk.consultations.voting, _secret(request)
    told = voting.paper(consultation, secret, wanted)
    newcomer = not voting.known(consultation, secret)
    view = views.voting_page(told, form, hall, newcomer=newcomer)
    return show_desk(request, "consultation_vote.html", view, section=_SECTION, status=status)


def _closed(request: Request, desk: Desk, consultation: str, sentence: str) -> Response:
    return _paper(request, desk, consultation, Form({}, {"": sentence}), 409)


def _mine(request: Request, desk: Desk, line: ConsultationLine, form: Form, status: int = 200) -> Response:
    secret = _secret(request)
    known = desk.consultations.voting.known(line.id, secret)
    votes = desk.consultations.voting.mine(line.id, secret) if known else ()
    view = views.own_votes_page(line, votes, secret if known else "", form)
    return show_desk(request, "consultation_mine.html", view, section=_SECTION, status=status)


def _idea(request: Request, line: ConsultationLine, form: Form, status: int = 200) -> Response:
    return show_desk(request, "consultation_idea.html", views.idea_page(line, form), section=_SECTION, status=status)


def _secret(request: Request) -> str:
    return request.cookies.get(SECRET_COOKIE, "")


def _with_secret(request: Request, answer: Response, consultation: str) -> Response:
    if not _secret(request):
        _keep(request, answer, consultation, Keys.new_token())
    return answer


def _keep(request: Request, answer: Response, consultation: str, secret: str) -> None:
    """Have the browser keep the secret, for the pages of this consultation alone."""
    answer.set_cookie(
        SECRET_COOKIE, secret, max_age=_KEPT, path=views.here(consultation), httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip


HOSTS: Mapping[str, Host] = {OPENED.kind: _host, CLOSED.kind: _host}
_HERE = "/consultation/{consultation}"
ROUTES = (
    Route(views.ALL, every),
    Route(_HERE, first),
    Route(f"{_HERE}/avis", paper),
    Route(f"{_HERE}/avis", vote, methods=["POST"]),
    Route(f"{_HERE}/mes-avis", mine),
    Route(f"{_HERE}/mes-avis", change_mine, methods=["POST"]),
    Route(f"{_HERE}/idee", idea),
    Route(f"{_HERE}/idee", propose, methods=["POST"]),
    Route(f"{_HERE}/resultat", result),
    Route(f"{_HERE}/resultat.{{ending}}", result_file),
    Route("/lien/idee/{token}", followed),
    Route("/lien/idee/{token}", take_back, methods=["POST"]),
    Route(LIST, prepared_list),
    Route(f"{LIST}/{{consultation}}", prepared),
)
