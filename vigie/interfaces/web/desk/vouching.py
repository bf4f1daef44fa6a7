"""Attestations: what the host verifies, and the page that a letter opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.attestation import PROOFS, Proof
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.optional_data import firm_names
from vigie.interfaces.views import Link
from vigie.interfaces.web.asker import at_desk, for_anyone, form_at_desk, form_for_anyone
from vigie.interfaces.web.frame import show_desk

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.attesting.vouching import AskedOfHost
    from vigie.services.attesting.vouching import AttestationOffer as Attesting
    from vigie.services.desk import Desk

ADDRESS = "/bureau/attestations"
DONE = {
    "accord": "C’est attesté : ce qui attendait est désormais public.",
    "refus": "La demande est refusée.",
    "fin": "L’accord est retiré : rien n’est plus public en ce nom.",
}
_STATES = {
    "waiting": "à vérifier",
    "unasked": "rien n’est demandé",
    "granted": "accordée",
    "refused": "refusée",
    "ended": "accord retiré",
}
_ASKED = {"unasked": "admis"}


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One request: whom to verify, for which firm, asked by whom; the addresses of what can be decided."""

    title: str
    siren: str
    notes: tuple[str, ...]
    state: str
    waiting: bool
    again: bool = False
    grant: str = ""
    refuse: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class AttestationsPage:
    """`desk/attestations.html`: what the host verifies."""

    lead: str
    lines: tuple[AskedLine, ...]
    form: Form
    done: str = ""
    title: str = "Attestations"
    trail: tuple[Link, ...] = field(default=(DESK, Link("Attestations")))


@dataclass(frozen=True, slots=True)
class AttestationLink:
    """`desk/attestation_link.html`: who would speak for which firm; only the button does something."""

    lead: str
    action: str
    form: Form
    title: str = "Qui parle pour votre entreprise ?"


def page(found: Sequence[AskedOfHost], firms: Mapping[str, str], done: str = "") -> AttestationsPage:
    """Build the page of the host."""
    waiting = sum(one.state == "waiting" for one in found)
    unasked = sum(one.state == "unasked" for one in found)
    asked = french.counted(waiting, "demande")
    lead = (
        f"{asked} à vérifier, par un autre chemin que l’organisation qui demande : appelez l’entreprise."
        if waiting
        else "Aucune demande à vérifier. Les dirigeants que les organisations admettent se liront ici."
    )
    if unasked:
        lead += (
            f" {french.counted(unasked, 'dirigeant')} d’avant les attestations "
            f"{french.plural(unasked, 'n’a', 'n’ont')} rien demandé encore : ce qui était public au nom de "
            "l’entreprise n’est lu que dans l’organisation."
        )
    lines = tuple(_line(one, firms.get(one.siren, "")) for one in found)
    return AttestationsPage(lead=lead, lines=lines, form=Form(), done=DONE.get(done, ""))


def link_page(found: Attesting, firm: str, token: str) -> AttestationLink:
    """Build the page that a letter of attestation opens."""
    called = f"« {firm} »" if firm else french.identifier(found.siren)
    return AttestationLink(
        lead=f"{found.name or 'Une personne'}, admis par {found.organisation}, demande à parler au nom de l’entreprise "
        f"{called}. Si c’est exact, appuyez sur le bouton ; sinon, ne faites rien.",
        action=f"/lien/attestation/{token}",
        form=Form(),
    )


def _line(one: AskedOfHost, firm: str) -> AskedLine:
    here = f"{ADDRESS}/{one.id}"
    kind = "Domaine" if one.kind == "domain" else "Dirigeant"
    proof = (PROOFS[Proof(one.proof)].sentence,) if one.proof else ()
    decided = (f"décidé le {french.long_date(one.decided_at)}",) if one.decided_at else ()
    return AskedLine(
        title=f"{kind} : {one.contact or 'effacé'}",
        siren=one.siren,
        notes=(
            *((firm,) if firm else ()),
            f"SIREN {french.identifier(one.siren)}",
            f"{_ASKED.get(one.state, 'demandé')} par {one.organisation} le {french.long_date(one.asked_at)}",
            *proof,
            *decided,
        ),
        state=_STATES[one.state],
        waiting=one.state == "waiting",
        grant=f"{here}/accorder" if one.state != "granted" and one.contact else "",
        again=one.state in ("refused", "ended"),
        refuse=f"{here}/refuser" if one.state == "waiting" else "",
        end=f"{here}/retirer" if one.state == "granted" else "",
    )


@at_desk
def requests(request: Request, desk: Desk, who: Asker) -> Response:
    """List what organisations ask of the host."""
    found = desk.vouching.requests(who.scope)
    names = firm_names(request.app.state.installation, (one.siren for one in found))
    view = page(found, names, request.query_params.get("fait", ""))
    return show_desk(request, "desk/attestations.html", view)


@form_at_desk
def grant(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Attest a head, or confirm a domain."""
    desk.vouching.grant(who.scope, request.path_params["id"])
    return RedirectResponse(f"{ADDRESS}?fait=accord", 303)


@form_at_desk
def refuse(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Refuse a request."""
    desk.vouching.refuse(who.scope, request.path_params["id"])
    return RedirectResponse(f"{ADDRESS}?fait=refus", 303)


@form_at_desk
def end(request: Request, desk: Desk, who: Asker, _: FormData) -> Response:
    """Take an attestation back."""
    desk.vouching.end(who.scope, request.path_params["id"])
    return RedirectResponse(f"{ADDRESS}?fait=fin", 303)


@for_anyone
def link(request: Request, desk: Desk, _: Asker) -> Response:
    """Show what the button would attest; opening the page does nothing."""
    token = request.path_params["token"]
    found = desk.vouching.look(token)
    names = firm_names(request.app.state.installation, (found.siren,))
    view = link_page(found, names.get(found.siren, ""), token)
    return show_desk(request, "desk/attestation_link.html", view, section="")


@form_for_anyone
def attest(request: Request, desk: Desk, _: Asker, __: FormData) -> Response:
    """Attest, by the link of a letter."""
    token = request.path_params["token"]
    siren = desk.vouching.look(token).siren
    desk.vouching.attest(token)
    return RedirectResponse(f"/entreprise/{siren}", 303)


ROUTES = (
    Route(ADDRESS, requests),
    Route(ADDRESS + "/{id}/accorder", grant, methods=["POST"]),
    Route(ADDRESS + "/{id}/refuser", refuse, methods=["POST"]),
    Route(ADDRESS + "/{id}/retirer", end, methods=["POST"]),
    Route("/lien/attestation/{token}", link),
    Route("/lien/attestation/{token}", attest, methods=["POST"]),
)
