"""A register of three firms for the tests of the journal, without any data loaded."""

from __future__ import annotations

from dataclasses import replace

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from vigie.domain.access import Scope
from vigie.services.desk import Desk
from vigie.services.firm_lookup import KnownFirm
from vigie.services.firms import declarations
from vigie.services.firms.answers import DeclarationRead
from vigie.services.firms.declarations import DeclarationDraft
from vigie.services.register import NoRegister, Registered

SIREN_MASKED = "123456782"


class FakeRegister(NoRegister):
    """Knows the firms of the cast, one of them partially diffusible, and one territory."""

    def __init__(self) -> None:
        self.territory = "epci:248500621"
        self.firms = {
            siren: Registered(siren, f"Firme {siren}", siren == SIREN_MASKED, ("85109",))
            for siren in (SIREN_HERE, SIREN_PARTNER, SIREN_AWAY, SIREN_MASKED)
        }

    def firm(self, siren: str) -> Registered | None:
        return self.firms.get(siren)

    def known(self, number: str) -> KnownFirm:
        found = super().known(number)
        return replace(found, masked=found.siren == SIREN_MASKED)

    def covers(self, territory: str, communes: tuple[str, ...]) -> bool:
        return territory == self.territory and "85109" in communes


def declare(desk: Desk, scope: Scope, number: str, draft: DeclarationDraft) -> DeclarationRead:
    return desk.acts.run(scope, declarations.ADDED, "", draft.about(number))


def declare_again(desk: Desk, scope: Scope, number: str, declaration: str, draft: DeclarationDraft) -> DeclarationRead:
    return desk.acts.run(scope, declarations.CHANGED, declaration, draft.about(number))


def take_words_back(desk: Desk, scope: Scope, number: str, declaration: str) -> None:
    desk.acts.run(scope, declarations.WITHDRAWN, declaration, declarations.OfFirm(number))
