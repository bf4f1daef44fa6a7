"""`vigie envision`: foresight and opinion on files of one's own, of which nothing is kept; consultations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vigie.domain import french
from vigie.interfaces.cli.consult import consultation, consultations
from vigie.interfaces.cli.output import AsJson, print_json, say, show_table
from vigie.interfaces.cli.project import project
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.interfaces.cli.workshops import workshop, workshops
from vigie.services.envision import foresight, scenarios

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(cls=FrenchGroup)
SHOWN = 20
"""Lines that a terminal shows; JSON holds them all."""

InputFile = Annotated[Path, typer.Option("--input", metavar="FICHIER")]


@app.callback()
def envision() -> None:
    """Mène une prospective, lit des opinions, sur ses fichiers, sans rien garder ; lit consultations et ateliers."""


app.command("consultations", cls=FrenchCommand)(consultations)
app.command("consultation", cls=FrenchCommand)(consultation)
app.command("workshops", cls=FrenchCommand)(workshops)
app.command("workshop", cls=FrenchCommand)(workshop)
app.command("project", cls=FrenchCommand)(project)


@app.command("cib", cls=FrenchCommand)
def cib(
    matrix: Annotated[
        Path, typer.Option("--matrix", metavar="FICHIER", help="JSON : descriptors (name, variants), matrix.")
    ],
    tolerance: Annotated[
        float, typer.Option(metavar="N", help="Ce dont une autre variante peut dépasser celle du scénario.")
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Donne les scénarios qui se tiennent, d’après ce que chaque variante dit des autres (impacts croisés).

    Exemple : vigie envision cib --matrix impacts.json --tolerance 1 --json
    """
    found = scenarios.cib(matrix, tolerance)
    if as_json:
        print_json(found)
        return
    count = french.counted(found["count"], "scénario cohérent", "scénarios cohérents")
    least = "" if found["complete"] else "Au moins "
    say(f"{least}{count} sur {french.number(found['combinations'])}.")
    rows = [
        [one["code"], ", ".join(one["variants"]), french.number(one["margin"]), french.number(one["score"])]
        for one in found["scenarios"][:SHOWN]
    ]
    if rows:
        show_table(("Scénario", "Variantes", "Marge", "Score"), rows, numeric=(2, 3))
    _say_more(found["count"])


@app.command("micmac", cls=FrenchCommand)
def micmac(
    matrix: Annotated[
        Path,
        typer.Option("--matrix", metavar="FICHIER", help="JSON : matrix ; factors et potential s’il y en a."),
    ],
    powers: Annotated[
        int, typer.Option(metavar="N", min=1, max=foresight.MOST_POWER, help="Longueur des chemins d’influence.")
    ] = 8,
    as_json: AsJson = False,
) -> None:
    """Dit quels facteurs entraînent les autres, directement et de proche en proche (MICMAC).

    Exemple : vigie envision micmac --matrix facteurs.json --json
    """
    found = foresight.micmac(matrix, powers)
    if as_json:
        print_json(found)
        return
    first, last = found["powers"]["1"], found["powers"][str(powers)]
    columns = [first["influence"], first["dependence"], last["influence"], last["dependence"]]
    titles = ("Facteur", "Influence directe", "Dépendance directe", f"Influence à {powers}", f"Dépendance à {powers}")
    _show(found["factors"], titles, columns)
    settled = found["settled_from"]
    if settled is None:
        say(f"Les rangs bougent encore à la puissance {powers} : --powers pour aller plus loin.")
    else:
        say(f"Les rangs ne bougent plus à partir de la puissance {settled}.")


@app.command("mactor", cls=FrenchCommand)
def mactor(source: InputFile, as_json: AsJson = False) -> None:
    """Dit ce que pèsent des acteurs, et ce qui les rapproche ou les oppose (MACTOR).

    Le fichier est un JSON : MDI (acteurs × acteurs, 0 à 4), 2MAO (acteurs × objectifs, −4 à 4), actors, objectives.

    Exemple : vigie envision mactor --input acteurs.json --json
    """
    found = foresight.mactor(source)
    if as_json:
        print_json(found)
        return
    _show(found["actors"], ("Acteur", "Influence", "Dépendance", "Poids"), [found["Ii"], found["Di"], found["Ri"]])
    say()
    sides = found["mobilisation"]
    columns = [[one["for"] for one in sides], [one["against"] for one in sides]]
    _show(found["objectives"], ("Objectif", "Pour", "Contre"), columns)


@app.command("delphi", cls=FrenchCommand)
def delphi(source: InputFile, as_json: AsJson = False) -> None:
    """Dit ce qu’un panel répond, s’il est d’accord, et ce qui a bougé d’un tour à l’autre (Delphi).

    Le fichier est un JSON : items (name, ratings), ou rounds qui en ont ; scale s’il n’est pas [1, 5].

    Exemple : vigie envision delphi --input panel.json --json
    """
    found = foresight.delphi_rounds(source)
    if as_json:
        print_json(found)
        return
    titles = ("Item", "Réponses", "Médiane", "Écart interquartile", "Consensus")
    keys = ("answers", "median", "iqr", "tastle_wierman_consensus")
    for rank, one in enumerate(found.get("rounds", [found]), start=1):
        if "rounds" in found:
            say(f"Tour {rank}")
        items = one["items"]
        _show([item["name"] for item in items], titles, [[item[key] for item in items] for key in keys])
        say(f"Concordance (W de Kendall) : {french.number(one['kendall_W_tie_corrected'], 3)}.")


@app.command("groups", cls=FrenchCommand)
def groups(
    votes: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV ou JSON : participant, statement, vote, time.")],
    agree: Annotated[int, typer.Option(metavar="CODE", help="Code d’un accord : 1 ou -1.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Trouve les groupes d’opinion d’un fichier de votes : ce que chacun tient, ce qui relie, ce qui divise.

    Exemple : vigie envision groups --votes votes.csv --json
    """
    from vigie.services.envision import opinion  # noqa: PLC0415 - SciPy and scikit-learn: only who groups waits for them

    _show_groups(opinion.groups_of_file(votes, agree), as_json)


@app.command("import", cls=FrenchCommand)
def import_conversation(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Dossier qui contient « votes » et « comments ».")],
    as_json: AsJson = False,
) -> None:
    """Lit une conversation ouverte (Polis), en entier ou pas du tout, et en donne les groupes. Rien n’est gardé.

    Exemple : vigie envision import conversation/ --json
    """
    from vigie.services.envision import conversations  # noqa: PLC0415 - the same

    _show_groups(conversations.imported(folder), as_json)


def _show_groups(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    say(found["sentence"])
    if found["clear"]:
        rows = [
            (str(one["id"] + 1), french.number(one["size"]), ", ".join(map(_voted, one["representative"])))
            for one in found["groups"]
        ]
        show_table(("Groupe", "Participants", "Ce qui le distingue"), rows, numeric=(1,))
    for title, name in (("Ce qui relie", "bridges"), ("Ce qui divise", "divides")):
        say(f"{title} : {french.listed([f'« {code} »' for code in found[name]])}.")


def _voted(told: dict[str, Any]) -> str:
    side = "pour" if told["vote"] == "agree" else "contre"
    return f"{side} « {told['statement']} » ({french.number(told['cast'])} sur {french.number(told['voted'])})"


def _show(names: Sequence[str], titles: Sequence[str], columns: Sequence[Sequence[Any]]) -> None:
    rows = [[name, *map(_said, cells)] for name, *cells in zip(names, *columns, strict=True)]
    show_table(titles, rows[:SHOWN], numeric=range(1, len(titles)))
    _say_more(len(rows))


def _said(value: float | None) -> str:
    return french.number(value, 2 if isinstance(value, float) else None)


def _say_more(many: int) -> None:
    if many > SHOWN:
        say(f"{SHOWN} lignes sur {french.number(many)} : --json les donne toutes.")
