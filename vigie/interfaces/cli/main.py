"""The `vigie` command: groups of commands, exit codes, errors in French on the standard error.

Exit codes: 0 done, 1 the input is at fault, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException
from typer.main import get_command

from vigie import __version__
from vigie.errors import VigieError
from vigie.interfaces.cli.later import LazyCommand, later_group
from vigie.interfaces.cli.output import complain
from vigie.interfaces.cli.usage import usage_sentence

_HERE = "vigie.interfaces.cli"
_REASONS = {
    errno.EACCES: "droits insuffisants",
    errno.EPERM: "droits insuffisants",
    errno.EROFS: "le disque n’est ouvert qu’en lecture",
    errno.ENOENT: "il n’existe pas",
    errno.EEXIST: "il existe déjà",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "un des dossiers du chemin est un fichier",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.EIO: "le disque ne répond pas",
    errno.EMFILE: "trop de fichiers sont ouverts",
}
COMMANDS = {
    "know": LazyCommand(f"{_HERE}.know", "app", "Chercher des établissements et des entreprises."),
    "observe": LazyCommand(f"{_HERE}.observe", "app", "Lire le portrait d’un territoire."),
    "watch": LazyCommand(f"{_HERE}.watch", "app", "Suivre ce qui change."),
    "equip": LazyCommand(f"{_HERE}.equip", "app", "Trouver ce qui aide une entreprise : aides, catalogues."),
    "measure": LazyCommand(f"{_HERE}.measure", "app", "Mesurer un tableau : complexité, proximités, localisation."),
    "envision": LazyCommand(f"{_HERE}.envision", "app", "Mener une prospective, lire des opinions, sur ses fichiers."),
    "connect": LazyCommand(f"{_HERE}.connect", "app", "Proposer des coopérations, et dire ce qu’elles valent."),
    "journal": LazyCommand(f"{_HERE}.journal", "app", "Garder le journal : ce que les personnes saisissent."),
    "need": LazyCommand(f"{_HERE}.need", "app", "Lire les besoins et offres publics, en dire un."),
    "org": LazyCommand(f"{_HERE}.org", "app", "Créer et lister les organisations."),
    "user": LazyCommand(f"{_HERE}.user", "app", "Inviter des personnes, lister les membres."),
    "simulate": LazyCommand(f"{_HERE}.simulate", "simulate", "Écrit des fichiers officiels imaginaires."),
    "refresh": LazyCommand(f"{_HERE}.feed", "refresh", "Charge des fichiers de l’Insee et les met en service."),
    "outlines": LazyCommand(f"{_HERE}.feed", "outlines", "Prépare les contours des communes, pour les cartes."),
    "download": LazyCommand(f"{_HERE}.feed", "download", "Télécharge les fichiers officiels."),
    "status": LazyCommand(f"{_HERE}.feed", "status", "Dit ce qui est en service."),
    "sources": LazyCommand(f"{_HERE}.catalogue", "sources", "Liste les sources."),
    "indicators": LazyCommand(f"{_HERE}.catalogue", "indicators", "Liste les indicateurs."),
    "serve": LazyCommand(f"{_HERE}.serve", "serve", "Sert les pages et l’API."),
}
app = typer.Typer(
    cls=later_group(COMMANDS),
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="rich",
    help="Vigie : observatoire ouvert des territoires face à l’industrie 4.0.",
    epilog="Pour commencer : vigie simulate --territory 85 --out simulation, puis vigie refresh --sirene simulation.",
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Affiche la version et s’arrête.")] = False,
) -> None:
    """Vigie : observatoire ouvert des territoires face à l’industrie 4.0."""
    if version:
        sys.stdout.write(f"vigie {__version__}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing raised on purpose ends in a trace."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        code = get_command(app).main(words, prog_name="vigie", standalone_mode=False) or 0
        sys.stdout.flush()  # a full disk is met here, not after the last word
        return code
    except TyperException as fault:
        complain(usage_sentence(fault), as_json)
        return 2
    except VigieError as fault:
        complain(str(fault), as_json)
        return 1
    except (Abort, KeyboardInterrupt):
        complain("Interrompu : rien n’a été remplacé.", as_json)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as fault:
        complain(_refused_by_system(fault), as_json)
        return 1


def _refused_by_system(fault: OSError) -> str:
    """Return what to say of what the system refused."""
    place = f" « {fault.filename} »" if fault.filename else " ce qui devait être écrit ou lu"
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" de{place}" if fault.filename else ""
        return f"Le disque{where} est plein : libérez de la place, ou écrivez ailleurs, puis recommencez."
    reason = _REASONS.get(fault.errno or 0, f"erreur {fault.errno}, « {fault.strerror} »")
    return f"Le système refuse l’accès à{place} : {reason}."


def run() -> None:
    """Console entry point."""
    sys.exit(main())
