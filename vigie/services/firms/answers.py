"""What is told of what a firm says of itself, to whoever may read it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from vigie.domain.declarations import DeclarationSubject, Visibility
from vigie.services.accounts.speaking import Attested


@dataclass(frozen=True, slots=True)
class DeclarationRead:
    """One entry as its reader may see it; `by` is « head » or « officer », in the name of an organisation.

    `own` tells that the asker may change it, `may_hide` that they may hide it where they may not change it. `waiting`
    is for what is not public before an attestation, `hidden` for what moderation hid, `attested` says who vouches.
    A closed answer on the situation of the firm also has its `topic` and `answer`.
    """

    id: str
    field: DeclarationSubject
    text: str
    visibility: Visibility
    by: str
    organisation: str
    created_at: datetime
    updated_at: datetime
    own: bool
    version: str = ""
    waiting: bool = False
    hidden: bool = False
    attested: Attested | None = None
    may_hide: bool = False
    topic: str = ""
    answer: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as the machine-readable answers print it."""
        vouched = self.attested
        return asdict(self) | {
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "attested": asdict(vouched) | {"at": vouched.at.isoformat()} if vouched else None,
        }


@dataclass(frozen=True, slots=True)
class Declarations:
    """What somebody may read of what a firm says of itself, field by field, the oldest entry first.

    `masked` is `None` when the firm or its legal unit is not loaded. `name` is what Sirene publishes of it.
    `provisional` tells a head that nobody vouches for them yet.
    """

    siren: str
    name: str | None
    masked: bool | None
    objected: bool
    may_write: bool
    entries: tuple[DeclarationRead, ...]
    provisional: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the page as the machine-readable answers print it."""
        return {**asdict(self), "entries": [entry.as_dict() for entry in self.entries]}
