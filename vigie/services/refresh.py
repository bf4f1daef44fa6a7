"""Refresh: from the files handed in to the data in service."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigie.domain.zones import today_in_paris
from vigie.services.derivations import DERIVATIONS
from vigie.services.loaded import CATALOGUES
from vigie.sources import contours_paths, room
from vigie.sources.base import discover
from vigie.sources.cards_reader import SHIPPED, read_cards
from vigie.sources.cog_lookup import resolve
from vigie.sources.indicator_uses import check_uses
from vigie.store import generation, pipeline
from vigie.store.needs import room_needed
from vigie.store.snapshot import snapshot
from vigie.store.steps.build_context import Plan
from vigie.store.tables import ESTABLISHMENT, LEGAL_UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from vigie.errors import Reject, Remark
    from vigie.sources.base import SourceFile
    from vigie.sources.cards_reader import Card
    from vigie.store.derivation import Derivation
    from vigie.store.pipeline import Engines


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What to load: files or folders, whose sources are recognised by their content; a territory to keep.

    `today` dates the events seen.
    """

    files: tuple[Path, ...]
    territory: str | None = None
    today: date = field(default_factory=today_in_paris)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did; `masked_establishments` are in partial diffusion, `without_unit` lack their legal unit.

    `rejected` stops at a thousand rows, `rejected_total` does not."""

    establishments: int
    legal_units: int
    masked_establishments: int
    without_unit: int
    rejected: tuple[Reject, ...]
    rejected_total: int
    fingerprint: str
    seconds: float
    peak_memory_mib: int
    generation: str
    simulated: bool
    unchanged: bool
    events: int
    remarks: tuple[Remark, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the report as the machine-readable answers print it."""
        return asdict(self)


def refresh(
    request: RefreshRequest, data_dir: Path, engines: Engines, derivations: Sequence[Derivation] | None = None
) -> RefreshReport:
    """Load files and put them in service; the former data are served until then, and stay if anything is wrong.

    `derivations` are the tables made from those loaded: all of them, unless the caller needs none.
    Raises `InputFault` when a file is at fault, `RequestFault` or `NotFound` for the territory, `RefreshRunning`,
    `NoRoom` when the disk has too little room left, found before or on the way.
    """
    begun = time.monotonic()
    territory = resolve(request.territory) if request.territory else None
    with room.writing(data_dir), generation.refreshing(data_dir):
        own = data_dir / "cards"
        cards = read_cards(SHIPPED, *([own] if own.is_dir() else []))
        files = _with_kept(discover(request.files, cards), data_dir, cards)
        by_id = {card.id: card for card in cards}
        check_uses(cards)
        room.require(
            data_dir, room_needed(files, territory), "préparer ces données", room.size_of(data_dir / generation.BUILD)
        )
        outlines = data_dir / "outlines"
        contours_paths.ensure_if_possible(outlines)
        plan = Plan(
            inputs=snapshot(files),
            cards=by_id,
            territory=territory,
            outlines=outlines if outlines.is_dir() else None,
            today=request.today,
        )
        outcome = pipeline.build(plan, data_dir, engines, DERIVATIONS if derivations is None else derivations)
    tables = outcome.description["tables"]
    return RefreshReport(
        establishments=tables[ESTABLISHMENT.name]["rows"],
        legal_units=tables[LEGAL_UNIT.name]["rows"],
        masked_establishments=outcome.masked_establishments,
        without_unit=outcome.without_unit,
        rejected=tuple(outcome.rejects.listed),
        rejected_total=outcome.rejects.total,
        fingerprint=outcome.description["fingerprint"],
        seconds=round(time.monotonic() - begun, 2),
        peak_memory_mib=_peak_memory_mib(),
        generation=outcome.folder.name,
        simulated=outcome.description["simulated"],
        unchanged=outcome.unchanged,
        events=outcome.events,
        remarks=outcome.remarks,
    )


def _with_kept(given: Sequence[SourceFile], data_dir: Path, cards: Sequence[Card]) -> tuple[SourceFile, ...]:
    """Return the files given, and the catalogues kept in the data directory whose source is not among them."""
    kept = [path for path in sorted((data_dir / CATALOGUES).glob("*/*")) if not path.name.startswith(".")]
    known = {file.source for file in given}
    return (*given, *(file for file in (discover(kept, cards) if kept else ()) if file.source not in known))


def _peak_memory_mib() -> int:
    """Return the most memory that this process ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit >> 20
