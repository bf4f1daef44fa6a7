"""What the pages of introductions are given: the board, totals, one introduction, the proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from vigie.domain import french
from vigie.domain.firm_names import usual_case
from vigie.domain.introductions import OUTCOMES, STATE_WORDS, WHY_NOT, Consent, IntroductionState, Step
from vigie.interfaces.desk_views.accounts import DESK, role_label
from vigie.interfaces.desk_views.forms import Form, Option
from vigie.interfaces.present import pager
from vigie.interfaces.views import Choice, Fact, IntroductionLine, Link, Pager, Relations

if TYPE_CHECKING:
    from vigie.services.introductions.answers import Board, IntroductionTold, SideTold, StepTold, TieTold
    from vigie.services.introductions.reading import BoardFilter

ADDRESS = "/bureau/mises-en-relation"
ASK = f"{ADDRESS}/demander"
INTRODUCTIONS = Link("Mises en relation", ADDRESS)


def ask_address(siren: str, call: str = "") -> str:
    """Return where the head of a firm asks for an introduction, from a firm's page or from its call."""
    return f"{ASK}?{urlencode({'siren': siren} | ({'appel': call} if call else {}))}"


def prepare_address(siren: str, other: str = "", *, dossier: str = "") -> str:
    """Return where an officer prepares an introduction of a firm, or of a dossier, with another when it is known."""
    asked = (
        {"dossier_a": dossier, "avec": siren} if dossier else {"siren_a": siren} | ({"siren_b": other} if other else {})
    )
    return f"{ADDRESS}/nouvelle?{urlencode(asked)}"


COLUMNS = (IntroductionState.PROPOSED, IntroductionState.INTRODUCED, IntroductionState.MET)
EMPTY = {
    IntroductionState.PROPOSED: "Aucune. Une proposition attend ici l’accord des deux parties.",
    IntroductionState.INTRODUCED: "Aucune. Deux accords, et les coordonnées s’échangent.",
    IntroductionState.MET: "Aucune. Une rencontre se note sur la page de la mise en relation.",
}
CONSENT_WORDS = {
    Consent.WAITING.value: "n’a pas encore répondu",
    Consent.ACCEPTED.value: "accepte",
    Consent.REFUSED.value: "refuse",
    Consent.WITHDRAWN.value: "a retiré son accord",
}
STEP_WORDS = {
    Step.PROPOSED.value: "Proposée",
    Step.ACCEPTED.value: "Accord donné",
    Step.REFUSED.value: "Refus",
    Step.WITHDRAWN.value: "Accord retiré",
    Step.MET.value: "Rencontre notée",
    Step.CONCLUDED.value: "Conclue",
    Step.ABANDONED.value: "Abandonnée",
    Step.RATED.value: "Satisfaction donnée",
}
DONE = {
    "proposee": "La proposition est partie : chaque partie reçoit un courriel pour l’accepter ou la refuser.",
    "reponse": "Votre réponse est enregistrée.",
    "rencontre": "La rencontre est notée.",
    "issue": "L’issue est notée ; chaque partie est invitée à dire sa satisfaction.",
    "abandon": "La mise en relation est abandonnée.",
    "satisfaction": "Merci : votre satisfaction est notée.",
    "lien": "Un nouveau lien est parti ; l’ancien ne vaut plus.",
}
SATISFACTION = {5: "très utile", 4: "utile", 3: "moyennement utile", 2: "peu utile", 1: "inutile"}
COMPETITORS = (
    "Concurrence possible : les deux parties exercent dans la même branche. Ni prix, ni coûts, ni capacités ne "
    "passent par Vigie."
)


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """The introductions that stand in one state, as many as are shown, and the address of all of them."""

    id: str
    title: str
    count: str
    rows: tuple[IntroductionLine, ...]
    more: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """`desk/introductions.html`; `columns` when no state is chosen, `rows` otherwise; `requests` of heads of firms."""

    lead: str
    states: tuple[Choice, ...]
    columns: tuple[BoardColumn, ...]
    closed: BoardColumn | None
    rows: tuple[IntroductionLine, ...]
    pager: Pager
    filters: Form
    may_propose: bool
    ties: tuple[IntroductionLine, ...] = ()
    requests: tuple[IntroductionLine, ...] = ()
    requests_title: str = "Demandes en attente"
    title: str = "Mises en relation"
    trail: tuple[Link, ...] = (DESK, Link("Mises en relation"))


@dataclass(frozen=True, slots=True)
class SideView:
    """One party; `renew` is the address of the button that sends it a new link."""

    title: str
    href: str
    says: str
    facts: tuple[Fact, ...]
    renew: str = ""


@dataclass(frozen=True, slots=True)
class IntroductionPage:
    """`desk/introduction.html`: one introduction and what the asker can do."""

    title: str
    lead: str
    trail: tuple[Link, ...]
    address: str
    reason: tuple[str, ...]
    warning: str
    sides: tuple[SideView, ...]
    facts: tuple[Fact, ...]
    history: tuple[tuple[str, str], ...]
    may: tuple[str, ...]
    form: Form
    outcomes: tuple[Option, ...]
    why_not: tuple[Option, ...]
    ratings: tuple[Option, ...]
    today: str
    done: str = ""


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party being proposed: where it comes from and what is known of it."""

    position: str
    title: str
    name: str
    siren: str = ""
    dossier: str = ""
    candidates: tuple[Option, ...] = ()
    known_contact: str = ""
    free: bool = False
    competitor: bool = False


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`desk/introduction_new.html`; without a first party the page looks for one, then for the second."""

    lead: str
    form: Form
    first: PartyView | None
    second: PartyView | None
    found: tuple[Link, ...] = ()
    sought: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    title: str = "Préparer une mise en relation"
    trail: tuple[Link, ...] = (DESK, INTRODUCTIONS, Link("Préparer"))


def relations(siren: str, ties: Iterable[TieTold]) -> Relations:
    """Return the introductions of a firm as its page shows them to officers."""
    return Relations(siren, tuple(map(tie_row, ties)), f"{ADDRESS}?siren={siren}")


def row(told: IntroductionTold) -> IntroductionLine:
    """Return an introduction as lists show it."""
    return IntroductionLine(
        title=_pair(told),
        href=f"{ADDRESS}/{told.id}",
        remarks=tuple(
            part for part in (_when(told), OUTCOMES.get(told.outcome, ""), WHY_NOT.get(told.why_not, "")) if part
        ),
        waiting=_awaited(told) if told.state == IntroductionState.PROPOSED.value else "",
    )


def board_page(
    board: Board, asked: BoardFilter, filters: Form, *, may_propose: bool, ties: Iterable[TieTold] = ()
) -> BoardPage:
    """Build the board: three columns of what goes on, then what ended; or one state as a list."""
    rows = {
        state: tuple(row(one) for one in board.introductions if one.state == state.value) for state in IntroductionState
    }
    kept = {name: value for name, value in filters.typed.items() if value and name not in ("page", "etat")}
    over = [one for one in board.introductions if IntroductionState(one.state) not in COLUMNS]
    ended = tuple(map(row, sorted(over, key=lambda one: one.closed_at or one.created_at, reverse=True)))
    return BoardPage(
        lead=_lead(board, narrowed=bool(kept or asked.state)),
        states=tuple(
            _choice(state, board.counts, kept, asked.state)
            for state in ("", *IntroductionState)
            if not state or board.counts[state] or state == asked.state
        ),
        columns=() if asked.state else tuple(_column(state, board.counts, rows[state], kept) for state in COLUMNS),
        closed=None
        if asked.state or not ended
        else BoardColumn("closes", "Terminées", french.number(len(ended)), ended),
        rows=tuple(map(row, board.introductions)) if asked.state else (),
        pager=pager(board.page, board.total_pages, lambda page: _address(kept, etat=asked.state, page=str(page))),
        filters=filters,
        may_propose=may_propose,
        ties=tuple(tie_row(tie) for tie in ties),
    )


def tie_row(tie: TieTold) -> IntroductionLine:
    """Return a tie as the pages of officers show it."""
    parties = ((tie.label_a, tie.siren_a), (tie.label_b, tie.siren_b))
    names = french.listed(usual_case(label) or french.identifier(siren) for label, siren in parties)
    return IntroductionLine(
        names, f"{ADDRESS}/{tie.introduction_id}", (OUTCOMES[tie.kind], f"depuis le {french.long_date(tie.since)}")
    )


def introduction_page(told: IntroductionTold, form: Form, today: str, done: str = "") -> IntroductionPage:
    """Build the page of one introduction."""
    address = f"{ADDRESS}/{told.id}"
    title = _pair(told)
    return IntroductionPage(
        title=title,
        lead=_sentence(told),
        trail=(DESK, INTRODUCTIONS, Link(title)),
        address=address,
        reason=french.paragraphs(told.reason),
        warning=COMPETITORS if told.competitors else "",
        sides=tuple(_side(side, told, address) for side in told.sides),
        facts=_facts(told),
        history=tuple((french.long_date(step.at), _step(step, told)) for step in told.history),
        may=told.may,
        form=form,
        outcomes=tuple(Option(value, label) for value, label in OUTCOMES.items()),
        why_not=tuple(Option(value, label) for value, label in WHY_NOT.items()),
        ratings=rating_options(),
        today=today,
        done=DONE.get(done, ""),
    )


def rating_options() -> tuple[Option, ...]:
    """Return the five degrees of satisfaction, the best one first."""
    return tuple(Option(str(value), f"{value} : {label}") for value, label in SATISFACTION.items())


def _lead(board: Board, *, narrowed: bool) -> str:
    if not board.total:
        if narrowed:
            return "Aucune mise en relation ne répond à ces filtres."
        return (
            "Aucune mise en relation n’est encore proposée : préparez-en une ici, ou depuis la fiche d’une entreprise."
        )
    going = sum(board.counts[state.value] for state in COLUMNS)
    ended = board.counts[IntroductionState.CONCLUDED.value]
    words = french.counted(going, "mise en relation", "mises en relation")
    verb = french.plural(going, "est en cours", "sont en cours")
    asked = board.counts[IntroductionState.PROPOSED.value]
    agreement = f", dont {french.counted(asked, 'attend', 'attendent')} un accord" if 0 < asked < going else ""
    done = "autre est allée à son terme", "autres sont allées à leur terme"
    return f"{words} {verb}{agreement} ; {french.counted(ended, *done)}."


def _pair(told: IntroductionTold) -> str:
    return french.capital(french.listed(usual_case(side.label) for side in told.sides))


def _awaited(told: IntroductionTold) -> str:
    """Return whose agreement is missing; the reader's own comes first."""
    silent = [side for side in told.sides if side.consent == Consent.WAITING.value]
    if any(side.own for side in silent):
        return "attend votre accord"
    if len(silent) > 1:
        return "attend les deux accords"
    return f"attend l’accord de {usual_case(silent[0].label)}" if silent else ""


def _choice(state: str, counts: Mapping[str, int], kept: Mapping[str, str], chosen: str) -> Choice:
    label = STATE_WORDS[IntroductionState(state)] if state else "toutes"
    count = counts[state] if state else sum(counts.values())
    return Choice(f"{label} ({french.number(count)})", _address(kept, etat=state), state == chosen)


def _column(
    state: IntroductionState, counts: Mapping[str, int], rows: tuple[IntroductionLine, ...], kept: Mapping[str, str]
) -> BoardColumn:
    title = STATE_WORDS[state]
    more = _address(kept, etat=state.value) if counts[state.value] > len(rows) else ""
    return BoardColumn(state.value, french.capital(title), french.number(counts[state.value]), rows, more, EMPTY[state])


def _address(kept: Mapping[str, str], **more: str) -> str:
    query = urlencode({**kept, **{name: value for name, value in more.items() if value}})
    return f"{ADDRESS}?{query}" if query else ADDRESS


def _when(told: IntroductionTold) -> str:
    if told.closed_at:
        return f"{STATE_WORDS[IntroductionState(told.state)]} le {french.long_date(told.closed_at)}"
    if told.met_on:
        return f"rencontre le {french.long_date(told.met_on)}"
    if told.introduced_at:
        return f"coordonnées échangées le {french.long_date(told.introduced_at)}"
    return f"proposée le {french.long_date(told.created_at)}"


def _sentence(told: IntroductionTold) -> str:
    by = f" par {told.proposed_by}" if told.proposed_by else ""
    opening = f"Proposée le {french.long_date(told.created_at)}{by}"
    if told.state == IntroductionState.PROPOSED.value:
        return f"{opening} ; aucune coordonnée ne part avant l’accord des deux parties."
    return f"{opening} ; {_when(told)}."


def _side(side: SideTold, told: IntroductionTold, address: str) -> SideView:
    says = CONSENT_WORDS.get(side.consent or "", "sa réponse ne vous est pas montrée")
    since = f" depuis le {french.long_date(side.consented_at)}" if side.consented_at else ""
    reach = [
        *([Fact("Contact", side.contact_name)] if side.contact_name else []),
        *([Fact("Courriel", side.contact_email, f"mailto:{side.contact_email}")] if side.contact_email else []),
    ]
    facts = [
        *reach,
        *([Fact("Relances", french.number(side.reminders))] if side.reminders else []),
        *([Fact("Demande", "vient de cette partie")] if side.asked else []),
        *(
            [Fact("Satisfaction", f"{side.satisfaction} sur 5, {SATISFACTION[side.satisfaction]}")]
            if side.satisfaction
            else []
        ),
        *([Fact("Remarque", side.comment)] if side.comment else []),
    ]
    renew = f"{address}/lien/{side.position}" if f"renew_{side.position}" in told.may else ""
    href = (
        f"/entreprise/{side.siren}"
        if side.siren
        else (f"/bureau/dossiers/{side.dossier_id}" if side.dossier_id else "")
    )
    name = french.capital(usual_case(side.label))
    return SideView(f"{name}{' (vous)' if side.own else ''}", href, says + since, tuple(facts), renew)


def _facts(told: IntroductionTold) -> tuple[Fact, ...]:
    return tuple(
        fact
        for fact in (
            Fact("État", STATE_WORDS[IntroductionState(told.state)]),
            Fact("Rencontre", french.long_date(told.met_on)) if told.met_on else None,
            Fact("Coopération", OUTCOMES[told.outcome]) if told.outcome else None,
            Fact("Sans coopération", WHY_NOT[told.why_not]) if told.why_not else None,
            Fact("Montant déclaré", french.euros(told.amount)) if told.amount is not None else None,
            Fact("Emplois déclarés", french.number(told.jobs)) if told.jobs is not None else None,
            Fact("Née de l’appel", "lire l’appel", f"/appels/{told.call_id}") if told.call_id else None,
        )
        if fact is not None
    )


def _step(step: StepTold, told: IntroductionTold) -> str:
    names = {side.position: usual_case(side.label) for side in told.sides}
    whose = f" : {names[step.position]}" if step.position else ""
    by = step.who or ("par le lien du courriel" if step.via == "consent" else "")
    role = f", {role_label(step.role)}" if step.who else ""
    return f"{STEP_WORDS[step.step]}{whose}{f' ({by}{role})' if by else ''}"
