"""What the follow-up answers: records without any row of the journal, dates as dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vigie.services.know_answers import plain


class JsonAnswer:
    """An answer that programs can read."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the answer with English keys, dates in ISO form."""
        return dict(plain(self))


@dataclass(frozen=True, slots=True)
class Colleague(JsonAnswer):
    """Somebody of the organisation."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Tag(JsonAnswer):
    """A word put on a dossier."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class ContactCard(JsonAnswer):
    """A person met; `informed_on` is the day they were told how their data are kept, `None` when they were not.

    `email_note` says why a letter may not leave for their address.
    """

    id: str
    dossier: str
    name: str | None
    function: str | None
    email: str | None
    phone: str | None
    source: str
    informed_on: date | None
    last_contact_on: date | None
    email_note: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeLine(JsonAnswer):
    """Something exchanged; `mine` tells that the reader wrote it."""

    id: str
    dossier: str
    kind: str
    direction: str
    happened_on: date
    body: str | None
    author: str
    contact: str
    contact_name: str
    mine: bool
    version: str = ""


@dataclass(frozen=True, slots=True)
class ReminderLine(JsonAnswer):
    """Something to do on a day; `title` names the dossier or the introduction it is about."""

    id: str
    dossier: str
    introduction: str
    title: str
    due_on: date
    reason: str | None
    owner: str
    owner_name: str
    done_at: datetime | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Share(JsonAnswer):
    """A partner who may read a dossier."""

    id: str
    person: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class DossierLine(JsonAnswer):
    """A dossier in a list; an erased one has no title any more."""

    id: str
    kind: str
    title: str | None
    siren: str
    siret: str
    commune: str
    commune_name: str
    state: str
    owner: str
    owner_name: str
    opened_at: datetime
    waiting_since: date | None
    last_contact_on: date | None
    withdrawn: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierList(JsonAnswer):
    """One page of dossiers."""

    dossiers: tuple[DossierLine, ...]
    total: int
    page: int
    per_page: int

    @property
    def total_pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))

    def as_dict(self) -> dict[str, Any]:
        """Return the page with its number of pages."""
        return dict(plain(self)) | {"total_pages": self.total_pages}


@dataclass(frozen=True, slots=True)
class DossierRecord(JsonAnswer):
    """A dossier as its reader may see it.

    `inside` tells that the reader belongs to those who follow it: source, tags, reminders, shares and the dossiers on
    the same firm are theirs only. `information` is the text to send to a contact at the first exchange; `objecting`
    tells that the firm objects to being shown.
    """

    line: DossierLine
    summary: str | None
    source: str
    prospecting: bool
    closed_at: datetime | None
    merged_into: str
    erased: bool
    contacts: tuple[ContactCard, ...]
    exchanges: tuple[ExchangeLine, ...]
    inside: bool
    may_write: bool
    may_note: bool
    tags: tuple[Tag, ...] = ()
    reminders: tuple[ReminderLine, ...] = ()
    shares: tuple[Share, ...] = ()
    same_firm: tuple[DossierLine, ...] = ()
    information: str = ""
    objecting: bool = False
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the record flat, as programs read it."""
        told: dict[str, Any] = dict(plain(self))
        line = told.pop("line")
        line.pop("tags")
        return {**line, **told}


@dataclass(frozen=True, slots=True)
class ChaseLine(JsonAnswer):
    """Something to chase: a reminder that is due, or a dossier without an answer; `due_on` orders them.

    `prospect` is the SIREN of a firm that was not met yet but solicited, empty otherwise.
    """

    kind: str
    id: str
    dossier: str
    introduction: str
    title: str
    reason: str | None
    due_on: date
    waiting_since: date | None
    owner_name: str
    prospect: str = ""


@dataclass(frozen=True, slots=True)
class PortfolioLine(JsonAnswer):
    """A portfolio in a list."""

    id: str
    name: str
    owner: str
    owner_name: str
    firms: int
    territories: int


@dataclass(frozen=True, slots=True)
class PortfolioMemberLine(JsonAnswer):
    """A firm or a territory of a portfolio; `dossiers` are those open on the firm."""

    id: str
    siren: str
    territory: str
    territory_name: str
    since: datetime
    dossiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PortfolioRecord(JsonAnswer):
    """A portfolio and what it holds."""

    line: PortfolioLine
    members: tuple[PortfolioMemberLine, ...]
    may_write: bool
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the record flat, as programs read it."""
        told: dict[str, Any] = dict(plain(self))
        return {**told.pop("line"), **told}
