"""What the pages of needs are given: the three screens that state one, the page that follows it, the officer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain import french
from vigie.domain.calls import VISIBILITIES
from vigie.domain.needs import LONGEST, NeedOutcome, NeedState, Readers
from vigie.interfaces.desk_views.accounts import DESK
from vigie.interfaces.desk_views.acts import ActForm
from vigie.interfaces.desk_views.at_once import HelpView
from vigie.interfaces.desk_views.firms import Picked
from vigie.interfaces.desk_views.forms import Form
from vigie.interfaces.views import Fact, Link
from vigie.services.needs.letters import answering_sentence

if TYPE_CHECKING:
    from vigie.services.firms.relations import LocalContact
    from vigie.services.needs.answers import FollowedNeed, NeedLine, NeedRecord, NeedStep

STATE, SENT, LIST = "/besoin", "/besoin/envoye", "/bureau/besoins"
WORDS, PLACE, REACH = 1, 2, 3
"""The three screens."""
_TITLES = {WORDS: "De quoi avez-vous besoin ?", PLACE: "Pour quelle entreprise ?", REACH: "Comment vous joindre ?"}
_SENDS = {WORDS: f"{STATE}/entreprise", PLACE: f"{STATE}/joindre", REACH: STATE}
_LEADS = {
    WORDS: "Avec vos mots, sans compte. Une personne nommée, ou l’accueil de l’organisation du lieu, vous répond.",
    PLACE: "Son nom et sa commune suffisent : aucun numéro n’est demandé.",
    REACH: "",
}
EXAMPLES = (
    "un atelier, un local, recruter, financer un achat, réparer une machine, trouver un sous-traitant, que faire de "
    "chutes"
)
_CARRIED = {WORDS: (), PLACE: ("text", "adviser"), REACH: ("text", "siren", "commune", "readers", "adviser")}


@dataclass(frozen=True, slots=True)
class NeedScreen:
    """`desk/need_screen.html`: one of the three screens; `carried` is what the former ones were given.

    `firms` are to choose from; `bare` leaves the menu of the site out, so that nothing leads away in the middle.
    """

    screen: int
    title: str
    lead: str
    action: str
    form: Form
    carried: tuple[tuple[str, str], ...]
    firms: tuple[Picked, ...] = ()
    readers: tuple[Picked, ...] = ()
    longest: int = LONGEST
    examples: str = EXAMPLES
    help: HelpView | None = None
    bare: bool = True


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a need: its name, its day, whether it was reached."""

    label: str
    day: str
    reached: bool


@dataclass(frozen=True, slots=True)
class FollowPage:
    """`desk/need_followed.html`: where a need stands, for who stated it; `button` is what is still to be done."""

    title: str
    lead: str
    words: tuple[str, ...] = ()
    steps: tuple[StepRow, ...] = ()
    proposal: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    call: str = ""
    warning: str = ""
    legal: str = ""
    button: str = ""
    may_withdraw: bool = False
    fault: str = ""
    help: HelpView | None = None
    bare: bool = True


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need in the officer's list."""

    title: str
    href: str
    remarks: tuple[str, ...]
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """`desk/needs.html`: the needs that were stated without an account, those that wait first."""

    lead: str
    waiting: tuple[NeedRow, ...]
    others: tuple[NeedRow, ...]
    title: str = "Besoins"
    trail: tuple[Link, ...] = field(default=(DESK, Link("Besoins")))


@dataclass(frozen=True, slots=True)
class NeedPage:
    """`desk/need.html`: one need, as the officer answers it."""

    title: str
    lead: str
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    steps: tuple[StepRow, ...]
    earlier: tuple[NeedRow, ...]
    proposal: tuple[str, ...]
    result: tuple[str, ...]
    dossier: str
    email: str
    phone: str
    forms: Mapping[str, ActForm]
    publish: str = ""
    done: str = ""
    help: HelpView | None = None
    trail: tuple[Link, ...] = (DESK, Link("Besoins", LIST), Link("Besoin"))


def contact_sentence(contact: LocalContact) -> str:
    """Return who answers a firm there and when: « Votre contact : Camille F., Pays d’essai, répond sous 3 jours… »."""
    who = f"{contact.name}, {contact.organisation}" if contact.name else contact.organisation
    days = contact.days
    delay = f", répond sous {french.counted(days, 'jour ouvré', 'jours ouvrés')}" if days is not None else ""
    return f"Votre contact : {who}{delay}."


def screen(
    number: int,
    form: Form,
    contact: LocalContact | None = None,
    firms: tuple[Picked, ...] = (),
    help_: HelpView | None = None,
) -> NeedScreen:
    """Build one of the three screens; the last one says who answers, and what is answered at once."""
    chosen = form.value("readers") or Readers.CONTACT.value
    return NeedScreen(
        screen=number,
        title=_TITLES[number],
        lead=answering_sentence(contact) if contact else _LEADS[number],
        action=_SENDS[number],
        form=form,
        carried=tuple((name, form.value(name)) for name in _CARRIED[number]),
        firms=firms,
        help=help_,
        readers=tuple(Picked(one.value, one.label, one.note, one.value == chosen) for one in Readers),
    )


def follow_page(told: FollowedNeed, fault: str = "", help_: HelpView | None = None) -> FollowPage:
    """Build the page of a need for who stated it."""
    if told.standing == "withdrawn":
        return FollowPage("Votre besoin est retiré", "Ses mots et vos coordonnées sont effacés ici.", fault=fault)
    if told.standing == "expired":
        again = f"Dites-le de nouveau, ou écrivez à {told.organisation}."
        return FollowPage("Ce lien n’est plus valable", again, fault=fault)
    if told.standing == "unconfirmed":
        earlier = (
            f"Vous aviez déjà dit un besoin le {french.long_date(told.earlier)}. Si c’est le même, fermez cette page : "
            "il est déjà entre nos mains."
            if told.earlier
            else ""
        )
        return FollowPage(
            "Confirmer votre besoin",
            f"Un geste, et {told.organisation} le lit. {answering_sentence(told.contact)}",
            words=french.paragraphs(told.text),
            warning=earlier,
            legal=told.legal,
            button="Confirmer mon besoin",
            fault=fault,
            help=help_,
        )
    return FollowPage(
        "Où en est votre besoin",
        _where(told),
        words=french.paragraphs(told.text),
        steps=_steps(told.steps),
        proposal=french.paragraphs(told.proposal),
        result=(french.capital(NeedOutcome(told.outcome).label), *french.paragraphs(told.result))
        if told.outcome
        else (),
        contact=f"{told.contact.name}, {told.organisation}" if told.contact.name else told.organisation,
        phone=french.telephone(told.contact.phone),
        call=f"/appels/{told.published}" if told.published else "",
        legal=told.legal,
        may_withdraw=not told.outcome,
        fault=fault,
        help=None if told.outcome else help_,
    )


def _where(told: FollowedNeed) -> str:
    if told.outcome:
        return "C’est terminé ; voici ce qui a été fait, jour par jour."
    who = told.contact.name or f"L’accueil de {told.organisation}"
    if told.due_on is None:
        return f"{who} vous a répondu."
    promised = told.contact.days is not None
    return f"{who} vous répond avant le {french.long_date(told.due_on)}." if promised else f"{who} va vous répondre."


def needs_page(lines: Sequence[NeedLine], names: Mapping[str, str]) -> NeedsPage:
    """Build the officer's list of needs."""
    waiting = tuple(_row(line, names) for line in lines if line.state == NeedState.RECEIVED)
    others = tuple(_row(line, names) for line in lines if line.state != NeedState.RECEIVED)
    told = french.counted(len(waiting), "besoin attend une réponse", "besoins attendent une réponse")
    return NeedsPage(f"{french.capital(told)}." if waiting else "Aucun besoin n’attend de réponse.", waiting, others)


def need_page(
    record: NeedRecord, firm: str, forms: Mapping[str, ActForm], done: str = "", help_: HelpView | None = None
) -> NeedPage:
    """Build the page of one need for its officer; `firm` is the public name of the firm, empty when it has none."""
    line = record.line
    where = f"{firm}, {line.commune_name}" if firm else line.commune_name
    facts = [
        Fact("Qui", record.name or "nom non donné"),
        Fact("Entreprise", firm or ("sans nom public" if line.siren else "pas encore"), href=_firm_page(line, firm)),
        Fact("Commune", line.commune_name),
        Fact("Qui peut lire", Readers(record.readers).label.lower()),
        Fact("Répond", line.owner_name or "l’accueil : chacun peut répondre"),
    ]
    if record.adviser:
        facts.append(Fact("Dit à", record.adviser))
    published = f"/appels/{record.published}" if record.published else ""
    if published:
        facts.append(Fact("Publié", VISIBILITIES.get(record.readers, "oui"), href=published))
    outcome = (french.capital(NeedOutcome(record.outcome).label),) if record.outcome else ()
    return NeedPage(
        title=_title(line),
        lead=f"{where}. {_waits(line)}",
        words=french.paragraphs(line.text),
        facts=tuple(facts),
        steps=_steps(record.steps),
        earlier=tuple(_row(one, {}) for one in record.earlier),
        proposal=french.paragraphs(record.proposal),
        result=(*outcome, *french.paragraphs(record.result)),
        dossier=f"/bureau/dossiers/{line.dossier}" if line.dossier else "",
        email=record.email,
        phone=record.phone,
        forms=forms,
        publish=f"{LIST}/{line.id}/publier" if "publish" in record.may else "",
        done=done,
        help=help_,
    )


def need_row(line: NeedLine, name: str = "") -> NeedRow:
    """Return a need as a dossier shows it."""
    return _row(line, {line.siren: name} if name else {})


def _row(line: NeedLine, names: Mapping[str, str]) -> NeedRow:
    who = names.get(line.siren, "") if line.siren else ""
    remarks = [who, line.commune_name, f"dit le {french.short_date(line.confirmed_at)}", line.owner_name]
    waiting = _waits(line) if line.state == NeedState.RECEIVED else ""
    if not waiting:
        remarks.append(NeedState(line.state).label)
    return NeedRow(_title(line), f"{LIST}/{line.id}", tuple(filter(None, remarks)), waiting)


def _title(line: NeedLine) -> str:
    said = " ".join(line.text.split())
    short = said if len(said) <= 80 else f"{said[:80].rsplit(' ', 1)[0]}…"
    return f"« {short} »" if short else "Besoin effacé"


def _waits(line: NeedLine) -> str:
    if line.state != NeedState.RECEIVED:
        return f"{french.capital(NeedState(line.state).label)}."
    return f"À répondre avant le {french.long_date(line.due_on)}." if line.due_on else "À répondre."


def _firm_page(line: NeedLine, firm: str) -> str:
    return f"/entreprise/{line.siren}" if line.siren and firm else ""


def _steps(steps: Sequence[NeedStep]) -> tuple[StepRow, ...]:
    return tuple(
        StepRow(step.label, french.long_date(step.on) if step.on else "", step.on is not None) for step in steps
    )
