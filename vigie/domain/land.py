"""Land units and premises as an organisation writes them: what they are, whether they are vacant, how they are let."""

from __future__ import annotations

from enum import StrEnum

SURVEY_YEARS = 6
"""Years after which the inventory of a business zone is to be made again (code de l’urbanisme, article L318-8-2)."""


class LandKind(StrEnum):
    """What a unit is."""

    LAND = "terrain"
    PREMISES = "local"

    @property
    def label(self) -> str:
        """What people read."""
        return {LandKind.LAND: "Terrain", LandKind.PREMISES: "Local"}[self]


class Occupancy(StrEnum):
    """Whether somebody is there."""

    VACANT = "vacant"
    OCCUPIED = "occupe"
    UNKNOWN = "non-connu"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Occupancy.VACANT: "Vacant", Occupancy.OCCUPIED: "Occupé", Occupancy.UNKNOWN: "Non connu",
        }[self]  # fmt: skip


class Tenure(StrEnum):
    """How it may be had."""

    SALE = "vente"
    RENT = "location"
    EITHER = "vente-ou-location"
    NEITHER = "ni-l-un-ni-l-autre"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            Tenure.SALE: "À vendre", Tenure.RENT: "À louer", Tenure.EITHER: "À vendre ou à louer",
            Tenure.NEITHER: "Ni à vendre, ni à louer",
        }[self]  # fmt: skip
