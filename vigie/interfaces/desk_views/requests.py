"""What the pages of requests are given: the form of a firm's head, one request, its line in lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.access import Right, Role, Scope, Thing
from vigie.domain.introductions import ASKED_WORDS, RequestState
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.introductions import ADDRESS as BOARD
from vigie.interfaces.desk_views.introductions import INTRODUCTIONS
from vigie.interfaces.views import Fact, IntroductionLine, Link

if TYPE_CHECKING:
    from vigie.interfaces.desk_views.forms import Form
    from vigie.services.introductions.requests import RequestTold

ASK, ADDRESS = f"{BOARD}/demander", f"{BOARD}/demandes"
DONE = {
    "demandee": "Votre demande est transmise à votre organisation ; l’entreprise n’en sait rien pour l’instant.",
    "retiree": "Votre demande est retirée.",
    "declinee": "La réponse est partie ; l’autre entreprise n’en a rien su.",
}


@dataclass(frozen=True, slots=True)
class AskPage:
    """`desk/introduction_ask.html`: the head of a firm says why it wants to meet another."""

    lead: str
    form: Form
    action: str
    hidden: tuple[tuple[str, str], ...]
    trail: tuple[Link, ...] = (DESK, INTRODUCTIONS, Link("Demander"))
    title: str = "Demander une mise en relation"


@dataclass(frozen=True, slots=True)
class RequestPage:
    """`desk/introduction_request.html`: one request; `prepare` leads to the form that makes a proposal of it."""

    title: str
    lead: str
    reason: tuple[str, ...]
    answer: tuple[str, ...]
    facts: tuple[Fact, ...]
    address: str
    prepare: str
    may: tuple[str, ...]
    form: Form
    done: str = ""
    trail: tuple[Link, ...] = (DESK, INTRODUCTIONS, Link("Demande"))


def may_ask(scope: Scope, siren: str) -> bool:
    """Tell whether the asker is offered to ask for an introduction to a firm."""
    heads = scope.role is Role.HEAD and bool(scope.siren) and scope.siren != siren
    return bool(siren) and heads and scope.may(Thing.INTRODUCTIONS, Right.WRITE_OWN)


def ask_address(siren: str, call: str = "") -> str:
    """Return where the head of a firm asks for an introduction, from a firm's page or from its call."""
    return f"{ASK}?{urlencode({'siren': siren} | ({'appel': call} if call else {}))}"


def ask_page(name: str, siren: str, call: str, form: Form) -> AskPage:
    """Build the form of a firm's head."""
    return AskPage(
        lead=f"Dites pourquoi vous voulez rencontrer {name or french.identifier(siren)} ; votre organisation vous lit, "
        "puis propose la rencontre aux deux entreprises ou vous dit pourquoi non.",
        form=form,
        action=ADDRESS,
        hidden=tuple((field, value) for field, value in (("siren", siren), ("appel", call)) if value),
    )


def request_page(told: RequestTold, names: Mapping[str, str], form: Form, done: str = "") -> RequestPage:
    """Build the page of a request, for who asked or for an officer."""
    first, second = _name(told.siren, names), _name(told.sought_siren, names)
    return RequestPage(
        title=f"Rencontrer {second}",
        lead=_sentence(told, first, second),
        reason=french.paragraphs(told.reason),
        answer=french.paragraphs(told.answer),
        facts=_facts(told, names),
        address=f"{ADDRESS}/{told.id}",
        prepare=f"{BOARD}/nouvelle?demande={told.id}",
        may=told.may,
        form=form,
        done=DONE.get(done, ""),
    )


def request_rows(requests: Iterable[RequestTold], names: Mapping[str, str]) -> tuple[IntroductionLine, ...]:
    """Return requests as lists show them; those that wait say since when."""
    return tuple(_row(one, names) for one in requests)


def _row(told: RequestTold, names: Mapping[str, str]) -> IntroductionLine:
    waits = told.state == RequestState.WAITING.value
    since = french.long_date(told.created_at)
    return IntroductionLine(
        title=f"{_name(told.siren, names)} demande à rencontrer {_name(told.sought_siren, names)}",
        href=f"{ADDRESS}/{told.id}",
        remarks=(f"demandée le {since}",) if waits else (f"demandée le {since}", ASKED_WORDS[RequestState(told.state)]),
        waiting=ASKED_WORDS[RequestState.WAITING] if waits else "",
    )


def _name(siren: str, names: Mapping[str, str]) -> str:
    return names.get(siren) or f"l’entreprise {french.identifier(siren)}"


def _sentence(told: RequestTold, first: str, second: str) -> str:
    since = french.long_date(told.created_at)
    match RequestState(told.state):
        case RequestState.WAITING:
            return f"Depuis le {since}, {first} attend une réponse ; {second} n’en sait rien."
        case RequestState.PROPOSED:
            return "La mise en relation est proposée aux deux entreprises : chacune reçoit un courriel pour répondre."
        case RequestState.DECLINED:
            return f"Cette demande reste sans suite ; {second} n’en a rien su."
    return "Cette demande est retirée."


def _facts(told: RequestTold, names: Mapping[str, str]) -> tuple[Fact, ...]:
    reach = " · ".join(part for part in (told.name, told.email) if part)
    firms = (("Demandée par", told.siren), ("Pour rencontrer", told.sought_siren))
    found = [
        Fact(label, _name(siren, names), f"/entreprise/{siren}" if siren in names else "") for label, siren in firms
    ]
    return tuple(
        fact
        for fact in (
            *found,
            Fact("Contact", reach) if told.email else None,
            Fact("À propos de", "un appel publié", f"/appels/{told.call_id}") if told.call_id else None,
            Fact("Le", french.long_date(told.created_at)),
            Fact("Mise en relation", "la suivre", f"{BOARD}/{told.introduction_id}") if told.introduction_id else None,
        )
        if fact is not None
    )
