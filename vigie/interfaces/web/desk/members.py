"""Members, invitations, and what the organisation says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Role, Thing
from vigie.domain.accounts import OrganisationKind, givable
from vigie.errors import Conflict, FieldFault, NoData, NotFound, RequestFault
from vigie.interfaces.desk_views import membership as views
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.dossiers import NO_TITLE
from vigie.interfaces.desk_views.forms import Form, refused
from vigie.interfaces.http import form_status
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.desk.acts import Fault, done_sentence
from vigie.interfaces.web.frame import show_desk
from vigie.services.accounts.inviting import InvitationDraft
from vigie.services.accounts.members import REMOVED, RESTORED, ROLE_CHANGED, SUSPENDED
from vigie.services.accounts.organisations import Charter
from vigie.services.communes import known_territory
from vigie.services.needs.answerers import every_answerer
from vigie.services.territory_search import plain

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.acts import Act
    from vigie.services.desk import Desk

MEMBERS, INVITATIONS, ORGANISATION, ORGANISATIONS = (
    "/bureau/membres", "/bureau/invitations", "/bureau/organisation", "/bureau/organisations",
)  # fmt: skip
DONE = {
    "titre": "Le nom et le territoire sont enregistrés.",
    "creee": "L’organisation est créée : invitez maintenant son premier administrateur.",
    "invite": "L’invitation est envoyée.",
    "retiree": "L’invitation est retirée.",
}


@at_desk
def members(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the members and the invitations."""
    who.scope.require(Thing.ACCOUNTS, Right.READ)
    return _members(request, desk, who, Form())


@at_desk
def invitations(request: Request, desk: Desk, who: Asker) -> Response:
    """Show an officer the invitations they made; a dossier in the address is what a partner is invited to read."""
    dossier = request.query_params.get("dossier", "")
    typed = {"dossier": dossier, "role": Role.PARTNER.value} if dossier else {}
    return _members(request, desk, who, Form(typed))


@form_at_desk
def invite(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Offer a place; without a mail server the link is shown, once."""
    typed = words(form)
    wanted = InvitationDraft(*(typed.get(name, "") for name in ("courriel", "role", "siren", "dossier")))
    try:
        made = desk.accounts.inviting.invite(who.scope, wanted)
    except (RequestFault, Conflict) as fault:
        return _members(request, desk, who, refused(typed, fault), status=form_status(fault))
    if desk.mail.configured or not made.link:
        return RedirectResponse(f"{request.url.path}?fait=invite", 303)
    return _members(request, desk, who, Form(), link=made.link, status=201)


@form_at_desk
def revoke(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take an invitation back."""
    desk.accounts.inviting.revoke(who.scope, request.path_params["identifier"])
    return RedirectResponse(f"{request.url.path.partition('/invitation/')[0]}?fait=retiree", 303)


@at_desk
def organisation(request: Request, desk: Desk, who: Asker) -> Response:
    """Show what the organisation says of itself."""
    who.scope.require(Thing.ACCOUNTS, Right.READ)
    done = "L’organisation est enregistrée." if request.query_params.get("fait") else ""
    return _organisation(request, desk, who, Form(), done)


@form_at_desk
def change_organisation(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Change what the organisation says of itself."""
    typed = words(form)
    try:
        charter = Charter(
            name=typed.get("nom", ""),
            territory=_territory(
                request, typed.get("territoire", ""), desk.accounts.organisations.mine(who.scope).charter.territory
            ),
            cog=_whole(typed.get("cog", ""), "cog") if typed.get("cog") else None,
            legal_basis=typed.get("base_legale", ""),
            retention_months=_whole(typed.get("duree", ""), "duree"),
            retention_visa=typed.get("visa", ""),
            zone=typed.get("fuseau", ""),
        )
        desk.accounts.organisations.change(who.scope, charter)
    except RequestFault as fault:
        return _organisation(request, desk, who, refused(typed, fault), status=422)
    return RedirectResponse(f"{ORGANISATION}?fait=1", 303)


@at_desk
def organisations(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the host every organisation."""
    return _organisations(request, desk, who, Form())


@form_at_desk
def entitle(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Give an organisation another name or territory, as the host."""
    typed, identifier = words(form), request.path_params["identifier"]
    try:
        held = next((one for one in desk.accounts.organisations.all(who.scope) if one.id == identifier), None)
        territory = _territory(request, typed.get("territoire", ""), held.charter.territory if held else "")
        desk.accounts.organisations.entitle(who.scope, identifier, typed.get("nom", ""), territory)
    except RequestFault as fault:
        shown = Form({}, {"": str(fault)})
        return _organisations(request, desk, who, shown, status=422)
    return RedirectResponse(f"{ORGANISATIONS}?fait=titre", 303)


@form_at_desk
def create_organisation(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Make an organisation."""
    typed = words(form)
    try:
        charter = Charter(typed.get("nom", ""), _territory(request, typed.get("territoire", "")))
        desk.accounts.organisations.create(who.scope, charter, typed.get("sorte", ""))
    except RequestFault as fault:
        return _organisations(request, desk, who, refused(typed, fault), status=422)
    return RedirectResponse(f"{ORGANISATIONS}?fait=creee", 303)


@form_at_desk
def appoint(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Invite the first administrator of an organisation."""
    identifier, typed = request.path_params["identifier"], words(form)
    try:
        made = desk.accounts.inviting.appoint(who.scope, identifier, typed.get("courriel", ""))
    except (RequestFault, Conflict) as fault:
        shown = Form({}, {"": str(fault)})
        return _organisations(request, desk, who, shown, status=form_status(fault))
    if desk.mail.configured or not made.link:
        return RedirectResponse(f"{ORGANISATIONS}?fait=invite", 303)
    return _organisations(request, desk, who, Form(), made.link, status=201)


def _members(request: Request, desk: Desk, who: Asker, form: Form, *, link: str = "", status: int = 200) -> Response:
    administers = who.scope.may(Thing.ACCOUNTS, Right.READ)
    here, title = (MEMBERS, "Membres") if administers else (INVITATIONS, "Invitations")
    waiting = desk.accounts.inviting.pending(who.scope)
    givable_here = givable(who.scope, OrganisationKind(desk.accounts.organisations.mine(who.scope).kind))
    view = views.MembersPage(
        title=title,
        lead="Chacun entre par une invitation, avec un rôle qui dit ce qu’il peut lire et écrire.",
        trail=(DESK, Link(title)),
        here=here,
        form=form,
        roles=views.role_options(givable_here),
        invitations=views.invitation_lines(waiting),
        members=views.member_lines(desk.accounts.members.all(who.scope)) if administers else (),
        administers=administers,
        partners=Role.PARTNER in givable_here,
        dossier=_title(desk, who, form.value("dossier")),
        link=link,
        done=DONE.get(request.query_params.get("fait", ""), "") or done_sentence(request),
        answerers=views.answerer_rows(desk.acts.tell(who.scope, every_answerer, "")) if administers else (),
    )
    return show_desk(request, "desk/members.html", view, status=status)


def _again(request: Request, desk: Desk, who: Asker, _: Act[Any, Any], __: Mapping[str, str], fault: Fault) -> Response:
    """Show the members again, with what is wrong with what was asked of one."""
    return _members(request, desk, who, Form({}, {"": str(fault)}), status=form_status(fault))


def _title(desk: Desk, who: Asker, dossier: str) -> str:
    """Return the title of the dossier that a partner is invited to read; empty when there is none."""
    if not dossier:
        return ""
    try:
        return desk.followup.dossiers.read(who.scope, dossier).line.title or NO_TITLE
    except NotFound:
        return ""


def _territory(request: Request, text: str, current: str = "") -> str:
    """Return the key of the territory that people name or number; what names none is told beside its field."""
    typed = text.strip()
    if not typed or ":" in typed:
        return typed
    if current and typed == views.territory_label(current):
        return current
    if key := known_territory(typed):
        return key
    with ExitStack() as held:
        try:
            found = held.enter_context(request.app.state.installation.services()).observe.search_territories(typed)
        except NoData:
            found = ()
    exact = [territory for territory in found if plain(territory.name) == plain(typed)]
    if len(exact or found) == 1:
        return str((exact or found)[0].key)
    near = f" Noms proches : {', '.join(territory.name for territory in found[:3])}." if found else ""
    raise FieldFault("territoire", f"Aucun territoire ne s’appelle ainsi : écrivez son nom entier ou son code.{near}")


def _organisation(request: Request, desk: Desk, who: Asker, form: Form, done: str = "", status: int = 200) -> Response:
    found = desk.accounts.organisations.mine(who.scope)
    view = views.organisation(found, form, who.scope.may(Thing.ACCOUNTS, Right.WRITE), done)
    view = replace(view, hostless=not desk.vouching.has_host(who.scope))
    return show_desk(request, "desk/organisation.html", view, status=status)


def _organisations(request: Request, desk: Desk, who: Asker, form: Form, link: str = "", status: int = 200) -> Response:
    done = DONE.get(request.query_params.get("fait", ""), "")
    view = views.organisations(desk.accounts.organisations.all(who.scope), form, link, done)
    return show_desk(request, "desk/organisations.html", view, status=status)


def _whole(text: str, field: str) -> int:
    if not text.isdigit() or len(text) > 6:
        raise FieldFault(field, "Écrivez un nombre entier.")
    return int(text)


HOSTS = {act.kind: _again for act in (ROLE_CHANGED, SUSPENDED, RESTORED, REMOVED)}
ROUTES = (
    Route(MEMBERS, members),
    Route(MEMBERS, invite, methods=["POST"]),
    Route(MEMBERS + "/invitation/{identifier}/retirer", revoke, methods=["POST"]),
    Route(INVITATIONS, invitations),
    Route(INVITATIONS, invite, methods=["POST"]),
    Route(INVITATIONS + "/invitation/{identifier}/retirer", revoke, methods=["POST"]),
    Route(ORGANISATION, organisation),
    Route(ORGANISATION, change_organisation, methods=["POST"]),
    Route(ORGANISATIONS, organisations),
    Route(ORGANISATIONS, create_organisation, methods=["POST"]),
    Route(ORGANISATIONS + "/{identifier}/titre", entitle, methods=["POST"]),
    Route(ORGANISATIONS + "/{identifier}/administrateur", appoint, methods=["POST"]),
)
