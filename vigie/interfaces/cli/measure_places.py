"""`vigie measure regression`, `networks`, `access`, `spread`: size, ties and reach measured on files handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vigie.domain import french
from vigie.interfaces.cli.output import AsJson, print_json, say, show_table
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.services import measure_access, measure_networks, measure_regression, measure_spread

SHOWN = 20
"""Lines of each table that a terminal shows; JSON holds them all."""
_WORDS = {
    "n": "Nœuds", "m": "Liens", "density": "Densité", "transitivity": "Transitivité",
    "avg_clustering": "Regroupement moyen", "giant_share": "Part de la plus grande composante",
    "avg_path_giant": "Longueur moyenne des chemins",
    "assortativity": "Assortativité des degrés", "sigma_ER": "Petit monde (sigma)", "max_core": "Cœur le plus serré",
    "degree_centralization_freeman": "Centralisation", "modularity_greedy": "Modularité", "EI_index": "Indice E-I",
    "attr_assortativity": "Assortativité des groupes", "members": "Membres", "groups": "Groupes",
    "bip_density": "Densité", "robins_alexander_cc": "Carrés fermés", "projection_edges": "Paires qui partagent",
}  # fmt: skip
_MODELS = {"ols": "aucun modèle spatial", "lag": "le modèle à décalage spatial", "error": "le modèle à erreur spatiale"}


def regression(
    table: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV avec titres ; « id » nomme les lignes.")],
    y: Annotated[str, typer.Option("--y", metavar="COLONNE", help="Ce qui est à expliquer.")],
    x: Annotated[str, typer.Option("--x", metavar="A,B", help="Ce qui explique, séparé par des virgules.")],
    w: Annotated[Path | None, typer.Option("--w", metavar="FICHIER", help="JSON : voisins de chaque ligne.")] = None,
    as_json: AsJson = False,
) -> None:
    """Explique une colonne par d’autres : intervalles robustes, ressemblance entre voisins, modèles spatiaux.

    Exemple : vigie measure regression --table zones.csv --y croissance --x taille,revenu --w voisins.json --json
    """
    found = measure_regression.regression(table, y, [name.strip() for name in x.split(",") if name.strip()], w)
    if as_json:
        print_json(found)
        return
    for name, title in (("ols", "Moindres carrés"), ("lag", "Décalage spatial"), ("error", "Erreur spatiale")):
        if found[name] is not None:
            _show_model(title, found[name])
    if (tests := found["tests"]) is not None:
        index, score, probability = tests["moran_res"]
        say(f"I de Moran des résidus : {french.number(index, 3)} (z = {french.number(score, 2)}, p = "
            f"{french.number(probability, 3)}). Les tests appellent {_MODELS[tests['called_for']]}.")  # fmt: skip


def _show_model(title: str, model: dict[str, Any]) -> None:
    fit = f", R² = {french.number(model['r2'], 3)}" if "r2" in model else ""
    say(f"{title} : {french.counted(model['n'], 'observation')}{fit}. Intervalles : {model['interval']}.")
    rows = [
        [
            one["name"],
            french.number(one["value"], 4),
            f"{french.number(one['low'], 4)} à {french.number(one['high'], 4)}",
        ]
        for one in model["coefficients"]
    ]
    show_table(("", "Coefficient", "Intervalle"), rows, numeric=(1, 2))
    say()


def networks(
    edges: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV : a, b, et weight s’il y a des poids.")],
    groups: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="CSV : node, group ; ajoute rôles et indice E-I.")
    ] = None,
    bipartite: Annotated[
        bool, typer.Option("--bipartite", help="a participe à b : mesure les participations elles-mêmes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Mesure un réseau de liens sans direction : sa forme, et la position de chacun.

    Exemple : vigie measure networks --edges liens.csv --groups groupes.csv --json
    """
    found = measure_networks.memberships(edges) if bipartite else measure_networks.networks(edges, groups)
    if as_json:
        print_json(found)
        return
    rows = [[_WORDS[name], _said(value)] for name, value in found["global"].items() if name in _WORDS]
    show_table(("Réseau", "Valeur"), rows, numeric=(1,))
    nodes = sorted(found.get("nodes", ()), key=lambda one: (-one["betweenness_raw"], one["node"]))
    if nodes:
        cells = [
            [
                one["node"],
                *(_said(one[name]) for name in ("degree", "betweenness_raw", "constraint_burt", "effective_size")),
            ]
            for one in nodes[:SHOWN]
        ]
        say()
        show_table(("Nœud", "Liens", "Intermédiarité", "Contrainte", "Taille efficace"), cells, numeric=(1, 2, 3, 4))
    if len(nodes) > SHOWN:
        say(f"{SHOWN} nœuds sur {french.number(len(nodes))} : --json les donne tous.")
    for note in found.get("notes", ()):
        say(note)


def access(
    places: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV : geoid, puis demande et offre.")],
    cost: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV : minutes, une ligne et une colonne par lieu.")],
    demand: Annotated[str, typer.Option(metavar="COLONNE", help="Ceux qui demandent.")] = "pop",
    supply: Annotated[str, typer.Option(metavar="COLONNE", help="Ce qui est offert.")] = "jobs",
    as_json: AsJson = False,
) -> None:
    """Mesure ce que chaque lieu atteint : cumul, Hansen, et l’offre partagée entre ceux qui la demandent.

    Exemple : vigie measure access --places lieux.csv --cost minutes.csv --json
    """
    found = measure_access.access(places, cost, demand, supply)
    if as_json:
        print_json(found)
        return
    told = (f"fca2_{supply}", "cumulative_30", "hansen_exp_0.1")
    rows = [[one["geoid"], *(_said(one[name]) for name in told)] for one in found[:SHOWN]]
    show_table(("Lieu", "Offre par demandeur", "À 30 minutes", "Hansen"), rows, numeric=(1, 2, 3))
    if len(found) > SHOWN:
        say(f"{SHOWN} lieux sur {french.number(len(found))} : --json les donne tous.")


def spread(
    populations: Annotated[
        Path, typer.Option(metavar="FICHIER", help="CSV ou Parquet : annee (du code), CODGEO, pop.")
    ],
    as_json: AsJson = False,
) -> None:
    """Mesure la dispersion d’une population : 1/HHI des 96 départements et des 22 anciennes régions.

    Exemple : vigie measure spread --populations communes_1968_2024.parquet --json
    """
    found = measure_spread.spread(populations)
    if as_json:
        print_json(found)
        return
    rows = [
        [
            str(one["census"]), french.number(one["people"], 0), french.number(one["departements_effective"], 2),
            french.number(one["former_regions_effective"], 2),
        ]
        for one in found["years"]
    ]  # fmt: skip
    show_table(("Recensement", "Habitants", "1/HHI départements", "1/HHI anciennes régions"), rows, numeric=(1, 2, 3))
    for note in found["notes"]:
        say(note)


def _said(value: Any) -> str:
    return french.UNKNOWN if value is None else french.number(value, 3 if isinstance(value, float) else None)


def register(app: typer.Typer) -> None:
    """Add the commands to `vigie measure`."""
    app.command("regression", cls=FrenchCommand)(regression)
    app.command("networks", cls=FrenchCommand)(networks)
    app.command("access", cls=FrenchCommand)(access)
    app.command("spread", cls=FrenchCommand)(spread)
