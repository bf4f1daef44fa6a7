"""Groups of firms and the ties that follow: who was joined, when, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import permutations
from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.domain.actors import is_siren, is_siret
from vigie.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable


class Certainty(StrEnum):
    """How sure a group is: said by the source, or only likely since the field that says so is empty."""

    DECLARED = "declared"
    DOUBTFUL = "doubtful"


CONTRACT, PROJECT = "contract", "project"
# A group declared of more members than this is a list of those retained, or a slip: nothing is drawn from it.
MOST_MEMBERS = {CONTRACT: 20, PROJECT: 60}

_GROUP: dict[str, pa.DataType] = {
    "group": pa.string(), "kind": pa.string(), "source": pa.string(), "date": pa.date32(), "members": pa.int64(),
    "resolved": pa.int64(), "certainty": pa.string(),
}  # fmt: skip
_TIE: dict[str, pa.DataType] = {
    "siren": pa.string(), "partner": pa.string(), "group": pa.string(), "kind": pa.string(), "source": pa.string(),
    "date": pa.date32(), "weight": pa.float64(), "certainty": pa.string(),
}  # fmt: skip


@dataclass(slots=True)
class JointGroup:
    """What joins firms: its members by SIREN, and those without one by what the source calls them, in any order."""

    key: str
    date: date | None = None
    certainty: Certainty | None = None
    sirens: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """Return how many members there are, without SIREN included."""
        return len(self.sirens) + len(self.others)


@dataclass(frozen=True, slots=True)
class TiesRead:
    """What files say: tables with the columns of `tie_group` and `tie`, rows refused, rows read."""

    groups: pa.Table
    ties: pa.Table
    rejects: tuple[Reject, ...]
    rows: int


def drawn(kind: str, source: str, groups: Iterable[JointGroup]) -> tuple[pa.Table, pa.Table]:
    """Return the tables of groups of two members or more, and of the ties between those that have a SIREN.

    A tie weighs 1/(k - 1) in a group of k members, so that each member shares itself out once; it is written from both
    sides. A group without certainty, or of too many members, gives nothing.
    """
    rows, pairs = [], []
    for one in sorted(groups, key=lambda group: group.key):
        if one.certainty is None or not 2 <= one.size <= MOST_MEMBERS[kind] or not one.sirens:
            continue
        shared = {"group": one.key, "kind": kind, "source": source, "date": one.date, "certainty": one.certainty.value}
        rows.append({**shared, "members": one.size, "resolved": len(one.sirens)})
        for siren, partner in permutations(sorted(one.sirens), 2):
            pairs.append({**shared, "siren": siren, "partner": partner, "weight": 1.0 / (one.size - 1)})
    return pa.Table.from_pylist(rows, schema=pa.schema(_GROUP)), pa.Table.from_pylist(pairs, schema=pa.schema(_TIE))


def day_of(text: str | None, earliest: int = 1990, latest: int = 2100) -> date | None:
    """Return a day written ISO 8601 or as in France; `None` for what is no day, or no day of a contract (0218)."""
    written = (text or "")[:10]
    if len(written) == 10 and written[2] == written[5] == "/":
        written = f"{written[6:]}-{written[3:5]}-{written[:2]}"
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if earliest <= found.year < latest else None


def siren_of(text: str | None) -> str | None:
    """Return the SIREN of a SIRET or SIREN whose key is right, `None` for anything else."""
    digits = "".join((text or "").split())
    return digits[:9] if is_siret(digits) or is_siren(digits) else None
