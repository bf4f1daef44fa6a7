"""`vigie observe`: portraits and territories."""

from __future__ import annotations

from typing import Annotated

import typer

from vigie.bootstrap import open_services
from vigie.domain import french
from vigie.domain.territory import TerritoryKind
from vigie.errors import NotFound
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, say_simulated, settings_for, show_table
from vigie.interfaces.cli.questions import add_questions
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.interfaces.present import source_sentence
from vigie.interfaces.present_figures import opening
from vigie.interfaces.present_findings import finding_note, finding_value
from vigie.interfaces.present_map import finding_of, written
from vigie.interfaces.present_portrait import redirection
from vigie.services.portrait.answer import territory_dict
from vigie.services.portrait.variables import MapVariable

app = typer.Typer(cls=FrenchGroup)


@app.command("portrait", cls=FrenchCommand)
def portrait(
    code: Annotated[str, typer.Argument(metavar="CODE", help="85191, 200071629, 85, region:52, ze:5204, FR…")],
    *,
    reference: Annotated[
        str, typer.Option("--beside", metavar="CLÉ", help="À quoi le comparer ; sinon, à ce qui le contient.")
    ] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit le portrait d’un territoire : une liste de constats, chacun avec ses sources.

    Exemples :

    vigie observe portrait 200071629 --json

    vigie observe portrait 200071629 --beside departement:85
    """
    with open_services(settings_for(data_dir)) as services:
        found = services.observe.portrait(code)
        if as_json:
            print_json([finding.as_dict() for finding in found.findings])
            return
        say_simulated(found.simulated)
        former = services.observe.territory(code).redirected_from
        if former:
            say(redirection(found.territory, former))
        say(opening(found, services.observe.beside(found, reference)))
        say()
        show_table(
            ("Constat", "Valeur", "Remarque"),
            [(finding.label, finding_value(finding), finding_note(finding)) for finding in found.findings],
            numeric=(1,),
        )
        say()
        for source in found.sources:
            say(source_sentence(source))


@app.command("map", cls=FrenchCommand)
def variable_map(
    code: Annotated[str, typer.Argument(metavar="CODE", help="85, region:52, 200071629, FR…")],
    variable: Annotated[
        str, typer.Option("--variable", metavar="VARIABLE", help=f"Ce qu’elle montre : {', '.join(MapVariable)}.")
    ] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Lit une carte : une variable pour chaque partie d’un territoire.

    Exemple : vigie observe map 85 --variable evolution
    """
    with open_services(settings_for(data_dir)) as services:
        found = services.observe.map(code, variable)
        if found is None:
            raise NotFound("Ce territoire n’a pas de carte : moins de deux de ses parties sont connues.")
        if as_json:
            print_json(found.as_dict())
            return
        say_simulated(found.simulated)
        say(f"{finding_of(found)}.")
        say()
        rows = [(part.territory.key, part.territory.name, written(found.variable, part.value)) for part in found.parts]
        show_table(("Clé", "Nom", found.variable.label), rows, numeric=(2,))
        say()
        for source in found.sources:
            say(source_sentence(source))


@app.command("territories", cls=FrenchCommand)
def territories(
    text: Annotated[str, typer.Argument(metavar="TEXTE", help="Nom ou code.")] = "",
    kind: Annotated[str | None, typer.Option(metavar="SORTE", help=f"Sorte : {', '.join(TerritoryKind)}.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Cherche un territoire par son nom ou son code.

    Exemple : vigie observe territories "Les Herbiers" --kind commune
    """
    if kind is not None and kind not in set(TerritoryKind):
        raise typer.BadParameter(f"« {kind} » n’est pas une sorte de territoire.", param_hint="--kind")
    with open_services(settings_for(data_dir)) as services:
        found = services.observe.search_territories(text, TerritoryKind(kind) if kind else None)
        if as_json:
            print_json([territory_dict(place) for place in found])
            return
        show_table(
            ("Clé", "Nom", "Sorte", "Population"),
            [(place.key, place.name, place.kind.label, french.number(place.population)) for place in found],
            numeric=(3,),
        )
        for place in found:
            if place.redirected_from:
                say(redirection(place, place.redirected_from))


add_questions(app, "observe")
