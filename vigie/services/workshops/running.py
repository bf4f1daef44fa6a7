"""What officers do while a room works: open the workshop, give codes, end a round of questions, close it for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from sqlalchemy import select

from vigie.domain.declared import Hint, Label, NumberRange
from vigie.domain.workshop import FEWEST_ANSWERS, MOST_PEOPLE, ItemKind, WorkshopState, distributions
from vigie.errors import Conflict
from vigie.services.acts import Act, Doing, FormPage, Nothing
from vigie.services.capabilities import Capability
from vigie.services.consultations.papers import forget, new_hall, new_key, papers_of, shut
from vigie.services.workshops.preparing import HERE, OVER, WRITES, form_of, our_workshop, read_prepared
from vigie.services.workshops.reading import is_open, items_of, told_of
from vigie.services.workshops.results import rounds_told
from vigie.store.journal.base import new_id
from vigie.store.journal.consultations import BallotKey
from vigie.store.journal.workshops import Workshop, WorkshopItem

if TYPE_CHECKING:
    from vigie.store.journal.port import Unit


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """La salle qui vient."""

    people: Annotated[
        int, Label("Nombre de personnes attendues"), NumberRange(1, MOST_PEOPLE),
        Hint("Le code compte ses places ; il ne vaut que jusqu’au dernier jour."),
    ]  # fmt: skip


OPENED = Act(
    "workshop.opened",
    "atelier ouvert",
    needs=WRITES,
    at="POST workshops/{workshop}/opening",
    form_at="ateliers/{workshop}/ouvrir",
    summary="Ouvrir un atelier, avec un code pour la salle",
    note="Chacun le lit ; seul qui a le code y répond.",
    done="L’atelier est ouvert : dites le code à la salle.",
    takes=RoomEntry,
    tells=read_prepared,
    page=FormPage(
        "Ouvrir l’atelier", "Chacun lit sa question et ses facteurs ; pour répondre, il faut le code, sans compte.",
        "Ouvrir", HERE, form_of, above=OVER,
    ),
)  # fmt: skip
CODE_GIVEN = Act(
    "workshop.code_given",
    "code d’atelier donné",
    needs=WRITES,
    at="POST workshops/{workshop}/codes",
    form_at="ateliers/{workshop}/code",
    summary="Ouvrir un autre code d’atelier",
    done="Le code est ouvert.",
    takes=RoomEntry,
    tells=read_prepared,
    adds=True,
    page=FormPage("Ouvrir un autre code", "", "Ouvrir", HERE, form_of, above=OVER),
)
ROUND_ENDED = Act(
    "workshop.round_ended",
    "tour de questions fini",
    needs=WRITES,
    at="POST workshops/{workshop}/rounds",
    form_at="ateliers/{workshop}/tour",
    summary="Finir un tour de questions",
    note="Les questions sont posées de nouveau, avec ce que la salle a répondu au tour d’avant.",
    done="Un nouveau tour commence.",
    takes=Nothing,
    tells=read_prepared,
    page=FormPage(
        "", "Les questions sont posées de nouveau, avec ce que la salle vient d’en dire.", "Finir ce tour", HERE,
        within=True,
    ),
)  # fmt: skip
CLOSED = Act(
    "workshop.closed",
    "atelier clos",
    needs=WRITES,
    at="POST workshops/{workshop}/closing",
    form_at="ateliers/{workshop}/clore",
    summary="Clore un atelier",
    note="Les comptes par case restent ; qui a répondu quoi est effacé, pour toujours.",
    done="L’atelier est clos : les réponses sont effacées, leurs comptes restent.",
    takes=Nothing,
    tells=read_prepared,
    erases=True,
    page=FormPage(
        "", "Les comptes par case restent et sont publiés ; qui a répondu quoi est effacé, pour toujours.",
        "Clore l’atelier", HERE, within=True, danger=True,
    ),
)  # fmt: skip
CAPABILITY = Capability("Ateliers de prospective", acts=(OPENED, CODE_GIVEN, ROUND_ENDED, CLOSED))


@OPENED.does
def open_(doing: Doing, workshop: str, said: RoomEntry) -> None:
    """Let everybody read a workshop; make the key under which its participants are hashed, and a code."""
    unit = doing.unit
    row = our_workshop(unit, workshop)
    if row.state != WorkshopState.DRAFT.value:
        raise Conflict("Cet atelier n’est plus en préparation.")
    if row.ends_on < unit.today:
        raise Conflict("Le dernier jour de cet atelier est passé : corrigez-le, puis ouvrez-le.")
    if not told_of(unit, row).steps:
        raise Conflict("Il n’y a rien à remplir : ajoutez deux facteurs au moins, ou une question.")
    row.state, row.visibility, row.opened_at = WorkshopState.OPEN.value, "public", unit.now
    for item in unit.all(select(WorkshopItem).where(WorkshopItem.workshop_id == row.id)):
        item.visibility = "public"
    unit.add(BallotKey(id=new_id(), consultation_id=row.id, key=new_key()))
    _give_code(unit, row, said.people)


@CODE_GIVEN.does
def give_code(doing: Doing, workshop: str, said: RoomEntry) -> None:
    """Open another code: the first one is full, or was read where it should not."""
    row = our_workshop(doing.unit, workshop)
    if not is_open(doing.unit, row):
        raise Conflict("Cet atelier ne prend pas de réponses aujourd’hui.")
    _give_code(doing.unit, row, said.people)


@ROUND_ENDED.does
def end_round(doing: Doing, workshop: str, _: Nothing) -> None:
    """Ask the questions again, with what the room answered."""
    row = our_workshop(doing.unit, workshop)
    if not is_open(doing.unit, row):
        raise Conflict("Cet atelier ne prend pas de réponses aujourd’hui.")
    if not any(item.kind == ItemKind.QUESTION.value for item in items_of(doing.unit, row.id)):
        raise Conflict("Cet atelier n’a pas de question : il n’y a pas de tour à finir.")
    row.round += 1


@CLOSED.does
def close(doing: Doing, workshop: str, _: Nothing) -> None:
    """Keep the counts of each cell, and erase who answered what."""
    unit = doing.unit
    row = our_workshop(unit, workshop)
    if row.state != WorkshopState.OPEN.value:
        raise Conflict("Cet atelier n’est pas ouvert.")
    shut(unit, row.id)
    papers = [paper.votes for paper in papers_of(unit, row.id)]
    # What too few answered is not kept: it would be read in a file of the organisation, or in a backup.
    cells = {cell: marks for cell, marks in distributions(papers).items() if sum(marks.values()) >= FEWEST_ANSWERS}
    row.told = {"people": sum(map(bool, papers)), "cells": cells}
    if rounds := rounds_told(papers, items_of(unit, row.id), row.round):
        row.told = {**row.told, "rounds": rounds}
    row.state, row.closed_at = WorkshopState.CLOSED.value, unit.now
    forget(unit, row.id)


def _give_code(unit: Unit, row: Workshop, people: int) -> None:
    new_hall(unit, row.id, unit.midnight(row.ends_on + timedelta(days=1)), people)
