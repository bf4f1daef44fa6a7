"""Land units and premises as an organisation keeps them: what they are, whether they are vacant, how they are let."""

from __future__ import annotations

from enum import StrEnum

SURVEY_YEARS = 6
"""Years after which the inventory of a business zone is to be made again (code de l’urbanisme, article L318-8-2)."""


class LandKind(StrEnum):
    """What a unit is."""

    LAND = "terrain"
    PREMISES = "local"
    BROWNFIELD = "friche"
    ZONE = "zone"
    POLE = "pole"
    ESTABLISHMENT = "etablissement"

    @property
    def label(self) -> str:
        """What people read."""
        return {
            LandKind.LAND: "Terrain", LandKind.PREMISES: "Local", LandKind.BROWNFIELD: "Friche",
            LandKind.ZONE: "Zone d’activités", LandKind.POLE: "Pôle économique",
            LandKind.ESTABLISHMENT: "Établissement",
        }[self]  # fmt: skip


INVENTORY = (LandKind.LAND, LandKind.PREMISES, LandKind.BROWNFIELD, LandKind.ZONE)
"""What the inventory lists; poles group zones and establishments occupy units: both live with their file alone."""
OF_LAYOUT = {
    "pole": LandKind.POLE, "site": LandKind.ZONE, "terrain": LandKind.LAND, "friche": LandKind.BROWNFIELD,
    "etablissement": LandKind.ESTABLISHMENT,
}  # fmt: skip
"""What a line is, by the layout of its file."""


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
