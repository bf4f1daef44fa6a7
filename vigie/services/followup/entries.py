"""What an officer types in a dossier, and what is wrong with it, field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from vigie.domain.actors import compact_identifier, is_siren, is_siret
from vigie.domain.days import past
from vigie.domain.followup import Direction, DossierKind, ExchangeKind, usual_direction
from vigie.errors import FieldFault, RequestFault
from vigie.services.followup.communes import commune_code
from vigie.services.mail.addresses import known_address

if TYPE_CHECKING:
    from enum import StrEnum

TITLE, TEXT, WORDS, TAG = 200, 20_000, 100, 60


@dataclass(frozen=True, slots=True)
class DossierEntry:
    """A dossier as typed; `commune` is a code or a name, `owner` a member of the organisation (the writer if empty)."""

    kind: str
    title: str
    summary: str = ""
    siren: str = ""
    siret: str = ""
    commune: str = ""
    source: str = ""
    owner: str = ""
    prospecting: bool = False

    def checked(self) -> DossierEntry:
        """Return the entry put right; raises `FieldFault` for the first field that cannot be."""
        _one_of(DossierKind, "kind", self.kind, "type de dossier")
        siren, siret = _numbers(self.siren, self.siret)
        return replace(
            self,
            title=_required("title", self.title, TITLE, "un titre"),
            summary=_text("summary", self.summary, TEXT),
            siren=siren,
            siret=siret,
            commune=_commune(self.commune),
            source=_text("source", self.source, WORDS),
        )


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A contact as typed; `source` says where these details come from."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""
    source: str = ""
    informed_on: date | None = None

    def checked(self, today: date) -> ContactEntry:
        """Return the entry put right; raises `FieldFault` for the first field that cannot be."""
        email = known_address(self.email, "email") if self.email.strip() else ""
        if self.informed_on is not None and self.informed_on > today:
            raise FieldFault("informed_on", "La personne n’a pas pu être informée dans l’avenir.")
        if self.informed_on is not None and (odd := past(self.informed_on, today)):
            raise FieldFault("informed_on", odd)
        return replace(
            self,
            name=_required("name", self.name, TITLE, "un nom"),
            function=_text("function", self.function, TITLE),
            email=_text("email", email, TITLE),
            phone=_text("phone", self.phone, 40),
            source=_text("source", self.source, WORDS),
        )


@dataclass(frozen=True, slots=True)
class ExchangeEntry:
    """An exchange as typed; without a direction it is the usual one of its kind, without a day it is today.

    `waiting` says whether an answer is now awaited; `None` lets the direction say: yes for what we sent alone.
    """

    kind: str
    body: str
    happened_on: date | None = None
    direction: str = ""
    contact: str = ""
    waiting: bool | None = None

    def checked(self, today: date) -> ExchangeEntry:
        """Return the entry put right; raises `FieldFault` for the first field that cannot be."""
        kind = ExchangeKind(_one_of(ExchangeKind, "kind", self.kind, "type d’échange"))
        direction = self.direction or usual_direction(kind).value
        _one_of(Direction, "direction", direction, "sens")
        day = self.happened_on or today
        if day > today:
            raise FieldFault("happened_on", "Un échange à venir se note comme un rappel.")
        if odd := past(day, today):
            raise FieldFault("happened_on", odd)
        return replace(
            self,
            body=_required("body", self.body, TEXT, "un compte rendu, même bref"),
            happened_on=day,
            direction=usual_direction(kind).value if kind is ExchangeKind.NOTE else direction,
        )


def tag_label(text: str) -> str:
    """Return a tag put right; raises `FieldFault` when it is empty or too long."""
    return " ".join(_required("label", text, TAG, "une étiquette").casefold().split())


def reason_text(text: str) -> str:
    """Return what a reminder is for, put right; raises `FieldFault` when it is empty or too long."""
    return _required("reason", text, TITLE, "ce qu’il y a à faire")


def portfolio_name(text: str) -> str:
    """Return the name of a portfolio, put right; raises `FieldFault` when it is empty or too long."""
    return _required("name", text, WORDS, "un nom")


def _one_of(words: type[StrEnum], field: str, value: str, what: str) -> str:
    known = [word.value for word in words]
    if value not in known:
        raise FieldFault(field, f"Choisissez le {what} parmi ceux proposés ({', '.join(known)}).")
    return value


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
    short, long = compact_identifier(siren) or siren.strip(), compact_identifier(siret) or siret.strip()
    if len(short) == 14 and not long:
        short, long = short[:9], short
    if long and not is_siret(long):
        raise FieldFault("siret", "Ce numéro n’est pas un SIRET : 14 chiffres, dont une clé de contrôle.")
    if short and not is_siren(short):
        raise FieldFault("siren", "Ce numéro n’est pas un SIREN : 9 chiffres, dont une clé de contrôle.")
    if long and short and not long.startswith(short):
        raise FieldFault("siret", "Ce SIRET n’est pas celui d’un établissement de ce SIREN.")
    return short or long[:9], long


def _commune(text: str) -> str:
    try:
        return commune_code(text)
    except RequestFault as fault:
        raise FieldFault("commune", str(fault)) from None
