"""A register of three firms for the tests of the journal, without any data loaded."""

from __future__ import annotations

from tests.journal.cast import SIREN_AWAY, SIREN_HERE, SIREN_PARTNER
from vigie.services.firms.register import NoRegister, Registered

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

    def covers(self, territory: str, communes: tuple[str, ...]) -> bool:
        return territory == self.territory and "85109" in communes
