"""Stating a need without an account, in three screens, and following it by the link of its letter.

What was typed goes from screen to screen in the forms themselves, never in an address: nothing is kept before the end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import ABSENT
from vigie.domain.firm_names import usual_case
from vigie.domain.needs import Readers, need_fault
from vigie.errors import Conflict, FieldFault, FieldFaults, NoData, NotFound, RequestFault, TooManyAttempts
from vigie.interfaces.desk_views import needs as views
from vigie.interfaces.desk_views.at_once import help_view
from vigie.interfaces.desk_views.firms import Picked
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.desk_views.membership import Said
from vigie.interfaces.http import form_status
from vigie.interfaces.present import place_of
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import for_anyone, form_for_anyone, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.communes import commune_code, commune_name
from vigie.services.keys import Keys
from vigie.services.know_answers import SearchRequest
from vigie.services.needs.stating import NeedEntry, readers_fault
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.connect.at_once import AtOnce
    from vigie.services.desk import Desk
    from vigie.services.know import DirectoryEntry

NONE_OF_THEM = "aucune"
_MOST_FIRMS = 6
_NO_FIRM = "Aucune entreprise de ce nom n’a été trouvée : vérifiez le nom et la commune, ou choisissez « pas encore »."
_SEVERAL = "Plusieurs entreprises répondent à ce nom : choisissez la vôtre."


@for_anyone
def start(request: Request, _: Desk, __: Asker) -> Response:
    """Show the first screen; the page of a firm leads here with its number."""
    given = {"siren": request.query_params.get("siren", "")[:14], "adviser": request.query_params.get("conseiller", "")}
    typed = {name: word[:20] for name, word in given.items() if word}
    return _screen(request, views.WORDS, Form(typed))


@for_anyone
def back_to_start(_: Request, __: Desk, ___: Asker) -> Response:
    """Lead to the first screen whoever asks for another without what the former ones say."""
    return RedirectResponse(views.STATE, 303)


@form_for_anyone
def place(request: Request, _: Desk, __: Asker, form: FormData) -> Response:
    """Take the words, and show the second screen."""
    typed = words(form)
    return _refused_words(request, typed) or _screen(request, views.PLACE, Form(_named(request, typed)))


@form_for_anyone
def reach(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Take the firm or the commune and the readers, and show the third screen, with who answers and what helps."""
    typed = words(form)
    if again := _refused_words(request, typed):
        return again
    readers = _readers(typed)
    if odd := readers_fault(typed["text"], readers):
        return _screen(request, views.PLACE, Form(typed, {"readers": odd}), 422)
    try:
        found = _chosen(request, typed)
        if len(found) > 1:
            return _screen(request, views.PLACE, Form(typed, {"firm": _SEVERAL}), 422, _offered(found))
        siren = found[0].siren if found else ""
        known = desk.needs.stating.place(siren, typed.get("commune", ""), typed.get("adviser", ""))
    except FieldFault as fault:
        return _nobody_answers(request, desk, who, typed, fault)
    except RequestFault as fault:
        return _screen(request, views.PLACE, Form(typed, {"firm": str(fault)}), 422)
    kept = {**typed, "siren": known.siren, "commune": known.commune, "readers": readers.value}
    answer = answered_at_once(request, desk, who, (typed["text"], known.commune, known.siren))
    view = views.screen(views.REACH, Form(kept), known.contact, help_=help_view(answer, role=who.scope.role))
    return show_desk(request, "desk/need_screen.html", view, section="besoin")


@form_for_anyone
def state(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Write the need and send the letter that confirms its address."""
    typed = words(form)
    entry = NeedEntry(
        text=typed.get("text", ""),
        email=typed.get("email", ""),
        siren=typed.get("siren", ""),
        commune=typed.get("commune", ""),
        readers=_readers(typed),
        name=typed.get("name", ""),
        phone=typed.get("phone", ""),
        adviser=typed.get("adviser", ""),
    )
    whence = request.client.host if request.client else ""
    try:
        desk.needs.stating.state(_once_for(who.scope, entry), entry, whence)
    except (RequestFault, Conflict, TooManyAttempts) as fault:
        return _again(request, desk, typed, fault)
    return RedirectResponse(views.SENT, 303)


@for_anyone
def sent(request: Request, _: Desk, __: Asker) -> Response:
    """Say what is left to do: confirm the address."""
    said = Said(
        "Il reste un geste : confirmez votre adresse",
        "Un courriel vient de partir. Son lien confirme votre besoin, puis vous dit où il en est. Sans confirmation, "
        "personne ne le lit.",
        (Link("Revenir à l’accueil", "/"), Link("Dire un autre besoin", views.STATE)),
    )
    return show_desk(request, "desk/said.html", said, section="besoin")


@for_anyone
def followed(request: Request, desk: Desk, who: Asker) -> Response:
    """Show where a need stands, and what helps; looking confirms nothing."""
    return _followed(request, desk, who)


@form_for_anyone
def decide(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Confirm a need, or take it back."""
    token, by_link = request.path_params["token"], desk.needs.by_link
    try:
        match words(form).get("decision", ""):
            case "confirmer":
                by_link.confirm(token)
            case "retirer":
                by_link.withdraw(token)
            case _:
                raise NotFound(ABSENT)
    except Conflict as fault:
        return _followed(request, desk, who, str(fault), 409)
    return RedirectResponse(f"/lien/besoin/{token}", 303)


def _nobody_answers(request: Request, desk: Desk, who: Asker, typed: dict[str, str], fault: FieldFault) -> Response:
    """Show the second screen again; where nobody answers for a known place, with what helps all the same."""
    found = None
    try:
        commune, siren, _ = desk.needs.stating.located("", typed.get("commune", ""))
        found = help_view(answered_at_once(request, desk, who, (typed["text"], commune, siren)), role=who.scope.role)
    except FieldFault:
        pass
    view = views.screen(views.PLACE, refused(typed, fault), help_=found)
    return show_desk(request, "desk/need_screen.html", view, section="besoin", status=422)


def answered_at_once(request: Request, desk: Desk, who: Asker, need: tuple[str, str, str]) -> AtOnce:
    """Return what is answered at once to a need: its words, its commune, the SIREN of its firm or nothing."""
    text, commune, siren = need
    try:
        with request.app.state.installation.services() as services:
            return desk.at_once.answer(who.scope, services, text, (commune, siren))
    except NoData:
        return desk.at_once.answer(who.scope, None, text, (commune, siren))


def _followed(request: Request, desk: Desk, who: Asker, fault: str = "", status: int = 200) -> Response:
    told = desk.needs.by_link.look(request.path_params["token"])
    asks = bool(told.text) and told.standing in ("unconfirmed", "followed")
    found = answered_at_once(request, desk, who, (told.text, told.commune, told.siren)) if asks else None
    view = views.follow_page(told, fault, help_view(found, role=who.scope.role) if found else None)
    return show_desk(request, "desk/need_followed.html", view, section="", status=status)


def _screen(request: Request, number: int, form: Form, status: int = 200, firms: tuple[Picked, ...] = ()) -> Response:
    return show_desk(
        request, "desk/need_screen.html", views.screen(number, form, None, firms), section="besoin", status=status
    )


def _refused_words(request: Request, typed: dict[str, str]) -> Response | None:
    fault = need_fault(typed.get("text", ""))
    return _screen(request, views.WORDS, Form(typed, {"text": fault}), 422) if fault else None


def _again(
    request: Request, desk: Desk, typed: dict[str, str], fault: RequestFault | Conflict | TooManyAttempts
) -> Response:
    """Show the screen where what is wrong was typed."""
    form = refused(typed, fault)
    form = Form(form.typed, {"firm" if name == "siren" else name: said for name, said in form.faults.items()})
    at_fault = set(fault.faults) if isinstance(fault, FieldFaults) else {getattr(fault, "field", "")}
    if "text" in at_fault:
        return _screen(request, views.WORDS, form, 422)
    if at_fault & {"siren", "commune", "readers"}:
        return _screen(request, views.PLACE, form, 422)
    where = (typed.get("siren", ""), typed.get("commune", ""), typed.get("adviser", ""))
    contact = desk.needs.stating.place(*where).contact
    view = views.screen(views.REACH, form, contact)
    return show_desk(request, "desk/need_screen.html", view, section="besoin", status=form_status(fault))


def _readers(typed: dict[str, str]) -> Readers:
    return next((one for one in Readers if one.value == typed.get("readers")), Readers.CONTACT)


def _named(request: Request, typed: dict[str, str]) -> dict[str, str]:
    """Return what the second screen begins with, for a firm whose page led here: its public name, its commune."""
    number = typed.get("siren", "")
    if not number:
        return typed
    try:
        known = request.app.state.desk.register.known(number)
    except (NotFound, RequestFault):  # it objects, or it is no number: its name is to be typed, or left out
        return typed
    if known.masked or not known.name:
        return {**typed, "firm": number}
    return {**typed, "firm": usual_case(known.name), "commune": commune_name(known.commune) if known.commune else ""}


def _chosen(request: Request, typed: dict[str, str]) -> list[DirectoryEntry]:
    """Return the firms that are meant: one, several to choose from, none for whoever has none yet.

    Raises `FieldFault` when a name leads nowhere, `RequestFault` for a commune that is none.
    """
    if typed.get("none") == "oui" or typed.get("siren") == NONE_OF_THEM:
        return []
    name = typed.get("firm", "")
    if not name:
        raise FieldFault("firm", "Écrivez le nom de votre entreprise, ou choisissez « pas encore ».")
    within = tuple(filter(None, (_code(typed.get("commune", "")),)))
    try:
        with request.app.state.installation.services() as services:
            asked = SearchRequest(text=name, within=within, per_page=4 * _MOST_FIRMS)
            found = {one.siren: one for one in reversed(services.know.search(asked).results)}
    except (NoData, NotFound):
        found = {}
    if (number := typed.get("siren", "")) in found:
        return [found[number]]
    firms = list(found.values())[::-1]
    same = [
        one for one in firms if plain(name) in {plain(text) for text in (one.name, one.usual_name, one.sign) if text}
    ]
    if len(same) == 1 or len(firms) == 1:
        return same[:1] or firms
    if not firms:
        raise FieldFault("firm", _NO_FIRM)
    return (same or firms)[:_MOST_FIRMS]


def _code(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None


def _offered(found: list[DirectoryEntry]) -> tuple[Picked, ...]:
    named = (
        Picked(one.siren, usual_case(one.name or one.sign or one.usual_name or "Nom non public"), place_of(one))
        for one in found
    )
    return (*named, Picked(NONE_OF_THEM, "Aucune de celles-ci", "Continuer sans nommer l’entreprise."))


def _once_for(scope: Scope, entry: NeedEntry) -> Scope:
    """Return the scope with a key made of the form's and of what was written: a page kept by a cache is shared."""
    if not scope.request_key:
        return scope
    return replace(scope, request_key=Keys.hash_token("|".join((scope.request_key, entry.email, entry.text))))


ROUTES = (
    Route(views.STATE, start),
    Route(views.STATE, state, methods=["POST"]),
    Route(f"{views.STATE}/entreprise", back_to_start),
    Route(f"{views.STATE}/entreprise", place, methods=["POST"]),
    Route(f"{views.STATE}/joindre", back_to_start),
    Route(f"{views.STATE}/joindre", reach, methods=["POST"]),
    Route(views.SENT, sent),
    Route("/lien/besoin/{token}", followed),
    Route("/lien/besoin/{token}", decide, methods=["POST"]),
)
