"""The share of their partners that two organisations have in common (Jaccard, 1901)."""

from __future__ import annotations

import numpy as np

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def measure(network: Network) -> Floats:
    """Part des partenaires du même pays que deux organisations ont en commun : indice de Jaccard, de 0 à 1."""
    common = (network.local_ties @ network.local_ties.T).toarray()
    either = np.add.outer(network.degrees, network.degrees) - common
    found: Floats = np.divide(common, either, out=np.zeros_like(common), where=either > 0)
    return found


FEATURE = NetworkFeature("jaccard", "part de partenaires communs", measure)
