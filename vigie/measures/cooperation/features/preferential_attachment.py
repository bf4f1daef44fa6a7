"""How many partners both have: those who have many get more (Barabási and Albert, 1999)."""

from __future__ import annotations

import numpy as np

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def measure(network: Network) -> Floats:
    """Popularité : produit des nombres de partenaires du même pays. Ne dit rien de l’affinité ; sert de repère."""
    found: Floats = np.outer(network.degrees, network.degrees)
    return found


FEATURE = NetworkFeature("preferential_attachment", "popularité", measure)
