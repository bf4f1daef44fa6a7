"""Options that commands share, and how they print."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from vigie.domain import french
from vigie.domain.signs import isolated, seen
from vigie.interfaces.present import beyond_sentence
from vigie.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Écrit la réponse en JSON.")]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DOSSIER", help="Dossier des données [variable : VIGIE_DATA_DIR]."),
]
PageNumber = Annotated[int, typer.Option("--page", min=1, metavar="N", help="Page de la réponse.")]
Day = Annotated[str | None, typer.Option(metavar="AAAA-MM-JJ")]


def settings_for(data_dir: Path | None) -> Settings:
    """Return the settings of the environment, with the data directory of the command line when one is given."""
    settings = Settings.from_environment()
    return settings if data_dir is None else replace(settings, data_dir=data_dir)


def day(text: str | None, option: str) -> date | None:
    """Read a date given on the command line; a usage error when it is not one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"« {text} » n’est pas une date : écrivez-la comme 2026-10-01.", param_hint=option
        ) from None


def print_json(answer: Any) -> None:
    """Print an answer as JSON; dates are written ISO 8601."""
    sys.stdout.write(seen(json.dumps(answer, ensure_ascii=False, indent=2, default=str)) + "\n")


def say(sentence: str = "") -> None:
    """Print a French sentence on the standard output, its spaces put right."""
    _console().print(_set(sentence), markup=False, highlight=False, soft_wrap=True)
    sys.stdout.flush()


def say_simulated(simulated: bool) -> None:
    """Say that establishments are imaginary, wherever they are."""
    if simulated:
        say("Établissements imaginaires : seules les communes sont réelles.")


def say_page(page: int, total_pages: int) -> None:
    """Say which page of a list was printed, when there are several, or which is the last one when none was."""
    if page > max(1, total_pages):
        say(beyond_sentence(page, max(1, total_pages)))
    elif total_pages > 1:
        say(f"Page {french.number(page)} sur {french.number(total_pages)} : --page pour les autres.")


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> None:
    """Print a table; `numeric` holds the positions of the columns aligned right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(french.typeset(column), justify="right" if position in numeric else "left")
    for row in rows:
        table.add_row(*map(_set, row))
    _console().print(table, markup=False)


def complain(sentence: str, as_json: bool) -> None:
    """Print an error on the standard error, as JSON when the answer was asked so."""
    written = _set(sentence)
    if as_json:
        written = json.dumps({"erreur": written}, ensure_ascii=False)
    sys.stderr.write(written + "\n")


@contextmanager
def progress_bar(title: str, hidden: bool = False) -> Iterator[Any]:
    """Give a function `(done share 0 to 1 or None, words)`; draws nothing unless the standard error is a terminal."""
    quiet = hidden or not sys.stderr.isatty()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(share: float | None, words: str = title) -> None:
            bar.update(task, description=words, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


def _set(text: str) -> str:
    """Return a text as it is printed: spaces put right, names from right to left isolated, no sign that turns it."""
    return isolated(french.typeset(text))


def _console() -> Console:
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160)
