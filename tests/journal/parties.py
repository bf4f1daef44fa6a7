"""Firms that tests introduce, and the letters they receive."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from vigie.domain.access import Scope
from vigie.errors import NotFound, Objected
from vigie.services.introductions.parties import Party
from vigie.services.introductions.proposing import Proposal
from vigie.services.know import Firm, LegalUnit
from vigie.store.journal.records import Letter
from vigie.store.journal.sql import SqlJournal

SIREN_MASKED, SIREN_RIVAL, SIREN_CLOSED = "356000000", "542065479", "380129866"
A_MAIL, B_MAIL = "claude@forge.example", "dominique@scierie.example"
A_NAME, B_NAME = "Claude Essai", "Dominique Épreuve"
UNITS = {
    SIREN_HERE: LegalUnit(SIREN_HERE, "FORGE D’ESSAI", naf="25.50A", naf_nomenclature="NAFRev2", state="A"),
    SIREN_PARTNER: LegalUnit(SIREN_PARTNER, "SCIERIE D’ESSAI", naf="16.10A", naf_nomenclature="NAFRev2", state="A"),
    SIREN_RIVAL: LegalUnit(SIREN_RIVAL, "CHAUDRONNERIE D’ESSAI", naf="25.11Z", naf_nomenclature="NAFRev2", state="A"),
    SIREN_AWAY: LegalUnit(SIREN_AWAY, "VOISINE", naf="10.71C", naf_nomenclature="NAFRev2", state="A"),
    SIREN_MASKED: LegalUnit(SIREN_MASKED, None, masked=True, naf="25.62A", naf_nomenclature="NAFRev2", state="A"),
    SIREN_CLOSED: LegalUnit(SIREN_CLOSED, "FERMÉE", state="C"),
}


class Names:
    """A directory of a few firms; `objecting` ones answer nothing, as the real one does."""

    def __init__(self) -> None:
        self.objecting: set[str] = set()

    def firm(self, number: str, page: int = 1) -> Firm:
        if number in self.objecting:
            raise Objected
        if number not in UNITS:
            raise NotFound("inconnue")
        return Firm(number, UNITS[number], (), 1, page, 50, 1, simulated=True, sources=())


def proposal(reason: str = "La forge cherche du bois de calage.", **changed: object) -> Proposal:
    """A proposal between the forge and the sawmill."""
    parties = {
        "first": Party(siren=SIREN_HERE, contact_name=A_NAME, contact_email=A_MAIL),
        "second": Party(siren=SIREN_PARTNER, contact_name=B_NAME, contact_email=B_MAIL),
    }
    return Proposal(reason=reason, **{**parties, **changed})  # type: ignore[arg-type]


def letters(journal: SqlJournal, scope: Scope, recipient: str = "") -> Sequence[Letter]:
    """Letters of an organisation, the first one first."""
    wanted = select(Letter).order_by(Letter.created_at, Letter.id)
    with journal.reading(scope) as reader:
        return [letter for letter in reader.all(wanted) if recipient in ("", letter.recipient)]


def link(journal: SqlJournal, scope: Scope, recipient: str, subject: str, about: str = "") -> str:
    """The secret of the link in the last letter to somebody whose subject holds some words."""
    received = letters(journal, scope, recipient)
    found = [one for one in received if subject in (one.subject or "") and about in ("", one.about)]
    assert found, f"no letter « {subject} » to {recipient}"
    newest = max(found, key=lambda one: one.created_at)
    token = re.search(r"/lien/([\w-]+)", newest.body or "")
    assert token
    return token[1]
