"""Changes that a repeated request finds already made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from vigie.store.journal.unit import AlreadyDone

if TYPE_CHECKING:
    from vigie.domain.access import Scope
    from vigie.store.journal.port import Journal, Unit


@contextmanager
def writing_once(journal: Journal, scope: Scope) -> Iterator[Unit]:
    """Open a writing transaction whose block is left quietly when the same request was already answered."""
    with suppress(AlreadyDone), journal.writing(scope) as unit:
        yield unit
