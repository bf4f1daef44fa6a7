"""Every derivation of a refresh, in the order in which they are made: a table comes after those it is made of.

Adding one: declare its table in `store/derived_tables.py`, write a function of tables, list it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.services.figures.births import BIRTHS
from vigie.services.figures.derivation import FIGURES
from vigie.services.figures.seats import SEATS
from vigie.services.laboratory.derivation import EXAMINED
from vigie.services.networks.derivation import NETWORK
from vigie.services.relatedness.derivation import RELATEDNESS

if TYPE_CHECKING:
    from vigie.store.derivation import Derivation

DERIVATIONS: tuple[Derivation, ...] = (BIRTHS, SEATS, FIGURES, EXAMINED, *RELATEDNESS, NETWORK)
