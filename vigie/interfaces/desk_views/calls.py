"""What the pages of calls are given: the public list, one call, one's own, the form, the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import calls as words
from vigie.domain import french
from vigie.domain.introductions import OUTCOMES
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.firms import attested_words
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.desk_views.introductions import ADDRESS as INTRODUCTIONS
from vigie.interfaces.desk_views.introductions_totals import UNTOLD
from vigie.interfaces.present import pager
from vigie.interfaces.views import Fact, IntroductionLine, Link, Pager, TableView
from vigie.services.introductions.letters import ONE_RULE

if TYPE_CHECKING:
    from vigie.services.calls.answers import AnswerTold, CallList, CallTold, CorrectionTold

ADDRESS, MINE = "/appels", "/bureau/appels"
CALLS = Link("Besoins et offres", ADDRESS)
DONE = {
    "repondu": "Votre réponse est transmise à l’auteur de l’appel.",
    "a-confirmer": "Un courriel vient de partir : ouvrez-le pour confirmer votre réponse. Personne ne la lit avant.",
}


@dataclass(frozen=True, slots=True)
class CallsPage:
    """`desk/calls.html`: a list of calls, the public one or one's own."""

    title: str
    lead: str
    rows: tuple[IntroductionLine, ...]
    pager: Pager
    action: str
    filters: Form
    kinds: tuple[Option, ...] = ()
    may_publish: bool = False
    trail: tuple[Link, ...] = ()
    totals: TableView | None = None
    ties: TableView | None = None
    done: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer; `introduce` is the address of the button, `introduced` that of what it became."""

    name: str
    email: str
    date: str
    paragraphs: tuple[str, ...]
    introduce: str = ""
    introduced: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """One correction, in a sentence, and what a sourcing said before."""

    sentence: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallPage:
    """`desk/call.html`: one call, the form that answers it, and the answers for those who read them.

    `ask` is where the head of another firm asks to be introduced to the one that calls, `hide` where the firm's own
    head, or an officer of its territory, hides it.
    """

    title: str
    lead: str
    trail: tuple[Link, ...]
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...]
    sourcing: str
    log: TableView | None
    address: str
    desk_address: str
    may: tuple[str, ...]
    known: bool
    form: Form
    answers: tuple[AnswerView, ...] | None = None
    rule: str = ONE_RULE
    corrections: tuple[CorrectionView, ...] = ()
    ask: str = ""
    done: str = ""
    hide: str = ""


def kind_options(chosen: str = "", *, every: bool = False) -> tuple[Option, ...]:
    """Return the kinds of calls to choose from."""
    kinds = tuple(Option(value, label, value == chosen) for value, label in words.KINDS.items())
    return (Option("", "tous"), *kinds) if every else kinds


def call_row(told: CallTold, firm: str) -> IntroductionLine:
    """Return a call as lists show it."""
    remarks = (
        words.KINDS[told.kind],
        "préparation d’un achat public" if told.public_buyer else "",
        firm or told.organisation,
        _until(told),
        "en attente d’attestation" if told.waiting else "" if told.visibility == words.PUBLIC else "réservé au réseau",
        french.counted(told.answers, "réponse") if told.answers is not None else "",
    )
    return IntroductionLine(told.title, f"{ADDRESS}/{told.id}", tuple(part for part in remarks if part))


def public_page(
    found: CallList, filters: Form, names: Mapping[str, str], ties: Mapping[str, int | None], *, may_publish: bool
) -> CallsPage:
    """Build the public list."""
    kept = {name: value for name, value in filters.typed.items() if value and name != "page"}
    return CallsPage(
        title="Besoins et offres",
        lead=_lead(found, narrowed=bool(kept)),
        rows=tuple(call_row(call, names.get(call.siren, "")) for call in found.calls),
        pager=pager(found.page, found.total_pages, lambda page: f"{ADDRESS}?{urlencode({**kept, 'page': str(page)})}"),
        action=ADDRESS,
        filters=filters,
        kinds=kind_options(filters.value("sorte"), every=True),
        may_publish=may_publish,
        ties=_ties(ties),
    )


def mine_page(found: CallList, names: Mapping[str, str], done: str = "") -> CallsPage:
    """Build the list of one's own calls."""
    words_ = french.counted(found.total, "appel")
    states = french.plural(found.total, "ouvert ou clos", "ouverts ou clos")
    lead = f"{words_}, {states}." if found.total else "Vous n’avez encore rien publié : dites un besoin ou une offre."
    return CallsPage(
        title="Besoins et offres",
        lead=lead,
        rows=tuple(call_row(call, names.get(call.siren, "")) for call in found.calls),
        pager=pager(found.page, found.total_pages, lambda page: f"{MINE}?page={page}"),
        action="",
        filters=Form(),
        may_publish=True,
        trail=(DESK, Link("Besoins et offres")),
        done=done,
    )


def totals_page(kinds: Mapping[str, int | None] | None) -> CallsPage:
    """Build the page of those who publish nothing: the public list is open to them, and totals of the network."""
    return CallsPage(
        title="Besoins et offres",
        lead="Les appels publics se lisent à la page publique « Besoins et offres » ; ceux du réseau ne vous sont "
        "montrés qu’en totaux, ceux du dernier trimestre clos où trois entreprises ou auteurs au moins les ont "
        "fait changer."
        if kinds is not None
        else "Les appels publics se lisent à la page publique « Besoins et offres ».",
        rows=(),
        pager=Pager(),
        action="",
        filters=Form(),
        trail=(DESK, Link("Besoins et offres")),
        totals=_table("Appels du réseau, par sorte", kinds, words.KINDS) if kinds is not None else None,
    )


def call_page(
    told: CallTold, firm: str, form: Form, answers: tuple[AnswerTold, ...] | None, *, known: bool, done: str = ""
) -> CallPage:
    """Build the page of one call."""
    return CallPage(
        title=told.title,
        lead=_opening(told, firm),
        trail=(CALLS, Link(told.title)),
        paragraphs=french.paragraphs(told.text),
        facts=_facts(told, firm),
        sourcing=_sourcing() if told.public_buyer else _AWAITING if told.waiting else "",
        log=_log(told),
        address=f"{ADDRESS}/{told.id}",
        desk_address=f"{MINE}/{told.id}",
        may=told.may,
        known=known,
        form=form,
        answers=tuple(_answer(one, told) for one in answers) if answers is not None else None,
        corrections=tuple(_correction(one) for one in told.corrections[::-1]),
        done=done,
    )


_AWAITING = (
    "En attente d’attestation : cet appel n’est lu que dans l’organisation, tant que personne n’atteste que son auteur "
    "parle pour l’entreprise."
)


def _lead(found: CallList, *, narrowed: bool) -> str:
    if found.total:
        verb = french.plural(found.total, "attend", "attendent")
        words_ = french.counted(found.total, "appel")
        return f"{words_} {verb} une réponse ; répondre ne demande pas de compte."
    if narrowed:
        return "Aucun appel ne répond à ces filtres."
    return (
        "Aucun appel n’est ouvert. Les besoins, les offres et les appels à co-innovation du territoire se liront ici."
    )


def _until(told: CallTold) -> str:
    if not told.open:
        return words.STATES.get(told.state, "clos") if told.state != words.PUBLISHED else "clos"
    return f"réponses jusqu’au {french.long_date(told.closes_on)}" if told.closes_on else "réponses ouvertes"


def _opening(told: CallTold, firm: str) -> str:
    verb = "publiée" if told.kind == "offer" else "publié"
    until = _until(told) if told.open else f"appel {_until(told)}"
    return f"{words.KINDS[told.kind].capitalize()} {verb} par {firm or told.organisation} : {until}."


def _facts(told: CallTold, firm: str) -> tuple[Fact, ...]:
    return tuple(
        fact
        for fact in (
            Fact("Entreprise", firm, f"/entreprise/{told.siren}") if firm else None,
            Fact("Réseau de", told.organisation),
            Fact("Publié le", french.long_date(told.opens_on)),
            Fact("Dernier jour", french.long_date(told.closes_on)) if told.closes_on else None,
            Fact("Attestation", attested_words(told.attested)) if told.attested and firm else None,
            Fact("Lisible par", words.VISIBILITIES[told.visibility]),
            Fact("Réponses", french.number(told.answers)) if told.answers is not None else None,
        )
        if fact is not None
    )


def _sourcing() -> str:
    return (
        f"Ceci est un {words.SOURCING} : l’acheteur prépare un besoin. La même information est donnée à tous, ici ; "
        "répondre n’engage à rien et n’avantage personne dans un marché à venir."
    )


def _log(told: CallTold) -> TableView | None:
    if not told.public_buyer:
        return None
    rows = tuple((french.long_date(day), french.number(count)) for day, count in told.log)
    return TableView("Journal des réponses reçues", ("Jour", "Réponses"), rows, (False, True))


def _correction(told: CorrectionTold) -> CorrectionView:
    """Return a correction; of a sourcing, each part that changed is shown as it was."""
    sentence = f"Le {french.moment(told.at)} : {french.listed([words.CORRECTED[name] for name in told.changed])}."
    if told.former is None:
        return CorrectionView(sentence)
    before = {
        "kind": (f"Sorte : {words.KINDS[told.former.kind]}",),
        "title": (f"Titre : {told.former.title}",),
        "text": french.paragraphs(told.former.text),
        "closes_on": (f"Dernier jour : {french.long_date(told.former.closes_on)}",) if told.former.closes_on else (),
    }
    return CorrectionView(sentence, tuple(line for name in told.changed for line in before[name]))


def _answer(told: AnswerTold, call: CallTold) -> AnswerView:
    last = max((correction.at for correction in call.corrections), default=None)
    before = " · avant la dernière correction" if last is not None and told.received_at < last else ""
    introduce = f"{MINE}/{call.id}/reponses/{told.id}" if "introduce" in call.may and not told.introduction_id else ""
    return AnswerView(
        name=told.name or ("Une entreprise" if told.siren else "Une personne"),
        email=told.email,
        date=f"{french.long_date(told.received_at)}{before}",
        paragraphs=french.paragraphs(told.body),
        introduce=introduce,
        introduced=f"{INTRODUCTIONS}/{told.introduction_id}" if told.introduction_id else "",
    )


def _ties(kinds: Mapping[str, int | None]) -> TableView | None:
    told = {kind: count for kind, count in kinds.items() if count is not None}
    return _table("Coopérations nées de mises en relation", told, OUTCOMES) if told else None


def _table(caption: str, counts: Mapping[str, int | None], labels: Mapping[str, str]) -> TableView:
    rows = tuple(
        (labels[cell], french.number(count) if count is not None else UNTOLD) for cell, count in counts.items()
    )
    return TableView(caption, ("", "Nombre"), rows, (False, True))
