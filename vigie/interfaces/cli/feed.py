"""`vigie refresh`, `outlines`, `download`, `status`: bring data in, say what is in service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vigie import bootstrap
from vigie.domain import french
from vigie.domain.zones import today_in_paris
from vigie.interfaces.cli.output import (
    AsJson,
    DataDir,
    day,
    print_json,
    progress_bar,
    say,
    say_simulated,
    settings_for,
    show_table,
)
from vigie.interfaces.present import home_sentence, vintage_of
from vigie.services.download import DownloadRequest
from vigie.services.refresh import RefreshReport, RefreshRequest

_SHOWN = 20


def refresh(
    sirene: Annotated[
        list[Path],
        typer.Option(metavar="DOSSIER|FICHIER", help="Fichiers ou dossiers à charger ; les autres suivent."),
    ],
    others: Annotated[
        list[Path] | None, typer.Argument(metavar="[DOSSIER|FICHIER]...", help="La suite des fichiers et dossiers.")
    ] = None,
    territory: Annotated[
        str | None, typer.Option(metavar="CODE", help="Ne garder qu’un territoire : 85, 200071629, region:52…")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Charge les fichiers de l’Insee et les met en service ; les données servies restent si un fichier est fautif.

    Historique, successions, emplois, zonages et indicateurs sont reconnus à leur contenu dans les mêmes dossiers.

    Exemple : vigie refresh --sirene telechargements annonces-commerciales.csv --territory 85
    """
    files = (*sirene, *(others or ()))
    with progress_bar("Chargement", hidden=as_json):
        report = bootstrap.refresh(settings_for(data_dir), RefreshRequest(files, territory))
    if as_json:
        print_json(report.as_dict())
        return
    say_simulated(report.simulated)
    for sentence in refresh_sentences(report):
        say(sentence)
    if report.rejected:
        show_table(
            ("Fichier", "Ligne", "Colonne", "Raison"),
            [(one.file, str(one.line), one.column, one.reason) for one in report.rejected[:_SHOWN]],
            numeric=(1,),
        )


def outlines(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Prépare les contours et les centres des communes (IGN, Licence Ouverte), pour les cartes.

    Exemple : vigie outlines --data-dir donnees
    """
    with progress_bar("Contours", hidden=as_json):
        report = bootstrap.outlines(settings_for(data_dir))
    if as_json:
        print_json(report.as_dict())
        return
    say(
        f"Contours prêts : {french.counted(report.communes, 'commune')} et "
        f"{french.counted(report.territories, 'territoire')}, formes de {report.vintage}."
    )


def download(
    source: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE…",
            help="Identifiants, tels que les liste « vigie sources » ; avec un territoire, par défaut les "
            "établissements et les entreprises de Sirene.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DOSSIER",
            help="Où écrire ; par défaut « downloads » du dossier des données, et dedans un dossier par territoire.",
        ),
    ] = None,
    territory: Annotated[
        str | None,
        typer.Option(
            "--territory",
            "--departement",
            metavar="CODE",
            help="Un seul territoire (85, 200071629, region:52…), lu par morceaux dans le fichier national ; sinon la "
            "France entière, et la raison est dite.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="AAAA-MM-JJ", help="Premier jour des sources par période (bodacc) ; un an par défaut."),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Télécharge les fichiers officiels, avec reprise et contrôle ; jamais un plus ancien que celui déjà obtenu.

    Exemples : vigie download --territory 85 ; vigie download bodacc --departement 85 --since 2026-01-01
    """
    settings = settings_for(data_dir)
    folder = out or settings.data_dir / "downloads" / (territory or "").replace(":", "-")
    request = DownloadRequest(tuple(source or ()), folder, territory, since=day(since, "--since"))
    with progress_bar("Téléchargement", hidden=as_json) as tell:

        def told(file: str, received: int, expected: int | None) -> None:
            tell(received / expected if expected else None, file)

        fetched = bootstrap.download(settings, request, told)
    if as_json:
        print_json([one.as_dict() for one in fetched])
        return
    for one in fetched:
        state = "inchangé" if one.unchanged else f"{french.counted(one.bytes, 'octet')}"
        told_on = (
            f", publié le {french.long_date(one.published)}" if one.published else ", date de publication non dite"
        )
        say(f"{one.source} : {one.path} ({state}, {told_on}).{f' {one.why}.' if one.why else ''}")
        for remark in one.remarks:
            say(f"Attention. {one.source} : {remark}")
    say(f"Pour les charger : vigie refresh --sirene {folder}{f' --territory {territory}' if territory else ''}")


def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Dit ce qui est en service : génération, sources, millésimes, lignes.

    Exemple : vigie status
    """
    loaded = bootstrap.open_loaded(settings_for(data_dir))
    if as_json:
        print_json(
            {
                "generation": loaded.name,
                "simulated": loaded.simulated,
                "created": loaded.created,
                "vintage": loaded.vintage,
                "tables": loaded.tables,
                "inputs": loaded.inputs,
                "rejected_total": loaded.rejected_total,
                "remarks": [remark.as_dict() for remark in loaded.told(today_in_paris())],
            }
        )
        return
    say_simulated(loaded.simulated)
    say(home_sentence(loaded))
    say(f"Génération {loaded.name}, chargée le {french.long_date(loaded.created)}.")
    for remark in loaded.told(today_in_paris()):
        say(f"Attention. {remark}")
    show_table(
        ("Source", "Données", "Fichier", "Lignes", "Écartées"),
        [
            (
                str(file["source"]),
                vintage_of(loaded.vintage.get(file["source"])),
                str(file["file"]),
                french.number(file["rows"]),
                french.number(file["rejected"]),
            )
            for file in loaded.inputs
        ],
        numeric=(3, 4),
    )


def refresh_sentences(report: RefreshReport) -> tuple[str, ...]:
    """Return what was loaded, what was masked, what was left out, and what changed since the former load."""
    sentences = [
        f"{french.counted(report.establishments, 'établissement')} et "
        f"{french.counted(report.legal_units, 'entreprise')} en service, chargés en "
        f"{french.quantity(report.seconds, 's', 1)} avec {french.quantity(report.peak_memory_mib, 'Mio')} au plus.",
        f"{french.counted(report.masked_establishments, 'établissement')} en diffusion partielle, masqués avant tout "
        "enregistrement.",
    ]
    if report.without_unit:
        sentences.append(
            f"{french.counted(report.without_unit, 'établissement masqué', 'établissements masqués')} faute d’unité "
            "légale : elle n’est pas dans les fichiers, ou sa ligne a été écartée."
        )
    if report.unchanged:
        sentences.append("Rien n’a changé : ces données étaient déjà en service.")
    elif report.events:
        sentences.append(f"{french.counted(report.events, 'événement')} depuis le chargement précédent.")
    sentences += [f"Attention. {remark}" for remark in report.remarks]
    if report.rejected_total:
        sentences.append(
            f"{french.counted(report.rejected_total, 'ligne écartée', 'lignes écartées')}, dont voici les premières :"
        )
    sentences.append(f"Génération {report.generation}.")
    return tuple(sentences)
