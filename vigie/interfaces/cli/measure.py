"""`vigie measure`: complexity, relatedness, location and change of a table handed in; no data need be loaded.

What is measured of levers (schemes, advisers, sites, exchanges) is in `measure_levers.py`,
of size, ties and reach in `measure_places.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vigie.domain import french
from vigie.interfaces.cli import measure_levers, measure_places
from vigie.interfaces.cli.output import AsJson, print_json, say, show_table
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup
from vigie.services import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

app = typer.Typer(cls=FrenchGroup)
measure_levers.register(app)
measure_places.register(app)
SHOWN = 20
"""Lines of each table that a terminal shows; JSON holds them all."""

MatrixFile = Annotated[
    Path, typer.Option("--matrix", metavar="FICHIER", help="CSV (ou .gz, .zip) : territoire, activité, valeur.")
]


@app.command("complexity", cls=FrenchCommand)
def complexity(matrix: MatrixFile, as_json: AsJson = False) -> None:
    """Mesure la complexité des territoires et des activités d’un tableau (ECI, PCI, fitness).

    Exemple : vigie measure complexity --matrix emplois.csv --json
    """
    found = measure.complexity(matrix)
    if as_json:
        print_json(found)
        return
    told = (("id", "Territoire"), ("diversity", "Diversité"), ("eci", "ECI"), ("fitness", "Fitness"))
    _show(found["territories"], told, "eci")
    told = (("id", "Activité"), ("ubiquity", "Ubiquité"), ("pci", "PCI"), ("fitness", "Complexité Q"))
    _show(found["activities"], told, "pci")


@app.command("relatedness", cls=FrenchCommand)
def relatedness(
    matrix: MatrixFile,
    kind: Annotated[str, typer.Option(metavar="MESURE", help=f"{', '.join(measure.KINDS)}.")] = "proximity",
    densities: Annotated[bool, typer.Option("--density", help="Densité autour de chaque activité.")] = False,
    as_json: AsJson = False,
) -> None:
    """Mesure ce qui rapproche les activités d’un tableau, ou ce qu’en a chaque territoire (--density).

    Exemple : vigie measure relatedness --matrix emplois.csv --kind jaccard --json
    """
    found = measure.densities(matrix, kind) if densities else measure.relatedness(matrix, kind)
    if as_json:
        print_json(found)
    elif densities:
        told = (("territory", "Territoire"), ("activity", "Activité"), ("value", "Densité"))
        _show(found["density"], told, "value")
    else:
        _show(found["pairs"], (("a", "Activité"), ("b", "Et"), ("value", "Proximité")), "value")


@app.command("location", cls=FrenchCommand)
def location(matrix: MatrixFile, as_json: AsJson = False) -> None:
    """Mesure la spécialisation des territoires et la concentration des activités d’un tableau.

    Exemple : vigie measure location --matrix emplois.csv --json
    """
    found = measure.location(matrix)
    if as_json:
        print_json(found)
        return
    told = (("id", "Territoire"), ("krugman", "Krugman"), ("hhi", "HHI"), ("entropy_bits", "Entropie (bits)"),
            ("specialisation", "Spécialisation"), ("hachman", "Hachman"))  # fmt: skip
    _show(found["territories"], told, "krugman")
    _show(found["activities"], (("id", "Activité"), ("gini", "Gini de localisation")), "gini")
    _show(found["lq"], (("territory", "Territoire"), ("activity", "Activité"), ("value", "Quotient")), "value")


@app.command("shiftshare", cls=FrenchCommand)
def shiftshare(
    table: Annotated[
        Path,
        typer.Option(metavar="FICHIER", help="CSV : territoire, activité, valeur de départ, valeur d’arrivée."),
    ],
    territory: Annotated[str, typer.Option(metavar="CODE", help="Territoire à expliquer.")],
    reference: Annotated[
        str | None, typer.Option(metavar="CODE", help="Territoire de référence ; à défaut, leur somme.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Partage l’évolution d’un territoire entre la référence, ses activités et lui-même.

    Exemple : vigie measure shiftshare --table emplois.csv --territory 52 --reference FR --json
    """
    found = measure.shiftshare(table, territory, reference)
    if as_json:
        print_json(found)
        return
    words = {"total": "Évolution", "national": "Part de la référence", "structural": "Part des activités",
             "local": "Part locale"}  # fmt: skip
    show_table(("", "Valeur"), [(words[name], french.signed(value, 3)) for name, value in found.items()], numeric=(1,))


def _show(rows: Sequence[Mapping[str, Any]], columns: Sequence[tuple[str, str]], by: str) -> None:
    """Print the highest rows of a table, and how many there are."""
    ordered = sorted(rows, key=_falling(by))
    cells = [[_said(row[name]) for name, _ in columns] for row in ordered[:SHOWN]]
    numeric = [place for place, (name, _) in enumerate(columns) if ordered and not isinstance(ordered[0][name], str)]
    show_table([title for _, title in columns], cells, numeric)
    if len(rows) > SHOWN:
        say(f"{SHOWN} lignes sur {french.number(len(rows))} : --json les donne toutes.")
    say()


def _falling(by: str) -> Callable[[Mapping[str, Any]], tuple[bool, float]]:
    return lambda row: (row[by] is None, -(row[by] or 0.0))


def _said(value: Any) -> str:
    if value is None:
        return french.UNKNOWN
    return value if isinstance(value, str) else french.number(value, 3 if isinstance(value, float) else None)
