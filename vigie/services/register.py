"""What the desk needs to know of a firm from open data, whichever generation is in service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vigie.services.firm_lookup import KnownFirm, known_firm


@dataclass(frozen=True, slots=True)
class Registered:
    """A firm of the data loaded, whether it objects to being shown or not.

    `name` is what Sirene publishes, `None` when it is masked or unknown; `communes` are those of its open
    establishments on the first page, the head office first. `unit_known` is false when it is masked because its legal
    unit is not loaded: nobody knows whether it asked for partial diffusion.
    """

    siren: str
    name: str | None
    masked: bool
    communes: tuple[str, ...] = ()
    unit_known: bool = True


@dataclass(frozen=True, slots=True)
class FirmSight:
    """What a party to an introduction reads of the other firm: its work, its town; its place where that is public."""

    activity: str
    commune: str
    place: tuple[float, float] | None


class FirmRegister(Protocol):
    """Firms and territories of the generation in service; without one, nothing is known."""

    def firm(self, siren: str) -> Registered | None:
        """Return a firm; `None` when it is not loaded."""

    def covers(self, territory: str, communes: tuple[str, ...]) -> bool:
        """Tell whether a territory holds one of these communes."""

    def known(self, number: str) -> KnownFirm:
        """Return what is public of a firm by SIREN or SIRET; raises `RequestFault` when the text is neither."""

    def sight(self, siren: str) -> FirmSight | None:
        """Return what another firm may read of one; `None` when it is not loaded."""

    def find_objecting(self) -> None:
        """Find whose are the objections in force, among the firms loaded."""

    def close(self) -> None:
        """Let go of the generation."""


class NoRegister:
    """No data are loaded."""

    def firm(self, siren: str) -> Registered | None:
        """Know no firm."""
        return None

    def covers(self, territory: str, communes: tuple[str, ...]) -> bool:
        """Know no territory."""
        return False

    def known(self, number: str) -> KnownFirm:
        """Know its number alone; raises `RequestFault` when the text is none."""
        return known_firm(None, number)

    def sight(self, siren: str) -> FirmSight | None:
        """Know no firm."""
        return None

    def find_objecting(self) -> None:
        """Find nobody."""

    def close(self) -> None:
        """Hold nothing."""
