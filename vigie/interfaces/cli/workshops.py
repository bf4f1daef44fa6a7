"""`vigie envision workshops` and `workshop`: rooms that filled a matrix together, and what came out of it."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import house
from vigie.domain import french
from vigie.domain.access import Scope
from vigie.domain.workshop import WorkshopState
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table
from vigie.services.workshops.scenarios import DRAWS

_ANYBODY = Scope(via="command")


def workshops(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Liste les ateliers de prospective que chacun lit.

    Exemple : vigie envision workshops
    """
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.workshops.reading.published(_ANYBODY)
    if as_json:
        print_json({"workshops": [line.as_dict() for line in found], "total": len(found)})
        return
    say(f"{french.counted(len(found), 'atelier')}." if found else "Aucun atelier n’est public.")
    if found:
        show_table(
            ("Identifiant", "Titre", "Organisation", "Où il en est", "Premier jour"),
            [
                (one.id, one.title, one.organisation, WorkshopState(one.state).label, french.short_date(one.held_on))
                for one in found
            ],
        )


def workshop(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Identifiant, d’après « vigie envision workshops ».")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit ce qui ressort d’un atelier clos : influences, désaccords, compte rendu ; jamais qui a dit quoi.

    Exemple : vigie envision workshop ID --json
    """
    with house(settings_for(data_dir)) as (_, desk):
        found = desk.workshops.reading.result(_ANYBODY, identifier)
    if as_json:
        print_json(found.as_dict())
        return
    say(f"{found.told.line.title} ({found.told.line.organisation})")
    for sentence in found.sentences:
        say(sentence)
    if found.factors:
        show_table(
            ("Facteur", "Rôle", "Influence directe", "Dépendance directe", "Rang direct", "Rang indirect"),
            [
                (
                    one.name, one.role, french.number(one.direct_influence), french.number(one.direct_dependence),
                    french.number(one.rank_direct), french.number(one.rank_indirect),
                )
                for one in found.factors
            ],
            numeric=(2, 3, 4, 5),
        )  # fmt: skip
    if found.scenarios:
        show_table(
            ("Scénario qui se tient", "Famille", "Soutien mutuel", "Marge", f"Tient, sur {DRAWS} salles"),
            [
                (french.listed(one.hypotheses), *map(french.number, (one.family, one.score, one.margin, one.holds)))
                for one in found.scenarios
            ],
            numeric=(1, 2, 3, 4),
        )
    for sentence in found.minutes:
        say(sentence)
