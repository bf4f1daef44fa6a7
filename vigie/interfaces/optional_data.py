"""The directory, when there is one: the desk works without any data loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from vigie.errors import NoData

if TYPE_CHECKING:
    from vigie.bootstrap import Installation, Services
    from vigie.services.know import Know


@contextmanager
def directory_if_loaded(installation: Installation) -> Iterator[Know | None]:
    """Lend the directory of the generation in service, `None` when nothing is loaded."""
    with ExitStack() as held:
        try:
            know = held.enter_context(installation.services()).know
        except NoData:
            know = None
        yield know


@contextmanager
def services_if_loaded(installation: Installation) -> Iterator[Services | None]:
    """Lend all that answers from the generation in service, `None` when nothing is loaded."""
    with ExitStack() as held:
        try:
            services = held.enter_context(installation.services())
        except NoData:
            services = None
        yield services


def firm_names(installation: Installation, sirens: Iterable[str]) -> Mapping[str, str]:
    """Return the public names of firms by SIREN; what is masked or unknown has none."""
    with directory_if_loaded(installation) as know:
        return know.names(sirens) if know is not None else {}
