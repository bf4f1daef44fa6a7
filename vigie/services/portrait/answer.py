"""What a portrait answers: the territory, a sentence, findings, comparisons, and the evidence of one finding."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vigie.domain.finding import Finding
    from vigie.domain.provenance import Provenance
    from vigie.domain.territory import Territory
    from vigie.services.indicator_cards import IndicatorCard


@dataclass(frozen=True, slots=True)
class Comparison:
    """A larger territory and the findings that can be compared with it, of the same indicators."""

    territory: Territory
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """A territory in figures: `lead` opens it, `notes` say how it was measured.

    A `partial` one is of a territory that the data loaded hold in too small a part for any sum to stand for it.
    """

    territory: Territory
    lead: str
    findings: tuple[Finding, ...]
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    sources: tuple[Provenance, ...]
    simulated: bool
    partial: bool = False

    def finding(self, indicator: str) -> Finding:
        """Return the finding of an indicator."""
        return next(found for found in self.findings if found.id == indicator)

    def as_dict(self) -> dict[str, Any]:
        """Return the portrait as the machine-readable answers print it."""
        return asdict(self) | {"territory": territory_dict(self.territory)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding with all that supports it.

    `rows` are the public rows behind it (`columns` gives their French headings, in order); `total_rows` tells
    how many there are when only the first are given. `elsewhere` is the same figure in larger territories.
    """

    territory: Territory
    finding: Finding
    card: IndicatorCard
    columns: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]
    total_rows: int
    elsewhere: tuple[tuple[Territory, Finding], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the evidence as the machine-readable answers print it."""
        return asdict(self) | {"territory": territory_dict(self.territory)}


@dataclass(frozen=True, slots=True)
class CommuneCount:
    """Open establishments and employers of a commune, with its centre where outlines were made."""

    code: str
    name: str
    establishments: int
    employers: int
    population: int | None
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class LocatedEstablishment:
    """An open establishment that may be shown on a map; one partially diffusible has no coordinates and is not."""

    siret: str
    name: str | None
    naf: str | None
    size_band: str | None
    commune: str
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Points:
    """Located establishments of a territory: the largest first, `total` telling how many there are in all."""

    total: int
    points: tuple[LocatedEstablishment, ...]
    simulated: bool


def territory_dict(territory: Territory) -> dict[str, Any]:
    """Return a territory with its key and the French name of its kind."""
    return asdict(territory) | {"key": territory.key, "kind_label": territory.kind.label}
