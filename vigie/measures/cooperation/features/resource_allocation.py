"""Partners in common, each sharing itself among all its partners (Zhou, Lü and Zhang, 2009)."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def measure(network: Network) -> Floats:
    """Partenaires communs du même pays, chacun compté 1/(nombre de ses partenaires) : allocation de ressources."""
    degrees = network.degrees
    weights = np.divide(1.0, degrees, out=np.zeros_like(degrees), where=degrees > 0)
    found: Floats = (network.local_ties @ sparse.diags_array(weights) @ network.local_ties.T).toarray()
    return found


FEATURE = NetworkFeature("resource_allocation", "allocation de ressources", measure)
