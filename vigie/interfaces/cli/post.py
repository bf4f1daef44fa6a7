"""`vigie journal remind`, `digest`, `send` and `resend`: what the host runs on a schedule, so that letters leave."""

from __future__ import annotations

import typer

from vigie.bootstrap import house, open_desk
from vigie.domain import french
from vigie.interfaces.cli.output import AsJson, DataDir, print_json, say, settings_for
from vigie.interfaces.cli.usage import FrenchCommand
from vigie.interfaces.optional_data import services_if_loaded
from vigie.services.followup.digest import send_digests


def remind(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Rappelle une mise en relation à qui n’a pas répondu depuis 15 jours, deux fois au plus.

    À lancer chaque jour. Exemple : vigie journal remind
    """
    with house(settings_for(data_dir)) as (_, desk):
        written = desk.introductions.following.remind()
    if as_json:
        print_json({"written": written})
        return
    say(f"{french.counted(written, 'rappel écrit', 'rappels écrits')}.")


def digest(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Écrit à chaque développeur économique la lettre de sa semaine, une fois par semaine au plus.

    À lancer le lundi matin. Exemple : vigie journal digest
    """
    with house(settings_for(data_dir)) as (installation, desk), services_if_loaded(installation) as loaded:
        done = send_digests(desk.journal, desk.mail, desk.followup.monday, loaded)
    if as_json:
        print_json(done.as_dict())
        return
    say(
        f"{french.counted(done.written, 'lettre écrite', 'lettres écrites')} ; "
        f"{french.counted(done.already, 'l’était', 'l’étaient')} déjà cette semaine, "
        f"{french.counted(done.refused, 'refusée')}."
    )


def send(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Envoie par SMTP (VIGIE_SMTP_URL) les lettres en attente ; un serveur en service les envoie aussi de lui-même.

    Exemple : vigie journal send
    """
    with house(settings_for(data_dir)) as (_, desk):
        done = desk.mail.send_waiting()
    if as_json:
        print_json(done.as_dict())
    elif not done.configured:
        say(
            "Aucun serveur d’envoi n’est choisi (VIGIE_SMTP_URL) : les lettres se lisent dans le bureau, « Courriels »."
        )
    else:
        say(
            f"{french.counted(done.sent, 'lettre envoyée', 'lettres envoyées')}, "
            f"{french.number(done.postponed)} à réessayer, "
            f"{french.counted(done.failed, 'non partie', 'non parties')} pour de bon."
        )
        if done.away:
            say(
                "Le serveur d’envoi ne prend aucune lettre pour le moment : elles sont gardées et retentées cinq jours."
            )


def resend(*, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Remet en attente, pour cinq jours, les lettres de toutes les organisations qui n’ont pas pu partir.

    Une adresse refusée le sera encore : corrigez-la d’abord. Exemple : vigie journal resend
    """
    desk = open_desk(settings_for(data_dir))
    resent = desk.mail.send_again()
    desk.close()
    if as_json:
        print_json({"resent": resent})
        return
    say(f"{french.counted(resent, 'lettre remise en attente', 'lettres remises en attente')}.")


def add_to(group: typer.Typer) -> None:
    """Give a group its four commands."""
    for command in (remind, digest, send, resend):
        group.command(command.__name__, cls=FrenchCommand)(command)
