"""Everything of spreadsheets, built once for an installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.services.spreadsheets.exports import EXPORT, Exports
from vigie.services.spreadsheets.imports import Imports
from vigie.services.spreadsheets.long import APPLY, MATCH, REVIEW, LongImports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.services.jobs.files import JobFiles
    from vigie.services.jobs.running import Work
    from vigie.services.keys import Keys
    from vigie.services.spreadsheets.exports import WriteTable
    from vigie.services.spreadsheets.long import Knowing
    from vigie.services.suppression import Among
    from vigie.store.journal.port import Journal


@dataclass(frozen=True, slots=True)
class Spreadsheets:
    """The use cases of spreadsheets: bringing in, taking away; `objecting` tells which firms, of some, object."""

    imports: Imports
    exports: Exports
    objecting: Among

    def works(self, knowing: Knowing, write: WriteTable) -> Mapping[str, Work]:
        """Return what does the long work of spreadsheets.

        `knowing` lends the directory in service, `write` puts a table in a file of a kind.
        """
        long = LongImports(self.objecting, self.imports.fingerprint, knowing)
        return {
            MATCH.word: long.match,
            REVIEW.word: long.review,
            APPLY.word: long.apply,
            EXPORT.word: self.exports.work(write),
        }


def spreadsheets(journal: Journal, keys: Keys, objecting: Among, files: JobFiles) -> Spreadsheets:
    """Build the use cases of spreadsheets on a journal; `objecting` tells which firms, of some, object."""
    return Spreadsheets(imports=Imports(journal, keys, objecting), exports=Exports(journal, files), objecting=objecting)
