"""Reading a file of ties by the form that its card names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.errors import StructureFault
from vigie.sources.ties.contracts import read_contracts
from vigie.sources.ties.projects import read_projects

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.sources.cards_reader import Card
    from vigie.sources.ties.groups import TiesRead

FORMS = {"contracts": read_contracts, "projects": read_projects}


def read_ties(path: Path, card: Card) -> TiesRead:
    """Read a file of kind « liens ». Raises `StructureFault` when the file or its card is at fault."""
    form = card.layout.get("form")
    if form not in FORMS:
        raise StructureFault(
            "la forme du fichier n’est pas dite.", file=f"{card.id}.yml", column="layout.form",
            remedy=f"Choisissez parmi {', '.join(FORMS)}.",
        )  # fmt: skip
    return FORMS[form](path, card)
