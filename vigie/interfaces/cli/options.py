"""Options that every command shares, and the settings they lead to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

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
