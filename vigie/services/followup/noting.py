"""Noting an exchange and what comes next, in one gesture, from the page of a firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from vigie.domain.days import due
from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.followup import POSTPONED_DAYS, ExchangeKind
from vigie.errors import FieldFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling
from vigie.services.capabilities import Capability
from vigie.services.followup.answers import TITLE
from vigie.services.followup.dossiers import WRITES
from vigie.services.followup.exchanges import ExchangeEntry, read_exchange, record
from vigie.services.followup.reading import writable
from vigie.store.journal.base import new_id
from vigie.store.journal.followup import Reminder

KINDS = (ExchangeKind.CALL, ExchangeKind.VISIT, ExchangeKind.MEETING)
"""What is noted so: both sides spoke; letters and internal notes have more to say, in the dossier."""


@dataclass(frozen=True, slots=True)
class NotedExchange:
    """Ce qui s’est dit, et ce qu’il y a à faire ensuite."""

    body: Annotated[str, Label("Ce qui s’est dit"), TextShape("lines"), Missing("Écrivez un mot de l’échange.")]
    next_step: Annotated[str, Label("Prochaine étape"), Length(TITLE)] = ""
    due_on: Annotated[date | None, Label("Pour le"), Hint("Dans une semaine si rien n’est dit.")] = None
    kind: Annotated[str, Label("Type"), Words({kind.value: kind.label for kind in KINDS})] = ExchangeKind.CALL.value


def _stands(telling: Telling, dossier: str) -> PreparedForm:
    """Return an empty form, for who may write in this dossier only."""
    writable(telling.reader, dossier)
    return PreparedForm()


NOTED = Act(
    "exchange.noted",
    "échange noté avec la suite à donner",
    needs=WRITES,
    at="POST dossiers/{dossier}/steps",
    form_at="dossiers/{dossier}/etape",
    summary="Noter un échange et la prochaine étape",
    note="L’échange est d’aujourd’hui ; le rappel est à vous.",
    done="C’est noté.",
    takes=NotedExchange,
    makes=True,
    tells=read_exchange,
    page=FormPage(
        title="Noter un échange et la suite",
        lead="L’échange d’aujourd’hui entre au dossier ; la prochaine étape devient un rappel.",
        button="Noter",
        back="/bureau/dossiers/{dossier}",
        prepare=_stands,
    ),
)
CAPABILITY = Capability("Dossiers", acts=(NOTED,))


@NOTED.does
def note(doing: Doing, dossier: str, said: NotedExchange) -> None:
    """Write today's exchange and the reminder of what comes next, in a week unless a day is given.

    Raises `FieldFault` for a day without anything to do, or that cannot be.
    """
    unit = doing.unit
    record(doing, dossier, ExchangeEntry(kind=said.kind, body=said.body))
    if not said.next_step:
        if said.due_on is not None:
            raise FieldFault("next_step", "Dites ce qu’il y aura à faire ce jour-là.")
        return
    day = said.due_on or unit.today + timedelta(days=POSTPONED_DAYS)
    if odd := due(day, unit.today):
        raise FieldFault("due_on", odd)
    owner = unit.scope.person
    unit.add(Reminder(id=new_id(), dossier_id=dossier, due_on=day, reason=said.next_step, owner_id=owner))
