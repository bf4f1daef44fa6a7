"""Coordinates inside the outline of the right commune, in the projection that INSEE uses there."""

from __future__ import annotations

import pyarrow as pa

from vigie.sources.simulation.sites import Sites


class PositionMaker:
    """Gives establishments coordinates inside their commune."""

    def columns(self, sites: Sites) -> dict[str, pa.Array]:
        """Return the two coordinates, by official name."""
        raise NotImplementedError
