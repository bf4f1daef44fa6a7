"""Imaginary data: `vigie simulate`, `vigie demo`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from vigie import bootstrap
from vigie.bootstrap import simulate as write_simulation
from vigie.domain import french
from vigie.interfaces.cli.output import AsJson, DataDir, day, print_json, progress_bar, say, settings_for, show_table
from vigie.services.simulate import SimulationRequest


def demonstration(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Crée une organisation imaginaire, un compte par rôle et six mois de travail, parmi des données imaginaires.

    Les mots de passe sont tirés au hasard et ne s’affichent qu’une fois. Relancée, la commande ne change rien.

    Exemple : vigie org demonstration --data-dir var/demo
    """
    made = bootstrap.demonstration(settings_for(data_dir))
    if as_json:
        print_json(made.as_dict())
        return
    if made.already:
        say(
            f"La démonstration est déjà là ({made.organisation}) : ses mots de passe ont été dits à sa création. "
            "Pour la refaire, retirez journal.db du dossier des données, "
            "lancez « vigie journal anew --yes », puis relancez cette commande."
        )
        return
    say(
        f"{made.organisation} : {french.counted(made.dossiers, 'dossier')}, "
        f"{french.counted(made.introductions, 'mise en relation', 'mises en relation')}, tout est imaginaire. "
        "Connectez-vous sur /connexion :"
    )
    rows = [(one.role, one.email, one.password) for one in made.accounts]
    show_table(("Rôle", "Adresse", "Mot de passe"), rows)
    say("Ces mots de passe ne seront plus affichés.")


FIRST_DAY = "2026-10-01"
FORMATS = ("zip", "csv", "csv.gz", "parquet")


def simulate(  # noqa: PLR0913 - one argument for each option of the command
    *,
    territory: Annotated[str, typer.Option(metavar="CODE", help="Territoire : 85, 200071629, region:52, FR…")],
    out: Annotated[Path, typer.Option(metavar="DOSSIER", help="Dossier où écrire les fichiers.")],
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Graine : même graine, mêmes fichiers.")] = 1,
    first_day: Annotated[
        str, typer.Option("--date", metavar="AAAA-MM-JJ", help="Jour de la première livraison.")
    ] = FIRST_DAY,
    months: Annotated[int, typer.Option(min=1, max=60, metavar="N", help="Nombre de livraisons mensuelles.")] = 1,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"Format : {', '.join(FORMATS)}.")] = "zip",
    establishments: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Nombre d’établissements, au lieu de celui que dit la population."),
    ] = None,
    country: Annotated[
        bool,
        typer.Option(
            "--country/--no-country",
            help="Écrire aussi le pays autour : emplois de toute la France, zones d’emploi, indicateurs.",
        ),
    ] = True,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Écrit des fichiers Sirene imaginaires sur des communes réelles, et le pays imaginaire autour d’elles.

    Exemple : vigie simulate --territory 85 --months 2 --out simulation
    """
    if format_ not in FORMATS:
        raise typer.BadParameter(f"les formats sont {', '.join(FORMATS)}.", param_hint="--format")
    request = SimulationRequest(
        territory=territory,
        out=out,
        seed=seed,
        date=day(first_day, "--date") or date.fromisoformat(FIRST_DAY),
        format=format_,  # type: ignore[arg-type] # checked above
        establishments=establishments,
        months=months,
        country=country,
    )
    with progress_bar("Simulation", hidden=as_json):
        report = write_simulation(settings_for(data_dir), request)
    if as_json:
        print_json(report.as_dict())
        return
    say(
        f"{french.counted(report.establishments, 'établissement imaginaire', 'établissements imaginaires')} et "
        f"{french.counted(report.legal_units, 'entreprise')} écrits dans « {out} » en "
        f"{french.quantity(report.seconds, 's', 1)}."
    )
    for note in report.notes:
        say(note)
