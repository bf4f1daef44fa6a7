"""What the directory says of a firm that an officer begins to follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.domain.actors import compact_identifier
from vigie.errors import NotFound, RequestFault

if TYPE_CHECKING:
    from vigie.services.know import Know


@dataclass(frozen=True, slots=True)
class KnownFirm:
    """A firm's public name and commune; `masked` tells that it asked for partial diffusion.

    Unless `unit_known` is false: its legal unit is not loaded, and nobody knows whether it did.
    """

    siren: str
    siret: str
    name: str
    commune: str
    masked: bool
    unit_known: bool = True


def known_firm(know: Know | None, number: str) -> KnownFirm:
    """Return what is public of a firm, by SIREN or SIRET; without data, or unknown there, only its number.

    Raises `RequestFault` when the text is neither.
    """
    digits = compact_identifier(number)
    if digits is None:
        raise RequestFault(f"« {number} » n’est ni un SIREN (9 chiffres) ni un SIRET (14 chiffres).")
    siren, siret = digits[:9], digits if len(digits) == 14 else ""
    if know is None:
        return KnownFirm(siren, siret, "", "", masked=False)
    try:
        firm = know.firm(siren)
        here = know.establishment(siret) if siret else next(iter(firm.establishments), None)
    except NotFound:
        return KnownFirm(siren, siret, "", "", masked=False)
    name = firm.unit.name or firm.unit.usual_name or (here.name if here else None) or ""
    masked = firm.unit.masked or (here is not None and here.masked)
    commune = (here.commune or "") if here else ""
    return KnownFirm(siren, siret, name, commune, masked=masked, unit_known=firm.unit.diffusion != "U")
