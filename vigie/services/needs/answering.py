"""What an officer does with a need: propose something, publish it without the name, say how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from vigie.domain.access import Right, Thing
from vigie.domain.calls import NETWORK, PUBLIC, PUBLISHED
from vigie.domain.declarations import competition_warning
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape
from vigie.domain.needs import NeedOutcome, NeedState, Readers
from vigie.errors import Conflict, FieldFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, needs
from vigie.services.calls.publishing import Content, checked
from vigie.services.capabilities import Capability
from vigie.services.firms.relations import of_person
from vigie.services.introductions.letters import LetterText
from vigie.services.needs import letters
from vigie.services.needs.reading import read_need, told
from vigie.services.needs.stating import FOLLOWED_FOR, new_link
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Reminder
from vigie.store.journal.introductions import Call
from vigie.store.journal.needs import StatedNeed
from vigie.store.journal.people import Organisation

_WRITES = needs(Thing.STATED_NEEDS, Right.WRITE)
HERE = "/bureau/besoins/{need}"
_OVER = {"Besoins": "/bureau/besoins", "Le besoin": ""}


@dataclass(frozen=True, slots=True)
class NeedProposal:
    """Ce qui est proposé à qui a dit un besoin."""

    proposal: Annotated[
        str, Label("Ce que vous proposez"), TextShape("lines"), Length(2000),
        Missing("Écrivez ce que vous proposez."),
        Hint("Envoyé tel quel à la personne, avec de quoi vous joindre si vous avez accepté d’être nommé."),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedEnd:
    """Ce qui est sorti d’un besoin."""

    outcome: Annotated[NeedOutcome, Label("Ce qui en est sorti")]
    result: Annotated[str, Label("En une phrase"), TextShape("lines"), Length(1000), Hint("Lue par la personne.")] = ""


@dataclass(frozen=True, slots=True)
class NeedAsCall:
    """L’appel que devient un besoin, sans le nom de qui l’a dit."""

    title: Annotated[str, Label("Titre"), Length(150), Missing("Il manque le titre de l’appel.")]
    text: Annotated[
        str, Label("Texte"), TextShape("lines"), Length(4000), Missing("Il manque le texte de l’appel."),
        Hint("Ni nom, ni adresse, ni prix : rien qui désigne la personne ou son entreprise."),
    ]  # fmt: skip


def _to_publish(telling: Telling, need: str) -> PreparedForm:
    record = read_need(telling, need)
    return PreparedForm({"title": "", "text": record.line.text})


def _stands(telling: Telling, need: str) -> PreparedForm:
    """Return an empty form, for who may read this need only."""
    told(telling.reader, need)
    return PreparedForm()


ANSWERED = Act(
    "need.answered",
    "proposition faite pour un besoin",
    needs=_WRITES,
    at="POST needs/{need}/answer",
    form_at="besoins/{need}/proposer",
    summary="Répondre à un besoin",
    note="La proposition part par courriel ; le rappel du besoin est traité.",
    done="La proposition est envoyée.",
    takes=NeedProposal,
    tells=read_need,
    page=FormPage(
        "Répondre à ce besoin",
        "La personne reçoit votre proposition par courriel.",
        "Envoyer",
        HERE,
        _stands,
        above=_OVER,
    ),
)
PUBLISHED_AS_CALL = Act(
    "need.published",
    "besoin publié comme appel",
    needs=_WRITES,
    at="POST needs/{need}/call",
    form_at="besoins/{need}/publier",
    summary="Publier un besoin, sans le nom de qui l’a dit",
    note="Seulement si la personne a choisi le réseau ou tout le monde ; l’appel est celui de l’organisation.",
    done="L’appel est publié, au nom de votre organisation.",
    takes=NeedAsCall,
    tells=read_need,
    page=FormPage(
        "Publier ce besoin",
        "L’appel est celui de votre organisation : rien n’y désigne la personne. Les réponses vous arrivent.",
        "Publier",
        HERE,
        _to_publish,
        above=_OVER,
    ),
)
CLOSED = Act(
    "need.closed",
    "résultat d’un besoin dit",
    needs=_WRITES,
    at="POST needs/{need}/closing",
    form_at="besoins/{need}/conclure",
    summary="Dire ce qui est sorti d’un besoin",
    note="La personne le lit, et reçoit un courriel.",
    done="Le résultat est enregistré, et la personne le sait.",
    takes=NeedEnd,
    tells=read_need,
    page=FormPage(
        "Dire ce qui en est sorti",
        "La personne reçoit un courriel, et le lit sur sa page.",
        "Enregistrer",
        HERE,
        _stands,
        above=_OVER,
    ),
)  # fmt: skip
CAPABILITY = Capability("Besoins dits sans compte", acts=(ANSWERED, PUBLISHED_AS_CALL, CLOSED))


@ANSWERED.does
def answer(doing: Doing, need: str, said: NeedProposal) -> None:
    """Send a proposal to who stated a need, and put its reminder aside."""
    unit, row = doing.unit, _going_on(doing, need)
    row.proposal, row.proposed_at = said.proposal, row.proposed_at or unit.now
    row.state = NeedState.PROPOSED.value
    _deal_with(doing, row, "Proposition envoyée.")
    organisation = unit.get(Organisation, row.organisation_id)
    contact = of_person(unit, organisation.name, unit.scope.person)
    _write(doing, row, letters.answered(organisation, row, contact, new_link(doing, row, FOLLOWED_FOR)))


@PUBLISHED_AS_CALL.does
def publish(doing: Doing, need: str, said: NeedAsCall) -> None:
    """Make of a need a call of the organisation, read by whom its author chose; raises `Conflict` otherwise."""
    unit, row = doing.unit, _going_on(doing, need)
    if row.readers == Readers.CONTACT:
        raise Conflict("La personne a gardé son besoin pour son contact : il ne se publie pas.")
    if row.call_id:
        raise Conflict("Ce besoin est déjà publié.")
    if odd := competition_warning(f"{said.title} {said.text}"):
        raise FieldFault("text", odd)
    content = checked(Content("need", said.title, said.text, None), unit.today)
    call = Call(
        id=new_id(),
        kind="need",
        title=content.title,
        text=content.text,
        author_id=unit.scope.person,
        visibility=PUBLIC if row.readers == Readers.PUBLIC else NETWORK,
        opens_on=unit.today,
        state=PUBLISHED,
    )
    row.call_id = unit.add(call).id


@CLOSED.does
def close(doing: Doing, need: str, said: NeedEnd) -> None:
    """Tell who stated a need what came of it."""
    unit, row = doing.unit, _going_on(doing, need)
    row.state, row.closed_at = NeedState.CLOSED.value, unit.now
    row.outcome, row.result = said.outcome.value, said.result or None
    _deal_with(doing, row, said.outcome.label)
    organisation = unit.get(Organisation, row.organisation_id)
    _write(doing, row, letters.closed(organisation, row, new_link(doing, row, FOLLOWED_FOR)))


def _going_on(doing: Doing, need: str) -> StatedNeed:
    row = told(doing.unit, need)
    if row.state in (NeedState.CLOSED, NeedState.WITHDRAWN) or row.erased_at is not None:
        raise Conflict(f"Ce besoin n’attend plus rien : {NeedState(row.state).label}.")
    return row


def _deal_with(doing: Doing, row: StatedNeed, result: str) -> None:
    reminder = doing.unit.find(Reminder, row.reminder_id) if row.reminder_id else None
    if reminder is not None and reminder.done_at is None:
        reminder.done_at, reminder.result = doing.unit.now, result


def _write(doing: Doing, row: StatedNeed, letter: LetterText) -> None:
    doing.means.outbox.post(
        doing.unit, recipient=row.email or "", subject=letter.subject, body=letter.body, about=row.id
    )
