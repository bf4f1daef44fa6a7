"""Catalogues of schemes handed in: checked whole, kept for the refreshes to come, given back as they were published."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.errors import NotFound, RequestFault, StructureFault
from vigie.services.loaded import CATALOGUES
from vigie.sources.aids import as_published, read_aids
from vigie.sources.base import read_header
from vigie.sources.card_uses import AIDS
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.sources.room import writing

if TYPE_CHECKING:
    from pathlib import Path

    from vigie.errors import Reject
    from vigie.services.questions import DataInService


@dataclass(frozen=True, slots=True)
class CheckedCatalogue:
    """What a catalogue holds: its card, how it is called, how many schemes, and the rows at fault."""

    card: str
    title: str
    count: int
    rejects: tuple[Reject, ...]


def read_catalogue(file: Path, data_dir: Path) -> CheckedCatalogue:
    """Check a catalogue; raises `StructureFault` when it is none."""
    own = data_dir / "cards"
    cards = read_cards(SHIPPED, *([own] if own.is_dir() else []))
    if not file.is_file():
        raise StructureFault("ce fichier n’existe pas.", file=file.name, remedy="Vérifiez le chemin donné.")
    found = read_header(file, [card for card in cards if card.kind == AIDS])
    card = next(one for one in cards if found is not None and one.id == found.card)
    read = read_aids(file, card)
    if not len(read.schemes) and not read.rejects:
        raise StructureFault("il n’y a aucune aide sous les titres.", file=file.name,
                             remedy="Vérifiez que c’est le bon fichier.")  # fmt: skip
    return CheckedCatalogue(card.id, card.title, len(read.schemes), read.rejects)


def keep(file: Path, card: str, data_dir: Path) -> Path:
    """Copy a catalogue where refreshes will find it, in the place of the former one of its card. Raises `NoRoom`."""
    folder = data_dir / CATALOGUES / card
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / file.name
    fresh = folder / f".{file.name}.partial"
    with writing(folder, "Le catalogue n’a pas été gardé."):
        try:
            shutil.copyfile(file, fresh)
            fresh.replace(kept)
        finally:
            fresh.unlink(missing_ok=True)
    for other in folder.iterdir():
        if other != kept:
            other.unlink()
    return kept


def export(data: DataInService, source: str) -> tuple[str, int]:
    """Return a catalogue of the data in service as it was published, and how many schemes it holds.

    `source` is the identifier of its card, or empty when there is one only. Raises `NotFound`, `RequestFault`.
    """
    table = data.warehouse.table("scheme")
    rows = data.warehouse.rows(table.select("source", "rank", "published").order_by("source", "rank"))
    sources = sorted({row["source"] for row in rows})
    if not sources:
        raise NotFound("Aucun catalogue d’aides n’est chargé.")
    if not source and len(sources) > 1:
        raise RequestFault(f"Plusieurs catalogues sont chargés : choisissez parmi {', '.join(sources)} (--source).")
    chosen = source or sources[0]
    kept = [row for row in rows if row["source"] == chosen]
    if not kept:
        raise NotFound(f"Aucun catalogue « {chosen} » n’est chargé : choisissez parmi {', '.join(sources)}.")
    return as_published(kept), len(kept)
