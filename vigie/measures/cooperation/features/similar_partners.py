"""Whether organisations that work with the same ones as the seeker work with the candidate."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from vigie.measures.cooperation.network import Floats, Network
from vigie.measures.cooperation.recipes import NetworkFeature


def measure(network: Network) -> Floats:
    """Partenaires d’organisations semblables : qui travaille avec les mêmes que vous travaille-t-il avec lui ?

    C’est le terme (u, v) de (D^-½ B D^-½)³, où B dit qui a déjà participé avec qui, de tous les pays, et D compte les
    partenaires de chacun : trois pas dans le réseau, dont chacun pèse moins quand il passe par qui est lié à tous.
    """
    degrees = np.asarray(network.ties.sum(axis=1)).ravel()
    scale = sparse.diags_array(np.divide(1.0, np.sqrt(degrees), out=np.zeros_like(degrees), where=degrees > 0))
    step = (scale @ network.ties @ scale).tocsr()
    rows = step[network.known]
    found: Floats = (rows @ step @ rows.T).toarray()
    return found


FEATURE = NetworkFeature("similar_partners", "partenaires d’organisations semblables", measure)
