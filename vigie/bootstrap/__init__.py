"""The only package that names concrete engines: settings in, services out.

It imports what it opens at the moment it opens it: `vigie know firm` does not wait for the simulator, the journal,
the downloader or Ibis, which take seconds together.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.bootstrap.generation_services import OUTLINES, Services, all_cards, cards_in_use, read_loaded
from vigie.bootstrap.journal import (
    JOURNAL,
    existing_journal,
    journal_file,
    open_journal,
    require_existing,
    start_anew,
)
from vigie.errors import DataUnreadable, NoData
from vigie.services.following import GenerationWatcher, Shelf
from vigie.services.loaded import Loaded
from vigie.store import generation

if TYPE_CHECKING:
    from collections.abc import Callable

    from vigie.services.catalogue import Catalogue
    from vigie.services.demonstration.demonstration import Made
    from vigie.services.desk import Desk
    from vigie.services.download import DownloadRequest, Fetched
    from vigie.services.firms.suppression_list import SuppressionList
    from vigie.services.refresh import RefreshReport, RefreshRequest
    from vigie.services.safekeeping import Safekeeping
    from vigie.services.simulate import SimulationReport, SimulationRequest
    from vigie.settings import Settings
    from vigie.sources.contours_kept import OutlinesReport
    from vigie.sources.remote import Cut
    from vigie.store.journal.sql import Clock

__all__ = ["JOURNAL", "Installation", "Services", "existing_journal", "journal_file", "open_journal", "start_anew"]


def open_services(settings: Settings) -> Services:
    """Open the generation in service, read only, without the firms that object in the journal of the installation.

    Raises `NoData` when nothing was loaded in the data directory, `DataUnreadable` when nothing of it can be read,
    `JournalUnavailable` when the journal cannot say who objects.
    """
    taken = Shelf(settings.data_dir, lambda folder, instead: _open_apart(folder, settings, instead)).take()
    if taken is None:
        raise nothing_loaded(settings)
    return taken[1]


def _open_apart(folder: Path, settings: Settings, instead: str) -> Services:
    """Open a generation with a journal of its own, closed with it."""
    journal = existing_journal(settings)
    if journal is None:
        return Services(folder, settings, (None, None), instead)
    from vigie.services import keys as sealing
    from vigie.services.firms.suppression_list import SuppressionList

    try:
        suppressions = SuppressionList(journal, sealing.keys_of(settings, journal))
        return Services(folder, settings, (suppressions, journal), instead)
    except BaseException:
        journal.close()
        raise


def open_loaded(settings: Settings) -> Loaded:
    """Return what the generation in service says of itself; raises `NoData` when there is none."""
    folder = generation.current(settings.data_dir)
    if folder is None:
        raise nothing_loaded(settings)
    return read_loaded(folder, cards_in_use(settings))


def open_catalogue(settings: Settings) -> Catalogue:
    """Open the catalogue of sources and indicators; it answers even when nothing was loaded yet."""
    from vigie.services.catalogue import Catalogue

    folder = generation.current(settings.data_dir)
    cards = cards_in_use(settings)
    return Catalogue(
        cards,
        read_loaded(folder, cards)
        if folder
        else Loaded("", simulated=False, created="", vintage={}, cards={card.source: card for card in cards}),
    )


def nothing_loaded(settings: Settings) -> NoData:
    """Return the error of a data directory where nothing was ever loaded."""
    return NoData(
        f"Rien n’est encore chargé dans « {settings.data_dir} » : "
        "lancez « vigie refresh --sirene DOSSIER » ou donnez un autre dossier avec --data-dir."
    )


def open_safekeeping(settings: Settings, *, making: bool = True) -> Safekeeping:
    """Open the journal as its keeper, for what concerns it whole; any version of its tables is accepted.

    Where it does not exist it is made if `making`; otherwise raises `JournalUnavailable`.
    """
    from vigie.services.safekeeping import Safekeeping

    if not making:
        require_existing(settings)
    return Safekeeping(open_journal(settings, keeper=True), str(journal_file(settings) or ""))


def open_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """Open the use cases of the journal; raises `JournalUnavailable` when it cannot be opened."""
    return open_house(settings, clock)[1]


def open_house(settings: Settings, clock: Clock | None = None) -> tuple[Installation, Desk]:
    """Open both sides of an installation: its data, which leave out the firms that object, and its journal.

    Raises `JournalUnavailable` when the journal cannot be opened; data may be loaded later.
    """
    from vigie.services import keys as sealing
    from vigie.services.desk import desk as make_desk
    from vigie.services.firm_register import GenerationRegister
    from vigie.services.firms.suppression_list import SuppressionList

    journal = open_journal(settings, clock=clock)
    try:
        keys = sealing.keys_of(settings, journal)
        sealing.leave_mark(settings, journal_file(settings))
    except BaseException:
        journal.close()
        raise
    suppressions = SuppressionList(journal, keys)
    installation = Installation(settings, suppressions)
    register = GenerationRegister(installation.services, installation.close)
    return installation, make_desk(journal, keys, settings, register, suppressions)


@contextmanager
def house(settings: Settings) -> Iterator[tuple[Installation, Desk]]:
    """Open both sides of an installation as `open_house` does, and close them however it ends."""
    installation, desk = open_house(settings)
    try:
        yield installation, desk
    finally:
        desk.close()
        installation.close()


def make_journal(settings: Settings) -> None:
    """Make the secret and the journal of an installation where they are not yet; raises `JournalUnavailable`."""
    _, desk = open_house(settings)
    desk.close()


def simulate(settings: Settings, request: SimulationRequest) -> SimulationReport:
    """Write imaginary files, located with the outlines of this installation where it has some."""
    from vigie.services.simulate import simulate as write_simulation
    from vigie.sources.contours_kept import existing

    folder = settings.data_dir / OUTLINES
    return write_simulation(replace(request, outlines=folder if existing(folder) else None))


def refresh(settings: Settings, request: RefreshRequest) -> RefreshReport:
    """Load files with the engines of this installation, and put them in service."""
    from vigie.services import keys as sealing
    from vigie.services.refresh import refresh as refresh_data
    from vigie.store.engines.duckdb.builder import DuckBuilder
    from vigie.store.engines.tantivy.build import TantivyBuilder
    from vigie.store.pipeline import Engines

    sealing.require_journal(settings, journal_file(settings))
    engines = Engines(
        warehouse=lambda path, scratch: DuckBuilder(
            path, threads=settings.threads, memory_mib=settings.memory_mib, scratch=scratch
        ),
        directory=TantivyBuilder,
    )
    return refresh_data(request, settings.data_dir, engines)


def demonstration(settings: Settings) -> Made:
    """Make the demonstration's organisation, accounts and work in the journal of imaginary establishments."""
    from vigie.services.demonstration.demonstration import Demonstration
    from vigie.services.demonstration.story import StoryClock
    from vigie.store.journal.sql import utc_now

    clock = StoryClock(utc_now())
    installation, desk = open_house(settings, clock)
    try:
        with installation.services() as services:
            return Demonstration(desk, services, clock).make()
    finally:
        desk.close()


def outlines(settings: Settings) -> OutlinesReport:
    """Make the outlines of communes and territories in the data directory, and the paths that maps draw."""
    from vigie.sources import contours, contours_paths
    from vigie.sources.room import writing

    folder = settings.data_dir / OUTLINES
    report = contours.build(folder)
    with writing(folder, "Les contours sont là ; ce que les cartes en tirent ne l’est pas encore."):
        contours_paths.ensure(folder)
    return report


def download(
    settings: Settings, request: DownloadRequest, progress: Callable[[str, int, int | None], None]
) -> tuple[Fetched, ...]:
    """Fetch official files by the cards of this installation."""
    from vigie.services.download import download as fetch
    from vigie.store.engines.duckdb.remote import cut

    def cutter(wanted: Cut, target: Path, scratch: Path, told: Callable[[float], None]) -> int:
        return cut(wanted, target, scratch, settings.memory_mib, told)

    folder = generation.current(settings.data_dir)
    loaded = Loaded.read(generation.describe(folder), ()).published if folder else {}
    return fetch(replace(request, loaded=loaded), all_cards(settings), progress, cutter=cutter)


class Installation:
    """The services of a data directory, following the generation in service."""

    def __init__(self, settings: Settings, suppressions: SuppressionList | None = None) -> None:
        self._settings, self._suppressions, self._warm = settings, suppressions, False
        self._following = GenerationWatcher(settings.data_dir, self._open)

    def generation(self) -> str:
        """Return the name of the generation that answers, empty when there is none."""
        try:
            return self._following.name()
        except DataUnreadable:
            return ""

    def version(self) -> str:
        """Return what every answer depends on: the generation in service, and which firms object."""
        return f"{self.generation()}|{self._suppressions.mark() if self._suppressions else ''}"

    @contextmanager
    def services(self) -> Iterator[Services]:
        """Lend the services of the generation in service.

        Raises `NoData` when there is none, `DataUnreadable` when there was one.
        """
        with self._following.lend() as services:
            if services is None:
                raise nothing_loaded(self._settings)
            yield services

    def warm(self) -> None:
        """Open the generation in service and read what its readers share.

        Those that follow are read before they are put in service. Raises `NoData` when there is none, `DataUnreadable`
        when there was one.
        """
        with self.services() as services:
            services.warm()
        self._warm = True

    def settle(self) -> None:
        """Wait for the generation that is being opened, if there is one."""
        self._following.settle()

    def close(self) -> None:
        """Let go of the generation in service."""
        self._following.close()

    def _open(self, folder: Path, instead: str) -> Services:
        if self._suppressions is None:
            opened = _open_apart(folder, self._settings, instead).ready()
        else:
            opened = Services(folder, self._settings, (self._suppressions, None), instead).ready()
        if self._warm:
            try:
                opened.warm()
            except BaseException:
                opened.close()
                raise
        return opened
