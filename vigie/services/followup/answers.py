"""What an officer types in a dossier, and what the follow-up answers: records without any row of the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from vigie.domain.declared import Hint, Label, Length, Missing, TextShape, Words
from vigie.domain.followup import DossierKind
from vigie.errors import FieldFault, RequestFault
from vigie.services.communes import commune_code
from vigie.services.know_answers import plain

TITLE, TEXT, WORDS, TAG = 200, 20_000, 100, 60


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """Un dossier."""

    kind: Annotated[str, Label("Type"), Words({kind.value: kind.label for kind in DossierKind})]
    title: Annotated[
        str, Label("Titre"), Length(TITLE), Hint("Le nom de l’entreprise, du projet ou du lieu."),
        Missing("Écrivez un titre."),
    ]  # fmt: skip
    siren: Annotated[str, Label("SIREN"), Length(40), TextShape("siren")] = ""
    siret: Annotated[str, Label("SIRET de l’établissement"), Length(40), TextShape("siret")] = ""
    commune: Annotated[str, Label("Commune"), Length(100), TextShape("commune"), Hint("Nom ou code Insee.")] = ""
    summary: Annotated[
        str, Label("En bref"), Length(TEXT), TextShape("lines"),
        Hint("Lu aussi par l’entreprise et par les partenaires à qui le dossier est ouvert."),
    ] = ""  # fmt: skip
    source: Annotated[
        str, Label("Origine du dossier"), Length(WORDS), Hint("Demande reçue, salon, visite, prospection.")
    ] = ""
    owner: Annotated[str, Label("Suivi par"), Length(20)] = ""
    prospecting: Annotated[
        bool, Label("Ce dossier relève de la prospection"),
        Hint("Les données seront effacées sans nouvelle du contact au terme de la durée fixée par l’organisation."),
    ] = False  # fmt: skip

    def checked(self) -> DossierEntry:
        """Return the entry with its numbers and its commune read; raises `FieldFault` for the first that is none."""
        siren, siret = _numbers(self.siren, self.siret)
        return replace(self, siren=siren, siret=siret, commune=_commune(self.commune))


@dataclass(frozen=True, slots=True)
class Opening(DossierEntry):
    """Un dossier à ouvrir."""

    anyway: Annotated[bool, Label("Ouvrir même si l’entreprise a déjà un dossier")] = False


def tag_label(text: str) -> str:
    """Return a tag put right; raises `FieldFault` when it is empty or too long."""
    return " ".join(_required("label", text, TAG, "une étiquette").casefold().split())


def _required(field: str, text: str, longest: int, what: str) -> str:
    if not text.strip():
        raise FieldFault(field, f"Écrivez {what}.")
    return _text(field, text, longest)


def _text(field: str, text: str, longest: int) -> str:
    trimmed = text.strip()
    if len(trimmed) > longest:
        raise FieldFault(field, f"Ce texte compte {len(trimmed)} caractères ; {longest} au plus.")
    return trimmed


def _numbers(siren: str, siret: str) -> tuple[str, str]:
    """Return SIREN and SIRET; the first follows from the second."""
    short, long = (siren[:9], siren) if len(siren) == 14 and not siret else (siren, siret)
    if long and short and not long.startswith(short):
        raise FieldFault("siret", "Ce SIRET n’est pas celui d’un établissement de ce SIREN.")
    return short or long[:9], long


def _commune(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None


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
