"""Every measure of territories: importing the modules that write them registers those."""

from __future__ import annotations

from vigie.services.figures import capture, counts, employment, makers, movements, populations, structures
from vigie.services.figures.basis import MEASURES

__all__ = ["MEASURED", "MEASURES"]

MEASURED = (populations, counts, employment, movements, structures, makers, capture)
"""The modules whose functions measure indicators."""
