"""Everything of spreadsheets, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.spreadsheets.exports import Exports
from vigie.services.spreadsheets.imports import Imports

if TYPE_CHECKING:
    from vigie.services.keys import Keys
    from vigie.services.withholding import Among
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Spreadsheets:
    """The use cases of spreadsheets: bringing in, taking away."""

    imports: Imports
    exports: Exports


def spreadsheets(journal: Journal, keys: Keys, objecting: Among) -> Spreadsheets:
    """Build the use cases of spreadsheets on a journal; `objecting` tells which firms, of some, object."""
    return Spreadsheets(imports=Imports(journal, keys, objecting), exports=Exports(journal))
