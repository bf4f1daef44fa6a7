"""`vigie journal remind`, `digest` and `send`: what the host runs on a schedule, so that letters leave."""

from __future__ import annotations

import typer

from vigie.bootstrap import open_house
from vigie.interfaces import french
from vigie.interfaces.cli.options import AsJson, DataDir, settings_for
from vigie.interfaces.cli.output import print_json, say
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.interfaces.knowing import watching
from vigie.services.followup.digest import send_digests


def remind(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Rappelle une mise en relation à qui n’a pas répondu depuis 15 jours, deux fois au plus.

    À lancer chaque jour. Exemple : vigie journal remind
    """
    installation, desk = open_house(settings_for(data_dir))
    written = desk.introductions.following.remind()
    desk.close()
    installation.close()
    if as_json:
        print_json({"written": written})
        return
    say(f"{french.counted(written, 'rappel écrit', 'rappels écrits')}.")


def digest(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Écrit à chaque développeur économique la lettre de sa semaine, une fois par semaine au plus.

    À lancer le lundi matin. Exemple : vigie journal digest
    """
    installation, desk = open_house(settings_for(data_dir))
    with watching(installation) as watch:
        done = send_digests(desk.journal, desk.mail, desk.followup.monday, watch)
    desk.close()
    installation.close()
    if as_json:
        print_json(done.as_dict())
        return
    say(
        f"{french.counted(done.written, 'lettre écrite', 'lettres écrites')} ; "
        f"{french.number(done.already)} l’étaient déjà cette semaine, {french.number(done.refused)} refusées."
    )


def send(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Envoie par SMTP (VIGIE_SMTP_URL) les lettres en attente ; un serveur en service les envoie aussi de lui-même.

    Exemple : vigie journal send
    """
    installation, desk = open_house(settings_for(data_dir))
    done = desk.mail.send_waiting()
    desk.close()
    installation.close()
    if as_json:
        print_json(done.as_dict())
    elif not done.configured:
        say(
            "Aucun serveur d’envoi n’est choisi (VIGIE_SMTP_URL) : les lettres se lisent dans le bureau, « Courriels »."
        )
    else:
        say(
            f"{french.counted(done.sent, 'lettre envoyée', 'lettres envoyées')}, "
            f"{french.number(done.postponed)} à réessayer, {french.number(done.failed)} abandonnées."
        )


def add_to(group: typer.Typer) -> None:
    """Give a group its three commands."""
    for command in (remind, digest, send):
        group.command(command.__name__, cls=FrenchCommand)(command)
