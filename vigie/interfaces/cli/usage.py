"""What typer and click say in English, said in French: usage errors and the frame of the help pages."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from vigie.domain import french

_OPTION = re.compile(r"'([^']*)'")
_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for pattern, sentence in (
        (r"No such command '(.*)'\..*", "La commande « {0} » n’existe pas."),
        (r"Missing command\.", "Il manque une commande."),
        (r"Got unexpected extra argument\(s\) \((.*)\)", "De trop sur la ligne : « {0} »."),
        (r"Option '(.*)' does not take a value\.", "L’option {0} ne prend pas de valeur."),
        (r"Option '(.*)' requires an argument\.", "L’option {0} demande une valeur."),
        (r"Option '(.*)' requires (\d+) arguments\.", "L’option {0} demande {1} valeurs."),
        (r"Argument '(.*)' takes (\d+) values\.", "L’argument {0} demande {1} valeurs."),
        (r".*valid integer.*", "un nombre entier est attendu."),
        (r".*valid number.*", "un nombre est attendu."),
        (r".*greater than or equal to ([-\d.]+).*", "la valeur doit être au moins {0}."),
        (r".*less than or equal to ([-\d.]+).*", "la valeur doit être au plus {0}."),
        (r".*is not one of (.*)\.", "les valeurs acceptées sont {0}."),
        (r".* '(.*)' does not exist\.", "« {0} » n’existe pas."),
        (r".* '(.*)' is a file\.", "« {0} » est un fichier : un dossier est attendu."),
        (r".* '(.*)' is a directory\.", "« {0} » est un dossier : un fichier est attendu."),
        (r".* '(.*)' is not (?:readable|writable)\.", "« {0} » ne peut pas être lu ou écrit."),
    )
)


class _French:
    """What commands and groups say of themselves, in French; `super()` is the command of typer beside it."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the help option, described in French."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Affiche cette aide."
        return option

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the pieces of the usage line in French."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece.replace("COMMAND [ARGS]", "COMMANDE [ARGUMENTS]") for piece in pieces]

    def get_usage(self, ctx: Any) -> str:
        """Return the usage line in French."""
        line: str = super().get_usage(ctx)  # type: ignore[misc]
        return line.replace("Usage: ", "Usage : ", 1)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page in French."""
        _speak_french()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class FrenchCommand(_French, TyperCommand):
    """A command whose help page is in French."""


class FrenchGroup(_French, TyperGroup):
    """A group of commands whose help page is in French."""


def _speak_french() -> None:
    """Put the titles of the help pages in French; what writes them is heavy, and only they need it."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Arguments"
    rich_utils.OPTIONS_PANEL_TITLE = "Options"
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"
    rich_utils.ENVVAR_STRING = "[variable : {}]"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"


def usage_sentence(fault: TyperException) -> str:
    """Return the French sentence of a usage error: what is wrong, where, and how to get help."""
    context = getattr(fault, "ctx", None)
    path = getattr(context, "command_path", None) or "vigie"
    return french.typeset(f"{_what(fault)} Voyez « {path} --help ».")


def _what(fault: TyperException) -> str:
    kind = type(fault).__name__
    place = _place(fault)
    if kind == "NoSuchOption":
        near = getattr(fault, "possibilities", None)
        hint = f" Voulez-vous dire {french.listed(sorted(near))} ?" if near else ""
        return f"L’option {getattr(fault, 'option_name', '')} n’existe pas.{hint}"
    if kind == "MissingParameter":
        return f"Il manque {place}."
    said = _translated(fault.message)
    return f"{place[:1].upper()}{place[1:]} : {said}" if place else said


def _place(fault: TyperException) -> str:
    parameter = getattr(fault, "param", None)
    if parameter is None:
        return ""
    word = "l’argument" if parameter.param_type_name == "argument" else "l’option"
    return f"{word} {parameter.metavar or parameter.name}" if word == "l’argument" else f"{word} {parameter.opts[0]}"


def _translated(message: str) -> str:
    for pattern, sentence in _SENTENCES:
        hit = pattern.fullmatch(message.strip())
        if hit:
            return sentence.format(*(_OPTION.sub(r"\1", group) for group in hit.groups()))
    return message
