"""A dossier handed over to a colleague, who is told by letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.access import Right, Thing
from vigie.domain.declared import Hint, Label, Length, TextShape
from vigie.errors import FieldFault
from vigie.services.acts import Act, Doing, FormPage, PreparedForm, Telling, needs
from vigie.services.capabilities import Capability
from vigie.services.followup.reading import FOLLOWERS, lines, members, names, writable
from vigie.store.journal.followup import Dossier, Reminder
from vigie.store.journal.people import Organisation, Person

if TYPE_CHECKING:
    from vigie.services.followup.answers import DossierLine


@dataclass(frozen=True, slots=True)
class HandingOver:
    """À qui confier un dossier, et ce qu’il faut savoir pour le reprendre."""

    to: Annotated[str, Label("À qui"), Length(20)]
    word: Annotated[
        str, Label("Ce qu’il faut savoir"), TextShape("lines"), Length(2000),
        Hint("Écrit dans la lettre que reçoit votre collègue, et nulle part ailleurs."),
    ] = ""  # fmt: skip


def _colleagues(telling: Telling, dossier: str) -> PreparedForm:
    owner = writable(telling.reader, dossier).owner_id
    others = {one.id: one.name or "sans nom" for one in members(telling.reader, FOLLOWERS) if one.id != owner}
    return PreparedForm(choices={"to": others})


def _line(telling: Telling, dossier: str) -> DossierLine:
    return lines(telling.reader, [telling.reader.get(Dossier, dossier)])[0]


HANDED_OVER = Act(
    "dossier.handed_over",
    "dossier confié à un collègue",
    needs=needs(Thing.DOSSIERS, Right.WRITE),
    at="POST dossiers/{dossier}/owner",
    form_at="dossiers/{dossier}/confier",
    summary="Confier un dossier à un collègue",
    done="Le dossier est confié ; votre collègue en est averti par courriel.",
    takes=HandingOver,
    tells=_line,
    page=FormPage(
        title="Confier à un collègue",
        lead="Le dossier, ses rappels à venir et ses relances passent à la personne choisie, qui reçoit une lettre.",
        button="Confier le dossier",
        back="/bureau/dossiers/{dossier}",
        prepare=_colleagues,
    ),
)
CAPABILITY = Capability("Dossiers", acts=(HANDED_OVER,))


@HANDED_OVER.does
def hand_over(doing: Doing, dossier: str, said: HandingOver) -> None:
    """Give a dossier and what is left to do in it to another follower, and write to them.

    Raises `FieldFault` when the person does not follow dossiers here, or follows this one already.
    """
    unit = doing.unit
    row = writable(unit, dossier)
    if said.to not in {one.id for one in members(unit, FOLLOWERS)}:
        raise FieldFault("to", "Un dossier se confie à un agent de l’organisation : choisissez-le dans la liste.")
    if said.to == row.owner_id:
        raise FieldFault("to", "Cette personne suit déjà ce dossier.")
    former, row.owner_id = row.owner_id, said.to
    left = (Reminder.dossier_id == dossier, Reminder.done_at.is_(None), Reminder.deleted_at.is_(None))
    for reminder in unit.all(select(Reminder).where(*left, Reminder.owner_id == former)):
        reminder.owner_id = said.to
    _write(doing, row, said)


def _write(doing: Doing, row: Dossier, said: HandingOver) -> None:
    unit = doing.unit
    giver = names(unit, [unit.scope.person]).get(unit.scope.person) or "Un collègue"
    organisation = unit.get(Organisation, unit.scope.organisation).name
    word = f"\n{said.word}\n" if said.word else ""
    doing.means.outbox.post(
        unit,
        recipient=unit.get(Person, said.to).email or "",
        subject=f"{giver} vous confie un dossier",
        body=f"Bonjour,\n\n{giver} vous confie un dossier de {organisation}, avec ce qui reste à y faire.\n{word}\n"
        f"Il vous attend ici\u00a0:\n{doing.means.outbox.link(f'/bureau/dossiers/{row.id}')}\n",
        about=row.id,
    )
