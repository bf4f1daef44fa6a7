"""From recognised files to a generation in service: snapshot, table graph, checks, name index, switch.

A build that was interrupted takes up where it stopped: each table is in its file with its receipt, or is not. Tables
and index whose inputs have not changed are taken from the generation in service.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigie.errors import DataUnreadable
from vigie.sources.room import watched
from vigie.store import generation
from vigie.store.checks import check
from vigie.store.description import describe
from vigie.store.documents import documents
from vigie.store.snapshot import digest, foundation, inputs_hash
from vigie.store.steps.build_context import BuildContext, Plan
from vigie.store.steps.complements import build_beside
from vigie.store.steps.counted import build_counted, build_events
from vigie.store.steps.derivations import build_derived
from vigie.store.steps.levers import build_levers
from vigie.store.steps.notices import build_notices
from vigie.store.steps.reference import build_reference
from vigie.store.steps.relations import build_relations
from vigie.store.steps.remarks import late_remarks, order_remarks
from vigie.store.steps.stock import build_stock
from vigie.store.tables import ALL, ESTABLISHMENT, MEMBERSHIP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vigie.errors import Remark
    from vigie.sources.room import RoomWatch
    from vigie.store.derivation import Derivation
    from vigie.store.directory import DirectoryBuilder
    from vigie.store.rejects import Rejects
    from vigie.store.warehouse import WarehouseBuilder


@dataclass(frozen=True, slots=True)
class Engines:
    """What the pipeline needs of engines: a warehouse builder for a file and a working folder; a directory builder."""

    warehouse: Callable[[Path, Path], WarehouseBuilder]
    directory: Callable[[], DirectoryBuilder]


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """The generation in service after a build; `unchanged` when it was already there, with the same content."""

    folder: Path
    description: dict[str, Any]
    rejects: Rejects
    events: int
    unchanged: bool
    masked_establishments: int
    without_unit: int
    remarks: tuple[Remark, ...] = ()


def build(plan: Plan, data_dir: Path, engines: Engines, derivations: Sequence[Derivation]) -> BuildOutcome:
    """Build the generation of a plan and put it in service, unless the one in service has the same content.

    `derivations` make what measures say of the tables. The caller holds the data directory (`generation.refreshing`).
    Raises `InputFault` when a file is at fault or a check does not hold, `NoRoom` when only the reserve of the disk is
    left; the generation in service then stays, and what was being built is removed.
    """
    try:
        return _build(plan, data_dir, engines, derivations)
    except Exception:
        generation.abandon(data_dir)
        raise


def _build(plan: Plan, data_dir: Path, engines: Engines, derivations: Sequence[Derivation]) -> BuildOutcome:
    former = _former(data_dir)
    said = generation.describe(former) if former else {}
    folder = generation.workshop(data_dir, inputs_hash(plan.inputs.values(), plan.scope))
    builder = engines.warehouse(folder / generation.WAREHOUSE, folder / "scratch")
    with watched(data_dir, builder.interrupt) as watch:
        try:
            if former is not None:
                try:
                    builder.against(former / generation.WAREHOUSE)
                except DataUnreadable:
                    former, said = None, {}
            site = BuildContext(plan, builder)
            identity = _build_tables(site, derivations)
            same = former is not None and identity.items() <= said.items()
            comparable = (said.get("territory"), said.get("simulated")) == (plan.scope, site.simulated)
            events = 0 if same else build_events(site, former.name if former else "", comparable=comparable)
            masked = _masked(builder)
            if not same:
                check(builder, site.receipts.values())
                begun, worked = time.monotonic(), time.process_time()
                alike = former if said.get("index") == identity["index"] else None
                _build_index(site, alike, folder, engines, watch)
                taken = {"index": time.monotonic() - begun, "index_processor": time.process_time() - worked}
                description = describe(site) | identity | {"seconds": taken}
                site.remarks += order_remarks(description, said)
                description["remarks"] = [remark.as_dict() for remark in site.remarks]
        finally:
            builder.close()
    if former is not None and same:
        shutil.rmtree(folder)
        if former.name != generation.pointer(data_dir):
            generation.point(data_dir, former)
        return BuildOutcome(former, said, site.rejects, 0, True, *masked, _remarks(site, said))
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    served = generation.switch(data_dir, folder, description, former)
    said = generation.describe(served)
    return BuildOutcome(served, said, site.rejects, events, False, *masked, _remarks(site, said))


def _former(data_dir: Path) -> Path | None:
    """Return the generation to compare with: the one that answers, none when it cannot be read."""
    try:
        return generation.current(data_dir)
    except DataUnreadable:
        return None


def _remarks(site: BuildContext, said: dict[str, Any]) -> tuple[Remark, ...]:
    """Return what was odd about the files, and which of them are late on this day."""
    return (*site.remarks, *late_remarks(said, site.plan.cards.values(), site.plan.today))


def _masked(builder: WarehouseBuilder) -> tuple[int, int]:
    """Count the establishments in partial diffusion, and those masked because their legal unit is not loaded."""
    rows = builder.table(ESTABLISHMENT.name)
    counts = {name: (rows.diffusion == code).sum().fill_null(0) for name, code in (("asked", "P"), ("alone", "U"))}
    found = builder.rows(rows.aggregate(**counts))[0]
    return found["asked"], found["alone"]


def _build_tables(site: BuildContext, derivations: Sequence[Derivation]) -> dict[str, Any]:
    """Make all tables but the events; return what makes a generation what it is, as `generation.json` says it.

    `fingerprint` is that of the counted tables; `index` is the hash of what the name index is made from, code included;
    `derived` that of what the derived tables are made from and by.
    """
    build_reference(site)
    build_stock(site)
    build_beside(site)
    build_relations(site)
    build_levers(site)
    build_counted(site)
    build_notices(site)
    derived = build_derived(site, derivations)
    return {
        "fingerprint": digest(*(f"{t.name}={site.fingerprint(t)}" for t in ALL if t.counted)),
        "simulated": site.simulated,
        "index": digest(foundation(), site.fingerprint(ESTABLISHMENT), site.fingerprint(MEMBERSHIP)),
        "derived": derived,
    }


def _build_index(site: BuildContext, same: Path | None, folder: Path, engines: Engines, watch: RoomWatch) -> None:
    """Make the name index, or take that of a generation that has the same."""
    destination = folder / generation.INDEX
    if destination.exists():
        return  # renamed into place by an interrupted build: complete
    if same is not None:
        shutil.copytree(same / generation.INDEX, destination, ignore=shutil.ignore_patterns(".*"))
        return
    unfinished = folder / "index.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    rows = documents(site.builder.table(ESTABLISHMENT.name), site.builder.table(MEMBERSHIP.name))
    engines.directory().build(watch.each(site.builder.batches(rows)), unfinished)
    watch.check()
    unfinished.rename(destination)
