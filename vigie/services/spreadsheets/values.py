"""Cells as officers write them: numbers that a spreadsheet damaged, days, kinds and states in plain French."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.domain import days
from vigie.domain.actors import compact_identifier, is_siren, is_siret
from vigie.domain.followup import DossierKind, DossierState
from vigie.services.territory_search import plain

_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))? ?[eE] ?\+?(\d{1,2})")
_ABROAD = re.compile(r"(?:\+|00)[ .\-]?33[ .\-]*(?:\(0\)[ .\-]*|0)?([1-9](?:[ .\-]?\d{2}){4})")
_DECIMALS = re.compile(r"(\d+)[.,]0+")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_FIRST_SERIAL, _SERIALS = date(1899, 12, 30), (18_264, 73_050)
"""Spreadsheets number days; those of five digits that can be meant run from 1950 to 2099."""


@dataclass(frozen=True, slots=True)
class Number:
    """A SIREN or a SIRET as read; `repaired` tells that lost zeros were put back, `fault` why nothing could be read."""

    digits: str = ""
    repaired: bool = False
    fault: str = ""


def read_number(text: str) -> Number:
    """Read a SIREN or a SIRET; one whose digits a spreadsheet lost is explained, never guessed.

    Lost zeros are put back only when the number so made has the right key; an empty text is no number and no fault.
    """
    written = text.strip().removeprefix("'").strip()
    if not written:
        return Number()
    power = _EXPONENT.fullmatch(written)
    if power and len(power[1] + (power[2] or "")) == int(power[3]) + 1:
        written = power[1] + (power[2] or "")  # every digit is still there
    elif power:
        return Number(fault="un tableur en a fait un nombre (comme 1,23E+13) : ses derniers chiffres sont perdus")
    return _of_digits(written)


def _of_digits(written: str) -> Number:
    whole = _DECIMALS.fullmatch(written)
    compact = compact_identifier(whole[1] if whole else written) or re.sub(r"\D", "", written)
    if not compact:
        return Number(fault="ce n’est ni un SIREN ni un SIRET : des chiffres sont attendus")
    if is_siret(compact) or is_siren(compact):
        return Number(compact)
    for length, right in ((9, is_siren), (14, is_siret)):
        filled = compact.zfill(length)
        if length - 3 <= len(compact) < length and right(filled):
            return Number(filled, repaired=True)
    if len(compact) in (9, 14):
        return Number(fault="sa clé de contrôle est fausse : un chiffre a dû être changé")
    return Number(fault=f"il compte {len(compact)} chiffres au lieu de 14 (SIRET) ou 9 (SIREN)")


def read_phone(text: str) -> tuple[str, bool]:
    """Return a telephone number as it is called, and whether what a spreadsheet took from it was put back.

    A number stored as one lost its zero (251000006), or its + (33251000006, 3.3251000006E10); 0033 and +33 (0) are
    written +33, anything else is kept as it is.
    """
    written = text.strip().removeprefix("'").strip()
    if abroad := _ABROAD.fullmatch(written):
        return f"+33{'' if abroad[1].isdigit() else ' '}{abroad[1]}", False
    power = _EXPONENT.fullmatch(written)
    digits = written
    if power and len(power[1] + (power[2] or "")) <= int(power[3]) + 1:
        digits = (power[1] + (power[2] or "")).ljust(int(power[3]) + 1, "0")
    elif whole := _DECIMALS.fullmatch(written):
        digits = whole[1]
    compact = re.sub(r"[\s.\-]", "", digits)
    if re.fullmatch(r"[1-9]\d{8}", compact):
        return f"0{compact}", True
    if re.fullmatch(r"33[1-9]\d{8}", compact):
        return f"+{compact}", True
    return (digits, True) if digits != written else (written, False)


def phone_key(text: str) -> str:
    """Return what two ways of writing one French telephone share: its ten digits."""
    digits = re.sub(r"\D", "", read_phone(text)[0].replace("(0)", ""))
    return f"0{digits[2:]}" if re.fullmatch(r"33[1-9]\d{8}", digits) else digits


def read_day(text: str) -> tuple[date | None, bool]:
    """Return the day that a cell writes, and whether it is the number of a day of a spreadsheet (46093: 12/03/2026)."""
    written = text.strip().removeprefix("'").strip()
    whole = _SERIAL.fullmatch(written)
    if whole and _SERIALS[0] <= int(whole[1]) <= _SERIALS[1]:
        return _FIRST_SERIAL + timedelta(days=int(whole[1])), True
    return days.read_day(written), False


def read_state(text: str) -> str | None:
    """Return the state that a status means, `None` when it is one of the officer's own."""
    return _STATES.get(plain(text))


def read_kind(text: str) -> str | None:
    """Return the kind of dossier that a text means, `None` when it is not one."""
    return _KINDS.get(plain(text))


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a cell, separated by commas, semicolons or bars."""
    tags = (" ".join(tag.casefold().split()) for tag in re.split(r"[,;|\n]", text))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


_STATES = {
    plain(word): state.value
    for state, words in (
        (DossierState.OPEN, "en cours,ouvert,actif,active,ouverte,open,suivi,à suivre,nouveau"),
        (DossierState.CLOSED, "clos,close,clôturé,fermé,terminé,archivé,fini,abandonné,closed,sans suite"),
    )
    for word in words.split(",")
}
_KINDS = {plain(kind.label): kind.value for kind in DossierKind} | {
    plain(word): kind.value
    for kind, words in (
        (DossierKind.FIRM, "firm,société,établissement,entreprise locale"),
        (DossierKind.HOLDER, "holder,porteur,créateur,porteur de projets,projet"),
        (DossierKind.PROSPECT, "prospect,prospection,exogène,implantation"),
        (DossierKind.PREMISES, "premises,local,terrain,foncier,bâtiment,locaux"),
        (DossierKind.OWNER, "owner,bailleur"),
    )
    for word in words.split(",")
}
