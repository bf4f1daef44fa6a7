"""`vigie journal`: what the host does to the journal as a whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from vigie.bootstrap import open_desk, open_safekeeping, start_anew
from vigie.domain import french
from vigie.interfaces.cli import post
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for
from vigie.interfaces.cli.usage import FrenchCommand, FrenchGroup

app = typer.Typer(cls=FrenchGroup)
_SICK = (
    "Le journal n’est pas sain ; rien n’y a été changé, et les données chargées ne sont pas touchées. Pour le "
    "remettre : arrêtez le service, mettez de côté le fichier du journal et ceux qui le suivent (« -wal », « -shm »), "
    "puis lancez « vigie journal restore SAUVEGARDE »."
)


@app.callback()
def journal() -> None:
    """Garder le journal : ce que les personnes saisissent. Son adresse : VIGIE_JOURNAL_URL (SQLite ou PostgreSQL)."""


@app.command("migrate", cls=FrenchCommand)
def migrate(
    *,
    to: Annotated[str, typer.Option("--to", metavar="VERSION", help="Version voulue : head, base ou un numéro.")] = (
        "head"
    ),
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Amène les tables du journal à une version. « base » les retire, avec tout leur contenu.

    Exemple : vigie journal migrate
    """
    with closing(open_safekeeping(settings_for(data_dir))) as keeper:
        done = keeper.migrate(to)
    if as_json:
        print_json(done.as_dict())
    elif done.before == done.after:
        say(f"Les tables du journal sont déjà à la version « {done.after or 'aucune'} ».")
    else:
        say(f"Tables du journal : de « {done.before or 'aucune'} » à « {done.after or 'aucune'} ».")


@app.command("backup", cls=FrenchCommand)
def backup(
    target: Annotated[Path, typer.Argument(metavar="FICHIER", help="Sauvegarde à écrire (.zip).")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Sauvegarde le journal tel qu’il est à un instant, pendant que d’autres écrivent.

    Gardez à part le fichier « secret » du dossier des données : sans lui, les oppositions ne sont plus reconnues.

    Exemple : vigie journal backup sauvegardes/2026-11-23.zip
    """
    with closing(open_safekeeping(settings_for(data_dir), making=False)) as keeper:
        copied = keeper.back_up(target)
    if as_json:
        print_json(copied.as_dict() | {"file": str(target)})
        return
    say(f"Journal sauvegardé dans « {target} » : {french.counted(sum(copied.rows.values()), 'ligne')}.")
    say(f"Empreinte : {copied.fingerprint}.")
    say("Gardez à part le secret de l’installation : sans lui, les oppositions ne sont plus reconnues.")


@app.command("restore", cls=FrenchCommand)
def restore(
    source: Annotated[Path, typer.Argument(metavar="FICHIER", help="Sauvegarde à restaurer.")],
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Restaure une sauvegarde sur un journal vide, d’une sorte de base à l’autre s’il le faut.

    Exemple : vigie journal restore sauvegardes/2026-11-23.zip --data-dir neuf
    """
    with closing(open_safekeeping(settings_for(data_dir))) as keeper:
        copied = keeper.restore(source)
    if as_json:
        print_json(copied.as_dict())
        return
    say(f"Journal restauré : {french.counted(sum(copied.rows.values()), 'ligne')}, empreinte {copied.fingerprint}.")


@app.command("anew", cls=FrenchCommand)
def anew(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Oui, repartir sans le journal ou le secret d’avant.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Repart de rien quand le journal ou le secret est perdu et qu’aucune sauvegarde n’existe.

    Les oppositions d’avant ne sont plus reconnues : les entreprises opposées redeviennent publiques.

    Exemple : vigie journal anew --yes
    """
    if not yes:
        raise typer.BadParameter("relisez ce que cela oublie (--help), puis confirmez avec --yes.", param_hint="--yes")
    start_anew(settings_for(data_dir))
    if as_json:
        print_json({"anew": True})
        return
    say("L’installation peut repartir : le prochain démarrage fera un journal neuf, ou reconnaîtra le nouveau secret.")


@app.command("check", cls=FrenchCommand)
def check(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Vérifie que le fichier est sain et que l’état présent est bien celui que racontent les événements.

    Exemple : vigie journal check
    """
    with closing(open_safekeeping(settings_for(data_dir), making=False)) as keeper:
        verdict = keeper.check()
    if as_json:
        print_json(verdict.as_dict())
    else:
        say(
            f"Version « {verdict.version} » : {french.counted(verdict.rows, 'ligne comparée', 'lignes comparées')} "
            f"à {french.counted(verdict.events, 'événement')}."
        )
        for fault in verdict.faults:
            say(fault)
        if verdict.lost:
            say(f"Se lisent encore en entier : {', '.join(verdict.whole) or 'aucune table'}.")
        say(_SICK if verdict.faults else "Le journal est sain.")
    if verdict.faults:
        raise typer.Exit(1)


@app.command("purge", cls=FrenchCommand)
def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dit ce qui serait effacé, sans rien effacer.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Efface ce qui est arrivé au terme de sa durée, dans chaque organisation, et dit ce qui est gardé et pourquoi.

    À lancer chaque jour. Les dossiers d’une collectivité sans visa des archives sont signalés, jamais effacés.

    Exemple : vigie journal purge --dry-run
    """
    settings = settings_for(data_dir)
    desk = open_desk(settings)
    report = desk.retention.purging.run_everywhere(dry_run=dry_run)
    desk.close()
    if not dry_run:
        keeper = open_safekeeping(settings)
        keeper.scrub()
        keeper.close()
    if as_json:
        print_json(report.as_dict())
        return
    for organisation in report.organisations:
        for rule in organisation.rules:
            if rule.due:
                kept = f", {french.counted(rule.kept, 'gardé')}" if rule.kept else ""
                say(f"{organisation.name} : {rule.label} : {french.counted(rule.due, 'échu')}{kept}.")
                for reason in dict.fromkeys(one.reason for one in rule.kept_things):
                    say(f"  Gardés : {reason}.")
    verb = "à effacer" if dry_run else french.plural(report.erased, "effacée")
    kept = french.counted(report.kept, "élément échu gardé", "éléments échus gardés")
    say(f"{french.counted(report.erased, 'ligne')} {verb} ; {kept}.")


@app.command("jobs", cls=FrenchCommand)
def jobs(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Dit où en sont les longs travaux (imports, fichiers à emporter) de toutes les organisations.

    Exemple : vigie journal jobs
    """
    desk = open_desk(settings_for(data_dir))
    found = desk.jobs.everywhere()
    desk.close()
    if as_json:
        print_json([{"organisation": name, **job.as_dict()} for name, job in found])
        return
    for name, job in found:
        counted = f", {french.number(job.done)} sur {french.number(job.total)}" if job.total else ""
        fault = f" : {job.fault}" if job.fault else ""
        say(f"{name} : {job.label} ({job.id}) : {job.stage.label}{counted}{fault}")
    if not found:
        say("Aucun long travail n’a été demandé.")


post.add_to(app)
