"""`vigie measure eligibility`, `routing`, `site-uses`, `symbiosis`, `flows`: levers measured on files handed in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from vigie.domain import french
from vigie.interfaces.cli.output import AsJson, print_json, say, show_table
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.services import measure_exchanges, measure_levers

SHOWN = 20
"""Lines of each table that a terminal shows; JSON holds them all."""
_STATUSES = {"E": "à demander", "N": "refusés", "X": "fermés"}
_METHODS = ", ".join(measure_exchanges.METHODS)


def eligibility(
    programs: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : liste de dispositifs.")],
    profiles: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : liste de profils datés.")],
    ordered: Annotated[
        bool, typer.Option("--order", help="Donne aussi, dans l’ordre, ce qui peut être demandé.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Dit quels dispositifs chaque profil peut demander : E à demander, N refusé, X fermé.

    Une donnée absente n’exclut jamais.
    Exemple : vigie measure eligibility --programs aides.json --profiles profils.json --json
    """
    if as_json:
        print_json(measure_levers.eligibility(programs, profiles, ordered=ordered))
        return
    found = measure_levers.eligibility(programs, profiles)
    counts = [Counter(told) for told in found[:SHOWN]]
    rows = [
        [str(rank), *(french.number(count[letter]) for letter in _STATUSES)] for rank, count in enumerate(counts, 1)
    ]
    show_table(["Profil", *map(french.capital, _STATUSES.values())], rows, numeric=(1, 2, 3))
    _say_more(len(found))


def routing(
    cases: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : cas, avec filtres, entreprise et sujet.")],
    as_json: AsJson = False,
) -> None:
    """Dit à qui une demande peut être adressée : tous les filtres doivent accepter, une donnée absente refuse.

    Exemple : vigie measure routing --cases cas.json --json
    """
    found = measure_levers.routing(cases)
    if as_json:
        print_json(found)
        return
    words = {True: "oui", False: "non"}
    rows = [[str(rank), words[one["filtered"]], words[one["unfiltered"]]] for rank, one in enumerate(found[:SHOWN], 1)]
    show_table(("Cas", "Avec ses filtres", "Sans filtre"), rows)
    _say_more(len(found))


def site_uses(
    sites: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : liste de sites, critère par critère.")],
    weights: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : poids, matrices et seuils.")],
    as_json: AsJson = False,
) -> None:
    """Dit ce qu’un site pourrait devenir : sept usages, leur indice, ce qui plaide pour et contre.

    Exemple : vigie measure site-uses --sites sites.json --weights grille.json --json
    """
    found = measure_levers.site_uses(sites, weights)
    if as_json:
        print_json(found)
        return
    rows = []
    for rank, one in enumerate(found[:SHOWN], 1):
        use, index, label, *_ = one["resultats"][0]
        rows.append([str(rank), french.number(one["fiabilite"]), use, french.number(index), label])
    show_table(("Site", "Fiabilité sur 10", "Premier usage", "Indice", "Ce qu’il vaut"), rows, numeric=(1, 3))
    _say_more(len(found))


def symbiosis(
    precedents: Annotated[Path, typer.Option(metavar="FICHIER", help="CSV : id, case, nace_from, nace_to, ewc.")],
    queries: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="CSV : nace_from, ewc ; id et case s’il y en a.")
    ] = None,
    method: Annotated[str, typer.Option(metavar="FAÇON", help=f"{_METHODS}.")] = "vigie",
    as_json: AsJson = False,
) -> None:
    """Dit quelles activités pourraient prendre un déchet, d’après des échanges documentés, précédents à l’appui.

    Sans --queries, dit ce que vaut chaque façon de classer, une étude laissée de côté à la fois.
    Exemple : vigie measure symbiosis --precedents echanges.csv --queries flux.csv --json
    """
    if queries is None:
        _show_evaluation(precedents, as_json)
        return
    found = measure_exchanges.symbiosis(precedents, queries, method)
    if as_json:
        print_json(found)
        return
    rows = [
        [one["query"], best["division"], french.number(best["score"], 3), french.number(len(best["precedents"]))]
        for one in found[:SHOWN]
        for best in one["receivers"][:3]
    ]
    show_table(("Question", "Division", "Score", "Précédents"), rows, numeric=(2, 3))
    _say_more(len(found))


def _show_evaluation(precedents: Path, as_json: bool) -> None:
    found = measure_exchanges.symbiosis_evaluation(precedents)
    if as_json:
        print_json(found)
        return
    rows = [
        [name, *(french.number(one[key], 3) for key in ("hits1", "hits5", "MRR")),
         " à ".join(french.number(bound, 3) for bound in one["interval"])]
        for name, one in found.items()
    ]  # fmt: skip
    show_table(("Façon de classer", "Premier", "Parmi 5", "MRR", "Intervalle à 95 %"), rows, numeric=(1, 2, 3))


def flows(
    instance: Annotated[Path, typer.Option(metavar="FICHIER", help="JSON : supply, demand, unit_cost, feasible.")],
    as_json: AsJson = False,
) -> None:
    """Dit qui devrait donner combien à qui : ce qui coûte le moins, puis ce qui déplace le plus.

    Exemple : vigie measure flows --instance echanges.json --json
    """
    found = measure_exchanges.flows(instance)
    if as_json:
        print_json(found)
        return
    say(f"Au moindre coût : {french.number(found['least_cost']['objective'], 2)}")
    _show_flows(found["least_cost"]["flows"])
    most = found["most_moved"]
    say(f"Au plus grand volume : {french.number(most['objective'], 2)}, pour {french.number(most['cost'], 2)}")
    _show_flows(most["flows"])


def _show_flows(found: list[dict[str, float]]) -> None:
    rows = [[str(one["from"]), str(one["to"]), french.number(one["amount"], 3)] for one in found[:SHOWN]]
    show_table(("Donneur", "Receveur", "Quantité"), rows, numeric=(2,))
    _say_more(len(found))
    say()


def _say_more(count: int) -> None:
    if count > SHOWN:
        say(f"{SHOWN} réponses sur {french.number(count)} : --json les donne toutes.")


def register(app: typer.Typer) -> None:
    """Add the commands to `vigie measure`."""
    app.command("eligibility", cls=FrenchCommand)(eligibility)
    app.command("routing", cls=FrenchCommand)(routing)
    app.command("site-uses", cls=FrenchCommand)(site_uses)
    app.command("symbiosis", cls=FrenchCommand)(symbiosis)
    app.command("flows", cls=FrenchCommand)(flows)
