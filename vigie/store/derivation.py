"""Derivations: tables that measures make of the others within a build, each with its receipt.

Measures stand above the store: services hand the pipeline what to make (`services/derivations.py`), and the store makes
it without knowing what it means. See decision 0019.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import vigie
from vigie.store.snapshot import content_hash, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import ibis.expr.types as ir
    import pyarrow as pa

    from vigie.sources.cards_reader import Card
    from vigie.store.declaring import Table


class BuildReader(Protocol):
    """What a derivation may read: the tables already made, by expressions, and the cards of the files given.

    `cards` holds the cards of the sources that the derivation names, by source, of the files of this build only.
    """

    @property
    def cards(self) -> Mapping[str, Card]:
        """Return the cards that the derivation asked for."""

    def arrow(self, expression: ir.Table) -> pa.Table:
        """Execute an expression."""

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Execute an expression and return plain rows, for small answers."""

    def stage(self, name: str, content: ir.Table) -> ir.Table:
        """Keep a working copy of an expression until the end of the build."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a derived table is made: from which tables, by which function.

    `derive` is given the inputs by name, as expressions. `recipe` is a hash of the code and cards that decide the
    content (see `recipe`): it enters the key of the receipt and the identity of the generation, while the content stays
    out of the fingerprint. `sources` are the beginnings of the names of sources (« indicateur: ») whose cards also
    decide the content; those of the files given are handed to the function.
    """

    table: Table
    inputs: tuple[Table, ...]
    recipe: str
    derive: Callable[[Mapping[str, ir.Table], BuildReader], ir.Table | pa.Table]
    sources: tuple[str, ...] = ()


@cache
def recipe(*patterns: str) -> str:
    """Return the hash of files of the package, given by patterns such as `measures/*.py` or `measures/cards/*.yml`.

    Raises `ValueError` for a pattern that names no file: its code would then change without its table being made again.
    """
    package = Path(vigie.__file__).parent
    found = {pattern: sorted(package.glob(pattern)) for pattern in patterns}
    empty = [pattern for pattern, paths in found.items() if not paths]
    if empty:
        raise ValueError(f"no file of the package is named by {', '.join(empty)}")
    paths = sorted({path for each in found.values() for path in each})
    return digest(*(f"{path.relative_to(package)}={content_hash(path)}" for path in paths))
