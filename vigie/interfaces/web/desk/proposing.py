"""The page that prepares an introduction: the other firm is found by its name, in one field."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain.access import Right, Thing
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.interfaces.desk_views import introductions as views
from vigie.interfaces.desk_views.forms import Form, Option, refused
from vigie.interfaces.desk_views.introductions import PartyView, ProposalPage
from vigie.interfaces.http import form_status
from vigie.interfaces.present import NOT_PUBLIC, name_of, place_of
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, form_at_desk, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.introductions.granting import Granted
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.know import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.bootstrap import Services
    from vigie.domain.access import Scope
    from vigie.services.accounts.sessions import Asker
    from vigie.services.desk import Desk
    from vigie.services.introductions.requests import RequestTold
    from vigie.services.know import DirectoryEntry

ADDRESS = f"{views.ADDRESS}/nouvelle"
_CANDIDATES = 8


@at_desk
def prepare(request: Request, desk: Desk, who: Asker) -> Response:
    """Show the form: the first party comes from its page, the second is looked for by name."""
    who.scope.require(Thing.INTRODUCTIONS, Right.WRITE)
    return _page(request, desk, who.scope, Form(words(request.query_params)))


@form_at_desk
def propose(request: Request, desk: Desk, who: Asker, form: FormData) -> Response:
    """Propose, then show the introduction; what is missing is said beside its field."""
    typed = words(form)
    proposal = Proposal(_party(typed, "a"), _party(typed, "b"), typed.get("reason", ""))
    try:
        with request.app.state.installation.services() as services:
            if typed.get("demande"):
                granted = Granted(proposal.reason, proposal.first, proposal.second)
                made = desk.introductions.granting.propose(who.scope, typed["demande"], granted, services.know)
            else:
                made = desk.introductions.proposing.propose(who.scope, proposal, services.know)
    except (RequestFault, Conflict) as fault:
        status = form_status(fault)
        return _page(request, desk, who.scope, refused(typed, fault), status)
    return RedirectResponse(f"{views.ADDRESS}/{made.id}?fait=proposee", 303)


def _party(typed: Mapping[str, str], position: str) -> Party:
    def of(name: str) -> str:
        return typed.get(f"{name}_{position}", "")

    return Party(
        siren=of("siren"),
        dossier_id=of("dossier"),
        label=of("label"),
        contact_name=of("contact_name"),
        contact_email=of("contact_email"),
        asked=of("asked") == "oui",
    )


def _page(request: Request, desk: Desk, scope: Scope, form: Form, status: int = 200) -> Response:
    asked = desk.introductions.requests.one(scope, form.value("demande")) if form.value("demande") else None
    with request.app.state.installation.services() as services:
        first = _asking(services, asked) if asked else _first(desk, scope, services, form)
        sought = form.value("avec").strip()[:100]
        if asked and first:
            view = ProposalPage(
                lead=f"{first.name} l’a demandé. Les deux parties reçoivent un courriel et répondent en un clic ; rien "
                "d’autre ne part avant leurs deux accords.",
                form=form if "reason" in form.typed else replace(form, typed={**form.typed, "reason": asked.reason}),
                first=first,
                second=replace(_second(services, form, asked.sought_siren, first.siren), free=False),
                hidden=(("demande", asked.id),),
            )
        elif first is None:
            view = ProposalPage(
                lead="Cherchez d’abord la première partie par son nom ou sa commune ; partez d’une fiche ou d’un "
                "dossier pour gagner ce pas.",
                form=form,
                first=None,
                second=None,
                found=tuple(_links(services, sought)),
                sought=sought,
            )
        else:
            view = ProposalPage(
                lead="Les deux parties reçoivent un courriel et répondent en un clic ; rien d’autre ne part avant "
                "leurs deux accords.",
                form=form,
                first=first,
                second=_second(services, form, sought, first.siren),
                sought=sought,
                hidden=tuple((name, value) for name, value in _kept(first) if value),
            )
        return show_desk(request, "desk/introduction_new.html", view, status=status)


def _kept(first: PartyView) -> tuple[tuple[str, str], ...]:
    return ("siren_a", first.siren), ("dossier_a", first.dossier)


def _first(desk: Desk, scope: Scope, services: Services, form: Form) -> PartyView | None:
    siren, dossier = form.value("siren_a"), form.value("dossier_a")
    if not siren and not dossier:
        return None
    draft = desk.introductions.proposing.draft(scope, siren, dossier)
    name = _name(services, draft.siren)
    return PartyView(
        position="a",
        title="Première partie",
        name=name or draft.title or NOT_PUBLIC,
        siren=draft.siren,
        dossier=dossier,
        known_contact=" ".join(part for part in (draft.reach.name, draft.reach.email) if part),
        free=not name,
    )


def _asking(services: Services, asked: RequestTold) -> PartyView:
    """Return the party that asked, with the contact of who did."""
    name = _name(services, asked.siren)
    return PartyView(
        position="a",
        title="Première partie",
        name=name or NOT_PUBLIC,
        siren=asked.siren,
        known_contact=" ".join(part for part in (asked.name, asked.email) if part),
        free=not name,
    )


def _second(services: Services, form: Form, sought: str, first: str) -> PartyView:
    """Return the firms that answer; nothing is chosen among several, for a letter would leave to the wrong one."""
    chosen = form.value("siren_b")
    entries = [entry for entry in _search(services, sought or chosen) if entry.siren != first]
    candidates = tuple(
        Option(
            entry.siren,
            f"{name_of(entry)}, {place_of(entry)}",
            entry.siren == chosen or (not chosen and len(entries) == 1),
        )
        for entry in entries
    )
    return PartyView(position="b", title="Seconde partie", name="", candidates=candidates, free=True)


def _search(services: Services, text: str) -> list[DirectoryEntry]:
    """Return one establishment of each firm that answers to a name."""
    if not text:
        return []
    try:
        found = services.know.search(SearchRequest(text=text, per_page=_CANDIDATES * 2)).results
    except (NotFound, RequestFault):
        return []
    firms: dict[str, DirectoryEntry] = {}
    for entry in found:
        firms.setdefault(entry.siren, entry)
    return list(firms.values())[:_CANDIDATES]


def _links(services: Services, text: str) -> list[Link]:
    return [
        Link(f"{name_of(entry)}, {place_of(entry)}", f"{ADDRESS}?siren_a={entry.siren}")
        for entry in _search(services, text)
    ]


def _name(services: Services, siren: str) -> str:
    if not siren:
        return ""
    try:
        return services.know.firm(siren).unit.name or ""
    except NotFound:
        return ""


ROUTES = (
    Route(ADDRESS, prepare),
    Route(views.ADDRESS, propose, methods=["POST"]),
)
