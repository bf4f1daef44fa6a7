"""Rows left out of a load: listed up to a limit, counted without one, refused above a share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vigie.domain.french import counted, number, percent
from vigie.errors import Reject, TooManyRejects

if TYPE_CHECKING:
    from collections.abc import Iterable

LISTED = 1000
"""As many as a person looks through."""
TOLERATED = 0.01
"""A few rows of any published file are wrong; above one per cent the file, or its reading, is."""


@dataclass(slots=True)
class Rejects:
    """The rows left out so far: the first thousand, and how many by file."""

    listed: list[Reject] = field(default_factory=list)
    by_file: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Number of rows left out, listed or not."""
        return sum(self.by_file.values())

    def add(self, file: str, first: Iterable[Reject], total: int, read: int, tolerated: float = TOLERATED) -> None:
        """Count the rows left out of a file; raises `TooManyRejects` above a share, one per cent, of those read."""
        self.by_file[file] = total
        found = list(first)
        self.listed.extend(found[: LISTED - len(self.listed)])
        if total > tolerated * read:
            raise TooManyRejects(_sentence(file, found[0], total, read, tolerated), self.listed, self.total)


def _sentence(file: str, first: Reject, total: int, read: int, tolerated: float) -> str:
    share, most = percent(total / read), percent(tolerated, 0)
    return (
        f"Fichier «\u00a0{file}\u00a0»\u00a0: {counted(total, 'ligne fautive', 'lignes fautives')} "
        f"sur {number(read)} ({share}), "
        f"plus de {most}\u00a0: rien n’a été remplacé. La première est la ligne {number(first.line)}"
        + (f", colonne «\u00a0{first.column}\u00a0»" if first.column else "")
        + f" : {first.reason}"
    )
