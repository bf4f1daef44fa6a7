"""`vigie envision consultations` and `consultation`: what people were asked, and what was published of their votes."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import house
from vigie.domain import french
from vigie.domain.access import Scope
from vigie.domain.consultation import ConsultationState
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.services.consultations.reading import group_name

_ANYBODY = Scope(via="command")


def consultations(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Liste les consultations que chacun lit, les ouvertes d’abord.

    Exemple : vigie envision consultations
    """
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.consultations.reading.published(_ANYBODY)
    if as_json:
        print_json({"consultations": [line.as_dict() for line in found], "total": len(found)})
        return
    say(f"{french.counted(len(found), 'consultation')}." if found else "Aucune consultation n’est publique.")
    if found:
        show_table(
            ("Identifiant", "Question", "Organisation", "Où elle en est", "Dernier jour"),
            [
                (one.id, one.question, one.organisation, _state(one.state), french.short_date(one.closes_on))
                for one in found
            ],
        )


def consultation(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Identifiant, d’après « vigie envision consultations ».")
    ],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit ce qui est publié d’une consultation : des mots, puis des parts arrondies, jamais un vote.

    Exemple : vigie envision consultation ID --json
    """
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.consultations.reading.result(_ANYBODY, identifier)
    if as_json:
        print_json(found.as_dict())
        return
    say(f"{found.line.question} ({found.line.organisation}, {_state(found.line.state)})")
    for sentence in found.summary:
        say(sentence)
    groups = tuple(f"Groupe {group_name(rank)}" for rank in range(len(found.groups)))
    show_table(
        ("Proposition", "Votes, au moins", "Ensemble", "D’accord", "Pas d’accord", *groups),
        [
            (
                one.text,
                french.number(one.voters) if one.voters else "",
                one.word,
                one.agree,
                one.disagree,
                *(one.groups or ("",) * len(groups)),
            )
            for one in found.statements
        ],
        numeric=(1,),
    )


def _state(word: str) -> str:
    return ConsultationState(word).label
