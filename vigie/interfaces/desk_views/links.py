"""What the pages of links are given: a proposal to answer, a yes to take back, a satisfaction, an answer to confirm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.introductions import Consent, IntroductionState
from vigie.interfaces.desk_views.forms import Option
from vigie.interfaces.desk_views.introductions import COMPETITORS, rating_options
from vigie.interfaces.views import Fact
from vigie.services.introductions.letters import ONE_RULE

if TYPE_CHECKING:
    from vigie.services.calls.answers import ReceiptTold
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
    far = "" if km is None else "à moins d’un kilomètre" if km < 1 else f"{french.number(round(km))} km à vol d’oiseau"
    why = told.reason if len(told.reason) <= _SHORT else f"{told.reason[:_SHORT].rsplit(' ', 1)[0]}…"
    told_facts = (("Qui", told.other), ("Ce qu’elle fait", does), ("À quelle distance", far), ("Pourquoi", why))
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
