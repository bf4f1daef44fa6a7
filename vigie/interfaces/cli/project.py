"""`vigie envision project`: the vision of a territory, its story and its results, as everybody reads them."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import house
from vigie.domain import french
from vigie.domain.access import Scope
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for, show_table

_ANYBODY = Scope(via="command")


def project(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Identifiant ; rien : la liste.")] = "",
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit les projets de territoire publiés ; avec un identifiant, le récit et les cinq résultats de l’un d’eux.

    Exemple : vigie envision project ID --json
    """
    with house(settings_for(data_dir)) as (_, desk):
        if not identifier:
            lines = desk.visions.reading.published(_ANYBODY)
        else:
            told, sentences = desk.visions.reading.story(_ANYBODY, identifier)
            results = desk.visions.reading.results(_ANYBODY, identifier).results
    if not identifier:
        if as_json:
            print_json({"visions": [one.as_dict() for one in lines], "total": len(lines)})
            return
        say(f"{french.counted(len(lines), 'projet publié', 'projets publiés')}.")
        if lines:
            show_table(
                ("Identifiant", "Projet", "Organisation"), [(one.id, one.title, one.organisation) for one in lines]
            )
        return
    if as_json:
        print_json({
            **told.as_dict(), "story": [one.as_dict() for one in sentences],
            "results": [one.as_dict() for one in results],
        })  # fmt: skip
        return
    part = ""
    for one in sentences:
        if one.of != part:
            say()
            say(one.of)
            part = one.of
        say(f"  {one.text}")
    say()
    show_table(
        ("Résultat", "Valeur", ""),
        [(one.label, french.number(one.value) if one.value is not None else "non dit", one.note) for one in results],
    )
