"""A register of three firms for the tests of the journal, without any data loaded."""

from __future__ import annotations

from dataclasses import replace

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from vigie.services.firm_lookup import KnownFirm
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
