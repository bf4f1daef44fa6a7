"""The register of firms, read in the generation that an installation lends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from vigie.errors import NoData, NotFound, RequestFault
from vigie.services.firm_lookup import KnownFirm, known_firm
from vigie.services.register import FirmSight, Registered

if TYPE_CHECKING:
    from vigie.services.know import Know
    from vigie.services.observe import Observe
    from vigie.services.suppression import Suppressions


class Lent(Protocol):
    """What a generation offers."""

    @property
    def know(self) -> Know:
        """Its directory."""

    @property
    def observe(self) -> Observe:
        """Its territories."""

    @property
    def suppressions(self) -> Suppressions:
        """Its firms that object."""


class GenerationRegister:
    """Reads firms in the generation in service; see `register.Register`."""

    def __init__(self, lend: Callable[[], AbstractContextManager[Lent]], release: Callable[[], None]) -> None:
        self._lend, self._release = lend, release

    def firm(self, siren: str) -> Registered | None:
        """Return a firm; `None` when it is not loaded, or nothing is."""
        try:
            with self._lend() as services:
                found = services.know.for_the_desk(siren)
        except NoData:
            return None
        if found is None:
            return None
        sites = found.establishments
        masked = found.unit.masked or any(site.masked for site in sites)
        name = found.unit.name or next((site.name for site in sites if site.name), None)
        communes = tuple(site.commune for site in sites if site.commune)
        return Registered(siren, name, masked, communes, unit_known=found.unit.diffusion != "U")

    def covers(self, territory: str, communes: tuple[str, ...]) -> bool:
        """Tell whether a territory holds one of these communes; one that is not known holds none."""
        if not territory:
            return False
        try:
            with self._lend() as services:
                return services.observe.holds(territory, communes)
        except (NoData, NotFound, RequestFault):
            return False

    def known(self, number: str) -> KnownFirm:
        """Return what is public of a firm by SIREN or SIRET; raises `RequestFault` when the text is neither."""
        try:
            with self._lend() as services:
                return known_firm(services.know, number)
        except NoData:
            return known_firm(None, number)

    def sight(self, siren: str) -> FirmSight | None:
        """Return what another firm may read of one; `None` when it is not loaded."""
        try:
            with self._lend() as services:
                found = services.know.for_the_desk(siren) if siren else None
        except NoData:
            return None
        if found is None:
            return None
        site = next(iter(found.establishments), None)
        placed = site is not None and site.latitude is not None and site.longitude is not None
        return FirmSight(
            activity=found.unit.naf_label or (site.naf_label if site else None) or "",
            commune=(site.commune_name if site else None) or "",
            place=(site.latitude, site.longitude) if placed else None,  # type: ignore[union-attr,arg-type]
        )

    def find_objecting(self) -> None:
        """Find whose are the objections in force, among the firms loaded."""
        try:
            with self._lend() as services:
                services.suppressions.sirens()
        except NoData:
            return

    def close(self) -> None:
        """Let go of the generation."""
        self._release()
