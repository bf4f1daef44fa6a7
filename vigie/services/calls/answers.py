"""What is told of calls and of their answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from vigie.services.accounts.speaking import Attested


@dataclass(frozen=True, slots=True)
class FormerContent:
    """What a sourcing said before it was corrected."""

    kind: str
    title: str
    text: str
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class CorrectionTold:
    """When a call was corrected, what of it, and for a sourcing what it said before."""

    at: datetime
    changed: tuple[str, ...]
    former: FormerContent | None


@dataclass(frozen=True, slots=True)
class NearCall:
    """An open call that speaks of a need: its title, its kind, its last day."""

    id: str
    kind: str
    title: str
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class CallTold:
    """A call as its asker may read it; `answers` is `None` when they may not know how many there are.

    `log` tells, for a sourcing, how many answers came on which day: it is the same for everybody, as `corrections` are.
    `open` tells whether it can still be answered, `may` what the asker can do. `waiting` is for a public call that its
    author's organisation alone reads until somebody, told by `attested`, vouches for its author.
    """

    id: str
    kind: str
    title: str
    text: str
    organisation: str
    organisation_id: str
    siren: str
    visibility: str
    public_buyer: bool
    opens_on: date
    closes_on: date | None
    state: str
    open: bool
    own: bool = False
    answers: int | None = None
    log: tuple[tuple[date, int], ...] = ()
    corrections: tuple[CorrectionTold, ...] = ()
    waiting: bool = False
    attested: Attested | None = None
    may: tuple[str, ...] = ()
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the call as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CallList:
    """A page of calls, the latest first."""

    calls: tuple[CallTold, ...]
    total: int
    page: int
    total_pages: int

    def as_dict(self) -> dict[str, Any]:
        """Return the page as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """An answer, as the organisation's officers read it; its author reads neither the name nor the address."""

    id: str
    call_id: str
    name: str
    email: str
    body: str
    siren: str
    received_at: datetime
    introduction_id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as programs read it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """What somebody who answers is told: `confirmed` once their address is proved."""

    call_id: str
    title: str
    organisation: str
    confirmed: bool
    standing: str = "open"
    name: str = ""
    body: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the receipt as programs read it."""
        return asdict(self)
