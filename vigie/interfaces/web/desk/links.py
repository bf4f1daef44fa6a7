"""The pages that links of letters open: reading uses nothing, a button posts, no account is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from vigie.domain import french
from vigie.domain.access import ABSENT
from vigie.domain.firm_names import usual_case
from vigie.domain.introductions import Consent, IntroductionState
from vigie.errors import Conflict, NotFound, RequestFault
from vigie.interfaces.desk_views.forms import Option
from vigie.interfaces.desk_views.introductions import COMPETITORS, rating_options
from vigie.interfaces.views import Fact
from vigie.interfaces.web.asker import for_anyone, form_for_anyone, words
from vigie.interfaces.web.frame import show_desk
from vigie.services.introductions.letters import ONE_RULE
from vigie.services.introductions.links import ANSWER

if TYPE_CHECKING:
    from vigie.services.accounts.sessions import Asker
    from vigie.services.calls.answers import ReceiptTold
    from vigie.services.desk import Desk
    from vigie.services.introductions.answers import LinkTold

_SHORT = 180
"""What is shown of a reason above the buttons: the whole of it would push them below the fold of a phone."""


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`desk/link.html`; `buttons` are decisions to post (value, words, style), none when nothing is left to do."""

    title: str
    lead: str
    buttons: tuple[tuple[str, str, str], ...] = ()
    quotation: tuple[str, ...] = ()
    quoted: str = ""
    warning: str = ""
    notes: tuple[str, ...] = ()
    legal: str = ""
    ratings: tuple[Option, ...] = ()
    fault: str = ""
    facts: tuple[Fact, ...] = ()
    contact: str = ""
    phone: str = ""
    bare: bool = True


def link_page(told: LinkTold, fault: str = "") -> LinkPage:
    """Build the page of a link about an introduction."""
    told = replace(told, own=usual_case(told.own), other=usual_case(told.other))
    if told.standing == "expired":
        return LinkPage(
            "Ce lien n’est plus valable",
            f"Il valait jusqu’au {french.long_date(told.expires_at)}. {told.organisation} peut vous en "
            "envoyer un autre : répondez au courriel qui le contenait.",
            fault=fault,
        )
    if told.standing != "open":
        return _answered(told, fault)
    until = f"Ce lien sert une fois, jusqu’au {french.long_date(told.expires_at)}."
    if told.purpose == "withdrawal":
        return LinkPage(
            f"Retirer votre accord pour {told.other}",
            "La mise en relation ne se fera pas, et vos coordonnées ne seront pas transmises.",
            (("retirer", "Retirer mon accord", "danger"),),
            notes=(until,),
            fault=fault,
        )
    if told.purpose == "satisfaction":
        return LinkPage(
            "Que pensez-vous de cette mise en relation ?",
            f"{told.organisation} vous a mis en relation avec {told.other}. Votre réponse n’est lue que par elle.",
            (("noter", "Envoyer", ""),),
            ratings=rating_options(),
            notes=(until,),
            fault=fault,
        )
    by = f"{told.proposed_by} ({told.organisation})" if told.proposed_by else told.organisation
    long = len(told.reason) > _SHORT
    return LinkPage(
        f"Rencontrer {told.other} ?",
        "",
        (("accepter", "Accepter", ""), ("refuser", "Refuser", "plain")),
        quotation=french.paragraphs(told.reason) if long else (),
        quoted="La raison entière",
        warning=COMPETITORS if told.competitors else "",
        notes=(ONE_RULE, until),
        legal=told.legal,
        fault=fault,
        facts=_what(told),
        contact=f"Proposé à {told.own} par {by}",
        phone=french.telephone(told.phone),
    )


def _what(told: LinkTold) -> tuple[Fact, ...]:
    """Return who, what, how far and why, in a few words each."""
    where = french.at_place(told.other_commune) if told.other_commune else ""
    does = ", ".join(filter(None, (told.other_activity, where)))
    km = told.distance_km
    far = "non connue"
    if km is not None:
        far = "moins d’un kilomètre" if km < 1 else f"{french.number(round(km))} km à vol d’oiseau"
    why = told.reason if len(told.reason) <= _SHORT else f"{told.reason[:_SHORT].rsplit(' ', 1)[0]}…"
    told_facts = (("Qui", told.other), ("Quoi", does), ("Distance", far), ("Pourquoi", why))
    return tuple(Fact(label, value) for label, value in told_facts if value)


def receipt_page(told: ReceiptTold, fault: str = "") -> LinkPage:
    """Build the page of a link that confirms an answer to a call."""
    if told.confirmed:
        return LinkPage(
            "Votre réponse est transmise",
            f"L’auteur de l’appel « {told.title} » lit maintenant vos mots ; votre nom et votre adresse restent chez "
            f"{told.organisation}.",
            fault=fault,
        )
    if told.standing == "expired":
        return LinkPage("Ce lien n’est plus valable", "Personne n’a lu votre réponse : répondez de nouveau à l’appel.")
    return LinkPage(
        f"Confirmer votre réponse à « {told.title} »",
        f"L’auteur de l’appel lira vos mots, {told.organisation} aussi votre nom et votre adresse. {ONE_RULE}",
        (("confirmer", "Confirmer ma réponse", ""),),
        quotation=french.paragraphs(told.body),
        quoted=f"Le message de {told.name}",
        notes=("Si vous n’avez rien écrit, fermez cette page : personne ne lira ce message.",),
        fault=fault,
    )


def _answered(told: LinkTold, fault: str) -> LinkPage:
    """Say what was answered, and where things stand."""
    said = {
        Consent.ACCEPTED.value: "Vous avez accepté",
        Consent.REFUSED.value: "Vous avez refusé",
        Consent.WITHDRAWN.value: "Vous avez retiré votre accord",
        Consent.WAITING.value: "Cette proposition n’attend plus de réponse",
    }[told.consent]
    if told.satisfaction is not None and told.purpose == "satisfaction":
        return LinkPage("Merci", f"Vous avez donné la note de {told.satisfaction} sur 5.", fault=fault)
    return LinkPage(said, _follows(told), fault=fault)


def _follows(told: LinkTold) -> str:
    if told.consent != Consent.ACCEPTED.value:
        return f"Vos coordonnées ne sont pas transmises à {told.other}."
    if told.state == IntroductionState.PROPOSED.value:
        wait = f"Nous attendons la réponse de {told.other}."
        return f"{wait} Un courriel vous donne le moyen de retirer votre accord d’ici là."
    if told.state in (IntroductionState.DECLINED.value, IntroductionState.ABANDONED.value):
        return f"La mise en relation avec {told.other} ne se fera pas. Vos coordonnées n’ont pas été transmises."
    return f"{told.other} a accepté aussi : un courriel vous dit comment vous joindre l’un l’autre."


@for_anyone
def look(request: Request, desk: Desk, _: Asker) -> Response:
    """Show what a link lets its bearer do, or what they already did."""
    return _page(request, desk)


@form_for_anyone
def use(request: Request, desk: Desk, _: Asker, form: FormData) -> Response:
    """Do it, then show it done; a link without further use is said so."""
    token, typed = request.path_params["token"], words(form)
    try:
        _use(desk, token, typed)
    except RequestFault as fault:
        return _page(request, desk, str(fault), 422)
    except Conflict as fault:
        return _page(request, desk, str(fault), 409)
    return RedirectResponse(f"/lien/{token}", 303)


def _use(desk: Desk, token: str, typed: dict[str, str]) -> None:
    by_link = desk.introductions.by_link
    match typed.get("decision", ""):
        case "accepter" | "refuser" as decision:
            by_link.answer(token, accept=decision == "accepter")
        case "retirer":
            by_link.withdraw(token)
        case "confirmer":
            desk.calls.answering.confirm(token)
        case "noter":
            note = typed.get("satisfaction", "")
            if note not in {"1", "2", "3", "4", "5"}:
                raise RequestFault("Choisissez une note de 1 à 5.")
            by_link.rate(token, int(note), typed.get("comment", ""))
        case _:
            raise NotFound(ABSENT)


def _page(request: Request, desk: Desk, fault: str = "", status: int = 200) -> Response:
    token = request.path_params["token"]
    if desk.links.purpose(token) == ANSWER:
        view = receipt_page(desk.calls.answering.look(token), fault)
    else:
        view = link_page(desk.introductions.by_link.look(token), fault)
    return show_desk(request, "desk/link.html", view, section="", status=status)


ROUTES = (
    Route("/lien/{token}", look),
    Route("/lien/{token}", use, methods=["POST"]),
)
