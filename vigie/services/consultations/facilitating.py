"""What officers do while a consultation is open: read the ideas that come, open a hall to vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from vigie.domain.access import ABSENT, Right, Thing
from vigie.domain.consultation import ConsultationState, StatementDecision, StatementState
from vigie.domain.declared import Hint, Label, NumberRange, Words
from vigie.domain.french import counted
from vigie.domain.moderation import RULES, Moderated, ModerationDecision
from vigie.errors import Conflict, FieldFault, NotFound
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.consultations.papers import new_hall
from vigie.services.consultations.preparing import HERE, LIST, OVER, form_of, our_consultation, read_prepared
from vigie.services.consultations.reading import is_open
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import Statement
from vigie.store.journal.records import Moderation

if TYPE_CHECKING:
    from vigie.store.journal.port import Reader

_RULES = {key: sentence for key, sentence in RULES.items() if key not in ("not_theirs", "mistake")}


@dataclass(frozen=True, slots=True)
class DecisionOnIdea:
    """Ce qui est décidé d’une idée."""

    decision: Annotated[StatementDecision, Label("Décision")]
    rule: Annotated[
        str,
        Label("Raison, si elle n’est pas retenue"),
        Words({"": "—", **_RULES}),
        Hint("Publiée, et lue par qui l’a écrite."),
    ] = ""


@dataclass(frozen=True, slots=True)
class HallEntry:
    """Une salle où des personnes votent derrière une même adresse."""

    people: Annotated[int, Label("Nombre de personnes attendues"), NumberRange(1, 1000)]
    hours: Annotated[int, Label("Ouvert pendant (heures)"), NumberRange(1, 12)] = 3


def _statement(reader: Reader, statement: str) -> Statement:
    row = reader.get(Statement, statement)
    if row.organisation_id != reader.scope.organisation:
        raise NotFound(ABSENT)
    return row


def _idea(telling: Telling, statement: str) -> PreparedForm:
    row = _statement(telling.reader, statement)
    many = counted(len(row.text or ""), "signe")
    return PreparedForm(
        lead=f"« {row.text or 'Idée retirée par qui l’avait écrite.'} » ({many}). Elle se vote telle quelle."
    )


DECIDED = Act(
    "statement.decided",
    "idée soumise au vote ou non",
    needs=needs(Thing.STATEMENTS, Right.WRITE),
    at="POST statements/{statement}/decision",
    form_at="propositions/{statement}/decision",
    summary="Soumettre une idée au vote, ou non",
    note="Ne pas la retenir demande une raison, publiée au journal de modération.",
    done="La décision est enregistrée ; qui a écrit l’idée la lit.",
    takes=DecisionOnIdea,
    tells=lambda telling, statement: read_prepared(telling, _statement(telling.reader, statement).consultation_id),
    page=FormPage(
        "Lire une idée", "Une phrase se vote telle quelle : elle n’est jamais réécrite.", "Décider",
        lambda telling, statement: HERE.format(
            consultation=_statement(telling.reader, statement).consultation_id
        ),
        _idea, above={"Consultations": LIST, "La consultation": ""},
    ),
)  # fmt: skip
HALL = Act(
    "hall.opened",
    "salle ouverte au vote",
    needs=needs(Thing.CONSULTATIONS, Right.WRITE),
    at="POST consultations/{consultation}/halls",
    form_at="consultations/{consultation}/salle",
    summary="Ouvrir un code de salle",
    note="Des personnes réunies derrière une même adresse votent avec ce code ; il compte ses places et a une fin.",
    done="Le code de salle est ouvert.",
    takes=HallEntry,
    tells=read_prepared,
    adds=True,
    page=FormPage(
        "Ouvrir une salle",
        "Sans code, dix personnes au plus par jour peuvent commencer à voter depuis un même réseau. "
        "Lisez le code à voix haute, ne le publiez pas.", "Ouvrir", HERE,
        form_of, above=OVER,
    ),
)  # fmt: skip
CAPABILITY = Capability("Consultations", acts=(DECIDED, HALL))


@DECIDED.does
def decide(doing: Doing, statement: str, said: DecisionOnIdea) -> None:
    """Put an idea to the vote, or refuse it for a reason that is published."""
    unit = doing.unit
    row = _statement(unit, statement)
    if row.state != StatementState.WAITING.value:
        raise Conflict("Une décision a déjà été prise sur cette idée.")
    if our_consultation(unit, row.consultation_id).state != ConsultationState.OPEN.value:
        raise Conflict("Cette consultation n’est plus ouverte.")
    if said.decision is StatementDecision.KEEP:
        row.state, row.kept_at, row.visibility = StatementState.KEPT.value, unit.now, "public"
        return
    if not said.rule:
        raise FieldFault("rule", "Choisissez une raison : elle est publiée, et lue par qui l’a écrite.")
    row.state, row.refused_at, row.rule = StatementState.REFUSED.value, unit.now, said.rule
    unit.add(
        Moderation(
            id=new_id(),
            at=unit.now,
            moderator_id=unit.scope.person,
            thing=Moderated.STATEMENT.value,
            subject_id=row.id,
            decision=ModerationDecision.HIDE.value,
            rule=said.rule,
            visibility="public",
            state_before=StatementState.WAITING.value,
        )
    )


@HALL.does
def open_hall(doing: Doing, consultation: str, said: HallEntry) -> None:
    """Open a code with as many places as people are awaited."""
    unit = doing.unit
    row = our_consultation(unit, consultation)
    if not is_open(unit, row):
        raise Conflict("Cette consultation ne prend pas de votes aujourd’hui.")
    new_hall(unit, row.id, unit.now + timedelta(hours=said.hours), said.people)
